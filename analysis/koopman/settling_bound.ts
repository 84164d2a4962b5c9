/**
 * How long a learned model takes to settle at most, and where that number
 * comes from.
 *
 * @module
 */
import type { KoopmanModel } from "./model.ts";

/** How an encoder stretches distances. */
export interface EmbeddingConstants {
  /** Least of |e(x) - e(y)| / |x - y| over pairs of samples. */
  readonly lower: number;
  /** Greatest of it. */
  readonly upper: number;
  /**
   * Greatest |x - y|, in the units of the first feature: others are brought to
   * its scale as the model scales them.
   */
  readonly diameter: number;
  /** Pairs that were looked at. */
  readonly pairs: number;
  /**
   * `lower` over the pairs that are at least so far apart: all that matters
   * for whether a state is farther than that from another.
   *
   * @param apart In the units of the first feature.
   */
  lowerFrom(apart: number): number;
}

/** The bound and its factors. */
export interface SettlingBound extends EmbeddingConstants {
  /** cond(V) of the eigenvectors of K. */
  readonly condition: number;
  /** Time constant of the slowest mode. */
  readonly timescale: number;
  /**
   * The time after which the first feature stays within epsilon of the fixed
   * point, wherever among the samples it begins.
   */
  time(epsilon: number): number;
  /** The same for a given first state: |e(x) - z*| in place of L D. */
  timeFrom(state: Float64Array, epsilon: number): number;
}

/** Options of {@linkcode embeddingConstants}. */
export interface EmbeddingOptions {
  /**
   * Series of the data whose samples are paired: those that are visited on the
   * way, such as the one after a fault; -1 is the last. Default all.
   */
  series?: readonly number[];
  /** Samples that are paired, evenly spread over the series. Default 2000. */
  maximumSamples?: number;
}

/** Distances by which pairs are told apart for `lowerFrom`. */
const BINS = 400;

/**
 * The encoder's bi-Lipschitz constants over the pairs of the samples that it
 * learned from, and the diameter of these. They hold for these pairs, and are
 * no proof for states in between.
 *
 * @param model Gives encoder and data.
 * @param options Which samples.
 */
export function embeddingConstants(
  model: KoopmanModel,
  options: EmbeddingOptions = {},
): EmbeddingConstants {
  const { maximumSamples = 2000 } = options;
  const { latent, scaling, data } = model;
  const width = data.features.length;
  const chosen = options.series?.map((i) => data.series.at(i)!) ?? data.series;
  const all = chosen.reduce((sum, values) => sum + values.length, 0);
  const every = Math.max(1, Math.ceil(all / width / maximumSamples));
  const states: number[] = [];
  for (const values of chosen) {
    for (let at = 0; at < values.length; at += every * width) {
      states.push(...values.subarray(at, at + width));
    }
  }
  const encoded = model.encode(Float64Array.from(states));
  const scaled = Float64Array.from(
    states,
    (x, i) => x / scaling.scale[i % width],
  );
  const samples = states.length / width;
  const reach = extent(scaled, width);
  const lowest = new Float64Array(BINS).fill(Infinity);
  let upper = 0;
  let diameter = 0;
  let pairs = 0;
  for (let i = 0; i < samples; i++) {
    for (let j = 0; j < i; j++) {
      const apart = distance(scaled, width, { i, j });
      if (apart === 0) continue;
      const stretch = distance(encoded, latent, { i, j }) / apart;
      const bin = binOf(apart, reach);
      lowest[bin] = Math.min(lowest[bin], stretch);
      upper = Math.max(upper, stretch);
      diameter = Math.max(diameter, apart);
      pairs++;
    }
  }
  // From each bin on: the least of it and of all beyond.
  for (let bin = BINS - 2; bin >= 0; bin--) {
    lowest[bin] = Math.min(lowest[bin], lowest[bin + 1]);
  }
  const unit = scaling.scale[0];
  return {
    lower: lowest[0],
    upper,
    diameter: diameter * unit,
    pairs,
    lowerFrom: (apart) => {
      const from = lowest[binOf(apart / unit, reach)];
      // No pair is so far apart.
      return Number.isFinite(from) ? from : lowest[0];
    },
  };
}

/** At least the greatest distance between two rows. */
function extent(rows: Float64Array, width: number): number {
  let square = 0;
  for (let feature = 0; feature < width; feature++) {
    let low = Infinity;
    let high = -Infinity;
    for (let at = feature; at < rows.length; at += width) {
      low = Math.min(low, rows[at]);
      high = Math.max(high, rows[at]);
    }
    square += (high - low) ** 2;
  }
  return Math.sqrt(square);
}

/** Rounds down, so that a bin's pairs include all that are farther apart. */
function binOf(apart: number, reach: number): number {
  return Math.min(BINS - 1, Math.floor(apart / reach * BINS));
}

function distance(
  rows: Float64Array,
  width: number,
  { i, j }: { i: number; j: number },
): number {
  let sum = 0;
  for (let k = 0; k < width; k++) {
    sum += (rows[i * width + k] - rows[j * width + k]) ** 2;
  }
  return Math.sqrt(sum);
}

/**
 * The bound T(epsilon) = tau ln(L cond(V) D / (L' epsilon)), from
 *
 *     L' |x_t - x*| <= |e(x_t) - z*| <= cond(V) |lambda|^t |e(x_0) - z*|
 *     and |e(x_0) - z*| <= L D.
 *
 * L' is needed where |x_t - x*| is at least epsilon only, and is taken over the
 * pairs that are so far apart. L, L' and D are those of the samples that are
 * visited on the way.
 *
 * It is an estimate under the learned model: it takes the model's dynamics for
 * the system's, and constants over the data's pairs for those of all states.
 * Infinity where a modulus is 1 or more.
 *
 * @param model The learned model.
 * @param options Samples that the constants are taken over.
 */
export function settlingBound(
  model: KoopmanModel,
  options: EmbeddingOptions = {},
): SettlingBound {
  const constants = embeddingConstants(model, options);
  const { timescale, spectrum: { condition } } = model;
  const time = (distance: number, epsilon: number) => {
    if (!(epsilon > 0)) {
      throw new RangeError(
        `Cannot bound the time into a band of ${epsilon}, expected a number above 0`,
      );
    }
    const ratio = condition * distance /
      (constants.lowerFrom(epsilon) * epsilon);
    return Math.max(0, timescale * Math.log(ratio));
  };
  return {
    ...constants,
    condition,
    timescale,
    time: (epsilon) => time(constants.upper * constants.diameter, epsilon),
    timeFrom(state, epsilon) {
      const encoded = model.encode(state);
      const from = encoded.reduce(
        (sum, z, i) => sum + (z - model.fixedPoint[i]) ** 2,
        0,
      );
      return time(Math.sqrt(from) * model.scaling.scale[0], epsilon);
    },
  };
}
