/**
 * Cutting episodes off after a number of steps.
 *
 * @module
 */
import type { SpaceValue } from "../core/spaces.ts";
import type { State } from "../core/state.ts";
import { savedBoolean, savedNumber, savedTree } from "./_saved.ts";
import type {
  Environment,
  ResetOptions,
  ResetResult,
  StepResult,
} from "./environment.ts";

/**
 * Throws `RangeError` unless episodes can be cut after so many steps.
 *
 * @param id The environment, for the message.
 * @param maximumSteps What must be a whole number from 1.
 */
export function checkLimit(id: string, maximumSteps: number): void {
  if (!Number.isSafeInteger(maximumSteps) || maximumSteps < 1) {
    throw new RangeError(
      `Cannot limit ${id} to ${maximumSteps} steps, expected a whole number from 1`,
    );
  }
}

/**
 * The same environment, whose episodes are cut after a number of steps: the
 * last step is `truncated`, unless the task ended with it.
 *
 * @param environment What is limited; step and reset only the result from
 * then on.
 * @param maximumSteps A whole number from 1. Throws `RangeError` otherwise.
 *
 * @example The second step is cut
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { cartPole } from "./reference/cart_pole.ts";
 * import { withTimeLimit } from "./time_limit.ts";
 *
 * const environment = withTimeLimit(cartPole(), 2);
 * environment.reset({ seed: 1 });
 * assertEquals(environment.step(0).truncated, false);
 * assertEquals(environment.step(0).truncated, true);
 * ```
 */
export function withTimeLimit<
  Observation extends SpaceValue,
  Action extends SpaceValue,
>(
  environment: Environment<Observation, Action>,
  maximumSteps: number,
): Environment<Observation, Action> {
  checkLimit(environment.id, maximumSteps);
  let steps = 0;
  let cut = false;

  function reset(options?: ResetOptions): ResetResult<Observation> {
    const result = environment.reset(options);
    steps = 0;
    cut = false;
    return result;
  }

  function step(action: Action): StepResult<Observation> {
    if (cut) {
      throw new Error(
        `Cannot step ${environment.id} after its limit of ${maximumSteps} steps, expected a reset`,
      );
    }
    const result = environment.step(action);
    steps++;
    if (steps < maximumSteps || result.terminated) return result;
    cut = true;
    return { ...result, truncated: true };
  }

  function loadState(state: State): void {
    const savedSteps = savedNumber(state, "steps");
    const savedCut = savedBoolean(state, "cut");
    environment.loadState(savedTree(state, "environment"));
    steps = savedSteps;
    cut = savedCut;
  }

  return {
    id: environment.id,
    observationSpace: environment.observationSpace,
    actionSpace: environment.actionSpace,
    observationNames: environment.observationNames,
    reset,
    step,
    saveState: () => ({ environment: environment.saveState(), steps, cut }),
    loadState,
  };
}
