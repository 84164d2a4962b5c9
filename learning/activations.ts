/**
 * What layers do to their sums: names, and values on plain arrays.
 *
 * @module
 */

/**
 * Names of the activations, by PyTorch's definitions: `leakyRelu` has a slope
 * of 0.01 below zero, `elu` goes down to -1, `gelu` is the exact one, x Phi(x)
 * with the normal distribution's Phi (Hendrycks and Gimpel, 2016), and `silu`,
 * x sigmoid(x), is also called swish.
 */
export const ACTIVATIONS = [
  "relu",
  "tanh",
  "elu",
  "sigmoid",
  "softplus",
  "leakyRelu",
  "gelu",
  "silu",
  "identity",
] as const;

/** What a layer does to its sums. */
export type Activation = typeof ACTIVATIONS[number];

/** Slope of `leakyRelu` below zero. */
export const LEAKY_SLOPE = 0.01;

/**
 * Takes the first values of an array through an activation, in place.
 *
 * @param values The sums; overwritten.
 * @param activation Which.
 * @param options `count` is how many values there are.
 */
export function activateInPlace(
  values: Float64Array,
  activation: Activation,
  { count }: { count: number },
): void {
  // The two usual ones in loops of their own, which the engine makes fast.
  if (activation === "relu") {
    for (let i = 0; i < count; i++) if (values[i] < 0) values[i] = 0;
  } else if (activation === "tanh") {
    for (let i = 0; i < count; i++) values[i] = Math.tanh(values[i]);
  } else if (activation !== "identity") {
    const one = FUNCTIONS[activation];
    for (let i = 0; i < count; i++) values[i] = one(values[i]);
  }
}

/**
 * The logistic function, 1 / (1 + exp(-x)).
 *
 * @param x Any number.
 */
export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

const FUNCTIONS: Record<
  Exclude<Activation, "relu" | "tanh" | "identity">,
  (x: number) => number
> = {
  elu: (x) => x > 0 ? x : Math.expm1(x),
  sigmoid,
  // Without overflow: exp is taken of what is below zero.
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  leakyRelu: (x) => x > 0 ? x : LEAKY_SLOPE * x,
  gelu: (x) => 0.5 * x * (1 + erf(x * Math.SQRT1_2)),
  silu: (x) => x * sigmoid(x),
};

/**
 * The error function to 1.5e-7 (Abramowitz and Stegun, 7.1.26), as tfjs takes
 * it, so that acting and training see one network.
 */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const polynomial = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t -
        0.284496736) * t + 0.254829592) * t;
  return Math.sign(x) * (1 - polynomial * Math.exp(-x * x));
}
