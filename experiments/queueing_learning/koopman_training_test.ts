import { assert, assertEquals } from "@std/assert";
import { meanTrajectories } from "../../analysis/koopman/timescale_interval.ts";
import { trajectoriesOf } from "../../analysis/koopman/trajectories.ts";
import { Random } from "../../core/random.ts";
import { selectDevice } from "../../learning/devices.ts";
import { learnKoopman } from "./koopman_training.ts";
import { simulateRuns } from "./simulated_runs.ts";

await selectDevice("native", { parameters: 1000, batchSize: 128 });

/** Runs of x' = 0.95 x + noise from two starts, seen with a square root's bend. */
const RUNS = (() => {
  const random = new Random(9);
  return Array.from({ length: 30 }, () => {
    const from = (start: number) => {
      let x = start;
      return Array.from({ length: 120 }, () => {
        x = 0.95 * x + 0.3 * random.normal();
        return x + 0.02 * x * x;
      });
    };
    return trajectoriesOf({ q: [from(-5), from(5)] }, 1);
  });
})();

const DATA = { mean: meanTrajectories(RUNS), runs: RUNS, source: "a test" };
const SETTINGS = {
  batchSize: 128,
  hidden: [16],
  realModes: 2,
  pairs: 0,
  isometry: 0.1,
};

Deno.test("learnKoopman() learns the timescale from runs, with an interval", async () => {
  const steps: number[] = [];
  const found = await learnKoopman(DATA, {
    mode: "default",
    seed: 1,
    steps: 1000,
    settings: SETTINGS,
    resamples: 3,
  }, { onResample: (done) => void steps.push(done) });
  const truth = -1 / Math.log(0.95);
  assertEquals(found.fromRuns, true);
  assertEquals(steps, [1, 2, 3]);
  assert(Math.abs(found.timescale.estimate / truth - 1) < 0.25);
  assert(found.timescale.low < found.timescale.estimate);
  const { estimate, high } = found.autocorrelationTime;
  assert(Math.abs(estimate / truth - 1) < 0.3 && estimate < high);
  // The file holds means, not all runs.
  assertEquals(found.model.data, DATA.mean);
});

Deno.test("learnKoopman() learns from means where that is asked for, or all there is", async () => {
  const training = {
    mode: "default" as const,
    seed: 1,
    steps: 30,
    settings: SETTINGS,
  };
  const asked = await learnKoopman(DATA, {
    ...training,
    fromMeans: true,
    resamples: 0,
  });
  const alone = await learnKoopman({ ...DATA, runs: undefined }, training);
  assertEquals(asked.fromRuns, false);
  assertEquals(asked.model.encoder, alone.model.encoder);
  assertEquals(alone.timescale.low, NaN);
});

Deno.test("learnKoopman() has the reference's model", async () => {
  const { model, losses } = await learnKoopman(DATA, {
    mode: "reference",
    seed: 1,
    steps: 2,
  });
  assertEquals(model.kind, "reference");
  assertEquals(model.latent, 20);
  assertEquals(losses.length, 2);
});

Deno.test("learnKoopman() meets the relaxation time of a chain that is known", async () => {
  // The chain's slowest mode takes 434.6, the next one 36. Runs of 830
  // relaxation times in all: a deviation of 8 %, by runs drawn anew.
  const truth = 434.6;
  const runs = await simulateRuns({
    clients: [{ arrivalRate: 9.7 }],
    servers: [{ queueCapacity: 98 }],
    retryModel: "orbit",
    faults: [{ target: "arrivalRate", start: 2500, duration: 100, factor: 10 }],
  }, {
    runs: 60,
    horizon: 6000,
    interval: 5,
    fault: { start: 2500, end: 2600 },
    seed: 11,
  });
  const { timescale } = await learnKoopman({
    mean: meanTrajectories(runs),
    runs,
    source: "a test",
  }, { mode: "default", seed: 2, steps: 400, settings: { batchSize: 256 } });
  assert(Math.abs(Math.log(timescale.estimate / truth)) < 0.4);
  assert(timescale.low < truth && truth < timescale.high);
});
