/**
 * Many load balancers, stepped together.
 *
 * @module
 */
import type { SpaceValue } from "../../core/spaces.ts";
import type { State } from "../../core/state.ts";
import { describeSpace } from "../../core/spaces.ts";
import {
  actionReader,
  checkCount,
  type VectorCopy,
  vectorOf,
} from "../_vector_copies.ts";
import type { VectorEnvironment } from "../environment.ts";
import { World } from "./_world.ts";
import type { LoadBalanceOptions } from "./env_options.ts";
import { loadBalanceSettings } from "./env_settings.ts";

export type { LoadBalanceOptions, SpaceValue, State, VectorEnvironment };

/** A system as the copy of an index, writing into its own rows. */
function copyOf(world: World, index: number): VectorCopy {
  const [{ observation, actions }] = world.agents;
  const { size } = observation;
  const { maskSize, space } = actions;
  const actionOf = actionReader(space, index);
  const offset = index * size;
  let maskedBuffer: Uint8Array | undefined;
  let mask: Uint8Array = new Uint8Array(0);

  function writeMask(masks: Uint8Array): void {
    if (maskedBuffer !== masks) {
      maskedBuffer = masks;
      mask = masks.subarray(index * maskSize, (index + 1) * maskSize);
    }
    if (world.masked) world.writeMask(0, mask);
    else mask.fill(1);
  }

  return {
    begin(buffers, seed) {
      world.begin(seed);
      world.observe(0, buffers.observations, offset);
      writeMask(buffers.actionMasks);
    },
    step(actionsOfAll, buffers) {
      const action = actionOf(actionsOfAll);
      if (!world.running) {
        throw new Error("Cannot step an episode before the first reset");
      }
      if (!actions.contains(action)) {
        throw new RangeError(
          `Cannot take action ${action} in copy ${index}, expected ${
            describeSpace(space)
          }`,
        );
      }
      world.act(0, action);
      world.advance();
      const { over } = world;
      buffers.rewards[index] = world.rewards[0];
      buffers.terminated[index] = 0;
      buffers.truncated[index] = over ? 1 : 0;
      world.observe(
        0,
        over ? buffers.finalObservations : buffers.observations,
        offset,
      );
      writeMask(over ? buffers.finalActionMasks : buffers.actionMasks);
      return over;
    },
    saveState: () => world.saveState(),
    loadState: (state) => world.loadState(state),
  };
}

/**
 * Many systems of `LoadBalanceEnv` that are stepped together and write into
 * buffers; a copy draws from a stream of its own, seeded as `vectorize` does,
 * and has the same episodes as a single environment of its seed. Results of
 * episodes are not recorded.
 *
 * @param options As of the single environment. Throws as it does.
 * @param count Number of copies, at least 1. Throws `RangeError` otherwise.
 */
export function loadBalanceVector(
  options: LoadBalanceOptions,
  count: number,
): VectorEnvironment {
  checkCount(count);
  const settings = loadBalanceSettings(options);
  const worlds = Array.from(
    { length: count },
    () => new World(settings, { records: false }),
  );
  const [{ observation, actions }] = worlds[0].agents;
  return vectorOf(
    {
      id: "LoadBalance-v1",
      observationSpace: observation.space,
      actionSpace: actions.space,
    },
    worlds.map(copyOf),
  );
}
