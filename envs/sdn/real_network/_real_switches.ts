/**
 * Switches that a controller steers, as the REST interface asks for them.
 *
 * @module
 */
import { encodeFlowMod } from "../openflow/flow_mod.ts";
import { encodeGroupMod } from "../openflow/group_mod.ts";
import {
  type DiscoveredLink,
  type LinkDiscovery,
  lldpEntry,
} from "../openflow/link_discovery.ts";
import {
  decodeDescription,
  decodeFlows,
  decodeGroups,
  decodePortCounters,
} from "../openflow/multipart.ts";
import type { OpenFlowController } from "../openflow/openflow_controller.ts";
import {
  type MessageOf,
  SwitchRefusal,
} from "../openflow/switch_connection.ts";
import { addToWeights, checkWeightsWithin } from "../link_weights.ts";
import type { SplittingOptions } from "../routing.ts";
import type { WeightRange } from "../routing_controller.ts";
import {
  dpidText,
  portText,
  type RyuTopologyPort,
  type WeightsReply,
} from "../ryu_messages.ts";
import type { SwitchNetwork } from "../switch_network.ts";
import {
  hostAddress,
  hostIp,
  portAddress,
  portName,
  portsOf,
  portsOfArcs,
  type Topology,
} from "../switch_ports.ts";
import { linkMeter, type Snapshot } from "./_link_measurements.ts";
import { routeUpdates } from "./_route_updates.ts";
import {
  flowModOf,
  groupModOf,
  isMeant,
  ryuDescription,
  ryuFlow,
  ryuGroup,
  ryuPort,
  ryuPortStats,
} from "./_ryu_shapes.ts";

export type {
  LinkDiscovery,
  OpenFlowController,
  SplittingOptions,
  SwitchNetwork,
  Topology,
  WeightRange,
};

/** Options of {@linkcode realSwitches}. */
export interface RealSwitchesOptions extends SplittingOptions {
  /** The network; capacities in Mbit/s. */
  readonly topology: Topology;
  /** Whose switches they are. */
  readonly controller: OpenFlowController;
  /** Finds links. */
  readonly discovery: LinkDiscovery;
  /** Lowest and highest weight. */
  readonly weightRange: WeightRange;
  /** Told of what goes wrong between two requests. */
  readonly note: (message: string) => void;
}

/** Switches of a real network. */
export interface RealSwitches {
  /** What the REST interface asks. */
  readonly network: SwitchNetwork;
  /** Finds all links, and puts the first routes into the switches. */
  begin(): Promise<void>;
  /** Measures how long frames take over each link. */
  measureDelays(): Promise<void>;
  /** Finds ways round links that are down. */
  reroute(): Promise<void>;
  /** Makes a switch that came back the same as before. */
  refill(datapathId: number): Promise<void>;
}

/** Shorter looks at counters tell nothing, in milliseconds. */
const SHORTEST_WINDOW_MS = 50;
/** A link that is down is as long as so many of its kind. */
const DETOUR = 1e6;
const ANY_GROUP = 0xfffffffc;
/** How long links may take to be found. */
const DISCOVERY_MS = 10_000;

const EMPTYING: readonly MessageOf[] = [
  (transaction) => encodeFlowMod(transaction, { command: "delete", match: {} }),
  (transaction) =>
    encodeGroupMod(transaction, {
      command: "delete",
      type: "ALL",
      groupId: ANY_GROUP,
      buckets: [],
    }),
];

/** What a switch refuses is the request's fault. */
async function asRequested(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (error instanceof SwitchRefusal) {
      throw new RangeError(error.message, { cause: error });
    }
    throw error;
  }
}

/**
 * The switches of a network whose numbers and ports are those of `portsOf`.
 *
 * @param options The network and its controller.
 */
export function realSwitches(options: RealSwitchesOptions): RealSwitches {
  const { topology, controller, discovery, weightRange, note } = options;
  const { nodeCount, linkCount, arcTails, arcHeads, hosts } = topology;
  const ports = Array.from(
    { length: nodeCount },
    (_, node) => portsOf(topology, node),
  );
  const portOfArc = portsOfArcs(ports);
  const switchOf = (node: number) => controller.switchOf(node + 1);
  const updates = routeUpdates(topology, { ...options, switchOf });
  const measure = linkMeter(topology);
  const baseline = new Float64Array(linkCount).fill(1);
  const weights = baseline.slice();
  const arcDelaysMs = new Float64Array(topology.arcCount);
  let windowBegan: { readonly at: number; readonly counters: Snapshot };
  let lastChange: Promise<unknown> = Promise.resolve();

  /** One change after the other. */
  function alone<T>(work: () => Promise<T>): Promise<T> {
    const result = lastChange.then(work);
    lastChange = result.catch(() => {});
    return result;
  }

  function isArcUp(arc: number): boolean {
    const tail = controller.switches.get(arcTails[arc] + 1);
    return tail !== undefined && tail.isUp(portOfArc.get(arc)!);
  }

  function isLinkUp(link: number): boolean {
    return isArcUp(2 * link) && isArcUp(2 * link + 1);
  }

  async function route(): Promise<void> {
    await updates.update(
      weights.map((weight, l) => isLinkUp(l) ? weight : DETOUR * weight),
    );
  }

  function readCounters(): Promise<Snapshot> {
    return Promise.all(
      ports.map(async (_, node) =>
        decodePortCounters(await switchOf(node).multipart("portStats"))
      ),
    );
  }

  async function beginWindow(): Promise<void> {
    const counters = await readCounters();
    windowBegan = { at: performance.now(), counters };
  }

  function weightsReply(): WeightsReply {
    return {
      weights: [...weights],
      baseline: [...baseline],
      range: [weightRange.low, weightRange.high],
      clock: "wall",
    };
  }

  function arcOf({ source, target }: DiscoveredLink): number | undefined {
    const node = source.datapathId - 1;
    const arc = ports[node]?.find(({ number }) => number === source.port)?.arc;
    return arc !== undefined && arcHeads[arc] === target.datapathId - 1 &&
        portOfArc.get(arc ^ 1) === target.port
      ? arc
      : undefined;
  }

  async function measureDelays(): Promise<Set<number>> {
    const arcs = new Set<number>();
    for (const link of await discovery.probe()) {
      const arc = arcOf(link);
      if (arc === undefined) {
        const { source, target } = link;
        note(
          `Port ${source.port} of switch ${source.datapathId} leads to port ${target.port} of switch ${target.datapathId}, which the topology does not say`,
        );
        continue;
      }
      arcs.add(arc);
      arcDelaysMs[arc] = link.delayMs;
    }
    return arcs;
  }

  async function findLinks(): Promise<void> {
    const end = performance.now() + DISCOVERY_MS;
    const found = new Set<number>();
    while (found.size < topology.arcCount) {
      if (performance.now() > end) {
        const arc = arcTails.findIndex((_, each) => !found.has(each));
        throw new Error(
          `Cannot find the link from ${
            portName(arcTails[arc], portOfArc.get(arc)!)
          } to ${
            portName(arcHeads[arc], portOfArc.get(arc ^ 1)!)
          }: no frame has come over it within ${DISCOVERY_MS} ms`,
        );
      }
      for (const arc of await measureDelays()) found.add(arc);
    }
  }

  function topologyPort(node: number, port: number): RyuTopologyPort {
    return {
      dpid: dpidText(node + 1),
      port_no: portText(port),
      hw_addr: portAddress(node, port),
      name: portName(node, port),
    };
  }

  const network: SwitchNetwork = {
    async stats() {
      const passedMs = performance.now() - windowBegan.at;
      if (passedMs < SHORTEST_WINDOW_MS) {
        await new Promise((resolve) =>
          setTimeout(resolve, SHORTEST_WINDOW_MS - passedMs)
        );
      }
      const before = windowBegan.counters;
      return measure(before, await readCounters(), arcDelaysMs);
    },
    weights: weightsReply,
    setLinkWeights: ({ deltas, weights: wanted }) =>
      alone(async () => {
        if (deltas !== undefined) addToWeights(weights, deltas, weightRange);
        if (wanted !== undefined) {
          checkWeightsWithin(topology, wanted, weightRange);
          weights.set(wanted);
        }
        await route();
        await beginWindow();
        return weightsReply();
      }),
    restoreBaseline: () =>
      alone(async () => {
        weights.set(baseline);
        await route();
        await beginWindow();
      }),
    switches: () => [...controller.switches.keys()].sort((a, b) => a - b),
    async describe(dpid) {
      const description = decodeDescription(
        await controller.switchOf(dpid).multipart("description"),
      );
      const datapath = topology.nodeNames[dpid - 1];
      return ryuDescription({ ...description, datapath });
    },
    async portStats(dpid) {
      const body = await controller.switchOf(dpid).multipart("portStats");
      return decodePortCounters(body).map(ryuPortStats);
    },
    portDescriptions: (dpid) =>
      [...controller.switchOf(dpid).ports.values()].map(ryuPort),
    async flows(dpid, filter) {
      const body = await controller.switchOf(dpid).multipart("flows");
      return decodeFlows(body).map(ryuFlow)
        .filter((flow) => isMeant(flow, filter));
    },
    changeFlow: (command, entry) =>
      asRequested(
        controller.switchOf(entry.dpid).apply([
          (transaction) =>
            encodeFlowMod(transaction, flowModOf(command, entry)),
        ]),
      ),
    async groups(dpid) {
      const body = await controller.switchOf(dpid).multipart("groups");
      return decodeGroups(body).map(ryuGroup);
    },
    changeGroup: (command, entry) =>
      asRequested(
        controller.switchOf(entry.dpid).apply([
          (transaction) =>
            encodeGroupMod(transaction, groupModOf(command, entry)),
        ]),
      ),
    topologySwitches: () =>
      ports.map((own, node) => ({
        dpid: dpidText(node + 1),
        ports: own.map(({ number }) => topologyPort(node, number)),
      })).filter((_, node) => controller.switches.has(node + 1)),
    topologyLinks: () =>
      Array.from({ length: topology.arcCount }, (_, arc) => arc)
        .filter((arc) => isLinkUp(arc >> 1))
        .map((arc) => ({
          src: topologyPort(arcTails[arc], portOfArc.get(arc)!),
          dst: topologyPort(arcHeads[arc], portOfArc.get(arc ^ 1)!),
        })),
    topologyHosts: () =>
      hosts.map(({ node }, host) => ({
        mac: hostAddress(host),
        ipv4: [hostIp(host)],
        ipv6: [],
        port: topologyPort(
          node,
          ports[node].find((each) => each.host === host)!.number,
        ),
      })),
  };

  return {
    network,
    async begin() {
      await Promise.all(
        ports.map((_, node) => switchOf(node).apply([lldpEntry])),
      );
      await findLinks();
      await route();
      await beginWindow();
    },
    async measureDelays() {
      await measureDelays();
    },
    reroute: () => alone(route),
    refill: (datapathId) =>
      alone(async () => {
        await controller.switchOf(datapathId).apply([...EMPTYING, lldpEntry]);
        updates.forget(datapathId - 1);
        await route();
      }),
  };
}
