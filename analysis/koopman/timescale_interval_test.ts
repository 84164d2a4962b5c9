import { assert, assertEquals, assertThrows } from "@std/assert";
import { selectDevice } from "../../learning/devices.ts";
import { relaxation, TIMESCALES } from "./_test_relaxation.ts";
import { trainAutoencoder } from "./autoencoder.ts";
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
