import { assert, assertThrows } from "@std/assert";
import { followGymnasium } from "./_trajectories.ts";
import { pendulum } from "./pendulum.ts";

Deno.test("pendulum() follows Gymnasium", () => {
  followGymnasium(() => pendulum(), {
    tolerance: 1e-7,
    toAction: (value) => Float32Array.of(value),
  });
});

Deno.test("pendulum() begins anywhere, at a speed of up to 1", () => {
  // The chance that none of 1000 draws lies in the outermost hundredth of an
  // interval is .99^1000 = 4e-5 a side, so a thirtieth is asked for: 2e-15.
  const environment = pendulum();
  environment.reset({ seed: 4 });
  const starts = Array.from({ length: 1000 }, () => {
    const [cosine, sine, speed] = environment.reset().observation;
    return [Math.atan2(sine, cosine) / Math.PI, speed];
  });
  for (const axis of [0, 1]) {
    const values = starts.map((start) => start[axis]);
    const low = Math.min(...values);
    const high = Math.max(...values);
    assert(low >= -1 && low < -14 / 15, `${low}`);
    assert(high <= 1 && high > 14 / 15, `${high}`);
  }
});

Deno.test("pendulum() refuses torque beyond 2", () => {
  const environment = pendulum();
  environment.reset({ seed: 1 });
  for (const torque of [2.001, -2.001, NaN, Infinity]) {
    assertThrows(() => environment.step(Float32Array.of(torque)), RangeError);
  }
  assertThrows(() => environment.step(new Float32Array(2)), RangeError);
});
