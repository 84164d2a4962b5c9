/**
 * Replay memories: transitions to learn from again.
 *
 * @module
 */
import type { Random } from "../core/random.ts";
import type { State, StateArray } from "../core/state.ts";
import { createSumTree, type SumTree } from "./sum_tree.ts";

/** Sizes and kind of a memory. */
export interface ReplayOptions {
  /** Transitions that are kept; the oldest are overwritten. */
  capacity: number;
  /** Values of an observation. */
  observationSize: number;
  /** Values of an action: 1 where actions are discrete. */
  actionSize: number;
  /** Number of discrete actions, for the masks; 0 where there are none. */
  actionCount: number;
  /**
   * Draws transitions in proportion to priority^alpha (Schaul et al., 2016).
   * Undefined: all alike.
   */
  priorityExponent?: number;
}

/** Transitions drawn from a memory; shapes have the batch in front. */
export interface ReplayBatch {
  /** What was seen. Shape [batch, observation]. */
  readonly observations: Float32Array;
  /** What was done. Shape [batch, action]. */
  readonly actions: Float32Array;
  /** Sum of the discounted rewards of the n steps. Shape [batch]. */
  readonly rewards: Float32Array;
  /** Factor of the value that follows: gamma^n, 0 at an end. Shape [batch]. */
  readonly discounts: Float32Array;
  /** What was seen n steps later. Shape [batch, observation]. */
  readonly nextObservations: Float32Array;
  /** Actions allowed there. Shape [batch, actions]. */
  readonly nextMasks: Float32Array;
  /** Importance weights, largest 1. Shape [batch]. */
  readonly weights: Float32Array;
  /** Places in the memory. Shape [batch]. */
  readonly indices: Int32Array;
}

/** One transition to be remembered. */
export interface Transition {
  /** Shape [observation]. */
  observation: Float32Array;
  /** Shape [action]. */
  action: Float32Array;
  /** Sum of discounted rewards. */
  reward: number;
  /** Factor of the value that follows. */
  discount: number;
  /** Shape [observation]. */
  nextObservation: Float32Array;
  /** Shape [actions]. */
  nextMask: Uint8Array;
}

/** A memory of transitions. */
export interface Replay {
  /** Transitions in it. */
  readonly size: number;
  /** Takes in a transition; its arrays are copied. */
  add(transition: Transition): void;
  /**
   * Draws with replacement.
   *
   * @param batch Overwritten; its length is the number drawn.
   * @param random The stream to draw from.
   * @param options `importanceExponent` is beta of the importance weights; 0
   * for none.
   */
  sample(
    batch: ReplayBatch,
    random: Random,
    options: { importanceExponent: number },
  ): void;
  /** Sets new priorities: the sizes of the errors just seen. */
  updatePriorities(indices: Int32Array, errors: Float32Array): void;
  /** The part that is filled. */
  saveState(): State;
  /**
   * Goes on from a saved state. One of another capacity is put in as if it had
   * come step by step; throws `TypeError` where there is no room for it.
   */
  loadState(state: State): void;
}

/**
 * Buffers for batches of one size.
 *
 * @param batchSize Transitions a batch.
 * @param options Of the memory.
 */
export function createReplayBatch(
  batchSize: number,
  options: ReplayOptions,
): ReplayBatch {
  return {
    observations: new Float32Array(batchSize * options.observationSize),
    actions: new Float32Array(batchSize * options.actionSize),
    rewards: new Float32Array(batchSize),
    discounts: new Float32Array(batchSize),
    nextObservations: new Float32Array(batchSize * options.observationSize),
    nextMasks: new Float32Array(batchSize * options.actionCount),
    weights: new Float32Array(batchSize),
    indices: new Int32Array(batchSize),
  };
}

/** Keeps priorities above zero, so that everything may be drawn again. */
const SMALLEST_PRIORITY = 1e-6;

/**
 * An empty memory.
 *
 * @param options Throws `RangeError` for a capacity below 1.
 */
export function createReplay(options: ReplayOptions): Replay {
  const { capacity, observationSize, actionSize, actionCount } = options;
  if (!Number.isInteger(capacity) || capacity < 1) {
    throw new RangeError(
      `Cannot remember ${capacity} transitions: expected a whole number from 1`,
    );
  }
  const columns = {
    observations: new Float32Array(capacity * observationSize),
    actions: new Float32Array(capacity * actionSize),
    rewards: new Float32Array(capacity),
    discounts: new Float32Array(capacity),
    nextObservations: new Float32Array(capacity * observationSize),
    nextMasks: new Uint8Array(capacity * actionCount),
  };
  const priorities = options.priorityExponent === undefined
    ? undefined
    : createSumTree(capacity);
  const exponent = options.priorityExponent ?? 0;
  let largestPriority = 1;
  let next = 0;
  let size = 0;

  function draw(random: Random): number {
    return priorities
      ? priorities.find(random.uniform(0, priorities.total))
      : random.integer(0, size - 1);
  }

  return {
    get size() {
      return size;
    },
    add(transition) {
      columns.observations.set(transition.observation, next * observationSize);
      columns.actions.set(transition.action, next * actionSize);
      columns.rewards[next] = transition.reward;
      columns.discounts[next] = transition.discount;
      columns.nextObservations.set(
        transition.nextObservation,
        next * observationSize,
      );
      columns.nextMasks.set(transition.nextMask, next * actionCount);
      priorities?.set(next, largestPriority ** exponent);
      next = (next + 1) % capacity;
      size = Math.min(size + 1, capacity);
    },
    sample(batch, random, { importanceExponent }) {
      const { indices } = batch;
      for (let i = 0; i < indices.length; i++) indices[i] = draw(random);
      gather(columns.observations, indices, batch.observations);
      gather(columns.actions, indices, batch.actions);
      gather(columns.rewards, indices, batch.rewards);
      gather(columns.discounts, indices, batch.discounts);
      gather(columns.nextObservations, indices, batch.nextObservations);
      gatherBytes(columns.nextMasks, indices, batch.nextMasks);
      writeWeights(batch, priorities, size, importanceExponent);
    },
    updatePriorities(indices, errors) {
      if (!priorities) return;
      for (let i = 0; i < indices.length; i++) {
        const priority = Math.abs(errors[i]) + SMALLEST_PRIORITY;
        largestPriority = Math.max(largestPriority, priority);
        priorities.set(indices[i], priority ** exponent);
      }
    },
    saveState() {
      const filled = Object.entries(columns).map((
        [name, values],
      ) => [name, values.slice(0, values.length / capacity * size)]);
      return {
        capacity,
        next,
        size,
        largestPriority,
        columns: Object.fromEntries(filled),
        priorities: priorities?.leaves(size) ?? null,
      };
    },
    loadState(state) {
      const leaves = state.priorities as Float64Array | null;
      const count = state.size as number;
      if (count > capacity || !leaves !== !priorities) {
        const kind = (capacity: unknown, prioritised: boolean) =>
          `a memory of ${capacity} transitions ${
            prioritised ? "with" : "without"
          } priorities`;
        throw new TypeError(
          `Cannot restore ${kind(state.capacity, leaves !== null)}, expected ${
            kind(capacity, priorities !== undefined)
          }`,
        );
      }
      for (let i = 0; i < size; i++) priorities?.set(i, 0);
      size = count;
      largestPriority = state.largestPriority as number;
      // In a memory of another capacity the oldest is at the beginning.
      const same = state.capacity === capacity;
      const oldest = same || count < (state.capacity as number)
        ? 0
        : state.next as number;
      next = same ? state.next as number : count % capacity;
      const saved = state.columns as Record<string, StateArray>;
      for (const [name, values] of Object.entries(columns)) {
        const from = saved[name] as Float32Array;
        const start = oldest * values.length / capacity;
        values.set(from.subarray(start));
        values.set(from.subarray(0, start), from.length - start);
      }
      leaves?.forEach((priority, place) =>
        priorities?.set((place - oldest + count) % count, priority)
      );
    },
  };
}

/** Copies some rows of a table, one after the other. */
function gather(
  from: Float32Array,
  rows: Int32Array,
  to: Float32Array,
): void {
  const width = to.length / rows.length;
  for (let i = 0, written = 0; i < rows.length; i++) {
    const start = rows[i] * width;
    for (let j = 0; j < width; j++) to[written++] = from[start + j];
  }
}

/** The same from bytes, apart, so that each loop sees one kind of array. */
function gatherBytes(
  from: Uint8Array,
  rows: Int32Array,
  to: Float32Array,
): void {
  const width = to.length / rows.length;
  for (let i = 0, written = 0; i < rows.length; i++) {
    const start = rows[i] * width;
    for (let j = 0; j < width; j++) to[written++] = from[start + j];
  }
}

/** w = (size x probability)^-beta, over the batch's largest. */
function writeWeights(
  batch: ReplayBatch,
  priorities: SumTree | undefined,
  size: number,
  importanceExponent: number,
): void {
  if (!priorities || importanceExponent === 0) {
    batch.weights.fill(1);
    return;
  }
  let largest = 0;
  for (let i = 0; i < batch.indices.length; i++) {
    const probability = priorities.get(batch.indices[i]) / priorities.total;
    batch.weights[i] = (size * probability) ** -importanceExponent;
    largest = Math.max(largest, batch.weights[i]);
  }
  for (let i = 0; i < batch.weights.length; i++) batch.weights[i] /= largest;
}
