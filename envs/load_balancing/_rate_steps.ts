/**
 * Poisson arrivals at rates that hold for a while each.
 *
 * @module
 */
import type { Random } from "../../core/random.ts";

/** A rate over time. Times are seconds from 0; it has no state of its own. */
export interface RateProfile {
  /** Jobs a second at a moment. */
  rate(time: number): number;
  /** Expected number of jobs after `from` and up to `to`. */
  expected(from: number, to: number): number;
  /**
   * When the next job comes in a Poisson process of this rate, Infinity for
   * never. What came before `after` does not matter: nothing needs to be kept
   * but the time.
   */
  next(after: number, random: Random): number;
}

/** Rates that hold from `starts[i]` to `starts[i + 1]`. */
export interface Steps {
  /** Ascending from 0; shape [steps]. */
  starts: Float64Array;
  /** Shape [steps]. */
  rates: Float64Array;
  /** Behind the last step; Infinity where it does not end. */
  end: number;
  /** Whether the first step follows on the last. */
  repeat: boolean;
}

/**
 * Inversion of the integrated rate: an exponential variate is used up at the
 * rate that holds, step after step (Çinlar, "Introduction to Stochastic
 * Processes", 1975, section 4.7).
 *
 * @param steps What holds when.
 */
export function profileOfSteps(steps: Steps): RateProfile {
  const { starts, rates, end, repeat } = steps;
  const count = starts.length;
  const before = new Float64Array(count + 1);
  for (let i = 0; i < count; i++) {
    const width = (i + 1 < count ? starts[i + 1] : end) - starts[i];
    before[i + 1] = before[i] + (rates[i] === 0 ? 0 : rates[i] * width);
  }
  let guess = 0; // the last step found: times mostly rise a little

  /** The step that holds at a moment from 0 to the end. */
  function stepAt(time: number): number {
    if (!(starts[guess] <= time)) guess = 0;
    if (count - guess > 8 && !(starts[guess + 8] > time)) {
      let [low, high] = [guess + 8, count];
      while (high - low > 1) {
        const middle = (low + high) >>> 1;
        if (starts[middle] <= time) low = middle;
        else high = middle;
      }
      guess = low;
    }
    while (guess + 1 < count && starts[guess + 1] <= time) guess++;
    return guess;
  }

  function cycleOf(time: number): number {
    return repeat ? Math.floor(time / end) : 0;
  }

  function rate(time: number): number {
    const within = time - cycleOf(time) * (repeat ? end : 0);
    return within < end || repeat ? rates[stepAt(within)] : 0;
  }

  function cumulative(time: number): number {
    const cycle = cycleOf(time);
    const within = Math.min(end, time - cycle * (repeat ? end : 0));
    if (within === Infinity) return before[count];
    const step = stepAt(within);
    return (cycle === 0 ? 0 : cycle * before[count]) + before[step] +
      rates[step] * (within - starts[step]);
  }

  return {
    rate,
    expected: (from, to) => cumulative(to) - cumulative(from),
    next(after, random): number {
      let rest = random.exponential();
      let cycle = cycleOf(after);
      let offset = repeat ? cycle * end : 0;
      let time = after;
      if (time - offset >= end && !repeat) return Infinity;
      for (let step = stepAt(time - offset);; step = 0) {
        for (; step < count; step++) {
          const until = offset + (step + 1 < count ? starts[step + 1] : end);
          const held = rates[step] === 0 ? 0 : rates[step] * (until - time);
          if (rest < held) return Math.min(time + rest / rates[step], until);
          rest -= held;
          // Rounding may have put the start behind the end of its step.
          if (until > time) time = until;
        }
        if (!repeat) return Infinity;
        cycle++;
        offset = cycle * end;
      }
    },
  };
}
