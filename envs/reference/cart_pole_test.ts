import { assert, assertEquals } from "@std/assert";
import { Random } from "../../core/random.ts";
import { followGymnasium } from "./_trajectories.ts";
import { cartPole } from "./cart_pole.ts";

Deno.test("cartPole() follows Gymnasium", () => {
  followGymnasium(() => cartPole(), { tolerance: 1e-7 });
});

Deno.test("cartPole() begins uniform within 0.05 of zero", () => {
  // 4000 draws: a mean off by 6 standard errors, 0.0027, has probability 2e-9;
  // a range of 0.049 would leave no draw beyond it with probability 3e-36.
  const environment = cartPole();
  environment.reset({ seed: 4 });
  let sum = 0;
  let largest = 0;
  for (let i = 0; i < 1000; i++) {
    for (const value of environment.reset().observation) {
      sum += value;
      largest = Math.max(largest, Math.abs(value));
    }
  }
  assert(Math.abs(sum / 4000) < 0.0027);
  assert(largest > 0.049 && largest <= Math.fround(0.05));
});

Deno.test("cartPole() returns about 22 for random actions", () => {
  // 2000 episodes of standard deviation 12: 6 standard errors are 1.6. Without
  // the angle limit, or with half the force, returns lie far outside.
  const environment = cartPole();
  const random = new Random(1);
  environment.reset({ seed: 1 });
  let steps = 0;
  for (let episode = 0; episode < 2000; episode++) {
    environment.reset();
    for (let ended = false; !ended; steps++) {
      ended = environment.step(random.integer(0, 1)).terminated;
    }
  }
  assert(Math.abs(steps / 2000 - 22.2) < 1.6, `${steps / 2000}`);
});

Deno.test("cartPole() knows Sutton and Barto's reward", () => {
  const environment = cartPole({ suttonBartoReward: true });
  environment.reset({ seed: 1 });
  const rewards: number[] = [];
  for (let ended = false; !ended;) {
    const result = environment.step(1);
    rewards.push(result.reward);
    ended = result.terminated;
  }
  assertEquals(rewards.pop(), -1);
  assertEquals(new Set(rewards), new Set([0]));
});
