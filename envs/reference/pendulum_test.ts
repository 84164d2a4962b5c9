import { assert, assertEquals, assertThrows } from "@std/assert";
import { vectorBuffers } from "../vector.ts";
import { followGymnasium } from "./_trajectories.ts";
import { pendulum, pendulumVector } from "./pendulum.ts";

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

Deno.test("pendulum() without its speed sees the same positions", () => {
  const whole = pendulum({ maximumSteps: 30 });
  const position = pendulum({ maximumSteps: 30, observeSpeed: false });
  assertEquals(position.id, "PendulumPosition-v1");
  const seen = [whole, position].map((env) => [
    env.reset({ seed: 5 }).observation,
  ]);
  for (let step = 0; step < 30; step++) {
    const action = Float32Array.of(Math.sin(step) * 2);
    const [one, other] = [whole, position].map((env) => env.step(action));
    assertEquals(other.reward, one.reward);
    assertEquals(other.truncated, one.truncated);
    seen[0].push(one.observation);
    seen[1].push(other.observation);
  }
  seen[0].forEach((observation, i) =>
    assertEquals([...seen[1][i]], [...observation.subarray(0, 2)])
  );
  const many = pendulumVector(2, { observeSpeed: false });
  const buffers = vectorBuffers(many);
  assertEquals(buffers.observations.length, 4);
});
