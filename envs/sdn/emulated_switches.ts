/**
 * An emulated network as its switches, ports, flows and hosts.
 *
 * Switch `i` has the dpid `i + 1`; its ports are numbered from 1, those to
 * other switches first, in the order of the links, then those to hosts. Host
 * `k` has the address 10.0.0.`k + 1` (10.0.1.0 after 10.0.0.255).
 *
 * @module
 */
import { micros } from "./emulator_options.ts";
import type { FluidEmulator } from "./fluid_emulator.ts";
import type { FlowFilter, SwitchNetwork } from "./rest_api.ts";
import { makeNetworkStats } from "./routing_controller.ts";
import {
  dpidText,
  portText,
  type RyuFlow,
  type RyuPortDescription,
  type RyuPortStats,
  type RyuTopologyPort,
  type WeightsReply,
} from "./ryu_messages.ts";
import type { Topology } from "./topology.ts";

export type { FluidEmulator, SwitchNetwork };

const BYTES_PER_MEGABIT = 1e6 / 8;
/** Speed of ports to hosts, which are never full. */
const HOST_MBPS = 10_000;
/** Of flows that the controller itself puts in. */
const PRIORITY = 32768;
const ETH_TYPE_IPV4 = 2048;
const FLOW_LENGTH = 104;

/** A port: an arc that leaves the switch, or a host. */
interface Port {
  readonly number: number;
  readonly arc?: number;
  readonly host?: number;
}

function portsOf({ outStart, outArcs, hosts }: Topology, node: number): Port[] {
  const arcs = [...outArcs.subarray(outStart[node], outStart[node + 1])];
  const own = hosts.flatMap((host, k) => host.node === node ? [k] : []);
  return [
    ...arcs.map((arc) => ({ arc })),
    ...own.map((host) => ({ host })),
  ].map((port, i) => ({ number: i + 1, ...port }));
}

function bytesOf(value: number): string {
  return [value >> 24, value >> 16, value >> 8, value]
    .map((part) => (part & 255).toString(16).padStart(2, "0")).join(":");
}

function portAddress(node: number, port: number): string {
  return `02:01:${bytesOf(((node + 1) << 12) | port)}`;
}

function hostAddress(host: number): string {
  return `02:00:${bytesOf(host + 1)}`;
}

/** 10.0.0.1 for the first host. */
function hostIp(host: number): string {
  const number = host + 1;
  return `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
}

function matches(flow: RyuFlow, filter: FlowFilter): boolean {
  const { out_port, table_id, match = {} } = filter;
  return (out_port === undefined ||
    flow.actions.includes(`OUTPUT:${out_port}`)) &&
    (table_id === undefined || table_id === flow.table_id) &&
    Object.entries(match).every(([field, value]) => {
      const name = OLD_NAMES[field] ?? field;
      return flow.match[name] === value;
    });
}

/** Replies have OpenFlow 1.0's names, requests may have the later ones. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  eth_type: "dl_type",
  eth_dst: "dl_dst",
  eth_src: "dl_src",
  ipv4_dst: "nw_dst",
  ipv4_src: "nw_src",
  ip_proto: "nw_proto",
};

/**
 * The REST interface's view of an emulated network. Flows are those that the
 * routes amount to: for each host elsewhere one, with several outputs where
 * traffic is split. They follow from the weights and cannot be changed one by
 * one.
 *
 * @param emulator The network. By the wall clock, its time is brought up to
 * date at each look.
 */
export function emulatedSwitches(emulator: FluidEmulator): SwitchNetwork {
  const { topology, settings } = emulator;
  const { nodeNames, nodeCount, capacities, hosts } = topology;
  const ports = Array.from(
    { length: nodeCount },
    (_, node) => portsOf(topology, node),
  );
  const portOfArc = new Map(
    ports.flat().flatMap(({ arc, number }) =>
      arc === undefined ? [] : [[arc, number]]
    ),
  );
  const stats = makeNetworkStats(topology.linkCount);
  let lastLook = performance.now();

  /** By the wall clock, lets pass what has passed. */
  function look(): FluidEmulator {
    if (settings.clock === "wall") {
      const now = performance.now();
      const passed = micros((now - lastLook) / 1000);
      emulator.advance(passed);
      lastLook += passed / 1000;
    }
    return emulator;
  }

  function uptime() {
    const seconds = look().uptimeSeconds;
    return {
      duration_sec: Math.floor(seconds),
      duration_nsec: Math.round((seconds % 1) * 1e9),
    };
  }

  function packets(megabits: number): number {
    return Math.floor(megabits * 1e6 / settings.packetBits);
  }

  function bytes(megabits: number): number {
    return Math.floor(megabits * BYTES_PER_MEGABIT);
  }

  /** Megabits that a port has sent, received, and had no room for. */
  function traffic(node: number, { arc, host }: Port): number[] {
    const { counters } = emulator;
    if (arc !== undefined) {
      return [
        counters.carried(arc),
        counters.carried(arc ^ 1),
        counters.lost(arc),
      ];
    }
    return host === undefined ? [0, 0, 0] : [
      counters.received(node) * shareOf(host),
      counters.sent(node) * shareOf(host),
      0,
    ];
  }

  /** Hosts of a switch share alike what is sent and received there. */
  function shareOf(host: number): number {
    const { node } = hosts[host];
    return 1 / hosts.filter((each) => each.node === node).length;
  }

  function portStats(node: number): RyuPortStats[] {
    const duration = uptime();
    return ports[node].map((port) => {
      const [sent, received, lost] = traffic(node, port);
      return {
        port_no: port.number,
        rx_packets: packets(received),
        tx_packets: packets(sent),
        rx_bytes: bytes(received),
        tx_bytes: bytes(sent),
        rx_dropped: 0,
        tx_dropped: packets(lost),
        rx_errors: 0,
        tx_errors: 0,
        rx_frame_err: 0,
        rx_over_err: 0,
        rx_crc_err: 0,
        collisions: 0,
        ...duration,
      };
    });
  }

  function portName(node: number, port: number): string {
    return `s${node + 1}-eth${port}`;
  }

  function portDescriptions(node: number): RyuPortDescription[] {
    return ports[node].map(({ number, arc }) => {
      const speed = 1000 *
        (arc === undefined ? HOST_MBPS : capacities[arc >> 1]);
      return {
        port_no: number,
        hw_addr: portAddress(node, number),
        name: portName(node, number),
        config: 0,
        state: 0,
        curr: 0,
        advertised: 0,
        supported: 0,
        peer: 0,
        curr_speed: speed,
        max_speed: speed,
      };
    });
  }

  /** Actions of a switch for what goes to a host. */
  function actionsTo(node: number, host: number): string[] {
    const target = hosts[host].node;
    if (target === node) {
      const port = ports[node].find((each) => each.host === host);
      return [`OUTPUT:${port?.number}`];
    }
    const { start, tails, arcs } = emulator.routes;
    const outputs: string[] = [];
    for (let i = start[target]; i < start[target + 1]; i++) {
      if (tails[i] === node) outputs.push(`OUTPUT:${portOfArc.get(arcs[i])}`);
    }
    return outputs;
  }

  function flows(node: number): RyuFlow[] {
    const duration = uptime();
    return hosts.map((target, host) => {
      const passed = emulator.counters.passed(node, target.node) *
        shareOf(host);
      return {
        priority: PRIORITY,
        cookie: 0,
        idle_timeout: 0,
        hard_timeout: 0,
        actions: actionsTo(node, host),
        match: { dl_type: ETH_TYPE_IPV4, nw_dst: hostIp(host) },
        byte_count: bytes(passed),
        packet_count: packets(passed),
        ...duration,
        table_id: 0,
        length: FLOW_LENGTH,
        flags: 0,
      };
    });
  }

  function topologyPort(node: number, port: number): RyuTopologyPort {
    return {
      dpid: dpidText(node + 1),
      port_no: portText(port),
      hw_addr: portAddress(node, port),
      name: portName(node, port),
    };
  }

  function weights(): WeightsReply {
    const { low, high } = emulator.weightRange;
    return {
      weights: [...emulator.weights],
      baseline: [...emulator.baseline],
      range: [low, high],
      clock: settings.clock,
    };
  }

  return {
    stats() {
      look().readStats(stats);
      return {
        link_utils: [...stats.linkUtilisations],
        avg_delay: stats.averageDelayMs,
        throughput: stats.throughputMbps,
        demand: stats.demandMbps,
        largest_utilisation: stats.largestUtilisation,
      };
    },
    weights,
    setLinkWeights(wanted) {
      look();
      if (wanted.deltas !== undefined) emulator.changeWeights(wanted.deltas);
      if (wanted.weights !== undefined) emulator.setWeights(wanted.weights);
      return weights();
    },
    restoreBaseline: (seed) => look().restoreBaseline(seed),
    switches: () => Array.from({ length: nodeCount }, (_, i) => i + 1),
    describe: (dpid) => ({
      mfr_desc: "Loadstar",
      hw_desc: "emulated",
      sw_desc: "fluid emulator",
      serial_num: "None",
      dp_desc: nodeNames[dpid - 1],
    }),
    portStats: (dpid) => portStats(dpid - 1),
    portDescriptions: (dpid) => portDescriptions(dpid - 1),
    flows: (dpid, filter) =>
      flows(dpid - 1).filter((flow) => matches(flow, filter)),
    changeFlow() {
      throw new Deno.errors.NotSupported(
        "Cannot change flows one by one: the emulated switches forward by link weights, see POST /set_link_weights",
      );
    },
    topologySwitches: () =>
      ports.map((own, node) => ({
        dpid: dpidText(node + 1),
        ports: own.map(({ number }) => topologyPort(node, number)),
      })),
    topologyLinks: () =>
      Array.from({ length: topology.arcCount }, (_, arc) => ({
        src: topologyPort(topology.arcTails[arc], portOfArc.get(arc)!),
        dst: topologyPort(topology.arcHeads[arc], portOfArc.get(arc ^ 1)!),
      })),
    topologyHosts: () =>
      hosts.map(({ node }, host) => {
        const port = ports[node].find((each) => each.host === host)!;
        return {
          mac: hostAddress(host),
          ipv4: [hostIp(host)],
          ipv6: [],
          port: topologyPort(node, port.number),
        };
      }),
  };
}
