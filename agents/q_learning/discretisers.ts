/**
 * Observations as numbered states, for tables.
 *
 * @module
 */
import { nearestName } from "../../core/nearest_name.ts";

/** One digit of a state's number. */
export interface StateDigit {
  /** Place of the value in an observation. */
  readonly index: number;
  /** The digit is how many of these the value has reached; they rise. */
  readonly bounds: readonly number[];
}

/** Turns observations into state numbers. */
export interface Discretiser {
  /** As models name it. */
  readonly name: string;
  /** Number of states. */
  readonly states: number;
  /** Action for states that were never met. */
  readonly unseenAction: number;
  /**
   * What {@linkcode stateOf} does, as data, the last digit changing fastest;
   * undefined where observations are state numbers.
   */
  readonly digits?: readonly StateDigit[];
  /**
   * The state of an observation.
   *
   * @param observation Shape [observation].
   */
  stateOf(observation: Float32Array): number;
}

/** Keeps tenths that 32-bit floats round down, such as 0.7, in their bin. */
const ROUNDING = 1e-5;

function tenth(value: number): number {
  return Math.min(9, Math.floor(10 * value + ROUNDING));
}

/** Bounds of tenths; what is above 1 counts as the last. */
const TENTHS = Array.from({ length: 9 }, (_, i) => (i + 1 - ROUNDING) / 10);
/** Bounds of the queue: some, a hundred, five hundred requests. */
const QUEUE_BOUNDS = [Number.MIN_VALUE, 100, 500];

/**
 * The original autoscaler's 400 states: tenths of instances and load, and
 * four sizes of queue. Sees the reference mode's observation.
 */
function original(): Discretiser {
  return {
    name: "original",
    states: 400,
    unseenAction: 1,
    digits: [
      { index: 0, bounds: TENTHS },
      { index: 1, bounds: TENTHS },
      { index: 4, bounds: QUEUE_BOUNDS },
    ],
    stateOf(observation) {
      const queue = observation[4];
      const size = queue === 0 ? 0 : queue < 100 ? 1 : queue < 500 ? 2 : 3;
      return (tenth(observation[0]) * 10 + tenth(observation[1])) * 4 + size;
    },
  };
}

/** Bounds of demand over committed capacity, less one, in twentieths. */
const DEMAND_BOUNDS = [
  -4,
  -2,
  -1.4,
  -1,
  -0.8,
  -0.6,
  -0.4,
  -0.2,
  0,
  0.2,
  0.5,
  1,
  2,
  4,
];
/** Bounds of the influx's growth: falling, steady, rising. */
const GROWTH_BOUNDS = [-0.3, 0.3];
/** Bounds of the action that is pending: remove, hold, add. */
const PENDING_BOUNDS = [-0.01, 0.01];

function bin(value: number, bounds: readonly number[]): number {
  let place = 0;
  while (place < bounds.length && value >= bounds[place]) place++;
  return place;
}

/**
 * Pending action, demand over committed capacity, and whether the influx
 * falls or rises. Sees the default mode's observation.
 */
function demandRatio(): Discretiser {
  const demands = DEMAND_BOUNDS.length + 1;
  const growths = GROWTH_BOUNDS.length + 1;
  return {
    name: "demand-ratio",
    states: 3 * demands * growths,
    unseenAction: 1,
    digits: [
      { index: 4, bounds: PENDING_BOUNDS },
      { index: 6, bounds: DEMAND_BOUNDS },
      { index: 7, bounds: GROWTH_BOUNDS },
    ],
    stateOf(observation) {
      const pending = bin(observation[4], PENDING_BOUNDS);
      const demand = bin(observation[6], DEMAND_BOUNDS);
      const growth = bin(observation[7], GROWTH_BOUNDS);
      return (pending * demands + demand) * growths + growth;
    },
  };
}

/**
 * Observations that are state numbers already.
 *
 * @param states Number of states.
 */
export function identityDiscretiser(states: number): Discretiser {
  return {
    name: "identity",
    states,
    unseenAction: 0,
    stateOf: (observation) => observation[0],
  };
}

/** Names that {@linkcode discretiser} knows. */
export const DISCRETISER_NAMES: readonly string[] = [
  "original",
  "demand-ratio",
];

/**
 * A discretiser of the autoscaling environment by name. Throws `RangeError`
 * for an unknown one.
 *
 * @param name One of {@linkcode DISCRETISER_NAMES}.
 */
export function discretiser(name: string): Discretiser {
  if (name === "original") return original();
  if (name === "demand-ratio") return demandRatio();
  const nearest = nearestName(name, DISCRETISER_NAMES);
  throw new RangeError(
    `Cannot make states of "${name}": expected one of ${
      DISCRETISER_NAMES.join(", ")
    }${nearest ? ` (did you mean ${nearest}?)` : ""}`,
  );
}
