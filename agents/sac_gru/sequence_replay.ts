/**
 * Replay memories of sequences, for agents that remember.
 *
 * @module
 */
import type { Random } from "../../core/random.ts";
import type { State, StateArray } from "../../core/state.ts";

/** Sizes of a memory of sequences. */
export interface SequenceReplayOptions<Name extends string = string> {
  /** Steps that are kept, over all copies; the oldest are overwritten. */
  capacity: number;
  /** Copies of the environment, each of which leaves a stream of steps. */
  copies: number;
  /** Steps of a sequence. */
  length: number;
  /**
   * Steps between the places where sequences may begin: the agent's state is
   * kept at these alone. Default 1.
   */
  stride?: number;
  /** Floats of the agent's state; 0 for none. Default 0. */
  stateSize?: number;
  /** What a step consists of: floats of each part. */
  columns: Readonly<Record<Name, number>>;
  /** Parts that are zeros and ones, which take a byte each. Default none. */
  flags?: readonly Name[];
}

/** Sequences drawn from a memory; overwritten by the next draw. */
export type SequenceBatch<Name extends string = string> =
  & { readonly [Part in Name]: Float32Array }
  & {
    /** The agent's state before each sequence. Shape [batch, state]. */
    readonly states: Float32Array;
  };

/** A memory of sequences. */
export interface SequenceReplay<Name extends string = string> {
  /** Steps in it, over all copies. */
  readonly size: number;
  /** Sequences that may be drawn. */
  readonly sequences: number;
  /**
   * Takes in one step of every copy; everything is copied.
   *
   * @param step Each part of it, shape [copies, part].
   * @param states The agent's state before it, shape [copies, state]; read
   * where a sequence may begin.
   */
  add(
    step: Readonly<Record<Name, ArrayLike<number>>>,
    states?: Float32Array,
  ): void;
  /**
   * Draws sequences, with replacement, all alike. They run on over the ends
   * of episodes. Throws `RangeError` where there is none yet.
   *
   * @param batch Overwritten; parts have the shape [batch, time, part].
   * @param random The stream to draw from.
   */
  sample(batch: SequenceBatch<Name>, random: Random): void;
  /** The part that is filled. */
  saveState(): State;
  /**
   * Goes on from a saved state. Throws `TypeError` for one of other sizes, but
   * for a capacity in which nothing was, or would be, overwritten.
   */
  loadState(state: State): void;
}

/**
 * Buffers for batches of one size.
 *
 * @param batchSize Sequences a batch.
 * @param options Of the memory.
 */
export function createSequenceBatch<Name extends string>(
  batchSize: number,
  options: SequenceReplayOptions<Name>,
): SequenceBatch<Name> {
  const { columns, length, stateSize = 0 } = options;
  const parts = Object.entries<number>(columns).map(([name, width]) => [
    name,
    new Float32Array(batchSize * length * width),
  ]);
  return {
    ...Object.fromEntries(parts),
    states: new Float32Array(batchSize * stateSize),
  };
}

/**
 * An empty memory. Each copy's stream of steps is a ring, cut into sequences
 * that begin at every `stride`-th step (Kapturowski et al., 2019, section 3,
 * where a step later also means the agent's state of then).
 *
 * @param options Throws `RangeError` for sizes that are no whole numbers from
 * 1, and for a capacity that holds no sequence of each copy.
 */
export function createSequenceReplay<Name extends string>(
  options: SequenceReplayOptions<Name>,
): SequenceReplay<Name> {
  const { copies, length, columns, flags = [] } = options;
  const { capacity, stride = 1, stateSize = 0 } = options;
  if (![capacity, copies, length, stride].every((n) => n >= 1 && n % 1 === 0)) {
    throw new RangeError(
      `Cannot remember ${capacity} steps of ${copies} copies in sequences of ${length} every ${stride}: expected whole numbers from 1`,
    );
  }
  // Whole strides, so that states keep their places.
  const ring = Math.floor(capacity / copies / stride) * stride;
  if (ring < length) {
    throw new RangeError(
      `Cannot remember sequences of ${length} steps of ${copies} copies in ${capacity} steps: expected ${
        copies * Math.ceil(length / stride) * stride
      } at least`,
    );
  }
  const places = ring / stride;
  const parts = Object.entries<number>(columns).map(([name, width]) => ({
    name: name as Name,
    width,
    values: flags.includes(name as Name)
      ? new Uint8Array(copies * ring * width)
      : new Float32Array(copies * ring * width),
  }));
  const states = new Float32Array(copies * places * stateSize);
  /** Steps of each copy so far, those overwritten included. */
  let steps = 0;

  const filled = () => Math.min(steps, ring);
  /** First step, in strides, at which a sequence may begin. */
  const firstStart = () => Math.ceil(Math.max(0, steps - ring) / stride);
  const starts = () =>
    Math.max(0, Math.floor((steps - length) / stride) - firstStart() + 1);

  return {
    get size() {
      return copies * filled();
    },
    get sequences() {
      return copies * starts();
    },
    add(step, before) {
      const place = steps % ring;
      for (const { name, width, values } of parts) {
        const from = step[name];
        for (let copy = 0; copy < copies; copy++) {
          const start = (copy * ring + place) * width;
          for (let i = 0; i < width; i++) {
            values[start + i] = from[copy * width + i];
          }
        }
      }
      if (stateSize > 0 && place % stride === 0) {
        for (let copy = 0; copy < copies; copy++) {
          const row = before!.subarray(
            copy * stateSize,
            (copy + 1) * stateSize,
          );
          states.set(row, (copy * places + place / stride) * stateSize);
        }
      }
      steps++;
    },
    sample(batch, random) {
      const count = starts();
      if (count < 1) {
        throw new RangeError(
          `Cannot draw sequences of ${length} steps from ${steps}, expected as many at least`,
        );
      }
      const first = firstStart();
      const { width, name } = parts[0];
      const rows = batch[name].length / (length * width);
      for (let row = 0; row < rows; row++) {
        const drawn = random.integer(0, copies * count - 1);
        const copy = drawn % copies;
        const place = (first + Math.floor(drawn / copies)) * stride % ring;
        for (const { name, width, values } of parts) {
          copySequence(values, batch[name], {
            ring: copy * ring * width,
            place: place * width,
            ringLength: ring * width,
            row,
            length: length * width,
          });
        }
        const kept = (copy * places + place / stride) * stateSize;
        batch.states.set(
          states.subarray(kept, kept + stateSize),
          row * stateSize,
        );
      }
    },
    saveState() {
      const count = filled();
      const saved: Record<string, StateArray> = {};
      for (const { name, width, values } of parts) {
        saved[name] = firstRows(values, { copies, ring, width, count });
      }
      return {
        capacity: copies * ring,
        copies,
        steps,
        columns: saved,
        states: firstRows(states, {
          copies,
          ring: places,
          width: stateSize,
          count: Math.ceil(count / stride),
        }),
      };
    },
    loadState(state) {
      const overwritten = state.steps as number >
        Math.min(ring, (state.capacity as number) / copies);
      if (
        state.copies !== copies ||
        state.capacity !== copies * ring && overwritten
      ) {
        throw new TypeError(
          `Cannot restore a memory of ${state.capacity} steps of ${state.copies} copies, expected ${
            copies * ring
          } of ${copies}`,
        );
      }
      steps = state.steps as number;
      const saved = state.columns as Record<string, StateArray>;
      const count = filled();
      for (const { name, width, values } of parts) {
        putRows(values, saved[name], { copies, ring, width, count });
      }
      putRows(states, state.states as StateArray, {
        copies,
        ring: places,
        width: stateSize,
        count: Math.ceil(count / stride),
      });
    },
  };
}

/** From this many values on, copying a range is faster than a loop. */
const LONG = 48;

/** Copies one sequence out of a ring. */
function copySequence(
  from: Float32Array | Uint8Array,
  to: Float32Array,
  at: {
    ring: number;
    place: number;
    ringLength: number;
    row: number;
    length: number;
  },
): void {
  const { ring, place, ringLength, length } = at;
  const start = at.row * length;
  const before = Math.min(length, ringLength - place);
  if (length < LONG) {
    for (let i = 0; i < before; i++) to[start + i] = from[ring + place + i];
    for (let i = before; i < length; i++) {
      to[start + i] = from[ring + i - before];
    }
    return;
  }
  to.set(from.subarray(ring + place, ring + place + before), start);
  if (before < length) {
    to.set(from.subarray(ring, ring + length - before), start + before);
  }
}

/** Where the filled part of each copy's ring lies. */
interface Rings {
  copies: number;
  ring: number;
  width: number;
  count: number;
}

function firstRows<Values extends Float32Array | Uint8Array>(
  values: Values,
  { copies, ring, width, count }: Rings,
): Values {
  const kept = values.slice(0, copies * count * width) as Values;
  for (let copy = 0; copy < copies; copy++) {
    const start = copy * ring * width;
    kept.set(
      values.subarray(start, start + count * width),
      copy * count * width,
    );
  }
  return kept;
}

function putRows(
  values: Float32Array | Uint8Array,
  kept: StateArray,
  { copies, ring, width, count }: Rings,
): void {
  const from = kept as Float32Array;
  for (let copy = 0; copy < copies; copy++) {
    const start = copy * count * width;
    values.set(
      from.subarray(start, start + count * width),
      copy * ring * width,
    );
  }
}
