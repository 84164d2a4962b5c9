import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { selectDevice } from "../../learning/devices.ts";
import { relaxation } from "./_test_relaxation.ts";
import { trainReferenceAutoencoder } from "./reference_autoencoder.ts";

await selectDevice("native", { parameters: 10_000, batchSize: 400 });

/** 13 and 50 samples, so that rollouts end within a doubling. */
const DATA = (() => {
  const data = relaxation({ noise: 0, seed: 0 });
  return {
    ...data,
    series: [data.series[0].slice(0, 26), data.series[1].slice(0, 100)],
  };
})();

const SETTINGS = { hidden: [10, 12], latent: 4 };

Deno.test("the loss is that of step-by-step rollouts, shifted by one", async () => {
  // With a learning rate of 0 the model returned is the one the loss is of.
  const { model, losses } = await trainReferenceAutoencoder(DATA, {
    seed: 3,
    settings: { ...SETTINGS, epochs: 1, learningRate: 0 },
  });
  let expected = 0;
  for (const values of DATA.series) {
    const steps = values.length / 2 - 1;
    const start = model.encode(values.slice(0, 2));
    const predicted = model.decode(model.rollout(start, steps));
    let sum = 0;
    predicted.forEach((x, i) => sum += (x - values[i + 2]) ** 2);
    expected += sum / predicted.length;
  }
  assertAlmostEquals(losses[0] / expected, 1, 1e-4);
  assertAlmostEquals(model.spectrum.eigenvalues[0].modulus, 0.8, 1e-6);
});

Deno.test("training lowers the loss and returns the best epoch", async () => {
  const { model, losses } = await trainReferenceAutoencoder(DATA, {
    seed: 3,
    settings: { ...SETTINGS, epochs: 300, learningRate: 3e-3 },
  });
  assertEquals(losses.length, 300);
  assert(Math.min(...losses) < losses[0] / 100);
  assertEquals(model.kind, "reference");
});

Deno.test("K is clipped where its norm is seen to be above the limit", async () => {
  const { model } = await trainReferenceAutoencoder(DATA, {
    seed: 3,
    settings: { ...SETTINGS, epochs: 2, initialModulus: 1.5 },
  });
  // 1.5 times the identity has one singular value: two iterations find it. The
  // last step's weights are not the best ones', so the first epoch's are kept
  // unless clipping helped, which it does: 1.5^50 is far from the data.
  assert(model.spectrum.eigenvalues[0].modulus < 1);
});
