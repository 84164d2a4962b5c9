import { assert, assertAlmostEquals } from "@std/assert";
import { trajectoriesOf } from "../../analysis/koopman/trajectories.ts";
import { Random } from "../../core/random.ts";
import { timescaleBaselines } from "./timescale_baselines.ts";

Deno.test("baselines agree on an autoregression", () => {
  // 20 series of 2,000 samples, x' = 0.98 x + noise: a timescale of 49.5
  // steps, 800 of them in all: a standard error of some 5 %.
  const random = new Random(6);
  const series = Array.from({ length: 20 }, () => {
    let x = random.normal() * 5;
    return Array.from({ length: 2000 }, () => x = 0.98 * x + random.normal());
  });
  const data = trajectoriesOf({ x: series }, 2);
  const { timescales, largestDeviation } = timescaleBaselines(data, {
    seed: 0,
  });
  const truth = -2 / Math.log(0.98);
  for (const { method, lag, timescale } of timescales) {
    if (method.startsWith("Markov") && lag < 200) {
      // Clusters forget where in them a state is: too short at short lags.
      assert(timescale < truth * 1.1);
    } else assertAlmostEquals(timescale / truth, 1, 0.3);
  }
  assert(largestDeviation > 1);
});
