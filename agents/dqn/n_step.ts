/**
 * Transitions over several steps, made from single ones.
 *
 * @module
 */
import type { State, StateValue } from "../../core/state.ts";
import type { Transition } from "../replay.ts";

/** One step of one environment. */
export interface SingleStep {
  /** Shape [observation]; copied. */
  observation: Float32Array;
  /** Shape [action]; copied. */
  action: Float32Array;
  /** The step's reward. */
  reward: number;
  /** Whether the task has ended. */
  terminated: boolean;
  /** Whether the episode was cut. */
  truncated: boolean;
  /** What followed; the last observation of an episode that is over. */
  nextObservation: Float32Array;
  /** Actions allowed there. */
  nextMask: Uint8Array;
}

/** Turns single steps into transitions over n. */
export interface NStep {
  /**
   * Takes in a step and hands out the transitions that it completes.
   *
   * @param copy Which environment it comes from.
   * @param step The step.
   * @param emit Receives each transition; its arrays may be overwritten later.
   */
  add(
    copy: number,
    step: SingleStep,
    emit: (transition: Transition) => void,
  ): void;
  /** Steps that wait for others. */
  saveState(): State;
  /** Goes on from a saved state. */
  loadState(state: State): void;
}

interface Waiting {
  observation: Float32Array;
  action: Float32Array;
  reward: number;
  steps: number;
}

/**
 * Sums rewards over n steps: r_0 + gamma r_1 + ... + gamma^(n-1) r_(n-1), with
 * gamma^n as the factor of the value that follows. An end within n steps gives
 * a shorter sum: with factor 0 where the task ended, with the value of the
 * last observation where the episode was cut.
 *
 * @param copies Number of environments.
 * @param steps n. Throws `RangeError` unless it is a whole number from 1.
 * @param options `gamma` is the discount factor.
 */
export function createNStep(
  copies: number,
  steps: number,
  options: { gamma: number },
): NStep {
  const { gamma } = options;
  if (!Number.isInteger(steps) || steps < 1) {
    throw new RangeError(
      `Cannot sum rewards over ${steps} steps, expected a whole number from 1`,
    );
  }
  let waiting: Waiting[][] = Array.from({ length: copies }, () => []);
  return {
    add(copy, step, emit) {
      // Nothing waits, so nothing need be copied.
      if (steps === 1) {
        const { terminated, truncated: _, ...rest } = step;
        emit({ ...rest, discount: terminated ? 0 : gamma });
        return;
      }
      const queue = waiting[copy];
      queue.push({
        observation: step.observation.slice(),
        action: step.action.slice(),
        reward: 0,
        steps: 0,
      });
      for (const entry of queue) {
        entry.reward += gamma ** entry.steps * step.reward;
        entry.steps++;
      }
      const over = step.terminated || step.truncated;
      while (queue.length > 0 && (over || queue[0].steps === steps)) {
        const entry = queue.shift()!;
        emit({
          observation: entry.observation,
          action: entry.action,
          reward: entry.reward,
          discount: step.terminated ? 0 : gamma ** entry.steps,
          nextObservation: step.nextObservation,
          nextMask: step.nextMask,
        });
      }
    },
    saveState: () => ({
      waiting: structuredClone(waiting) as unknown as StateValue[],
    }),
    loadState(state) {
      waiting = structuredClone(state.waiting) as unknown as Waiting[][];
    },
  };
}
