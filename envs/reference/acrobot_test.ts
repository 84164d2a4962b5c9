import { assert } from "@std/assert";
import { followGymnasium } from "./_trajectories.ts";
import { acrobot } from "./acrobot.ts";

Deno.test("acrobot() follows Gymnasium", () => {
  followGymnasium(() => acrobot(), { tolerance: 1e-7 });
});

Deno.test("acrobot() begins within 0.1 of hanging, in 32-bit floats", () => {
  // A range of 0.098 would leave none of 2000 speeds beyond with probability
  // 1 - .98^2000: the test misses with probability 3e-18.
  const environment = acrobot();
  environment.reset({ seed: 4 });
  let largest = 0;
  for (let i = 0; i < 1000; i++) {
    const { observation } = environment.reset();
    const state = environment.saveState().environment as {
      state: Float64Array;
    };
    assert(state.state.every((value) => Math.fround(value) === value));
    largest = Math.max(
      largest,
      Math.abs(observation[4]),
      Math.abs(observation[5]),
    );
  }
  assert(largest > 0.098 && largest <= Math.fround(0.1), `${largest}`);
});
