/**
 * Timescales by simpler methods than an autoencoder, from the same data.
 *
 * @module
 */
import { monomials } from "../../analysis/koopman/dictionaries.ts";
import { estimateOperator } from "../../analysis/koopman/operator.ts";
import {
  featureScaling,
  sampleCount,
  scaleFeatures,
  type Trajectories,
} from "../../analysis/koopman/trajectories.ts";
import {
  chapmanKolmogorov,
  impliedTimescales,
} from "../../analysis/markov/chapman_kolmogorov.ts";
import { kMeans, nearest } from "../../analysis/markov/k_means.ts";
import { Random } from "../../core/random.ts";

export type { Trajectories };

/** One method's answer. */
export interface BaselineTimescale {
  /** What was estimated. */
  readonly method: string;
  /** Time between the states of a pair. */
  readonly lag: number;
  /** Its slowest timescale. */
  readonly timescale: number;
}

/** What baselines say. */
export interface Baselines {
  /** Timescales, method by method. */
  readonly timescales: readonly BaselineTimescale[];
  /**
   * The largest difference in the Chapman-Kolmogorov test of the Markov model,
   * in its standard errors; NaN where there were too few series.
   */
  readonly largestDeviation: number;
  /** That difference itself, a probability. */
  readonly largestDifference: number;
}

/** Options of {@linkcode timescaleBaselines}. */
export interface BaselineOptions {
  /** Draws the first centres of clusters. */
  readonly seed: number;
  /** Lags, in samples. Default 1, 20, 100. */
  readonly lags?: readonly number[];
  /** States of the Markov model. Default 5. */
  readonly clusters?: number;
}

const DEGREE = 3;
/** Points that clusters are found from; all are then assigned to them. */
const CLUSTER_POINTS = 5000;

/**
 * Timescales by dynamic mode decomposition, by its extension with monomials,
 * and by a Markov model of clusters, at several lags: where they rise with the
 * lag, what is observed is not the whole state, and short lags mislead.
 *
 * @param trajectories Series of runs, or means over runs.
 * @param options Lags, clusters, seed.
 */
export function timescaleBaselines(
  trajectories: Trajectories,
  options: BaselineOptions,
): Baselines {
  const { lags = [1, 20, 100], clusters = 5, seed } = options;
  const longest = Math.max(
    ...trajectories.series.map((_, i) => sampleCount(trajectories, i)),
  );
  const usable = lags.filter((lag) => 3 * lag < longest);
  const { interval } = trajectories;
  const operator = (
    method: string,
    dictionary?: ReturnType<typeof monomials>,
  ) =>
    usable.map((lag) => ({
      method,
      lag: lag * interval,
      timescale:
        estimateOperator(trajectories, { lag, dictionary }).timescales[0],
    }));
  const visited = cluster(trajectories, { clusters, seed });
  const markov = impliedTimescales(visited, {
    states: clusters,
    interval,
    lags: usable,
    count: 1,
  }).map(([timescale], i) => ({
    method: `Markov model of ${clusters} clusters`,
    lag: usable[i] * interval,
    timescale,
  }));
  return {
    timescales: [
      ...operator("DMD"),
      ...operator(`EDMD, monomials to degree ${DEGREE}`, monomials(DEGREE)),
      ...markov,
    ],
    ...deviations(visited, { clusters, lag: usable[1] ?? usable[0] }),
  };
}

function cluster(
  trajectories: Trajectories,
  { clusters, seed }: { clusters: number; seed: number },
): Int32Array[] {
  const features = trajectories.features.length;
  const { series } = scaleFeatures(trajectories, featureScaling(trajectories));
  const total = series.reduce((sum, { length }) => sum + length, 0) / features;
  const every = Math.max(1, Math.floor(total / CLUSTER_POINTS));
  const points: number[] = [];
  for (const values of series) {
    for (let at = 0; at < values.length; at += every * features) {
      points.push(...values.subarray(at, at + features));
    }
  }
  const { centres } = kMeans(Float64Array.from(points), {
    features,
    clusters,
    random: new Random(seed),
  });
  return series.map((values) =>
    Int32Array.from(
      { length: values.length / features },
      (_, t) =>
        nearest(values.subarray(t * features, (t + 1) * features), centres),
    )
  );
}

function deviations(
  visited: readonly Int32Array[],
  { clusters, lag }: { clusters: number; lag: number },
): { largestDeviation: number; largestDifference: number } {
  const shortest = Math.min(...visited.map(({ length }) => length));
  const multiples = [2, 4, 8].filter((multiple) =>
    multiple * lag < shortest / 2
  );
  if (multiples.length === 0) {
    return { largestDeviation: NaN, largestDifference: NaN };
  }
  const lines = chapmanKolmogorov(visited, {
    states: clusters,
    lag,
    multiples,
  });
  const largest = lines.reduce((most, line) =>
    difference(line) > difference(most) ? line : most
  );
  return {
    largestDeviation: difference(largest) / largest.standardError,
    largestDifference: difference(largest),
  };
}

function difference(
  { predicted, estimated }: { predicted: number; estimated: number },
): number {
  return Math.abs(predicted - estimated);
}
