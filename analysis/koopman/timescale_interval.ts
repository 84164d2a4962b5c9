/**
 * How far a learned timescale can be believed.
 *
 * @module
 */
import { Random } from "../../core/random.ts";
import { createPerceptron } from "../../learning/perceptron.ts";
import { type Interval, standardDeviation } from "../statistics.ts";
import { studentTQuantile } from "../student_t.ts";
import { networkDictionary } from "./dictionaries.ts";
import { sumMoments } from "./lag_moments.ts";
import type { KoopmanModel } from "./model.ts";
import {
  autocorrelationSums,
  modelAutocorrelation,
} from "./model_autocorrelation.ts";
import {
  slowMode,
  type SlowModeLags,
  slowModeMoments,
  slowTimescale,
} from "./slow_mode.ts";
import { scaleFeatures, type Trajectories } from "./trajectories.ts";

export type { Interval, KoopmanModel, Trajectories };

/**
 * The mean over runs, sample by sample.
 *
 * @param runs The same features, interval and lengths. Throws `RangeError` for
 * none.
 */
export function meanTrajectories(runs: readonly Trajectories[]): Trajectories {
  if (runs.length === 0) {
    throw new RangeError("Cannot average no runs, expected at least one");
  }
  const series = runs[0].series.map((values) =>
    new Float64Array(values.length)
  );
  for (const run of runs) {
    run.series.forEach((values, s) => {
      const sum = series[s];
      for (let i = 0; i < sum.length; i++) sum[i] += values[i];
    });
  }
  return {
    ...runs[0],
    series: series.map((sum) => sum.map((value) => value / runs.length)),
  };
}

/**
 * The series of all runs behind one another, as series of their own.
 *
 * @param runs The same features and interval. Throws `RangeError` for none.
 */
export function joinTrajectories(runs: readonly Trajectories[]): Trajectories {
  if (runs.length === 0) {
    throw new RangeError("Cannot join no runs, expected at least one");
  }
  return { ...runs[0], series: runs.flatMap(({ series }) => series) };
}

/** How long a learned queue takes to relax and to forget. */
export interface LearnedTimes {
  /** Timescale of the slowest mode. */
  readonly timescale: Interval;
  /** The integral of the first feature's autocorrelation function. */
  readonly autocorrelationTime: Interval;
  /** The time constant of its decay from 0.5 to 0.1. */
  readonly slowDecay: Interval;
}

/** What {@linkcode learnedTimes} takes. */
export interface LearnedTimesOptions {
  /** The model that was learned from the runs. */
  model: KoopmanModel;
  /**
   * Whether it was learned from the means over runs: these have lost their
   * fluctuations, and with them the autocorrelation function.
   */
  fromMeans: boolean;
  /** Seed of the draws. */
  seed: number;
  /** Drawn sets of runs; none with fewer than 2. Default 200. */
  resamples?: number;
  /** How often an interval holds the truth. Default 0.95. */
  confidence?: number;
  /** Ends it between two sets once aborted. */
  signal?: AbortSignal;
  /** Called after each set; awaited. */
  onResample?: (done: number) => void | Promise<void>;
}

const TIMES = ["timescale", "autocorrelationTime", "slowDecay"] as const;
type Times = Record<typeof TIMES[number], number>;
/** First states of pairs over all runs. */
const PAIRS = 100_000;

/**
 * A model's times, and their intervals by the bootstrap over runs: runs are
 * drawn with replacement, and what they contribute to the sums of products
 * that the times are made of is added up; Student's t about the logarithm of
 * the estimate.
 *
 * The coordinates stay those of the model. By the variational principle (Wu
 * and Noe, "Variational approach for learning Markov processes", 2020) a small
 * error of these changes an eigenvalue in second order only.
 *
 * @param runs Independent runs. Fewer than 2 have no interval.
 * @param options Model, seed, sets.
 */
export async function learnedTimes(
  runs: readonly Trajectories[],
  options: LearnedTimesOptions,
): Promise<LearnedTimes> {
  const { model, seed, resamples = 200, confidence = 0.95 } = options;
  const timesOf = (options.fromMeans ? timesOfMeans : timesOfRuns)(
    runs,
    model,
  );
  const all = timesOf(runs.map((_, i) => i));
  const random = new Random(seed).split();
  const drawn: Times[] = [];
  for (let i = 0; i < (runs.length < 2 ? 0 : resamples); i++) {
    if (options.signal?.aborted) break;
    drawn.push(
      timesOf(runs.map(() => random.integer(0, runs.length - 1))),
    );
    await options.onResample?.(i + 1);
  }
  const interval = (time: typeof TIMES[number]) =>
    logInterval(
      time === "timescale" ? model.timescale : all[time],
      drawn.map((times) => Math.log(times[time] / all[time])),
      confidence,
    );
  return {
    timescale: interval("timescale"),
    autocorrelationTime: interval("autocorrelationTime"),
    slowDecay: interval("slowDecay"),
  };
}

/** The times of some of the runs, by number. */
type TimesOf = (
  runs: readonly Trajectories[],
  model: KoopmanModel,
) => (drawn: readonly number[]) => Times;

const timesOfRuns: TimesOf = (runs, model) => {
  const { dictionary, scaled } = coordinates(model);
  const { lags } = slowMode(scaled(joinTrajectories(runs)), {
    dictionary,
    lags: lagsOf(model),
    maximumPairs: PAIRS,
  });
  const samples = runs.flatMap(({ series }) => series)
    .reduce((sum, { length }) => sum + length / model.features.length, 0);
  const every = Math.max(1, Math.round(samples / PAIRS));
  const moments = runs.map((run) =>
    slowModeMoments(scaled(run), { dictionary, lags, every })
  );
  const sums = autocorrelationSums(model, runs);
  const timescaleOf = (drawn: readonly number[]) =>
    slowTimescale({
      short: sumMoments(drawn.map((i) => moments[i].short)),
      long: sumMoments(drawn.map((i) => moments[i].long)),
    }, lags) * model.interval;
  const slowest = timescaleOf(runs.map((_, i) => i));
  return (drawn) => {
    const timescale = timescaleOf(drawn);
    const { integrated, slowDecay } = modelAutocorrelation(
      drawn.map((i) => sums[i]),
    );
    // The slowest mode takes the function along when it is slower itself.
    const slower = timescale / slowest;
    return {
      timescale,
      autocorrelationTime: integrated * slower,
      slowDecay: slowDecay * slower,
    };
  };
};

const timesOfMeans: TimesOf = (runs, model) => {
  const { dictionary, scaled } = coordinates(model);
  const { lags } = slowMode(scaled(meanTrajectories(runs)), {
    dictionary,
    lags: lagsOf(model),
  });
  return (drawn) => {
    const mean = scaled(meanTrajectories(drawn.map((i) => runs[i])));
    const moments = slowModeMoments(mean, { dictionary, lags });
    return {
      timescale: slowTimescale(moments, lags) * model.interval,
      autocorrelationTime: NaN,
      slowDecay: NaN,
    };
  };
};

/** Where to begin looking for the lags that suit the slowest mode. */
function lagsOf({ timescale, interval }: KoopmanModel): SlowModeLags {
  return { short: timescale / interval / 4, long: timescale / interval };
}

/** The model's encoder as observables of scaled features. */
function coordinates(model: KoopmanModel) {
  const encoder = createPerceptron(model.encoderSizes, model.activation, {
    parameters: model.encoder,
  });
  return {
    dictionary: networkDictionary(encoder),
    scaled: (data: Trajectories) => scaleFeatures(data, model.scaling),
  };
}

function logInterval(
  estimate: number,
  logs: readonly number[],
  confidence: number,
): Interval {
  if (logs.length < 2 || Number.isNaN(estimate)) {
    return { estimate, low: NaN, high: NaN };
  }
  const half = logs.every(Number.isFinite)
    ? studentTQuantile((1 + confidence) / 2, logs.length - 1) *
      standardDeviation(logs)
    : Infinity;
  return {
    estimate,
    low: estimate * Math.exp(-half),
    high: estimate * Math.exp(half),
  };
}
