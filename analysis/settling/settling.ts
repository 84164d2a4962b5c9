/**
 * Two times after a fault that are often taken for one: settling, to whatever
 * plateau follows, and recovery, to the plateau before.
 *
 * @module
 */
import { mean } from "../statistics.ts";
import type { ObservedTime } from "./kaplan_meier.ts";

export type { ObservedTime } from "./kaplan_meier.ts";

/** When a path entered a band for good. */
export interface SettlingTime extends ObservedTime {
  /** Middle of the band. */
  readonly plateau: number;
}

/** Where in a path to look; all in units of `interval`'s. */
export interface SettlingOptions {
  /** Time between samples. The first sample is at time 0. */
  interval: number;
  /** When the fault ends; times count from there. */
  from: number;
  /** Half the width of the band. */
  epsilon: number;
  /**
   * The path counts as settled only where it stays in the band for this long
   * before its end. Default a tenth of the time after `from`.
   */
  hold?: number;
}

/**
 * The level of a path from a time up to, and without, another.
 *
 * @param path Shape [samples].
 * @param window Times. Throws `RangeError` where no sample lies between.
 */
export function plateau(
  path: ArrayLike<number>,
  window: { interval: number; from: number; to: number },
): number {
  const { interval, from, to } = window;
  const first = Math.max(0, Math.ceil(from / interval - 1e-9));
  const end = Math.min(path.length, Math.ceil(to / interval - 1e-9));
  if (end <= first) {
    throw new RangeError(
      `Cannot find a plateau between ${from} and ${to} in ${path.length} samples every ${interval}, expected at least one there`,
    );
  }
  return mean(Array.from({ length: end - first }, (_, i) => path[first + i]));
}

/**
 * The time from the end of the fault to the last entry into a band around a
 * plateau: from then on every sample lies within epsilon. Censored, with the
 * whole time waited, where the path is outside in its last part.
 *
 * @param path Shape [samples], of one run or of the mean over runs.
 * @param target Middle of the band.
 * @param options Band and times. Throws `RangeError` where no sample lies
 * after `from`.
 */
export function timeIntoBand(
  path: ArrayLike<number>,
  target: number,
  options: SettlingOptions,
): SettlingTime {
  const { interval, from, epsilon } = options;
  const first = Math.ceil(from / interval - 1e-9);
  const waited = (path.length - 1) * interval - from;
  if (first >= path.length || !(epsilon > 0)) {
    throw new RangeError(
      `Cannot look for settling within ${epsilon} after ${from} in ${path.length} samples every ${interval}, expected a width above 0 and samples there`,
    );
  }
  const hold = options.hold ?? waited / 10;
  let entry = path.length;
  while (entry > first && Math.abs(path[entry - 1] - target) <= epsilon) {
    entry--;
  }
  const time = Math.max(0, entry * interval - from);
  return entry < path.length && time <= waited - hold
    ? { time, censored: false, plateau: target }
    : { time: waited, censored: true, plateau: target };
}

/**
 * Settling: into a band around the path's own last level.
 *
 * @param path Shape [samples].
 * @param options Band and times; the level is the mean over the last `hold`,
 * or over the last quarter after the fault where none is given.
 */
export function settlingTime(
  path: ArrayLike<number>,
  options: SettlingOptions,
): SettlingTime {
  const { interval, from } = options;
  const to = path.length * interval;
  const last = options.hold ?? (to - from) / 4;
  const target = plateau(path, { interval, from: to - last, to });
  return timeIntoBand(path, target, options);
}

/**
 * Recovery: when a path comes down to a level, such as that before the fault
 * and some, and stays there for a time. A run that does not within the horizon
 * is censored, with the whole time waited: never average such times, but hand
 * them to `survivalSummary`.
 *
 * @param path From the time on that counting begins.
 * @param level The highest value that counts.
 * @param options Time between samples, and how long it has to stay.
 */
export function recoveryTime(
  path: ArrayLike<number>,
  level: number,
  { interval, dwell }: { interval: number; dwell: number },
): ObservedTime {
  const needed = Math.floor(dwell / interval) + 1;
  let below = 0;
  for (let t = 0; t < path.length; t++) {
    below = path[t] <= level ? below + 1 : 0;
    if (below === needed) {
      return { time: (t - needed + 1) * interval, censored: false };
    }
  }
  return { time: Math.max(0, path.length - 1) * interval, censored: true };
}
