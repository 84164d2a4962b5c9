/**
 * Dispatch: what a balancer knows of the servers, and whom it sends a flow to.
 *
 * @module
 */
import type { Random } from "../../core/random.ts";

export type { Random };

/** What nobody but the servers know; for rules that are bounds, not rivals. */
export interface Oracle {
  /** Flows inside each server: shape [servers]. A live view. */
  readonly inside: Int32Array;
  /**
   * Work inside a server that is still to be done, in seconds at speed 1. Takes
   * time in proportion to the flows inside.
   */
  remainingWork(server: number): number;
}

/** What a balancer knows when a flow has come. All arrays are live views. */
export interface DispatchContext {
  /** Now, in seconds. */
  readonly time: number;
  /** Class of the flow. */
  readonly kind: number;
  /** 32 random bits of the flow, such as the hash of its addresses and ports. */
  readonly flowKey: number;
  /** The balancer's servers. */
  readonly servers: Int32Array;
  /** Weights of all servers: shape [servers]. */
  readonly weights: Float64Array;
  /** Flows on, sent by this balancer, as far as it knows: shape [servers]. */
  readonly counts: Int32Array;
  /**
   * (count + 1) / weight of all servers, Infinity for those that are not the
   * balancer's, are known to be down, or have no weight: shape [servers].
   */
  readonly costs: Float64Array;
  /** 1 for servers that balancers know to be up: shape [servers]. */
  readonly up: Uint8Array;
  /**
   * Rises whenever weights or known servers change, so that a rule can keep
   * what it computes of them.
   */
  readonly revision: number;
  /** Stream for rules that draw; nothing else draws from it. */
  readonly random: Random;
  /** What a balancer cannot know. */
  readonly oracle: Oracle;
}

/**
 * Chooses the server of a flow.
 *
 * @param balancer From 0.
 * @param context Written over for the next call.
 * @returns One of the balancer's servers, or -1 to refuse the flow.
 */
export type ChooseServer = (
  balancer: number,
  context: DispatchContext,
) => number;

/** The server with the least cost, the first of several; -1 where none is. */
export function leastCost(_balancer: number, context: DispatchContext): number {
  const { servers, costs } = context;
  let best = -1;
  let least = Infinity;
  for (let i = 0; i < servers.length; i++) {
    const server = servers[i];
    const cost = costs[server];
    if (cost < least) {
      least = cost;
      best = server;
    }
  }
  return best;
}
