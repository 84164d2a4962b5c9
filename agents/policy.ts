/**
 * What acts: trained agents without what they need to learn.
 *
 * @module
 */

/** Chooses actions for rows of observations. */
export interface Policy {
  /** Values of an observation. */
  readonly observationSize: number;
  /** Values of an action: 1 where actions are discrete. */
  readonly actionSize: number;
  /**
   * Chooses the best known action of each row.
   *
   * @param observations Shape [rows, observation].
   * @param masks Allowed actions, 1 or 0. Shape [rows, actions].
   * @param actions Written to. Shape [rows] or [rows, action].
   */
  act(
    observations: Float32Array,
    masks: Uint8Array,
    actions: Int32Array | Float32Array,
  ): void;
  /**
   * Forgets what was seen, as episodes begin: to be called before the first
   * `act` of each. Only policies that remember have it; they tell rows apart by
   * their place.
   *
   * @param row Whose. Default: all.
   */
  reset?(row?: number): void;
}

/**
 * The place of the largest allowed value of a row; the first of equals.
 *
 * @param values Shape [rows, n]; with no action allowed, the answer is 0.
 * @param masks Shape [rows, n].
 * @param row Which row, and how long rows are.
 */
export function bestAllowed(
  values: ArrayLike<number>,
  masks: Uint8Array,
  row: { index: number; length: number },
): number {
  const start = row.index * row.length;
  let best = -1;
  for (let i = 0; i < row.length; i++) {
    if (masks[start + i] === 0) continue;
    if (best < 0 || values[start + i] > values[start + best]) best = i;
  }
  return best < 0 ? 0 : best;
}
