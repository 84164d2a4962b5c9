/**
 * Reference environments by name.
 *
 * @module
 */
import { closestString } from "@std/text";
import type { Environment, VectorEnvironment } from "../environment.ts";
import { acrobot, acrobotVector } from "./acrobot.ts";
import { cartPole, cartPoleVector } from "./cart_pole.ts";
import { cliffWalking, cliffWalkingVector } from "./cliff_walking.ts";
import { frozenLake, frozenLakeVector } from "./frozen_lake.ts";
import { vectorize } from "../vector.ts";
import { pendulum, pendulumVector } from "./pendulum.ts";
import { recall } from "./recall.ts";

interface Entry {
  one: () => Environment;
  many: (count: number) => VectorEnvironment;
}

const ENTRIES: Record<string, Entry> = {
  "Acrobot-v1": {
    one: () => acrobot(),
    many: (count) => acrobotVector(count),
  },
  "CartPole-v1": {
    one: () => cartPole(),
    many: (count) => cartPoleVector(count),
  },
  "CliffWalking-v1": {
    one: () => cliffWalking(),
    many: (count) => cliffWalkingVector(count),
  },
  "CliffWalkingSlippery-v1": {
    one: () => cliffWalking({ slippery: true }),
    many: (count) => cliffWalkingVector(count, { slippery: true }),
  },
  "FrozenLake-v1": {
    one: () => frozenLake(),
    many: (count) => frozenLakeVector(count),
  },
  "FrozenLake8x8-v1": {
    one: () => frozenLake({ map: "8x8" }),
    many: (count) => frozenLakeVector(count, { map: "8x8" }),
  },
  "Pendulum-v1": {
    one: () => pendulum(),
    many: (count) => pendulumVector(count),
  },
  "PendulumPosition-v1": {
    one: () => pendulum({ observeSpeed: false }),
    many: (count) => pendulumVector(count, { observeSpeed: false }),
  },
  "Recall-v1": {
    one: () => recall(),
    many: (count) => vectorize(() => recall(), count),
  },
};

/** The names that {@linkcode makeReferenceEnvironment} knows. */
export const REFERENCE_ENVIRONMENTS: readonly string[] = Object.keys(ENTRIES);

function entry(id: string): Entry {
  if (!Object.hasOwn(ENTRIES, id)) {
    throw new RangeError(
      `Cannot make environment "${id}", did you mean ${
        closestString(id, REFERENCE_ENVIRONMENTS)
      }? Expected one of ${REFERENCE_ENVIRONMENTS.join(", ")}`,
    );
  }
  return ENTRIES[id];
}

/**
 * A reference environment with Gymnasium's settings.
 *
 * @param id Name and version, as Gymnasium's. Throws `RangeError` for one that
 * is not in {@linkcode REFERENCE_ENVIRONMENTS}.
 */
export function makeReferenceEnvironment(id: string): Environment {
  return entry(id).one();
}

/**
 * Copies of a reference environment, stepped together without allocating.
 *
 * @param id As for {@linkcode makeReferenceEnvironment}.
 * @param count Number of copies, at least 1. Throws `RangeError` otherwise.
 */
export function makeReferenceVectorEnvironment(
  id: string,
  count: number,
): VectorEnvironment {
  return entry(id).many(count);
}
