/**
 * What tests of reservoirs have in common.
 *
 * @module
 */
import type { SingleMetricReservoir } from "./reservoir.ts";

/** Every kind, with options that differ from the defaults. */
export const KINDS = [
  { kind: "uniform", algorithm: "L" },
  { kind: "uniform", algorithm: "R" },
  { kind: "weighted" },
  { kind: "biased" },
  { kind: "biased", probability: 0.05 },
  { kind: "window" },
] as const;

/** The sum of (observed - expected)^2 / expected. */
export function chiSquare(
  observed: ArrayLike<number>,
  expected: ArrayLike<number>,
): number {
  let sum = 0;
  for (let i = 0; i < observed.length; i++) {
    sum += (observed[i] - expected[i]) ** 2 / expected[i];
  }
  return sum;
}

/**
 * A bound that a chi-square variate exceeds with probability 1e-6, by Wilson
 * and Hilferty's cube root, whose error there is below 2 %.
 */
export function chiSquareBound(degrees: number): number {
  const share = 2 / (9 * degrees);
  return degrees * (1 - share + 4.7534 * Math.sqrt(share)) ** 3;
}

/** The subsets of a size of the whole numbers below a count, as keys. */
export function subsets(count: number, size: number): string[] {
  const grow = (taken: number[]): string[] => {
    if (taken.length === size) return [taken.join()];
    const first = (taken.at(-1) ?? -1) + 1;
    return Array.from({ length: count - first }, (_, i) => first + i)
      .flatMap((next) => grow([...taken, next]));
  };
  return grow([]);
}

/**
 * The probabilities of the subsets that draws by weight without replacement
 * give, by enumeration of all orders.
 *
 * @returns By the keys of {@linkcode subsets}.
 */
export function subsetProbabilities(
  weights: readonly number[],
  size: number,
): Map<string, number> {
  const result = new Map<string, number>();
  const draw = (taken: number[], probability: number) => {
    if (taken.length === size) {
      const key = taken.toSorted((a, b) => a - b).join();
      result.set(key, (result.get(key) ?? 0) + probability);
      return;
    }
    const left = weights.map((weight, i) => taken.includes(i) ? 0 : weight);
    const total = left.reduce((a, b) => a + b);
    left.forEach((weight, i) => {
      if (weight > 0) draw([...taken, i], probability * weight / total);
    });
  };
  draw([], 1);
  return result;
}

/** The chi-square statistic of the samples that a run of each seed gives. */
export function subsetStatistic(
  runs: number,
  expected: ReadonlyMap<string, number>,
  sample: (run: number) => ArrayLike<number>,
): number {
  const counts = new Map<string, number>();
  for (let run = 0; run < runs; run++) {
    const key = Array.from(sample(run)).sort((a, b) => a - b).join();
    if (!expected.has(key)) return Infinity;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const keys = [...expected.keys()];
  return chiSquare(
    keys.map((key) => counts.get(key) ?? 0),
    keys.map((key) => runs * expected.get(key)!),
  );
}

/** The whole state of a reservoir as numbers. */
export function stateOf(reservoir: SingleMetricReservoir): number[] {
  const { words, numbers } = reservoir.saveState() as {
    words: Uint32Array;
    numbers: Float64Array;
  };
  return [...words, ...numbers];
}
