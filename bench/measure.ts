/**
 * What benchmarks have in common.
 *
 * @module
 */

/** One measured number. */
export interface Measurement {
  /** What was done. */
  readonly name: string;
  /** The number. */
  readonly value: number;
  /** Its unit. */
  readonly unit: string;
  /** What was to be reached, in the same unit; undefined where nothing was. */
  readonly target?: number;
  /** Whether more is better. Default true. */
  readonly moreIsBetter?: boolean;
}

/**
 * The best of several rates: machines are noisy in one direction only.
 *
 * @param repeats How often to measure.
 * @param work Does some work and returns how much.
 * @returns Work a second.
 */
export async function bestRate(
  repeats: number,
  work: () => number | Promise<number>,
): Promise<number> {
  let best = 0;
  for (let i = 0; i < repeats; i++) {
    const started = performance.now();
    const done = await work();
    best = Math.max(best, done / (performance.now() - started) * 1000);
  }
  return best;
}
