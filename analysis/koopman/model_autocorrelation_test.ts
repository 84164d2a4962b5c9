import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { Random } from "../../core/random.ts";
import { koopmanModel } from "./model.ts";
import {
  autocorrelationSums,
  modelAutocorrelation,
} from "./model_autocorrelation.ts";
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
  // A fifth of the variance is slow, 4,000 states give the share to a few
  // percent. With the sum up to five times itself,
  // rho(t) = (exp(-t / 200) + 4 exp(-t / 50)) / 5 integrates to 74.8 at 374;
  // the slow mode alone would be 200.
  const sums = autocorrelationSums(
    model([Math.exp(-5 / 200), Math.exp(-5 / 50)]),
    [DATA],
  );
  const { integrated, slowDecay } = modelAutocorrelation(sums);
  assertAlmostEquals(integrated, 74.8, 8);
  assert(slowDecay > 50 && slowDecay < 150);
});

Deno.test("one mode has its own timescale, and no contraction none", () => {
  const one = Math.exp(-5 / 100);
  const sums = autocorrelationSums(model([one, one]), [DATA]);
  const { integrated, slowDecay } = modelAutocorrelation(sums);
  // Up to five timescales.
  assertAlmostEquals(integrated, 100 * (1 - Math.exp(-5)), 1);
  assertAlmostEquals(slowDecay, 100, 1e-6);
  assertThrows(
    () => autocorrelationSums(model([1, one]), [DATA]),
    RangeError,
    "forgets",
  );
});

Deno.test("runs that are drawn twice count twice", () => {
  const halves = [0, 1].map((half) => ({
    ...DATA,
    series: DATA.series.map((values) =>
      values.subarray(half * values.length / 2, (half + 1) * values.length / 2)
    ),
  }));
  const fast = model([Math.exp(-5 / 200), Math.exp(-5 / 50)]);
  const sums = autocorrelationSums(fast, halves);
  const both = modelAutocorrelation(sums);
  const doubled = modelAutocorrelation([...sums, ...sums]);
  assertAlmostEquals(both.integrated, doubled.integrated, 1e-9);
});
