/**
 * What dynamics are learned from: series of a system's features, sampled at
 * one interval.
 *
 * @module
 */
import { mean, standardDeviation } from "../statistics.ts";

/** Series of the same features. Pairs of states never cross from one to another. */
export interface Trajectories {
  /** Names of the features, such as `q` and `l`. */
  readonly features: readonly string[];
  /** Time between samples, in the units of the simulation. */
  readonly interval: number;
  /** One array a series, each of shape [samples, features]. */
  readonly series: readonly Float64Array[];
}

/** How features are brought to one scale: (x - shift) / scale. */
export interface FeatureScaling {
  /** What is subtracted. Shape [features]. */
  readonly shift: Float64Array;
  /** What is divided by, never zero. Shape [features]. */
  readonly scale: Float64Array;
}

/**
 * Series out of one array a feature.
 *
 * @param features Arrays by name, one array a series; those of a series have
 * one length. Throws `TypeError` otherwise, and `RangeError` for values that
 * are not finite or no series at all.
 * @param interval Time between samples.
 */
export function trajectoriesOf(
  features: Readonly<Record<string, readonly ArrayLike<number>[]>>,
  interval: number,
): Trajectories {
  const names = Object.keys(features);
  const count = names.length === 0 ? 0 : features[names[0]].length;
  if (count === 0) {
    throw new RangeError(
      "Cannot learn from no series, expected a feature with at least one",
    );
  }
  const series = Array.from({ length: count }, (_, i) => {
    const columns = names.map((name) => features[name][i]);
    checkColumns(names, columns, i);
    const samples = columns[0].length;
    const values = new Float64Array(samples * names.length);
    columns.forEach((column, j) => {
      for (let t = 0; t < samples; t++) {
        values[t * names.length + j] = column[t];
      }
    });
    return values;
  });
  return { features: names, interval, series };
}

function checkColumns(
  names: readonly string[],
  columns: readonly (ArrayLike<number> | undefined)[],
  series: number,
): void {
  columns.forEach((column, j) => {
    if (column?.length !== columns[0]!.length) {
      throw new TypeError(
        `Cannot pair ${column?.length ?? 0} samples of "${names[j]}" with ${
          columns[0]!.length
        } of "${names[0]}" in series ${series}, expected one length`,
      );
    }
    for (let t = 0; t < column.length; t++) {
      if (!Number.isFinite(column[t])) {
        throw new RangeError(
          `Cannot learn from ${column[t]} at sample ${t} of "${
            names[j]
          }" in series ${series}, expected a finite number`,
        );
      }
    }
  });
}

/**
 * Number of samples of a series.
 *
 * @param trajectories Give the number of features.
 * @param index Which series.
 */
export function sampleCount(trajectories: Trajectories, index: number): number {
  return trajectories.series[index].length / trajectories.features.length;
}

/**
 * Every n-th sample of each series, from the first.
 *
 * @param trajectories What is thinned.
 * @param every A whole number from 1. Throws `RangeError` otherwise.
 */
export function subsample(
  trajectories: Trajectories,
  every: number,
): Trajectories {
  if (!Number.isInteger(every) || every < 1) {
    throw new RangeError(
      `Cannot keep every ${every}th sample, expected a whole number from 1`,
    );
  }
  const width = trajectories.features.length;
  return {
    features: trajectories.features,
    interval: trajectories.interval * every,
    series: trajectories.series.map((values) => {
      const kept = Math.ceil(values.length / width / every);
      const thinned = new Float64Array(kept * width);
      for (let t = 0; t < kept; t++) {
        thinned.set(
          values.subarray(t * every * width, (t * every + 1) * width),
          t * width,
        );
      }
      return thinned;
    }),
  };
}

/**
 * One feature of one series.
 *
 * @param trajectories Where it is taken from.
 * @param which Series and feature by number.
 */
export function featureColumn(
  trajectories: Trajectories,
  which: { series: number; feature: number },
): Float64Array {
  const values = trajectories.series[which.series];
  const width = trajectories.features.length;
  return Float64Array.from(
    { length: values.length / width },
    (_, t) => values[t * width + which.feature],
  );
}

/**
 * The scaling to mean zero and deviation one over all samples. A feature that
 * never changes keeps its scale.
 *
 * @param trajectories At least two samples in all.
 */
export function featureScaling(trajectories: Trajectories): FeatureScaling {
  const width = trajectories.features.length;
  const shift = new Float64Array(width);
  const scale = new Float64Array(width);
  for (let feature = 0; feature < width; feature++) {
    const all = trajectories.series.flatMap((_, series) => [
      ...featureColumn(trajectories, { series, feature }),
    ]);
    shift[feature] = mean(all);
    scale[feature] = standardDeviation(all) || 1;
  }
  return { shift, scale };
}

/**
 * Series with a scaling applied.
 *
 * @param trajectories In the features' own units.
 * @param scaling From {@linkcode featureScaling}.
 */
export function scaleFeatures(
  trajectories: Trajectories,
  { shift, scale }: FeatureScaling,
): Trajectories {
  const width = trajectories.features.length;
  return {
    ...trajectories,
    series: trajectories.series.map((values) =>
      values.map((value, i) => (value - shift[i % width]) / scale[i % width])
    ),
  };
}
