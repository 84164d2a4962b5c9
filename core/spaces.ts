/**
 * Spaces: which observations and actions an environment knows.
 *
 * @module
 */
import type { Random } from "./random.ts";

/** Whole numbers from 0 to `n` - 1. */
export interface Discrete {
  /** Tells the spaces apart. */
  readonly kind: "discrete";
  /** Number of values. */
  readonly n: number;
}

/** A vector of whole numbers, the i-th from 0 to `sizes[i]` - 1. */
export interface MultiDiscrete {
  /** Tells the spaces apart. */
  readonly kind: "multi-discrete";
  /** Number of values of each entry. */
  readonly sizes: readonly number[];
}

/** Arrays of 32-bit floats with a lower and an upper bound for each entry. */
export interface Box {
  /** Tells the spaces apart. */
  readonly kind: "box";
  /** Length along each axis. */
  readonly shape: readonly number[];
  /** Lower bounds, one an entry; may be -Infinity. */
  readonly low: Float32Array;
  /** Upper bounds, one an entry; may be Infinity. */
  readonly high: Float32Array;
}

/** A space of observations or actions. */
export type Space = Discrete | MultiDiscrete | Box;

/** A member of a space: a number for `Discrete`, else a typed array. */
export type SpaceValue = number | Int32Array | Float32Array;

/**
 * The whole numbers from 0 to `n` - 1.
 *
 * @param n Number of values, at least 1. Throws `RangeError` otherwise.
 */
export function discrete(n: number): Discrete {
  if (!Number.isInteger(n) || n < 1) {
    throw new RangeError(
      `Cannot make a discrete space of ${n} values: expected a whole number from 1`,
    );
  }
  return { kind: "discrete", n };
}

/**
 * Vectors of whole numbers.
 *
 * @param sizes Number of values of each entry, each at least 1.
 */
export function multiDiscrete(sizes: readonly number[]): MultiDiscrete {
  return { kind: "multi-discrete", sizes: sizes.map((n) => discrete(n).n) };
}

/**
 * Arrays of 32-bit floats between bounds.
 *
 * @param low Lower bound: one for all entries or one an entry.
 * @param high Upper bound, likewise.
 * @param options `shape` is needed when both bounds are single numbers.
 */
export function box(
  low: number | ArrayLike<number>,
  high: number | ArrayLike<number>,
  options: { shape?: readonly number[] } = {},
): Box {
  const shape = options.shape ??
    [typeof low === "number" ? (high as ArrayLike<number>).length : low.length];
  const size = shape.reduce((product, length) => product * length, 1);
  const bounds = (given: number | ArrayLike<number>) =>
    typeof given === "number"
      ? new Float32Array(size).fill(given)
      : Float32Array.from(given);
  const space: Box = {
    kind: "box",
    shape,
    low: bounds(low),
    high: bounds(high),
  };
  if (
    !Number.isInteger(size) || space.low.length !== size ||
    space.high.length !== size
  ) {
    throw new TypeError(
      `Cannot make a box of shape [${shape}] with ${space.low.length} lower and ${space.high.length} upper bounds`,
    );
  }
  for (let i = 0; i < size; i++) {
    if (!(space.low[i] <= space.high[i])) {
      throw new RangeError(
        `Cannot make a box whose entry ${i} lies from ${space.low[i]} to ${
          space.high[i]
        }`,
      );
    }
  }
  return space;
}

/**
 * The number of floats that a member takes in a network's input or a vector
 * environment's row: 1 for `Discrete`, an entry's count otherwise.
 *
 * @param space The space.
 */
export function spaceSize(space: Space): number {
  switch (space.kind) {
    case "discrete":
      return 1;
    case "multi-discrete":
      return space.sizes.length;
    case "box":
      return space.low.length;
  }
}

/**
 * Whether a value is a member of a space.
 *
 * @param space The space.
 * @param value Any value.
 */
export function contains(space: Space, value: unknown): boolean {
  switch (space.kind) {
    case "discrete":
      return typeof value === "number" && Number.isInteger(value) &&
        value >= 0 && value < space.n;
    case "multi-discrete":
      return value instanceof Int32Array &&
        value.length === space.sizes.length &&
        value.every((entry, i) => entry >= 0 && entry < space.sizes[i]);
    case "box":
      return value instanceof Float32Array &&
        value.length === space.low.length &&
        value.every((entry, i) =>
          entry >= space.low[i] && entry <= space.high[i]
        );
  }
}

/**
 * A random member: uniform where a side is bounded on both ends, exponential
 * beyond a single bound, normal where there is none (as Gymnasium does).
 *
 * @param space The space.
 * @param random The stream to draw from.
 */
export function sample(space: Space, random: Random): SpaceValue {
  switch (space.kind) {
    case "discrete":
      return random.integer(0, space.n - 1);
    case "multi-discrete":
      return Int32Array.from(space.sizes, (n) => random.integer(0, n - 1));
    case "box":
      return Float32Array.from(
        space.low,
        (low, i) => sampleBetween(low, space.high[i], random),
      );
  }
}

function sampleBetween(low: number, high: number, random: Random): number {
  if (Number.isFinite(low)) {
    return Number.isFinite(high)
      ? random.uniform(low, high)
      : low + random.exponential();
  }
  return Number.isFinite(high) ? high - random.exponential() : random.normal();
}

/**
 * A space in words, for messages and for comparing the space a model was
 * trained on with the one it meets.
 *
 * @param space The space.
 */
export function describeSpace(space: Space): string {
  switch (space.kind) {
    case "discrete":
      return `Discrete(${space.n})`;
    case "multi-discrete":
      return `MultiDiscrete(${space.sizes.join(", ")})`;
    case "box":
      return `Box(${space.shape.join(" x ")})`;
  }
}
