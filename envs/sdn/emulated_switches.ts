/**
 * An emulated network as its switches, ports, flows and hosts.
 *
 * Switch `i` has the dpid `i + 1`; its ports are numbered from 1, those to
 * other switches first, in the order of the links, then those to hosts. Host
 * `k` has the address 10.0.0.`k + 1` (10.0.1.0 after 10.0.0.255).
 *
 * @module
 */
import { switchFlows } from "./_switch_flows.ts";
import {
  hostAddress,
  hostIp,
  type Port,
  portAddress,
  portName,
  portsOf,
  portsOfArcs,
} from "./switch_ports.ts";
import { micros } from "./emulator_options.ts";
import type { FluidEmulator } from "./fluid_emulator.ts";
import type { SwitchNetwork } from "./switch_network.ts";
import { makeNetworkStats } from "./routing_controller.ts";
import {
  dpidText,
  portText,
  type RyuPortDescription,
  type RyuPortStats,
  type RyuTopologyPort,
  type WeightsReply,
} from "./ryu_messages.ts";

export type { FluidEmulator, SwitchNetwork };

const BYTES_PER_MEGABIT = 1e6 / 8;
/** Speed of ports to hosts, which are never full. */
const HOST_MBPS = 10_000;

/**
 * The REST interface's view of an emulated network. Flows are those that the
 * routes amount to, of priority 1: for each host one, with several outputs
 * where traffic is split. Entries of a higher priority come before them and
 * stay when weights change.
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
  const portOfArc = portsOfArcs(ports);
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

  const flows = switchFlows({
    emulator,
    ports,
    portOfArc,
    shareOf,
    packets,
    bytes,
  });

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
    flows: (dpid, filter) => {
      look();
      return flows.flows(dpid - 1, filter);
    },
    changeFlow(command, entry) {
      look();
      flows.change(command, entry);
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
