/**
 * Copies of one environment, stepped together.
 *
 * @module
 */
import { describeSpace, spaceSize, type SpaceValue } from "../core/spaces.ts";
import {
  actionMaskSize,
  actionReader,
  checkCount,
  checkLength,
  type VectorCopy,
  vectorOf,
} from "./_vector_copies.ts";
import type {
  Environment,
  VectorBuffers,
  VectorEnvironment,
} from "./environment.ts";

export { actionMaskSize } from "./_vector_copies.ts";

/**
 * New buffers of the sizes that a vector environment writes: zeros, and masks
 * of ones.
 *
 * @param environment The vector environment.
 */
export function vectorBuffers(environment: VectorEnvironment): VectorBuffers {
  const { count, observationSpace, actionSpace } = environment;
  const observationSize = spaceSize(observationSpace);
  const maskSize = count * actionMaskSize(actionSpace);
  return {
    observations: new Float32Array(count * observationSize),
    rewards: new Float64Array(count),
    terminated: new Uint8Array(count),
    truncated: new Uint8Array(count),
    finalObservations: new Float32Array(count * observationSize),
    actionMasks: new Uint8Array(maskSize).fill(1),
    finalActionMasks: new Uint8Array(maskSize).fill(1),
  };
}

function write(value: SpaceValue, target: Float32Array, offset: number): void {
  if (typeof value === "number") target[offset] = value;
  else target.set(value, offset);
}

function makeCopies(
  makeEnvironment: (index: number) => Environment,
  count: number,
): Environment[] {
  checkCount(count);
  const copies = Array.from({ length: count }, (_, i) => makeEnvironment(i));
  const kind = (copy: Environment) =>
    `${copy.id} from ${describeSpace(copy.actionSpace)} to ${
      describeSpace(copy.observationSpace)
    }`;
  for (const [i, copy] of copies.entries()) {
    if (kind(copy) !== kind(copies[0])) {
      throw new TypeError(
        `Cannot step ${kind(copy)} (copy ${i}) together with ${
          kind(copies[0])
        }, expected copies of one environment`,
      );
    }
  }
  if (new Set(copies).size < count) {
    throw new TypeError(
      `Cannot step one ${
        copies[0].id
      } as several copies, expected a new one for each index`,
    );
  }
  return copies;
}

/** A single environment as the copy of an index. */
function copyOf(environment: Environment, index: number): VectorCopy {
  const { id, observationSpace, actionSpace } = environment;
  const offset = index * spaceSize(observationSpace);
  const maskSize = actionMaskSize(actionSpace);
  const actionOf = actionReader(actionSpace, index);

  function writeMask(mask: Uint8Array | undefined, masks: Uint8Array): void {
    const start = index * maskSize;
    if (mask === undefined) {
      masks.fill(1, start, start + maskSize);
    } else {
      checkLength(`an action mask of ${id}`, mask, maskSize);
      masks.set(mask, start);
    }
  }

  return {
    begin(buffers, seed) {
      const { observation, info } = environment.reset(
        seed === undefined ? undefined : { seed },
      );
      write(observation, buffers.observations, offset);
      writeMask(info.actionMask, buffers.actionMasks);
    },
    step(actions, buffers) {
      const result = environment.step(actionOf(actions));
      const ended = result.terminated || result.truncated;
      buffers.rewards[index] = result.reward;
      buffers.terminated[index] = result.terminated ? 1 : 0;
      buffers.truncated[index] = result.truncated ? 1 : 0;
      if (ended) {
        write(result.observation, buffers.finalObservations, offset);
        writeMask(result.info.actionMask, buffers.finalActionMasks);
      } else {
        write(result.observation, buffers.observations, offset);
        writeMask(result.info.actionMask, buffers.actionMasks);
      }
      return ended;
    },
    saveState: () => environment.saveState(),
    loadState: (state) => environment.loadState(state),
  };
}

/**
 * A vector environment over copies of any single environment. A discrete
 * observation is written as one float.
 *
 * Seeds: `reset` with a seed resets copy i with the i-th draw of
 * `new Random(seed).integer(0, 2 ** 53 - 1)`, so that more copies leave those
 * before them as they were. A copy whose episode ends is reset without a seed:
 * its stream goes on. The first `reset` without a seed takes seed 0.
 *
 * Takes `Int32Array` actions where the space is discrete or multi-discrete and
 * `Float32Array` ones where it is a box, and throws `TypeError` for others and
 * for buffers of other lengths, before anything is stepped. An error of one
 * copy leaves the copies before it stepped.
 *
 * @param makeEnvironment Makes the copy of an index; a new one each time.
 * @param count Number of copies, at least 1. Throws `RangeError` otherwise.
 */
export function vectorize(
  makeEnvironment: (index: number) => Environment,
  count: number,
): VectorEnvironment {
  const environments = makeCopies(makeEnvironment, count);
  return vectorOf(environments[0], environments.map(copyOf));
}
