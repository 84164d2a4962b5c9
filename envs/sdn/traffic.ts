/**
 * Traffic that changes with time, a matrix for each interval.
 *
 * @module
 */
import { exp } from "../../core/fdlibm.ts";
import { checkSeed, Random } from "../../core/random.ts";
import type { Topology } from "./topology.ts";
import {
  checkMatrix,
  drawMatrix,
  MATRIX_KINDS,
  type MatrixKind,
  scaleToLoad,
} from "./traffic_matrices.ts";

export type { MatrixKind, Topology };

/** Traffic by the number of an interval, counted from 0. */
export interface Traffic {
  /** Intervals in a day, after which traffic is alike. */
  readonly intervalsPerDay: number;
  /** How many intervals there are; Infinity where it goes on for ever. */
  readonly intervals: number;
  /**
   * Writes an interval's demands in Mbit/s. The same interval has the same
   * demands, whatever was asked for before.
   */
  matrixAt(interval: number, matrix: Float64Array): void;
}

/** Synthetic traffic. */
export interface SyntheticTrafficOptions {
  /** What the mean matrix is like. Default `gravity`. */
  readonly type?: MatrixKind;
  /**
   * Scale: utilisation of the busiest link by the mean matrix, under unit
   * weights. Default 0.6.
   */
  readonly load?: number;
  /**
   * How far a switch's sending swings within a day, as a share of its mean,
   * from 0 to 1. Default 0.5.
   */
  readonly amplitude?: number;
  /** Standard deviation of the logarithm of the noise. Default 0.2. */
  readonly noise?: number;
  /** Intervals in a day. Default 288: five minutes each. */
  readonly intervalsPerDay?: number;
  /** Where matrix, phases and noise come from. Default 0. */
  readonly seed?: number;
}

/** Recorded traffic. */
export interface RecordedTrafficOptions {
  /** Says that it is recorded. */
  readonly type: "recorded";
  /** A list of n x n demands in Mbit/s for each interval. */
  readonly matrices: readonly ArrayLike<number>[];
  /** Intervals in a day. Default 288. */
  readonly intervalsPerDay?: number;
}

/** No traffic but that of flows. */
export interface IdleTrafficOptions {
  /** Says that there is none. */
  readonly type: "idle";
}

/** What flows through a network. */
export type TrafficOptions =
  | SyntheticTrafficOptions
  | RecordedTrafficOptions
  | IdleTrafficOptions;

const FULL_TURN = 2 * Math.PI;
/** Numbers the streams of intervals; any odd number far from others would do. */
const STREAM_STEP = 2654435761;
const MOST_INTERVALS = 2 ** 21;
/** So many demands are kept, for those who come back to an interval. */
const MOST_KEPT = 2 ** 22;

function checkIntervals(intervalsPerDay: number): void {
  if (!Number.isSafeInteger(intervalsPerDay) || intervalsPerDay < 1) {
    throw new RangeError(
      `Cannot divide a day into ${intervalsPerDay} intervals, expected a whole number from 1`,
    );
  }
}

/**
 * Traffic around a mean matrix: what switch `i` sends is multiplied by
 * 1 + a sin(2 pi t / day + phase_i), so that switches have their busy hours at
 * different times, and each demand by a lognormal noise of mean 1, drawn anew
 * in each interval.
 *
 * @param topology The network.
 * @param options Mean matrix, swing and noise. Throws `RangeError` for values
 * that make no sense.
 */
export function diurnalTraffic(
  topology: Topology,
  options: SyntheticTrafficOptions = {},
): Traffic {
  const {
    type = "gravity",
    load = 0.6,
    amplitude = 0.5,
    noise = 0.2,
    intervalsPerDay = 288,
    seed = 0,
  } = options;
  checkIntervals(intervalsPerDay);
  checkSeed(seed);
  if (!(amplitude >= 0 && amplitude <= 1)) {
    throw new RangeError(
      `Cannot let traffic swing by ${amplitude}, expected a number from 0 to 1`,
    );
  }
  if (!(noise >= 0 && noise < 10)) {
    throw new RangeError(
      `Cannot draw noise of deviation ${noise}, expected a number from 0 to 10`,
    );
  }
  const random = new Random(seed);
  const mean = scaleToLoad(topology, drawMatrix(topology, type, random), load);
  const { nodeCount } = topology;
  const phases = Float64Array.from(
    { length: nodeCount },
    () => random.uniform(0, FULL_TURN),
  );
  const firstStream = random.integer(0, Number.MAX_SAFE_INTEGER);
  const shift = -noise * noise / 2;

  function draw(interval: number): Float64Array {
    const matrix = new Float64Array(nodeCount * nodeCount);
    // Below 2^21 intervals the product is exact.
    const stream = (interval % MOST_INTERVALS) * STREAM_STEP;
    const draws = new Random((firstStream + stream) % Number.MAX_SAFE_INTEGER);
    const turn = FULL_TURN * (interval % intervalsPerDay) / intervalsPerDay;
    for (let i = 0; i < nodeCount; i++) {
      const swing = 1 + amplitude * Math.sin(turn + phases[i]);
      for (let k = i * nodeCount; k < (i + 1) * nodeCount; k++) {
        const demand = mean[k] * swing;
        matrix[k] = demand > 0 && noise > 0
          ? demand * exp(shift + noise * draws.normal())
          : demand;
      }
    }
    return matrix;
  }

  const kept = new Map<number, Float64Array>();
  const mostKept = Math.ceil(MOST_KEPT / (nodeCount * nodeCount));

  function matrixAt(interval: number, matrix: Float64Array): void {
    let drawn = kept.get(interval);
    if (drawn === undefined) {
      if (kept.size === mostKept) kept.clear();
      drawn = draw(interval);
      kept.set(interval, drawn);
    }
    matrix.set(drawn);
  }

  return { intervalsPerDay, intervals: Infinity, matrixAt };
}

/**
 * Traffic as it was recorded; after the last interval it begins again.
 *
 * @param topology The network.
 * @param options The matrices. Throws `TypeError` and `RangeError` as
 * `checkMatrix` does, and `RangeError` where there is none.
 */
export function recordedTraffic(
  topology: Topology,
  options: Omit<RecordedTrafficOptions, "type">,
): Traffic {
  const { matrices, intervalsPerDay = 288 } = options;
  checkIntervals(intervalsPerDay);
  if (matrices.length === 0) {
    throw new RangeError("Cannot play no recorded matrices, expected some");
  }
  for (const matrix of matrices) checkMatrix(topology, matrix);
  const recorded = matrices.map((matrix) => Float64Array.from(matrix));
  return {
    intervalsPerDay,
    intervals: recorded.length,
    matrixAt: (interval, matrix) =>
      matrix.set(recorded[interval % recorded.length]),
  };
}

/**
 * Traffic from its options.
 *
 * @param topology The network.
 * @param options What flows. Throws as {@linkcode diurnalTraffic} and
 * {@linkcode recordedTraffic} do, and `RangeError` for an unknown type.
 */
export function makeTraffic(
  topology: Topology,
  options: TrafficOptions = {},
): Traffic {
  const { type = "gravity" } = options;
  if (type === "recorded") {
    return recordedTraffic(topology, options as RecordedTrafficOptions);
  }
  if (type === "idle") {
    return {
      intervalsPerDay: 1,
      intervals: 1,
      matrixAt: (_, matrix) => void matrix.fill(0),
    };
  }
  if (!MATRIX_KINDS.includes(type)) {
    throw new RangeError(
      `Cannot make traffic of the type "${type}", expected one of ${
        [...MATRIX_KINDS, "recorded", "idle"].join(", ")
      }`,
    );
  }
  return diurnalTraffic(topology, options as SyntheticTrafficOptions);
}

/**
 * The matrices of some intervals, as searches for static weights take them.
 *
 * @param traffic The traffic.
 * @param topology The network.
 * @param intervals Numbers of the intervals.
 */
export function matricesAt(
  traffic: Traffic,
  { nodeCount }: Topology,
  intervals: Iterable<number>,
): Float64Array[] {
  return Array.from(intervals, (interval) => {
    const matrix = new Float64Array(nodeCount * nodeCount);
    traffic.matrixAt(interval, matrix);
    return matrix;
  });
}
