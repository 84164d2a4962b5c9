/**
 * What a balancer's agent can do: weights of its servers for a step.
 *
 * @module
 */
import {
  type Box,
  box,
  contains,
  type Discrete,
  discrete,
  type MultiDiscrete,
  multiDiscrete,
  type SpaceValue,
} from "../../core/spaces.ts";

export type { Box, Discrete, MultiDiscrete, SpaceValue };

/** The kinds of actions. */
export const ACTION_TYPES = ["discrete", "weightLevels", "continuous"] as const;

/**
 * A kind of actions: `discrete`, a server whose weight is doubled;
 * `weightLevels`, a level for each server; `continuous`, a weight for each.
 */
export type ActionType = typeof ACTION_TYPES[number];

/** What {@linkcode createActions} needs. */
export interface ActionOptions {
  /** Which kind. */
  actionType: ActionType;
  /** Whether `discrete` has one action more: no server is doubled. */
  equalAction: boolean;
  /** The levels of `weightLevels`, above 0. */
  weightLevels: readonly number[];
  /** Bounds of `continuous`, above 0. */
  weightRange: { readonly low: number; readonly high: number };
}

/** Actions on some servers. */
export interface Actions {
  /** Where they lie. */
  readonly space: Discrete | MultiDiscrete | Box;
  /** Length of a mask; 0 where actions are continuous. */
  readonly maskSize: number;
  /**
   * Whether an action lies in the space.
   *
   * @param action Any value.
   */
  contains(action: unknown): boolean;
  /**
   * Writes the weights that an action asks for.
   *
   * @param action A member of the space.
   * @param base Weights that an action changes, shape [servers].
   * @param into Shape [servers].
   */
  writeWeights(
    action: SpaceValue,
    base: Float64Array,
    into: Float64Array,
  ): void;
  /**
   * Writes which choices are allowed: those that give a server weight that is
   * known to be down are not, unless nothing would be left.
   *
   * @param up 1 for servers that are known to be up, shape [servers].
   * @param into Shape [maskSize].
   */
  writeMask(up: ArrayLike<number>, into: Uint8Array): void;
}

function discreteActions(servers: number, equalAction: boolean): Actions {
  const space = discrete(servers + (equalAction ? 1 : 0));
  return {
    space,
    maskSize: space.n,
    contains: (action) => contains(space, action),
    writeWeights(action, base, into): void {
      into.set(base);
      if (action as number < servers) into[action as number] *= 2;
    },
    writeMask(up, into): void {
      let allowed = 0;
      for (let server = 0; server < servers; server++) {
        allowed += into[server] = up[server];
      }
      if (equalAction) into[servers] = 1;
      else if (allowed === 0) into.fill(1);
    },
  };
}

function levelActions(servers: number, levels: readonly number[]): Actions {
  const count = levels.length;
  const space = multiDiscrete(new Array(servers).fill(count));
  return {
    space,
    maskSize: servers * count,
    contains: (action) => contains(space, action),
    writeWeights(action, base, into): void {
      const choices = action as Int32Array;
      for (let server = 0; server < servers; server++) {
        into[server] = base[server] * levels[choices[server]];
      }
    },
    writeMask(up, into): void {
      into.fill(1);
      for (let server = 0; server < servers; server++) {
        if (up[server] === 1) continue;
        into.fill(0, server * count + 1, (server + 1) * count);
      }
    },
  };
}

function weightActions(
  servers: number,
  { low, high }: ActionOptions["weightRange"],
): Actions {
  const space = box(low, high, { shape: [servers] });
  return {
    space,
    maskSize: 0,
    contains: (action) => contains(space, action),
    writeWeights(action, base, into): void {
      const weights = action as Float32Array;
      for (let server = 0; server < servers; server++) {
        into[server] = base[server] * weights[server];
      }
    },
    writeMask(): void {},
  };
}

function checkWeight(what: string, weight: number): void {
  // Costs of flows over weights neither overflow nor vanish.
  if (!(weight >= 1e-9 && weight <= 1e9)) {
    throw new RangeError(
      `Cannot weight servers by ${what} ${weight}, expected a number from 1e-9 to 1e9`,
    );
  }
}

/**
 * The actions on a number of servers. Weights are relative: dispatch looks at
 * their ratios alone.
 *
 * @param servers How many.
 * @param options Which kind. Throws `RangeError` for an unknown one, and for
 * weights that are not above 0.
 *
 * @example The second of three servers gets twice the weight
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createActions } from "./actions.ts";
 *
 * const actions = createActions(3, {
 *   actionType: "discrete",
 *   equalAction: false,
 *   weightLevels: [1, 2],
 *   weightRange: { low: 0.1, high: 10 },
 * });
 * const weights = new Float64Array(3);
 * actions.writeWeights(1, Float64Array.of(1, 1, 1), weights);
 * assertEquals([...weights], [1, 2, 1]);
 * ```
 */
export function createActions(
  servers: number,
  options: ActionOptions,
): Actions {
  const { actionType, equalAction, weightLevels, weightRange } = options;
  switch (actionType) {
    case "discrete":
      return discreteActions(servers, equalAction);
    case "weightLevels":
      if (weightLevels.length === 0) {
        throw new RangeError(
          "Cannot weight servers by 0 levels, expected at least 1",
        );
      }
      for (const level of weightLevels) checkWeight("level", level);
      return levelActions(servers, weightLevels);
    case "continuous":
      checkWeight("at least", weightRange.low);
      checkWeight("at most", weightRange.high);
      return weightActions(servers, weightRange);
  }
  throw new RangeError(
    `Cannot act by ${JSON.stringify(actionType)}, expected one of ${
      ACTION_TYPES.join(", ")
    }`,
  );
}
