/**
 * Routes as entries of switches, and how they change without loops.
 *
 * @module
 */
import { encodeFlowMod, type FlowModCommand } from "../openflow/flow_mod.ts";
import { encodeGroupMod, type GroupMod } from "../openflow/group_mod.ts";
import { encodeMessage, MESSAGE_TYPES } from "../openflow/header.ts";
import type {
  MessageOf,
  SwitchConnection,
} from "../openflow/switch_connection.ts";
import { makeRoutes, router, type SplittingOptions } from "../routing.ts";
import {
  hostIp,
  type Port,
  portsOf,
  portsOfArcs,
  type Topology,
} from "../switch_ports.ts";

export type { MessageOf, SplittingOptions, SwitchConnection, Topology };

/** Puts routes into switches. */
export interface RouteUpdates {
  /**
   * Brings the switches to the shortest paths under weights. Switches closest
   * to a destination change first, so that packets go in circles at no time
   * (RFC 6976, "Framework for Loop-Free Convergence Using the Ordered
   * Forwarding Information Base (oFIB) Approach").
   */
  update(weights: ArrayLike<number>): Promise<void>;
  /** Takes it that nothing is known of a switch's entries. */
  forget(node: number): void;
}

/** A port, and its share in proportion to the sum. */
export interface Way {
  /** The port. */
  readonly port: number;
  /** The share. */
  readonly weight: number;
}

/** Of the entries of routes; users' entries above it come before them. */
export const ROUTE_PRIORITY = 1;
const ETH_TYPE_IPV4 = 0x0800;
/** Groups of routes are numbered from here on, by host. */
const FIRST_GROUP = 0x10000000;
/** Shares of softmin splitting, to a hundredth. */
const SHARE_UNITS = 100;

/** Changes of one switch, in the order in which they have to happen. */
interface Change {
  readonly groups: MessageOf[];
  readonly flows: MessageOf[];
  readonly oldGroups: MessageOf[];
  /** What is there afterwards, by place. */
  readonly ways: Map<number, readonly Way[]>;
}

/** Shares as small whole numbers; ones where all are the same. */
function wholeWeights(shares: readonly number[]): number[] {
  const isEven = shares.every((share) => Math.abs(share - shares[0]) < 1e-9);
  return shares.map((share) =>
    isEven ? 1 : Math.max(1, Math.round(SHARE_UNITS * share))
  );
}

/**
 * The ways from each switch to each host under weights.
 *
 * @param topology The network.
 * @param options How traffic is split.
 * @returns Ways by switch and host, and switches by host, the closest first.
 */
export function routePlanner(
  topology: Topology,
  options: SplittingOptions,
): (weights: ArrayLike<number>) => {
  ways(node: number, host: number): Way[];
  order(host: number): number[];
} {
  const { nodeCount, hosts } = topology;
  const ports = Array.from(
    { length: nodeCount },
    (_, node): Port[] => portsOf(topology, node),
  );
  const portOfArc = portsOfArcs(ports);
  const route = router(topology, options);
  const routes = makeRoutes(topology);
  return (weights) => {
    route(weights, routes);
    return {
      ways(node, host) {
        const target = hosts[host].node;
        if (node === target) {
          const port = ports[node].find((each) => each.host === host)!;
          return [{ port: port.number, weight: 1 }];
        }
        const entries: number[] = [];
        for (let i = routes.start[target]; i < routes.start[target + 1]; i++) {
          if (routes.tails[i] === node) entries.push(i);
        }
        const whole = wholeWeights(entries.map((i) => routes.shares[i]));
        return entries.map((i, k) => ({
          port: portOfArc.get(routes.arcs[i])!,
          weight: whole[k],
        }));
      },
      order(host) {
        const from = hosts[host].node * nodeCount;
        const { distances } = routes;
        return [...ports.keys()].sort((a, b) =>
          distances[from + a] - distances[from + b] || a - b
        );
      },
    };
  };
}

const barrier: MessageOf = (transaction) =>
  encodeMessage(MESSAGE_TYPES.barrierRequest, transaction);

function groupChange(
  command: GroupMod["command"],
  host: number,
  ways: readonly Way[] = [],
): MessageOf {
  return (transaction) =>
    encodeGroupMod(transaction, {
      command,
      type: "SELECT",
      groupId: FIRST_GROUP + host,
      buckets: ways.map(({ port, weight }) => ({
        weight,
        actions: [{ type: "OUTPUT", port }],
      })),
    });
}

function flowChange(
  command: FlowModCommand,
  host: number,
  ways: readonly Way[],
): MessageOf {
  return (transaction) =>
    encodeFlowMod(transaction, {
      command,
      priority: ROUTE_PRIORITY,
      match: { eth_type: ETH_TYPE_IPV4, ipv4_dst: hostIp(host) },
      actions: ways.length > 1
        ? [{ type: "GROUP", groupId: FIRST_GROUP + host }]
        : [{ type: "OUTPUT", port: ways[0].port }],
    });
}

/** Adds what brings a switch from one set of ways to another. */
function addChange(
  { groups, flows, oldGroups }: Change,
  host: number,
  [before, after]: readonly [readonly Way[] | undefined, readonly Way[]],
): void {
  const wasSplit = before !== undefined && before.length > 1;
  const isSplit = after.length > 1;
  // In a switch that is not known there may be a group; deleting one that is
  // not there is no error.
  const mayBeSplit = wasSplit || before === undefined;
  if (isSplit) {
    if (before === undefined) groups.push(groupChange("delete", host));
    groups.push(groupChange(wasSplit ? "modify" : "add", host, after));
  }
  if (!(wasSplit && isSplit)) {
    // Changing an entry keeps its counters, adding it anew does not.
    const command = before === undefined ? "add" : "modify_strict";
    flows.push(flowChange(command, host, after));
  }
  if (mayBeSplit && !isSplit) oldGroups.push(groupChange("delete", host));
}

function isSame(a: readonly Way[] | undefined, b: readonly Way[]): boolean {
  return a !== undefined && a.length === b.length &&
    a.every(({ port, weight }, i) =>
      port === b[i].port && weight === b[i].weight
    );
}

/**
 * Puts routes into the switches of a network.
 *
 * @param topology The network.
 * @param options Its switches by index, and how traffic is split.
 */
export function routeUpdates(
  topology: Topology,
  options: SplittingOptions & {
    readonly switchOf: (node: number) => SwitchConnection;
  },
): RouteUpdates {
  const { switchOf } = options;
  const { nodeCount, hosts } = topology;
  const plan = routePlanner(topology, options);
  const installed: (readonly Way[] | undefined)[] = new Array(
    nodeCount * hosts.length,
  );

  function forget(node: number): void {
    installed.fill(undefined, node * hosts.length, (node + 1) * hosts.length);
  }

  /** Sends one step after the other; the switch itself keeps them apart. */
  async function apply(node: number, change: Change): Promise<void> {
    const steps = [change.groups, change.flows, change.oldGroups]
      .filter((step) => step.length > 0);
    try {
      await switchOf(node).apply(
        steps.flatMap((step, i) => i === 0 ? step : [barrier, ...step]),
      );
    } catch (error) {
      // Some of it may have been done.
      forget(node);
      throw error;
    }
    for (const [place, ways] of change.ways) installed[place] = ways;
  }

  return {
    async update(weights) {
      const { ways, order } = plan(weights);
      const orders = hosts.map((_, host) => order(host));
      for (let round = 0; round < nodeCount; round++) {
        const changes = new Map<number, Change>();
        hosts.forEach((_, host) => {
          const node = orders[host][round];
          const place = node * hosts.length + host;
          const after = ways(node, host);
          const before = installed[place];
          if (isSame(before, after)) return;
          const change = changes.get(node) ??
            { groups: [], flows: [], oldGroups: [], ways: new Map() };
          changes.set(node, change);
          change.ways.set(place, after);
          addChange(change, host, [before, after]);
        });
        await Promise.all(
          [...changes].map(([node, change]) => apply(node, change)),
        );
      }
    },
    forget,
  };
}
