/**
 * Actions of a model for observations from outside.
 *
 * @module
 */
import { agentOf, type LoadedAgent } from "../../agents/model.ts";
import { spaceSize } from "../../core/spaces.ts";
import { actionMaskSize } from "../../envs/vector.ts";
import { type ActionRecord, actionWriter } from "./model_description.ts";
import type { ObservationInput, PolicySpaces } from "./observation_input.ts";

export type { ActionRecord, LoadedAgent, ObservationInput, PolicySpaces };

/** Acts on one episode after the other. */
export interface Predictor {
  /** Steps of the present episode. */
  readonly steps: number;
  /** The best action now; what was seen before counts where it is remembered. */
  predict(input: ObservationInput): ActionRecord;
}

/**
 * A predictor whose first episode begins.
 *
 * @param agent Acts for this predictor alone where it remembers.
 */
export function createPredictor(agent: LoadedAgent): Predictor {
  const write = actionWriter(agent);
  let steps = 0;
  agent.reset();
  return {
    get steps() {
      return steps;
    },
    predict({ observation, actionMask, reset }) {
      if (reset) {
        agent.reset();
        steps = 0;
      }
      steps++;
      return write(agent.act(observation, { actionMask }));
    },
  };
}

/**
 * The same model with a memory of its own.
 *
 * @param agent Read, not changed.
 */
export function copyAgent(agent: LoadedAgent): LoadedAgent {
  return agentOf(agent.archive);
}

/** Whether an agent acts by what it saw before. */
export function remembers({ policy }: LoadedAgent): boolean {
  return policy.reset !== undefined;
}

/**
 * The actions of rows that have nothing to do with each other: each is the
 * first of an episode.
 *
 * @param agent Forgets what it saw before.
 * @param spaces The agent's.
 * @returns A function of rows.
 */
export function rowPredictor(
  agent: LoadedAgent,
  { observationSpace, actionSpace }: PolicySpaces,
): (rows: readonly ObservationInput[]) => ActionRecord[] {
  const write = actionWriter(agent);
  const { policy } = agent;
  const width = spaceSize(observationSpace);
  const maskSize = actionMaskSize(actionSpace);
  const { actionSize } = policy;
  return (rows) => {
    const observations = new Float32Array(rows.length * width);
    const masks = new Uint8Array(rows.length * maskSize).fill(1);
    rows.forEach(({ observation, actionMask }, row) => {
      if (typeof observation === "number") observations[row] = observation;
      else observations.set(observation, row * width);
      if (actionMask) masks.set(actionMask, row * maskSize);
    });
    const actions = actionSpace.kind === "box"
      ? new Float32Array(rows.length * actionSize)
      : new Int32Array(rows.length * actionSize);
    policy.reset?.();
    policy.act(observations, masks, actions);
    policy.reset?.();
    return rows.map((_, row) =>
      write(
        actionSpace.kind === "discrete"
          ? actions[row]
          : actions.slice(row * actionSize, (row + 1) * actionSize),
      )
    );
  };
}
