/**
 * Stepping copies of some dynamics together, without allocating.
 *
 * @module
 */
import { Random } from "../../core/random.ts";
import { spaceSize, type SpaceValue } from "../../core/spaces.ts";
import type { State } from "../../core/state.ts";
import {
  copySavedFloats,
  savedNumber,
  savedTree,
  savedWords,
} from "../_saved.ts";
import {
  actionMaskSize,
  actionReader,
  checkCount,
  type VectorCopy,
  vectorOf,
} from "../_vector_copies.ts";
import type { VectorBuffers, VectorEnvironment } from "../environment.ts";
import { checkLimit } from "../time_limit.ts";
import { checkAction, type Dynamics, RUNNING, UNBEGUN } from "./_dynamics.ts";

/** How many copies, and after how many steps their episodes are cut. */
export interface VectorOptions {
  /** Number of copies. */
  count: number;
  /** Steps after which an episode is cut; Infinity: never. */
  maximumSteps: number;
}

/** The copy of an index; its saved state is that of `environmentOf`. */
function copyOf<Action extends SpaceValue>(
  dynamics: Dynamics<Action>,
  maximumSteps: number,
  index: number,
): VectorCopy {
  const offset = index * spaceSize(dynamics.observationSpace);
  const maskSize = actionMaskSize(dynamics.actionSpace);
  const actionOf = actionReader(dynamics.actionSpace, index);
  const state = new Float64Array(dynamics.stateSize);
  let random = new Random(0);
  let phase = UNBEGUN;
  let steps = 0;

  function begin(buffers: VectorBuffers, seed: number | undefined): void {
    if (seed !== undefined) random = new Random(seed);
    dynamics.begin(state, random);
    phase = RUNNING;
    steps = 0;
    dynamics.observe(state, buffers.observations, offset);
    for (let i = 0; i < maskSize; i++) {
      buffers.actionMasks[index * maskSize + i] = 1;
      buffers.finalActionMasks[index * maskSize + i] = 1;
    }
  }

  function step(
    actions: Int32Array | Float32Array,
    buffers: VectorBuffers,
  ): boolean {
    if (phase !== RUNNING) {
      throw new Error(
        `Cannot step ${dynamics.id} before its first reset, expected a reset`,
      );
    }
    const action = actionOf(actions);
    checkAction(dynamics, action);
    buffers.rewards[index] = dynamics.advance(state, action as Action, random);
    steps++;
    const terminated = dynamics.hasEnded(state);
    const truncated = !terminated && steps >= maximumSteps;
    buffers.terminated[index] = terminated ? 1 : 0;
    buffers.truncated[index] = truncated ? 1 : 0;
    const ended = terminated || truncated;
    const { observations, finalObservations } = buffers;
    dynamics.observe(state, ended ? finalObservations : observations, offset);
    return ended;
  }

  function saveState(): State {
    const saved = { state: state.slice(), phase, random: random.saveState() };
    return maximumSteps === Infinity
      ? saved
      : { environment: saved, steps, cut: false };
  }

  function loadState(saved: State): void {
    const unlimited = maximumSteps === Infinity;
    const savedSteps = unlimited ? 0 : savedNumber(saved, "steps");
    const inner = unlimited ? saved : savedTree(saved, "environment");
    const savedPhase = savedNumber(inner, "phase");
    const savedRandom = Random.fromState(savedWords(inner, "random"));
    copySavedFloats(inner, "state", state);
    steps = savedSteps;
    phase = savedPhase;
    random = savedRandom;
  }

  return { begin, step, saveState, loadState };
}

/**
 * Copies of some dynamics, stepped together: what `vectorize` makes of
 * `environmentOf`, number by number.
 *
 * @param dynamics How the task begins, moves on and ends.
 * @param options How many copies, and their time limit (Infinity: none).
 */
export function vectorEnvironmentOf<Action extends SpaceValue>(
  dynamics: Dynamics<Action>,
  { count, maximumSteps }: VectorOptions,
): VectorEnvironment {
  checkCount(count);
  if (maximumSteps !== Infinity) checkLimit(dynamics.id, maximumSteps);
  const copies = Array.from(
    { length: count },
    (_, index) => copyOf(dynamics, maximumSteps, index),
  );
  return vectorOf(dynamics, copies);
}
