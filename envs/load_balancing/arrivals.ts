/**
 * Generated traffic: jobs of a mix at the times of a Poisson process, or in
 * counts per interval.
 *
 * @module
 */
import { exp } from "../../core/fdlibm.ts";
import type { Random } from "../../core/random.ts";
import { savedBoolean, savedNumber, savedTree, savedWords } from "../_saved.ts";
import type { LoadTrace } from "../autoscaling/traces.ts";
import type { Arrival, ArrivalSource, State } from "./arrival.ts";
import { profileOfSteps } from "./_rate_steps.ts";
import {
  type RateOptions,
  type RateProfile,
  rateProfile,
} from "./arrival_rates.ts";
import { type JobClassOptions, type JobMix, jobMix } from "./job_mix.ts";

export type {
  Arrival,
  ArrivalSource,
  JobClassOptions,
  JobMix,
  LoadTrace,
  Random,
  RateOptions,
  RateProfile,
  State,
};

/** What all generated traffic takes. */
export interface GeneratedArrivalsOptions {
  /** What arrives: classes of jobs, or a mix that was made before. */
  jobs: JobClassOptions | readonly JobClassOptions[] | JobMix;
  /** The source's own stream of random numbers, for times and sizes. */
  random: Random;
  /** No job comes from this moment on, in seconds. Default: no end. */
  untilSeconds?: number;
}

/** Options of {@linkcode poissonArrivals}. */
export interface PoissonArrivalsOptions extends GeneratedArrivalsOptions {
  /** Jobs a second, or a rate over time, or one that was made before. */
  rate: number | RateOptions | RateProfile;
}

/** Options of {@linkcode countedArrivals}. */
export interface CountedArrivalsOptions extends GeneratedArrivalsOptions {
  /** Jobs in intervals of one length, such as a file of counts a minute. */
  trace: LoadTrace;
  /**
   * `poisson`: a Poisson process with the interval's count as its mean.
   * `uniform`: the very number of jobs, each at any moment of its interval.
   * Default `poisson`.
   */
  within?: "poisson" | "uniform";
  /**
   * Jobs a second on average over the trace, above 0: counts are multiplied
   * to reach it. Default: as counted.
   */
  meanRate?: number;
  /** The interval that time 0 is the start of. Default 0. */
  firstInterval?: number;
  /** Whether the first interval follows on the last. Default false. */
  repeat?: boolean;
}

/** Times that rise; the next one depends on what is saved alone. */
interface Clock {
  /** The next time, Infinity for never. */
  next(): number;
  save(): State;
  load(state: State): void;
}

/** Jobs of a mix at the times of a clock. */
function jobsAt(
  clock: Clock,
  options: GeneratedArrivalsOptions,
): ArrivalSource {
  const { jobs, random, untilSeconds = Infinity } = options;
  if (!(untilSeconds >= 0)) {
    throw new RangeError(
      `Cannot draw arrivals until ${untilSeconds} s, expected a number from 0`,
    );
  }
  const mix = "draw" in jobs ? jobs : jobMix(jobs);
  let over = false;
  return {
    next(into: Arrival): boolean {
      if (over) return false;
      const time = clock.next();
      over = !(time < untilSeconds);
      if (over) return false;
      into.time = time;
      mix.draw(random, into);
      return true;
    },
    saveState: () => ({
      over,
      random: random.saveState(),
      clock: clock.save(),
    }),
    loadState(state: State): void {
      const wasOver = savedBoolean(state, "over");
      const words = savedWords(state, "random");
      clock.load(savedTree(state, "clock"));
      random.loadState(words);
      over = wasOver;
    },
  };
}

function poissonClock(profile: RateProfile, random: Random): Clock {
  let time = 0;
  return {
    next: () => time = profile.next(time, random),
    save: () => ({ time }),
    load(state): void {
      time = savedNumber(state, "time");
    },
  };
}

/**
 * Traffic at the times of a Poisson process.
 *
 * @param options Rate, jobs and random stream. Throws `RangeError` for a value
 * outside its range.
 * @returns Jobs in order of time; all of it comes from `random`, so that the
 * same seed gives the same jobs at the same times whatever is done with them.
 *
 * @example Ten jobs a second
 * ```ts
 * import { assert } from "@std/assert";
 * import { Random } from "../../core/random.ts";
 * import { createArrival } from "./arrival.ts";
 * import { poissonArrivals } from "./arrivals.ts";
 *
 * const source = poissonArrivals({
 *   rate: 10,
 *   jobs: { work: { law: "exponential", mean: 0.2 } },
 *   random: new Random(1),
 * });
 * const job = createArrival();
 * assert(source.next(job) && job.time > 0 && job.work > 0);
 * ```
 */
export function poissonArrivals(
  options: PoissonArrivalsOptions,
): ArrivalSource {
  const { rate, random } = options;
  const profile = typeof rate === "number"
    ? rateProfile({ profile: "constant", rate })
    : "next" in rate
    ? rate
    : rateProfile(rate);
  return jobsAt(poissonClock(profile, random), options);
}

/** Expected jobs of each interval, from the first one that is played. */
interface Counts {
  counts: Float64Array;
  seconds: number;
  repeat: boolean;
}

function refuseTrace(trace: LoadTrace, problem: string): never {
  throw new RangeError(`Cannot play trace "${trace.name}": ${problem}`);
}

function checkCounts(trace: LoadTrace): number {
  const { requests, secondsPerSample } = trace;
  if (!(secondsPerSample > 0 && secondsPerSample < Infinity)) {
    refuseTrace(
      trace,
      `expected intervals of a finite length above 0, got ${secondsPerSample} s`,
    );
  }
  let total = 0;
  for (let i = 0; i < requests.length; i++) {
    if (!(requests[i] >= 0 && requests[i] < Infinity)) {
      refuseTrace(
        trace,
        `expected a finite number from 0 in interval ${i}, got ${requests[i]}`,
      );
    }
    total += requests[i];
  }
  if (!(total > 0)) refuseTrace(trace, "expected jobs in it, got none");
  return total;
}

/** The counts as they are played: scaled, and from the wanted interval on. */
function playedCounts(options: CountedArrivalsOptions): Counts {
  const { trace, meanRate, firstInterval = 0, repeat = false } = options;
  const { requests, secondsPerSample: seconds } = trace;
  const total = checkCounts(trace);
  const length = requests.length;
  if (
    !Number.isSafeInteger(firstInterval) || firstInterval < 0 ||
    firstInterval >= length
  ) {
    refuseTrace(
      trace,
      `expected a first interval from 0 to ${length - 1}, got ${firstInterval}`,
    );
  }
  let factor = 1;
  if (meanRate !== undefined) {
    if (!(meanRate > 0 && meanRate < Infinity)) {
      refuseTrace(
        trace,
        `expected a finite mean rate above 0, got ${meanRate}`,
      );
    }
    factor = meanRate * seconds * length / total;
  }
  const counts = new Float64Array(repeat ? length : length - firstInterval);
  for (let i = 0; i < counts.length; i++) {
    counts[i] = factor * requests[(firstInterval + i) % length];
  }
  return { counts, seconds, repeat };
}

function profileOfCounts({ counts, seconds, repeat }: Counts): RateProfile {
  return profileOfSteps({
    starts: counts.map((_, i) => i * seconds),
    rates: counts.map((count) => count / seconds),
    end: counts.length * seconds,
    repeat,
  });
}

/** Whole numbers whose sums are those of the counts, rounded. */
function wholeCounts(counts: Float64Array): Float64Array {
  let sum = 0;
  let taken = 0;
  return counts.map((count) => {
    sum += count;
    const whole = Math.round(sum) - taken;
    taken += whole;
    return whole;
  });
}

/**
 * The moments of an interval's jobs in rising order, without keeping them: of
 * n uniform moments the first lies 1 - U^(1 / n) ahead, the next is the first
 * of n - 1 in what is left (Devroye, "Non-Uniform Random Variate Generation",
 * 1986, section V.3).
 */
function uniformClock(played: Counts, random: Random): Clock {
  const { seconds, repeat } = played;
  const counts = wholeCounts(played.counts);
  let interval = -1; // counted on through repetitions
  let left = 0;
  let time = 0;
  return {
    next(): number {
      while (left === 0) {
        interval++;
        if (interval >= counts.length && !repeat) return Infinity;
        left = counts[interval % counts.length];
        time = interval * seconds;
      }
      const end = (interval + 1) * seconds;
      time += (end - time) * (1 - exp(-random.exponential() / left));
      left--;
      return Math.min(time, end);
    },
    save: () => ({ interval, left, time }),
    load(state): void {
      const saved = [
        savedNumber(state, "interval"),
        savedNumber(state, "left"),
        savedNumber(state, "time"),
      ];
      [interval, left, time] = saved;
    },
  };
}

/**
 * Traffic of recorded counts, such as requests a minute.
 *
 * @param options Counts, jobs and random stream. Throws `RangeError` for a
 * value outside its range, for counts that are negative or not finite, and
 * where no job would ever come.
 * @returns Jobs in order of time, from the first interval's start at 0 s.
 */
export function countedArrivals(
  options: CountedArrivalsOptions,
): ArrivalSource {
  const { trace, within = "poisson", random } = options;
  const played = playedCounts(options);
  switch (within) {
    case "poisson":
      return jobsAt(poissonClock(profileOfCounts(played), random), options);
    case "uniform":
      if (played.repeat && Math.round(sumOf(played.counts)) === 0) {
        refuseTrace(trace, "expected at least one job in a repetition");
      }
      return jobsAt(uniformClock(played, random), options);
  }
  refuseTrace(
    trace,
    `expected "poisson" or "uniform" arrivals within an interval, got ${
      JSON.stringify(within)
    }`,
  );
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
