/**
 * Recorded steps to learn from without an environment.
 *
 * @module
 */
import type { Random } from "../core/random.ts";
import type { ReplayBatch } from "./replay.ts";

/** Steps, in rows. */
export interface OfflineData {
  /** Number of steps. */
  readonly rows: number;
  /** Values of an observation. */
  readonly observationSize: number;
  /** Values of an action. */
  readonly actionSize: number;
  /** What was seen. Shape [rows, observation]. */
  readonly observations: Float32Array;
  /** What was done, as the environment takes it. Shape [rows, action]. */
  readonly actions: Float32Array;
  /** Shape [rows]; undefined where only actions are to be copied. */
  readonly rewards?: Float32Array;
  /** What was seen after it. Shape [rows, observation]. */
  readonly nextObservations?: Float32Array;
  /** 1 where the task ended; a cut episode has 0. Shape [rows]. */
  readonly terminals?: Uint8Array;
}

/**
 * Throws `TypeError` for arrays of other lengths than sizes and rows say, and
 * `RangeError` for a value that is not finite.
 *
 * @param data What was read.
 */
export function checkOfflineData(data: OfflineData): void {
  const { rows, observationSize, actionSize } = data;
  const widths = {
    observations: observationSize,
    actions: actionSize,
    rewards: 1,
    nextObservations: observationSize,
    terminals: 1,
  };
  for (const name of Object.keys(widths) as (keyof typeof widths)[]) {
    const values = data[name];
    if (values === undefined) continue;
    const wanted = rows * widths[name];
    if (values.length !== wanted) {
      throw new TypeError(
        `Cannot learn from ${values.length} ${name}, expected ${rows} rows of ${
          widths[name]
        }`,
      );
    }
    const place = values.findIndex((value) => !Number.isFinite(value));
    if (place >= 0) {
      throw new RangeError(
        `Cannot learn from ${name} that hold ${values[place]} in row ${
          Math.floor(place / widths[name])
        }, expected finite numbers`,
      );
    }
  }
}

/**
 * Draws rows with replacement.
 *
 * @param data With everything that the batch has room for; rewards and next
 * observations that are missing leave the batch's as they are.
 * @param batch Overwritten.
 * @param options The stream, the discount factor, and what makes an action of
 * the environment one from -1 to 1.
 */
export function sampleOffline(
  data: OfflineData,
  batch: ReplayBatch,
  { random, gamma, fromSpace }: {
    random: Random;
    gamma: number;
    fromSpace: (actions: ArrayLike<number>, into: Float32Array) => void;
  },
): void {
  const { rows, observationSize, actionSize } = data;
  const drawn = batch.rewards.length;
  const actions = new Float32Array(batch.actions.length);
  const copy = (
    from: Float32Array,
    to: Float32Array,
    { row, place, width }: { row: number; place: number; width: number },
  ) => {
    for (let i = 0; i < width; i++) {
      to[place * width + i] = from[row * width + i];
    }
  };
  for (let place = 0; place < drawn; place++) {
    const row = random.integer(0, rows - 1);
    const seen = { row, place, width: observationSize };
    copy(data.observations, batch.observations, seen);
    copy(data.actions, actions, { row, place, width: actionSize });
    if (data.nextObservations) {
      copy(data.nextObservations, batch.nextObservations, seen);
    }
    if (data.rewards) batch.rewards[place] = data.rewards[row];
    batch.discounts[place] = data.terminals?.[row] ? 0 : gamma;
  }
  fromSpace(actions, batch.actions);
}
