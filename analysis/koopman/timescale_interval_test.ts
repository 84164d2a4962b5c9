import { assert, assertEquals, assertThrows } from "@std/assert";
import { selectDevice } from "../../learning/devices.ts";
import { Random } from "../../core/random.ts";
import { relaxation, TIMESCALES } from "./_test_relaxation.ts";
import { mean, standardDeviation } from "../statistics.ts";
import { trainAutoencoder } from "./autoencoder.ts";
import { identityDictionary } from "./dictionaries.ts";
import { koopmanModel } from "./model.ts";
import { slowMode } from "./slow_mode.ts";
import { trajectoriesOf } from "./trajectories.ts";
import {
  joinTrajectories,
  learnedTimes,
  meanTrajectories,
} from "./timescale_interval.ts";

await selectDevice("native", { parameters: 10_000, batchSize: 64 });

const RUNS = Array.from(
  { length: 10 },
  (_, seed) => relaxation({ noise: 20, seed }),
);

Deno.test("meanTrajectories() averages", () => {
  const [a, b] = RUNS;
  const twice = meanTrajectories([b, b]);
  assertEquals(twice.series[1][3], b.series[1][3]);
  const both = meanTrajectories([a, b]);
  assertEquals(both.series[0][5], (a.series[0][5] + b.series[0][5]) / 2);
  assertThrows(() => meanTrajectories([]), RangeError, "no runs");
});

Deno.test("joinTrajectories() keeps every run's series apart", () => {
  const joined = joinTrajectories(RUNS);
  assertEquals(joined.series.length, 2 * RUNS.length);
  assertEquals(joined.series[3], RUNS[1].series[1]);
  assertThrows(() => joinTrajectories([]), RangeError, "no runs");
});

Deno.test("the interval widens with the noise of the runs", async () => {
  const settings = { updates: 300, batchSize: 64, hidden: [16], pairs: 0 };
  const interval = async (runs: typeof RUNS) => {
    const { model } = await trainAutoencoder(meanTrajectories(runs), {
      seed: 1,
      settings,
    });
    const { timescale, autocorrelationTime } = await learnedTimes(runs, {
      model,
      fromMeans: true,
      seed: 1,
      resamples: 20,
    });
    assertEquals(autocorrelationTime.estimate, NaN);
    return timescale;
  };
  const noisy = await interval(RUNS);
  const quiet = await interval(
    RUNS.map((_, seed) => relaxation({ noise: 1, seed })),
  );
  const width = ({ low, high }: { low: number; high: number }) =>
    Math.log(high / low);
  assert(width(noisy) > 2 * width(quiet));
  assert(Math.abs(quiet.estimate / TIMESCALES.slow - 1) < 0.15);
});

Deno.test("learnedTimes() has no interval for a single run", async () => {
  const settings = { updates: 1, batchSize: 16, hidden: [4], pairs: 0 };
  const { model } = await trainAutoencoder(RUNS[0], { seed: 0, settings });
  const { timescale } = await learnedTimes([RUNS[0]], {
    model,
    fromMeans: false,
    seed: 0,
  });
  assertEquals(timescale, { estimate: model.timescale, low: NaN, high: NaN });
});

Deno.test("intervals hold the truth about as often as they say", async () => {
  // 60 sets of 20 runs of x' = a x + noise, seen with noise beside it. Of 60
  // intervals of 95 % fewer than 46 hold it with a probability below 1e-6.
  const truth = 20;
  const random = new Random(8);
  const slow = Math.exp(-1 / truth);
  const run = () => {
    const values = new Float64Array(200);
    let x = random.normal() / Math.sqrt(1 - slow ** 2);
    for (let t = 0; t < values.length; t++) {
      values[t] = x + random.normal(0, 1);
      x = slow * x + random.normal();
    }
    return trajectoriesOf({ q: [values] }, 1);
  };
  let held = 0;
  const logs: number[] = [];
  const halves: number[] = [];
  for (let set = 0; set < 60; set++) {
    const runs = Array.from({ length: 20 }, run);
    const joined = joinTrajectories(runs);
    const { timescale } = slowMode(joined, { dictionary: identityDictionary });
    const model = koopmanModel({
      kind: "default",
      features: ["q"],
      interval: 1,
      encoderSizes: [1, 1],
      activation: "tanh",
      scaling: { shift: new Float64Array(1), scale: Float64Array.of(1) },
      encoder: Float32Array.of(1, 0),
      decoder: Float32Array.of(1, 0),
      matrix: Float64Array.of(Math.exp(-1 / timescale)),
      bias: new Float64Array(1),
    }, joined);
    const { timescale: found } = await learnedTimes(runs, {
      model,
      fromMeans: false,
      seed: set,
      resamples: 30,
    });
    if (found.low <= truth && truth <= found.high) held++;
    logs.push(Math.log(found.estimate));
    halves.push(Math.log(found.high / found.estimate));
  }
  assert(held >= 46, `${held} of 60`);
  // Nor are they wider than estimates scatter, which 60 show to 9 %.
  const wanted = 2 * standardDeviation(logs);
  assert(mean(halves) < 1.5 * wanted, `${mean(halves)}, ${wanted}`);
});
