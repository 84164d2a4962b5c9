/**
 * Balancers: counts, weights and costs of each.
 *
 * @module
 */
import type { DispatchContext, Oracle, Random } from "./dispatch.ts";

export type { DispatchContext, Oracle, Random };

/** The same without `readonly`. */
export type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Balancers and what they know. */
export interface Balancers {
  /** How many. */
  readonly count: number;
  /** The context of each, written over by each of its flows. */
  readonly contexts: Writable<DispatchContext>[];
  /** 1 for the servers of each balancer: shape [balancers][servers]. */
  readonly members: Uint8Array[];
  /**
   * Weights of servers that can be used, 0 for the others: shape
   * [balancers][servers].
   */
  readonly usable: Float64Array[];
  /** 1 for servers that all balancers know to be up: shape [servers]. */
  readonly up: Uint8Array;
}

/** What {@linkcode createBalancers} needs. */
export interface BalancerParts {
  /** Servers of each balancer. */
  readonly groups: readonly Int32Array[];
  /** Number of servers in all. */
  readonly servers: number;
  /** Stream for rules that draw. */
  readonly random: Random;
  /** What a balancer cannot know. */
  readonly oracle: Oracle;
}

/** Balancers without flows; weights have to be set. */
export function createBalancers(parts: BalancerParts): Balancers {
  const { groups, servers, random, oracle } = parts;
  const up = new Uint8Array(servers).fill(1);
  return {
    count: groups.length,
    up,
    members: groups.map((group) => {
      const members = new Uint8Array(servers);
      for (const server of group) members[server] = 1;
      return members;
    }),
    usable: groups.map(() => new Float64Array(servers)),
    contexts: groups.map((group) => ({
      time: NaN,
      kind: 0,
      flowKey: 0,
      servers: group,
      weights: new Float64Array(servers),
      counts: new Int32Array(servers),
      costs: new Float64Array(servers),
      up,
      revision: 0,
      random,
      oracle,
    })),
  };
}

/** Changes the count of a server by one, and its cost. */
export function addToCount(
  balancers: Balancers,
  balancer: number,
  server: number,
  change: 1 | -1,
): void {
  const { costs, counts } = balancers.contexts[balancer];
  const count = counts[server] + change;
  counts[server] = count;
  costs[server] = (count + 1) / balancers.usable[balancer][server];
}

/** Brings a balancer's costs up to date after its weights have changed. */
function updateCostsOf(balancers: Balancers, balancer: number): void {
  const { contexts, members, up } = balancers;
  const context = contexts[balancer];
  const { costs, counts, weights } = context;
  context.revision++;
  const usable = balancers.usable[balancer];
  for (let server = 0; server < up.length; server++) {
    usable[server] = members[balancer][server] * up[server] * weights[server];
    costs[server] = (counts[server] + 1) / usable[server];
  }
}

/** Brings all costs up to date after servers went up or down, or a restore. */
export function updateCosts(balancers: Balancers): void {
  for (let balancer = 0; balancer < balancers.count; balancer++) {
    updateCostsOf(balancers, balancer);
  }
}

/** Throws `RangeError` unless there is a balancer of this number. */
export function checkBalancer(balancers: Balancers, balancer: number): void {
  if (
    !Number.isInteger(balancer) || balancer < 0 || balancer >= balancers.count
  ) {
    throw new RangeError(
      `Cannot find balancer ${balancer}, expected one from 0 to ${
        balancers.count - 1
      }`,
    );
  }
}

/**
 * Gives a balancer weights.
 *
 * @param balancers Changed.
 * @param balancer From 0. Throws `RangeError` where there is none.
 * @param weights One for each server, copied. Throws `TypeError` for another
 * number of them, `RangeError` where one is negative or not finite, or those of
 * the balancer's servers sum to 0.
 */
export function setBalancerWeights(
  balancers: Balancers,
  balancer: number,
  weights: ArrayLike<number>,
): void {
  checkBalancer(balancers, balancer);
  const context = balancers.contexts[balancer];
  const servers = context.weights.length;
  if (weights?.length !== servers) {
    throw new TypeError(
      `Cannot set ${weights?.length} weights of balancer ${balancer}, expected one for each of ${servers} servers`,
    );
  }
  let sum = 0;
  for (let server = 0; server < servers; server++) {
    const weight = weights[server];
    if (!(weight >= 0 && weight < Infinity)) {
      throw new RangeError(
        `Cannot set weight ${weight} of server ${server} at balancer ${balancer}, expected a finite number from 0`,
      );
    }
    if (balancers.members[balancer][server]) sum += weight;
  }
  // Below that, costs overflow.
  if (!(sum > 1e-290)) {
    throw new RangeError(
      `Cannot set weights of balancer ${balancer} that sum to ${sum}, expected at least one above 0 among its servers`,
    );
  }
  let changed = false;
  for (let server = 0; server < servers; server++) {
    // Not -0, which would make a cost -Infinity.
    const weight = weights[server] + 0;
    changed ||= context.weights[server] !== weight;
    context.weights[server] = weight;
  }
  // Rules need not compute their tables again for weights that stay.
  if (changed) updateCostsOf(balancers, balancer);
}
