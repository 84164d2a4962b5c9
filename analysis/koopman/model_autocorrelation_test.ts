import { assertAlmostEquals, assertEquals } from "@std/assert";
import { Random } from "../../core/random.ts";
import { koopmanModel } from "./model.ts";
import { modelAutocorrelationTime } from "./model_autocorrelation.ts";
import { trajectoriesOf } from "./trajectories.ts";

/** q is the sum of a slow latent and of a fast one, which are seen as well. */
const DATA = (() => {
  const random = new Random(5);
  const draws = (deviation: number) =>
    Array.from({ length: 8000 }, () => random.normal(0, deviation));
  const [slow, fast] = [draws(1), draws(2)];
  return trajectoriesOf({
    q: [slow.map((x, i) => x + fast[i])],
    s: [slow],
  }, 5);
})();

const model = (moduli: number[]) =>
  koopmanModel({
    kind: "default",
    features: ["q", "s"],
    interval: 5,
    encoderSizes: [2, 2],
    activation: "tanh",
    scaling: { shift: new Float64Array(2), scale: Float64Array.of(1, 1) },
    // z = (s, q - s), q = z1 + z2, s = z1.
    encoder: Float32Array.of(0, 1, 1, -1, 0, 0),
    decoder: Float32Array.of(1, 1, 1, 0, 0, 0),
    matrix: Float64Array.of(moduli[0], 0, 0, moduli[1]),
    bias: new Float64Array(2),
  }, DATA);

Deno.test("modes count with the share that they have in the feature", () => {
  // A fifth of the variance is slow: (200 + 4 x 50) / 5 = 80. 4,000 states
  // give the share to a few percent; the slow mode alone would be 200.
  const time = modelAutocorrelationTime(
    model([Math.exp(-5 / 200), Math.exp(-5 / 50)]),
    DATA,
    { window: 20 },
  );
  assertAlmostEquals(time, 80, 10);
});

Deno.test("one mode has its own timescale, and no contraction none", () => {
  const one = Math.exp(-5 / 100);
  assertAlmostEquals(
    modelAutocorrelationTime(model([one, one]), DATA, { window: 50 }),
    100,
    1,
  );
  assertEquals(modelAutocorrelationTime(model([1, one]), DATA), NaN);
});
