/**
 * Rules that spread flows by their keys, whatever the servers are busy with.
 *
 * @module
 */
import { aliasTable } from "./_alias_table.ts";
import type { DispatchRule } from "./dispatch_rule.ts";
import { keptOf, placeOfKey, usableServers } from "./_usable.ts";

export type { DispatchRule };

/**
 * ECMP, equal-cost multi-path: each server as likely, by the flow's key, as a
 * router hashes addresses and ports (RFC 2992).
 */
export function ecmp(): DispatchRule {
  const usable = keptOf(usableServers);
  return {
    name: "ecmp",
    oracle: false,
    choose(balancer, context) {
      const servers = usable(balancer, context);
      if (servers.length === 0) return -1;
      return servers[placeOfKey(context.flowKey, servers.length)];
    },
  };
}

/**
 * WCMP, weighted-cost multi-path (Zhou et al., EuroSys 2014): each server with
 * the probability of its weight, by the flow's key.
 */
export function wcmp(): DispatchRule {
  const tableOf = keptOf((context) => {
    const servers = usableServers(context);
    return servers.length === 0 ? undefined : aliasTable(
      servers,
      Float64Array.from(servers, (server) => context.weights[server]),
    );
  });
  return {
    name: "wcmp",
    oracle: false,
    choose(balancer, context) {
      const table = tableOf(balancer, context);
      return table === undefined ? -1 : table.at(context.flowKey * 2 ** -32);
    },
  };
}
