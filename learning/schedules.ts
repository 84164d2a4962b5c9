/**
 * Numbers that change while training goes on.
 *
 * @module
 */

/** `constant` keeps the first value; `linear` falls to zero at the end. */
export type Schedule = "constant" | "linear";

/**
 * The value of a schedule.
 *
 * @param initial Value at the beginning.
 * @param schedule How it changes.
 * @param options `progress` is the share of the training that is done.
 */
export function scheduled(
  initial: number,
  schedule: Schedule,
  options: { progress: number },
): number {
  return schedule === "constant"
    ? initial
    : initial * Math.max(0, 1 - options.progress);
}
