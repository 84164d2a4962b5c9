/**
 * A memory of whole episodes, padded to one length when they are drawn.
 *
 * @module
 */
import type { Random } from "../../core/random.ts";
import type { State } from "../../core/state.ts";

/** What is kept of an episode. */
export interface EpisodeColumn {
  /** Values of a row. */
  readonly width: number;
  /**
   * Which rows there are: one for each step, one more after the last, or one
   * for the episode.
   */
  readonly rows: "steps" | "steps-and-last" | "episode";
}

/** Columns by name. */
export type EpisodeColumns = Readonly<Record<string, EpisodeColumn>>;

/** Arrays by the columns' names. */
export type EpisodeArrays<Columns extends EpisodeColumns> = {
  readonly [Name in keyof Columns]: Float32Array;
};

/** One episode, or a piece of a long one. */
export interface Episode<Columns extends EpisodeColumns> {
  /** Number of steps, from 1. */
  readonly length: number;
  /** Rows of each column, no more than there are. */
  readonly arrays: EpisodeArrays<Columns>;
}

/** Episodes drawn from a memory, each with as many rows, zeros behind its end. */
export interface EpisodeBatch<Columns extends EpisodeColumns> {
  /**
   * Time by time: shape [time, batch, width], with time + 1 for
   * `steps-and-last`; [batch, width] for `episode`.
   */
  readonly arrays: EpisodeArrays<Columns>;
  /** 1 at steps that were taken, 0 behind an episode's end. Shape [time, batch]. */
  readonly filled: Float32Array;
  /** 1 at each episode's last step, else 0. Shape [time, batch]. */
  readonly ends: Float32Array;
}

/** A memory of episodes. */
export interface EpisodeReplay<Columns extends EpisodeColumns> {
  /** Episodes in it. */
  readonly size: number;
  /**
   * Takes in an episode, in place of the oldest when full; its arrays are
   * copied. Throws `RangeError` for one that is longer than can be drawn.
   */
  add(episode: Episode<Columns>): void;
  /**
   * Draws a batch without replacement.
   *
   * @param batch Overwritten. Throws `RangeError` when there are fewer.
   * @param random The stream to draw from.
   */
  sample(batch: EpisodeBatch<Columns>, random: Random): void;
  /** All episodes. */
  saveState(): State;
  /** Goes on from a saved state. */
  loadState(state: State): void;
}

/** Sizes of a memory and its batches. */
export interface EpisodeReplayOptions<Columns extends EpisodeColumns> {
  /** Episodes that are kept. */
  capacity: number;
  /** Steps of the longest. */
  time: number;
  /** Episodes of a batch. */
  batchSize: number;
  /** What is kept of each. */
  columns: Columns;
}

function rowsOf({ rows }: EpisodeColumn, length: number): number {
  if (rows === "episode") return 1;
  return rows === "steps" ? length : length + 1;
}

/**
 * Buffers for a batch.
 *
 * @param options Of the memory.
 */
export function createEpisodeBatch<const Columns extends EpisodeColumns>(
  options: EpisodeReplayOptions<Columns>,
): EpisodeBatch<Columns> {
  const { time, batchSize, columns } = options;
  const arrays = Object.entries(columns).map(([name, column]) => [
    name,
    new Float32Array(rowsOf(column, time) * batchSize * column.width),
  ]);
  return {
    arrays: Object.fromEntries(arrays),
    filled: new Float32Array(time * batchSize),
    ends: new Float32Array(time * batchSize),
  };
}

function checkWhole(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new RangeError(
      `Cannot keep episodes with a ${name} of ${value}: expected a whole number from 1`,
    );
  }
}

/**
 * An empty memory. It takes as much room as the episodes that are in it.
 *
 * @param options Throws `RangeError` for sizes that are no whole numbers from
 * 1.
 */
export function createEpisodeReplay<const Columns extends EpisodeColumns>(
  options: EpisodeReplayOptions<Columns>,
): EpisodeReplay<Columns> {
  const { capacity, time, batchSize, columns } = options;
  for (const name of ["capacity", "time", "batchSize"] as const) {
    checkWhole(name, options[name]);
  }
  const names: (keyof Columns & string)[] = Object.keys(columns);
  let episodes: Episode<Columns>[] = [];
  let next = 0;

  function copied({ length, arrays }: Episode<Columns>): Episode<Columns> {
    const own = names.map((name) => {
      const size = rowsOf(columns[name], length) * columns[name].width;
      return [name, arrays[name].slice(0, size)];
    });
    return { length, arrays: Object.fromEntries(own) };
  }

  function write(
    { length, arrays }: Episode<Columns>,
    batch: EpisodeBatch<Columns>,
    place: number,
  ): void {
    for (const name of names) {
      const { width } = columns[name];
      const rows = rowsOf(columns[name], length);
      const from = arrays[name];
      const to = batch.arrays[name];
      for (let t = 0; t < rows; t++) {
        const start = (t * batchSize + place) * width;
        for (let i = 0; i < width; i++) to[start + i] = from[t * width + i];
      }
    }
    for (let t = 0; t < length; t++) batch.filled[t * batchSize + place] = 1;
    batch.ends[(length - 1) * batchSize + place] = 1;
  }

  return {
    get size() {
      return episodes.length;
    },
    add(episode) {
      if (!(episode.length >= 1 && episode.length <= time)) {
        throw new RangeError(
          `Cannot remember an episode of ${episode.length} steps: expected 1 to ${time}`,
        );
      }
      episodes[next] = copied(episode);
      next = (next + 1) % capacity;
    },
    sample(batch, random) {
      if (episodes.length < batchSize) {
        throw new RangeError(
          `Cannot draw ${batchSize} episodes of ${episodes.length}`,
        );
      }
      for (const name of names) batch.arrays[name].fill(0);
      batch.filled.fill(0);
      batch.ends.fill(0);
      drawDistinct(batchSize, episodes.length, random).forEach((index, place) =>
        write(episodes[index], batch, place)
      );
    },
    saveState() {
      const joined = names.map((name) => [
        name,
        joinedArrays(episodes.map(({ arrays }) => arrays[name])),
      ]);
      return {
        capacity,
        time,
        next,
        lengths: Int32Array.from(episodes, ({ length }) => length),
        arrays: Object.fromEntries(joined),
      };
    },
    loadState(state) {
      if (state.capacity !== capacity || state.time !== time) {
        throw new TypeError(
          `Cannot restore a memory of ${state.capacity} episodes of up to ${state.time} steps, expected ${capacity} of ${time}`,
        );
      }
      next = state.next as number;
      const saved = state.arrays as Record<string, Float32Array>;
      const taken = new Map(names.map((name) => [name, 0]));
      episodes = Array.from(state.lengths as Int32Array, (length) => {
        const arrays = names.map((name) => {
          const start = taken.get(name)!;
          const { width } = columns[name];
          const end = start + rowsOf(columns[name], length) * width;
          taken.set(name, end);
          return [name, saved[name].slice(start, end)];
        });
        return { length, arrays: Object.fromEntries(arrays) };
      });
    },
  };
}

function joinedArrays(arrays: readonly Float32Array[]): Float32Array {
  const size = arrays.reduce((sum, { length }) => sum + length, 0);
  const all = new Float32Array(size);
  let taken = 0;
  for (const array of arrays) {
    all.set(array, taken);
    taken += array.length;
  }
  return all;
}

/** Whole numbers below `limit`, no two alike (Floyd's algorithm F2). */
function drawDistinct(count: number, limit: number, random: Random): number[] {
  const drawn = new Set<number>();
  for (let last = limit - count; last < limit; last++) {
    const value = random.integer(0, last);
    drawn.add(drawn.has(value) ? last : value);
  }
  return [...drawn];
}
