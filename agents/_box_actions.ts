/**
 * Actions from -1 to 1, within agents, and those of a box.
 *
 * @module
 */
import { type Box, describeSpace } from "../core/spaces.ts";

/** Scales actions. */
export interface BoxActions {
  /** Values of an action. */
  readonly size: number;
  /**
   * From -1 to 1 into the box.
   *
   * @param actions Shape [rows, size].
   * @param into Written to, in the same shape.
   */
  toSpace(actions: ArrayLike<number>, into: Int32Array | Float32Array): void;
  /** From the box to -1 to 1; 0 where the box has no width. */
  fromSpace(actions: ArrayLike<number>, into: Float32Array): void;
}

/**
 * The scaling of a box.
 *
 * @param space Throws `RangeError` where a bound is not finite.
 */
export function boxActions(space: Box): BoxActions {
  const { low, high } = space;
  const size = low.length;
  if (![...low, ...high].every(Number.isFinite)) {
    throw new RangeError(
      `Cannot squash actions into ${
        describeSpace(space)
      }, expected finite bounds, got [${low}] to [${high}]`,
    );
  }
  return {
    size,
    toSpace(actions, into) {
      for (let i = 0; i < actions.length; i++) {
        const lowest = low[i % size];
        const highest = high[i % size];
        const value = lowest + (actions[i] + 1) / 2 * (highest - lowest);
        // Rounding may leave the box by a bit.
        into[i] = Math.min(highest, Math.max(lowest, value));
      }
    },
    fromSpace(actions, into) {
      for (let i = 0; i < into.length; i++) {
        const range = high[i % size] - low[i % size];
        into[i] = range === 0
          ? 0
          : 2 * (actions[i] - low[i % size]) / range - 1;
      }
    },
  };
}
