/**
 * What every vector environment shares: buffers of the right length, seeds of
 * the copies, a new episode within the step that ends one, saved states.
 *
 * @module
 */
import { Random } from "../core/random.ts";
import { type Space, spaceSize, type SpaceValue } from "../core/spaces.ts";
import type { State } from "../core/state.ts";
import { savedBoolean } from "./_saved.ts";
import type {
  ResetOptions,
  VectorBuffers,
  VectorEnvironment,
} from "./environment.ts";

/** One copy, which reads and writes its own rows. */
export interface VectorCopy {
  /** Begins an episode; writes observation and mask. */
  begin(buffers: VectorBuffers, seed: number | undefined): void;
  /**
   * Takes the copy's action. Writes reward and flags, and the observation:
   * with the mask, where the episode has ended into `finalObservations` and
   * `finalActionMasks`, else into `observations` and `actionMasks`. Returns
   * whether it has ended.
   */
  step(actions: Int32Array | Float32Array, buffers: VectorBuffers): boolean;
  /** As a single environment's. */
  saveState(): State;
  /** As a single environment's. */
  loadState(state: State): void;
}

/** Throws `RangeError` unless there can be so many copies. */
export function checkCount(count: number): void {
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new RangeError(
      `Cannot make ${count} copies of an environment, expected a whole number from 1`,
    );
  }
}

/** Throws `TypeError` unless the array has as many entries. */
export function checkLength(
  name: string,
  array: ArrayLike<number>,
  expected: number,
): void {
  if (array.length !== expected) {
    throw new TypeError(
      `Cannot use ${name} of ${array.length} entries, expected ${expected}`,
    );
  }
}

/**
 * The length of an action mask: the number of choices of discrete actions,
 * all entries' choices together of multi-discrete ones, 0 of continuous ones.
 *
 * @param space Where actions lie.
 */
export function actionMaskSize(space: Space): number {
  switch (space.kind) {
    case "discrete":
      return space.n;
    case "multi-discrete":
      return space.sizes.reduce((total, size) => total + size, 0);
    case "box":
      return 0;
  }
}

/** Reads one copy's action out of the batch, into an array of its own. */
export function actionReader(
  space: Space,
  copy: number,
): (actions: Int32Array | Float32Array) => SpaceValue {
  if (space.kind === "discrete") return (actions) => actions[copy];
  const size = spaceSize(space);
  const scratch = space.kind === "box"
    ? new Float32Array(size)
    : new Int32Array(size);
  return (actions) => {
    for (let i = 0; i < size; i++) scratch[i] = actions[copy * size + i];
    return scratch;
  };
}

/** Throws `TypeError` unless every buffer has the environment's size. */
function checkBuffers(
  { count, observationSpace, actionSpace }: VectorEnvironment,
  buffers: VectorBuffers,
): void {
  const size = count * spaceSize(observationSpace);
  checkLength("observations", buffers.observations, size);
  checkLength("rewards", buffers.rewards, count);
  checkLength("terminated", buffers.terminated, count);
  checkLength("truncated", buffers.truncated, count);
  checkLength("finalObservations", buffers.finalObservations, size);
  const masks = count * actionMaskSize(actionSpace);
  checkLength("actionMasks", buffers.actionMasks, masks);
  checkLength("finalActionMasks", buffers.finalActionMasks, masks);
}

/** Throws `TypeError` unless these are the actions of all copies. */
function checkActions(
  { id, count, actionSpace }: VectorEnvironment,
  actions: Int32Array | Float32Array,
): void {
  const ActionArray = actionSpace.kind === "box" ? Float32Array : Int32Array;
  if (!(actions instanceof ActionArray)) {
    throw new TypeError(
      `Cannot step ${id} with ${
        (actions as object)?.constructor?.name
      } actions, expected ${ActionArray.name}`,
    );
  }
  checkLength("actions", actions, count * spaceSize(actionSpace));
}

/** The states saved of all copies. Throws `TypeError` for another count. */
function savedCopies(id: string, state: State, count: number): State[] {
  const saved = state.copies;
  if (!Array.isArray(saved) || saved.length !== count) {
    throw new TypeError(
      `Cannot restore ${id} from ${
        Array.isArray(saved) ? `${saved.length} copies` : typeof saved
      }, expected ${count} copies`,
    );
  }
  return saved as State[];
}

/** The vector environment of some copies; seeds as `vectorize` documents. */
export function vectorOf(
  kind: Pick<VectorEnvironment, "id" | "observationSpace" | "actionSpace">,
  copies: readonly VectorCopy[],
): VectorEnvironment {
  const { id, observationSpace, actionSpace } = kind;
  const count = copies.length;
  let seeded = false;

  function reset(buffers: VectorBuffers, options: ResetOptions = {}): void {
    checkBuffers(environment, buffers);
    const seed = options.seed ?? (seeded ? undefined : 0);
    const seeds = seed === undefined ? undefined : new Random(seed);
    buffers.rewards.fill(0);
    buffers.terminated.fill(0);
    buffers.truncated.fill(0);
    for (const copy of copies) {
      copy.begin(buffers, seeds?.integer(0, Number.MAX_SAFE_INTEGER));
    }
    seeded = true;
  }

  function step(
    actions: Int32Array | Float32Array,
    buffers: VectorBuffers,
  ): void {
    checkActions(environment, actions);
    checkBuffers(environment, buffers);
    for (let i = 0; i < count; i++) {
      if (copies[i].step(actions, buffers)) copies[i].begin(buffers, undefined);
    }
  }

  function loadState(state: State): void {
    const saved = savedCopies(id, state, count);
    const savedSeeded = savedBoolean(state, "seeded");
    copies.forEach((copy, i) => copy.loadState(saved[i]));
    seeded = savedSeeded;
  }

  const environment: VectorEnvironment = {
    id,
    count,
    observationSpace,
    actionSpace,
    reset,
    step,
    saveState: () => ({
      seeded,
      copies: copies.map((copy) => copy.saveState()),
    }),
    loadState,
  };
  return environment;
}
