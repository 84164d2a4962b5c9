/**
 * Cutting continuous states into clusters.
 *
 * @module
 */
import type { Random } from "../../core/random.ts";

/** What {@linkcode kMeans} takes. */
export interface KMeansOptions {
  /** Values of a point. */
  features: number;
  /** Number of clusters. */
  clusters: number;
  /** Chooses the first centres. */
  random: Random;
  /** Rounds at most. Default 100. */
  iterations?: number;
}

/** Clusters. */
export interface Clusters {
  /** Centres. */
  readonly centres: readonly Float64Array[];
  /** Number of each point's cluster. */
  readonly labels: Int32Array;
}

/**
 * Clusters by Lloyd's rounds from centres that k-means++ chose (Arthur and
 * Vassilvitskii, 2007). Bring features to one scale first.
 *
 * @param points Shape [points, features]. Throws `RangeError` for fewer points
 * than clusters.
 * @param options Features, clusters, random stream.
 */
export function kMeans(points: Float64Array, options: KMeansOptions): Clusters {
  const { features, clusters, random, iterations = 100 } = options;
  const count = points.length / features;
  if (!(clusters >= 1 && clusters <= count)) {
    throw new RangeError(
      `Cannot cut ${count} points into ${clusters} clusters, expected 1 to ${count}`,
    );
  }
  const point = (i: number) =>
    points.subarray(i * features, (i + 1) * features);
  const centres = firstCentres(point, { count, clusters, random });
  const labels = new Int32Array(count).fill(-1);
  for (let round = 0; round < iterations; round++) {
    let moved = false;
    for (let i = 0; i < count; i++) {
      const label = nearest(point(i), centres);
      moved ||= label !== labels[i];
      labels[i] = label;
    }
    if (!moved) break;
    recentre(centres, labels, point);
  }
  return { centres, labels };
}

function firstCentres(
  point: (i: number) => Float64Array,
  { count, clusters, random }: {
    count: number;
    clusters: number;
    random: Random;
  },
): Float64Array[] {
  const centres = [point(random.integer(0, count - 1)).slice()];
  const distances = new Float64Array(count).fill(Infinity);
  while (centres.length < clusters) {
    let total = 0;
    for (let i = 0; i < count; i++) {
      distances[i] = Math.min(
        distances[i],
        squareDistance(point(i), centres.at(-1)!),
      );
      total += distances[i];
    }
    let left = random.uniform() * total;
    let chosen = 0;
    while (chosen < count - 1 && (left -= distances[chosen]) > 0) chosen++;
    centres.push(point(chosen).slice());
  }
  return centres;
}

/**
 * The number of the nearest centre.
 *
 * @param state Shape [features].
 * @param centres Of {@linkcode kMeans}.
 */
export function nearest(
  state: Float64Array,
  centres: readonly Float64Array[],
): number {
  let best = 0;
  let least = Infinity;
  centres.forEach((centre, k) => {
    const square = squareDistance(state, centre);
    if (square < least) [best, least] = [k, square];
  });
  return best;
}

function squareDistance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += (a[j] - b[j]) ** 2;
  return sum;
}

/** Centres become their points' means; one without points stays. */
function recentre(
  centres: readonly Float64Array[],
  labels: Int32Array,
  point: (i: number) => Float64Array,
): void {
  const sums = centres.map((centre) => new Float64Array(centre.length));
  const sizes = new Float64Array(centres.length);
  labels.forEach((label, i) => {
    sizes[label]++;
    point(i).forEach((value, j) => sums[label][j] += value);
  });
  centres.forEach((centre, k) => {
    if (sizes[k] > 0) centre.set(sums[k].map((sum) => sum / sizes[k]));
  });
}
