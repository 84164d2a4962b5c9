/**
 * Recorded steps to learn from without an environment.
 *
 * @module
 */
import type { Random } from "../../core/random.ts";
import type { ReplayBatch } from "../replay.ts";

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

/** Some rows of data, in their order. */
function rowsOf(data: OfflineData, rows: readonly number[]): OfflineData {
  const pick = <T extends Float32Array | Uint8Array>(
    values: T | undefined,
    width: number,
  ): T | undefined => {
    if (values === undefined) return undefined;
    const picked = values.slice(0, rows.length * width) as T;
    rows.forEach((row, place) => {
      const from = values.subarray(row * width, (row + 1) * width);
      picked.set(from as Float32Array & Uint8Array, place * width);
    });
    return picked;
  };
  const { observationSize, actionSize } = data;
  return {
    ...data,
    rows: rows.length,
    observations: pick(data.observations, observationSize)!,
    actions: pick(data.actions, actionSize)!,
    rewards: pick(data.rewards, 1),
    nextObservations: pick(data.nextObservations, observationSize),
    terminals: pick(data.terminals, 1),
  };
}

/**
 * Parts data in two: the last rows are held out, to see how well a policy does
 * on what it has not learned from. Rows of one episode stay together, so that
 * neighbours of a row that is held out are not learned from.
 *
 * @param data All of it.
 * @param share Share of the rows to hold out, at least; 0 for none.
 * @param episodeIds Number of each row's episode, in rising order. Default:
 * each row is one.
 */
export function holdOut(
  data: OfflineData,
  share: number,
  episodeIds?: Int32Array,
): { training: OfflineData; validation: OfflineData | undefined } {
  if (!(share >= 0 && share < 1)) {
    throw new RangeError(
      `Cannot hold out a share of ${share}, expected one from 0, below 1`,
    );
  }
  if (share === 0) return { training: data, validation: undefined };
  let first = Math.min(data.rows - 1, Math.floor(data.rows * (1 - share)));
  while (
    episodeIds && first > 0 && episodeIds[first] === episodeIds[first - 1]
  ) {
    first--;
  }
  if (first <= 0) {
    throw new RangeError(
      `Cannot hold out a share of ${share} of ${data.rows} rows${
        episodeIds ? " in whole episodes" : ""
      }, expected more of them`,
    );
  }
  const places = Array.from({ length: data.rows }, (_, row) => row);
  return {
    training: rowsOf(data, places.slice(0, first)),
    validation: rowsOf(data, places.slice(first)),
  };
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
