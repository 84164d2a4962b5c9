/**
 * Flows of emulated switches: those that the routes amount to, and those that
 * users put in before them.
 *
 * @module
 */
import type { ArcShare } from "./_forwarding.ts";
import { hostAddress, hostIp, type Port } from "./switch_ports.ts";
import {
  changeFlows,
  effectiveFlow,
  type InstalledFlow,
  oldNames,
} from "./flow_entries.ts";
import type { FluidEmulator } from "./fluid_emulator.ts";
import type { FlowFilter } from "./switch_network.ts";
import type { FlowCommand, RyuFlow, RyuFlowEntry } from "./ryu_messages.ts";

/** The flows of all switches. */
export interface SwitchFlows {
  /** A switch's flows. */
  flows(node: number, filter: FlowFilter): RyuFlow[];
  /** Changes the flows of the entry's switch. */
  change(command: FlowCommand, entry: RyuFlowEntry): void;
}

/** What the flows of switches are made of. */
export interface SwitchFlowParts {
  readonly emulator: FluidEmulator;
  /** Ports of each switch. */
  readonly ports: readonly (readonly Port[])[];
  /** The port of each arc. */
  readonly portOfArc: ReadonlyMap<number, number>;
  /** A host's share of what its switch sends and receives. */
  shareOf(host: number): number;
  /** Whole packets and bytes of megabits. */
  packets(megabits: number): number;
  bytes(megabits: number): number;
}

/** Of flows that the controller itself puts in; those above it come first. */
const PRIORITY = 1;
const ETH_TYPE_IPV4 = 2048;
const FLOW_LENGTH = 104;

function matches(flow: RyuFlow, filter: FlowFilter): boolean {
  const { out_port, table_id, match = {} } = filter;
  return (out_port === undefined ||
    flow.actions.includes(`OUTPUT:${out_port}`)) &&
    (table_id === undefined || table_id === flow.table_id) &&
    Object.entries(oldNames(match)).every(([field, value]) =>
      flow.match[field] === value
    );
}

/** Flows that follow the weights, until users put others before them. */
export function switchFlows(parts: SwitchFlowParts): SwitchFlows {
  const { emulator, ports, portOfArc, shareOf, packets, bytes } = parts;
  const { nodeCount, hosts } = emulator.topology;
  const addresses = hosts.map((_, host) => ({
    mac: hostAddress(host),
    ip: hostIp(host),
  }));
  const installed = ports.map((): InstalledFlow[] => []);
  const byWeights = new Map<number, readonly ArcShare[]>();
  const baseMegabits = new Float64Array(nodeCount * hosts.length);
  const settled = new Float64Array(nodeCount * hosts.length);

  /** Arcs that the weights alone would take. */
  function hopsByWeights(node: number, target: number): readonly ArcShare[] {
    const { start, tails, arcs, shares } = emulator.routes;
    const kept = byWeights.get(node * nodeCount + target);
    if (kept !== undefined) return kept;
    const hops: ArcShare[] = [];
    for (let i = start[target]; i < start[target + 1]; i++) {
      if (tails[i] === node) hops.push({ arc: arcs[i], share: shares[i] });
    }
    return hops;
  }

  /** Outputs of a switch for what goes to a host, by the weights. */
  function actionsTo(node: number, host: number): string[] {
    const target = hosts[host].node;
    if (target === node) {
      const port = ports[node].find((each) => each.host === host);
      return [`OUTPUT:${port?.number}`];
    }
    return hopsByWeights(node, target)
      .map(({ arc }) => `OUTPUT:${portOfArc.get(arc)}`);
  }

  /** Adds what has passed to the entries that it matched. */
  function settle(node: number): void {
    hosts.forEach((target, host) => {
      const place = node * hosts.length + host;
      const passed = emulator.counters.passed(node, target.node) *
        shareOf(host);
      const flow = effectiveFlow(installed[node], addresses[host], PRIORITY);
      if (flow === undefined) baseMegabits[place] += passed - settled[place];
      else flow.megabits += passed - settled[place];
      settled[place] = passed;
    });
  }

  function ryuFlow(
    flow: Pick<RyuFlow, "priority" | "cookie" | "actions" | "match">,
    megabits: number,
    since: number,
  ): RyuFlow {
    const seconds = emulator.uptimeSeconds - since;
    return {
      ...flow,
      idle_timeout: 0,
      hard_timeout: 0,
      byte_count: bytes(megabits),
      packet_count: packets(megabits),
      duration_sec: Math.floor(seconds),
      duration_nsec: Math.round((seconds % 1) * 1e9),
      table_id: 0,
      length: FLOW_LENGTH,
      flags: 0,
    };
  }

  function flows(node: number): RyuFlow[] {
    settle(node);
    const own = installed[node].map((flow) =>
      ryuFlow(
        {
          priority: flow.priority,
          cookie: flow.cookie,
          actions: flow.port === undefined ? [] : [`OUTPUT:${flow.port}`],
          match: flow.match,
        },
        flow.megabits,
        flow.since,
      )
    );
    return [
      ...own,
      ...hosts.map((_, host) =>
        ryuFlow(
          {
            priority: PRIORITY,
            cookie: 0,
            actions: actionsTo(node, host),
            match: { dl_type: ETH_TYPE_IPV4, nw_dst: addresses[host].ip },
          },
          baseMegabits[node * hosts.length + host],
          0,
        )
      ),
    ];
  }

  /** What entries make of the traffic that weights would send. */
  function forward(
    node: number,
    destination: number,
    hops: readonly ArcShare[],
  ): readonly ArcShare[] {
    byWeights.set(node * nodeCount + destination, hops);
    if (installed[node].length === 0) return hops;
    const there = [...hosts.keys()]
      .filter((host) => hosts[host].node === destination);
    const shares = new Map<number, number>();
    const add = (arc: number, share: number) =>
      shares.set(arc, (shares.get(arc) ?? 0) + share);
    for (const host of there) {
      const flow = effectiveFlow(installed[node], addresses[host], PRIORITY);
      if (flow === undefined) {
        for (const { arc, share } of hops) add(arc, share / there.length);
      } else {
        const port = ports[node].find(({ number }) => number === flow.port);
        if (port?.arc !== undefined) add(port.arc, 1 / there.length);
      }
    }
    return [...shares].map(([arc, share]) => ({ arc, share }));
  }

  return {
    flows: (node, filter) =>
      flows(node).filter((flow) => matches(flow, filter)),
    change(command, entry) {
      const node = entry.dpid - 1;
      settle(node);
      changeFlows(installed[node], {
        command,
        entry,
        ports: ports[node].length,
        now: emulator.uptimeSeconds,
      });
      byWeights.clear();
      const isPlain = installed.every((flows) => flows.length === 0);
      emulator.setForwarding(isPlain ? undefined : forward);
    },
  };
}
