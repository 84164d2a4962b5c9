/**
 * How far a learned timescale can be believed.
 *
 * @module
 */
import { Random } from "../../core/random.ts";
import { type Interval, standardDeviation } from "../statistics.ts";
import { studentTQuantile } from "../student_t.ts";
import {
  type AutoencoderOptions,
  trainAutoencoder,
  type TrainedAutoencoder,
} from "./autoencoder.ts";
import type { KoopmanModel } from "./model.ts";
import type { Trajectories } from "./trajectories.ts";

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

/** What {@linkcode timescaleInterval} takes. */
export interface TimescaleIntervalOptions extends AutoencoderOptions {
  /** The model of all runs, which each training begins from. */
  trained: TrainedAutoencoder;
  /** What is learned of the drawn runs, some of them several times. */
  combine: (runs: readonly Trajectories[]) => Trajectories;
  /** What is measured of each model. Default its slowest timescale. */
  measures?: readonly ((model: KoopmanModel, data: Trajectories) => number)[];
  /** Drawn sets of runs, at least 2. Default 10. */
  resamples?: number;
  /** How often the interval holds the truth. Default 0.95. */
  confidence?: number;
  /** Called after each training. */
  onResample?: (done: number) => void | Promise<void>;
}

/**
 * Intervals of learned timescales by the bootstrap over runs: runs are
 * drawn with replacement and learned from, beginning with the model
 * of all runs; an interval is Student's t about the logarithm of the estimate.
 * It holds what the finite number of runs does, not what the model
 * cannot express.
 *
 * @param runs Independent runs, at least 2. Throws `RangeError` otherwise.
 * @param options Model, resamples, settings of each training.
 */
export async function timescaleInterval(
  runs: readonly Trajectories[],
  options: TimescaleIntervalOptions,
): Promise<Interval[]> {
  const { trained, resamples = 10, confidence = 0.95, seed } = options;
  if (runs.length < 2 || !Number.isInteger(resamples) || resamples < 2) {
    throw new RangeError(
      `Cannot bootstrap ${runs.length} runs ${resamples} times, expected at least 2 of both`,
    );
  }
  const random = new Random(seed).split();
  const measures = options.measures ?? [({ timescale }) => timescale];
  const logs = measures.map((): number[] => []);
  for (let i = 0; i < resamples && !options.signal?.aborted; i++) {
    const drawn = runs.map(() => runs[random.integer(0, runs.length - 1)]);
    const data = options.combine(drawn);
    const { model } = await trainAutoencoder(data, {
      seed: seed + i + 1,
      settings: options.settings,
      signal: options.signal,
      initial: trained.values,
    });
    measures.forEach((measure, k) =>
      logs[k].push(Math.log(measure(model, data)))
    );
    await options.onResample?.(i + 1);
  }
  return measures.map((measure, k) =>
    logInterval(measure(trained.model, trained.model.data), {
      logs: logs[k],
      confidence,
    })
  );
}

function logInterval(
  estimate: number,
  { logs, confidence }: { logs: readonly number[]; confidence: number },
): Interval {
  if (logs.length < 2) return { estimate, low: 0, high: Infinity };
  const half = studentTQuantile((1 + confidence) / 2, logs.length - 1) *
    standardDeviation(logs);
  return {
    estimate,
    low: estimate * Math.exp(-half),
    high: estimate * Math.exp(half),
  };
}
