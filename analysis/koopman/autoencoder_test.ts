import { assert, assertEquals, assertRejects } from "@std/assert";
import { selectDevice } from "../../learning/devices.ts";
import { relaxation, TIMESCALES } from "./_test_relaxation.ts";
import { trainAutoencoder } from "./autoencoder.ts";
import type { KoopmanTrainingState } from "./training.ts";
import { embeddingConstants, settlingBound } from "./settling_bound.ts";

await selectDevice("native", { parameters: 10_000, batchSize: 128 });

const SETTINGS = { updates: 1200, batchSize: 128, hidden: [32, 32] };

Deno.test("trainAutoencoder() finds the slow timescale of a noisy nonlinear system", async () => {
  const data = relaxation({ noise: 1, seed: 1 });
  const { model, losses } = await trainAutoencoder(data, {
    seed: 2,
    settings: SETTINGS,
  });
  assert(losses.at(-1)! < losses[0] / 10);
  assert(Math.abs(model.timescale / TIMESCALES.slow - 1) < 0.1);
  assert(model.spectrum.condition < 1 + 1e-6);
  const rest = model.decode(model.fixedPoint);
  assert(Math.abs(rest[0] - 50) < 3);
  // The encoder is near isometry over the data's pairs.
  const { lower, upper } = embeddingConstants(model);
  assert(lower > 0.4 && upper < 1.5);
  // The system reaches 50 +- 5 from 95 after 200 ln 9 = 440.
  const bound = settlingBound(model);
  assert(bound.time(5) > 440 && bound.time(5) < 3 * 440);
});

Deno.test("moduli stay below one on data that grow", async () => {
  const data = relaxation({ noise: 0, seed: 0 });
  const growing = { ...data, series: data.series.map((x) => x.toReversed()) };
  const { model } = await trainAutoencoder(growing, {
    seed: 0,
    settings: { ...SETTINGS, updates: 200, pairs: 2, realModes: 0 },
  });
  for (const { modulus } of model.spectrum.eigenvalues) assert(modulus < 1);
});

Deno.test("a training that goes on from a checkpoint gives the same bytes", async () => {
  const data = relaxation({ noise: 1, seed: 1 });
  const train = (options = {}) =>
    trainAutoencoder(data, {
      seed: 5,
      settings: { ...SETTINGS, updates: 20, pairs: 0 },
      ...options,
    });
  const states: KoopmanTrainingState[] = [];
  const onCheckpoint = (state: KoopmanTrainingState) => void states.push(state);
  const first = await train({ onCheckpoint, checkpointEvery: 8 });
  assertEquals(states.map(({ step }) => step), [8, 16, 20]);
  // The slowest rate is measured anew after ten updates.
  for (const from of states) {
    const second = await train({ from });
    assertEquals(second.model.encoder, first.model.encoder);
    assertEquals(second.model.decoder, first.model.decoder);
    assertEquals(second.model.matrix, first.model.matrix);
    assertEquals(second.losses, first.losses);
  }
  await assertRejects(
    () => train({ from: { ...states[0], variables: [] } }),
    TypeError,
    "another training",
  );
});

Deno.test("trainAutoencoder() refuses series of one sample", async () => {
  const data = {
    features: ["q"],
    interval: 1,
    series: [Float64Array.of(1, 2, 3, 4, 5), Float64Array.of(1)],
  };
  await assertRejects(
    () => trainAutoencoder(data, { seed: 0 }),
    RangeError,
    "1 sample",
  );
});
