/**
 * Several agents' environment as one agent's.
 *
 * @module
 */
import {
  type Box,
  box,
  contains,
  describeSpace,
  multiDiscrete,
  type Space,
  spaceSize,
  type SpaceValue,
} from "../core/spaces.ts";
import type { Environment } from "./environment.ts";
import type {
  MultiAgentEnvironment,
  MultiAgentResetResult,
} from "./multi_agent.ts";

/** Bounds of an observation's floats. */
function bounds(space: Space): Pick<Box, "low" | "high"> {
  if (space.kind === "box") return space;
  const sizes = space.kind === "discrete" ? [space.n] : space.sizes;
  return {
    low: new Float32Array(sizes.length),
    high: Float32Array.from(sizes, (n) => n - 1),
  };
}

function joined(parts: readonly ArrayLike<number>[]): number[] {
  return parts.flatMap((part) => Array.from(part));
}

/** All agents' bounds behind one another. */
function jointBox(spaces: readonly Space[]): Box {
  const each = spaces.map(bounds);
  return box(
    joined(each.map(({ low }) => low)),
    joined(each.map(({ high }) => high)),
  );
}

function jointActionSpace(
  { id, actionSpaces }: MultiAgentEnvironment,
): Space {
  if (actionSpaces.every((space) => space.kind === "box")) {
    return jointBox(actionSpaces);
  }
  return multiDiscrete(actionSpaces.flatMap((space) => {
    if (space.kind === "discrete") return [space.n];
    if (space.kind === "multi-discrete") return space.sizes;
    throw new TypeError(
      `Cannot join the actions of ${id}, some of which lie in ${
        describeSpace(space)
      }, expected boxes for all agents or for none`,
    );
  }));
}

/** All agents' values behind one another. */
function jointObservation(values: readonly SpaceValue[]): Float32Array {
  return Float32Array.from(
    joined(values.map((value) => typeof value === "number" ? [value] : value)),
  );
}

/**
 * Several agents' environment as one agent's, who sees what all of them see
 * and acts for all of them: observations, actions and masks lie behind one
 * another, agent by agent. Actions are multi-discrete, or a box where all
 * agents' are. `info` has `state` and `rewards` beside what there was.
 *
 * This is how policies of several agents are evaluated, saved and loaded like
 * any other, and how a central learner is compared with them.
 *
 * @param environment Stepped by what is returned alone. Throws `TypeError`
 * where only some agents' actions are boxes.
 */
export function jointEnvironment(
  environment: MultiAgentEnvironment,
): Environment<Float32Array, Int32Array | Float32Array> {
  const { id, actionSpaces } = environment;
  const actionSpace = jointActionSpace(environment);
  const sizes = actionSpaces.map(spaceSize);
  const seen = (result: MultiAgentResetResult<SpaceValue>) => {
    const { observations, state, info: { actionMasks, ...others } } = result;
    const mask = actionMasks &&
      { actionMask: Uint8Array.from(joined(actionMasks)) };
    return {
      observation: jointObservation(observations),
      info: { ...others, ...mask, state },
    };
  };

  function actionsOf(action: Int32Array | Float32Array): SpaceValue[] {
    let start = 0;
    return sizes.map((size, agent) => {
      const own = action.slice(start, start += size);
      return actionSpaces[agent].kind === "discrete" ? own[0] : own;
    });
  }

  return {
    id,
    observationSpace: jointBox(environment.observationSpaces),
    actionSpace,
    observationNames: environment.observationNames?.flatMap((names, agent) =>
      names.map((name) => `agent ${agent}: ${name}`)
    ),
    reset: (options) => seen(environment.reset(options)),
    step(action) {
      if (!contains(actionSpace, action)) {
        throw new RangeError(
          `Cannot take the actions ${action} in ${id}, expected ${
            describeSpace(actionSpace)
          }`,
        );
      }
      const result = environment.step(actionsOf(action));
      const { reward, rewards, terminated, truncated } = result;
      const { observation, info } = seen(result);
      return {
        observation,
        reward,
        terminated,
        truncated,
        info: { ...info, rewards },
      };
    },
    saveState: () => environment.saveState(),
    loadState: (state) => environment.loadState(state),
  };
}
