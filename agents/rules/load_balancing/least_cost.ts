/**
 * Rules that send a flow where a cost is least.
 *
 * @module
 */
import type { DispatchContext, DispatchRule } from "./dispatch_rule.ts";
import { keptOf, placeOfKey, usableServers } from "./_usable.ts";

export type { DispatchRule };

type Cost = (context: DispatchContext, server: number) => number;

/** A rule by the least cost; of equal ones the flow's key takes one, each as likely. */
function leastOf(
  { name, oracle, cost }: { name: string; oracle: boolean; cost: Cost },
): DispatchRule {
  const usable = keptOf(usableServers);
  let equals = new Int32Array(0);
  return {
    name,
    oracle,
    choose(balancer, context) {
      const servers = usable(balancer, context);
      if (equals.length < servers.length) {
        equals = new Int32Array(servers.length);
      }
      let least = Infinity;
      let count = 0;
      for (let i = 0; i < servers.length; i++) {
        const value = cost(context, servers[i]);
        if (value > least) continue;
        if (value < least) {
          least = value;
          count = 0;
        }
        equals[count++] = servers[i];
      }
      return count === 0 ? -1 : equals[placeOfKey(context.flowKey, count)];
    },
  };
}

/** LSQ, the local shortest queue: fewest flows on, by the balancer's own count. */
export function lsq(): DispatchRule {
  return leastOf({
    name: "lsq",
    oracle: false,
    cost: ({ counts }, server) => counts[server],
  });
}

/**
 * SED, shortest expected delay: the least (flows on + 1) / weight, by the
 * balancer's own count (Weinrib and Shenker, INFOCOM 1988, cost (q + 1) / mu).
 * The simulator's own dispatch is the same, but takes the first of equals.
 */
export function sed(): DispatchRule {
  return leastOf({
    name: "sed",
    oracle: false,
    cost: ({ costs }, server) => costs[server],
  });
}

/** Joins the shortest queue of all flows inside, which no balancer knows. */
export function jsqOracle(): DispatchRule {
  return leastOf({
    name: "jsq-oracle",
    oracle: true,
    cost: ({ oracle }, server) => oracle.inside[server],
  });
}

/** SED by the flows inside of all balancers, which no balancer knows. */
export function sedOracle(): DispatchRule {
  return leastOf({
    name: "sed-oracle",
    oracle: true,
    cost: ({ oracle, weights }, server) =>
      (oracle.inside[server] + 1) / weights[server],
  });
}

/** The least remaining work over weight, which no balancer knows. */
export function leastWorkOracle(): DispatchRule {
  return leastOf({
    name: "least-work-oracle",
    oracle: true,
    cost: ({ oracle, weights }, server) =>
      oracle.remainingWork(server) / weights[server],
  });
}
