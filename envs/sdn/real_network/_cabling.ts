/**
 * Hosts, cables and their speed: network namespaces, pairs of virtual Ethernet
 * interfaces, and token buckets at their ends.
 *
 * @module
 */
import {
  hostAddress,
  hostIp,
  portAddress,
  portName,
  portsOf,
  type Topology,
} from "../switch_ports.ts";
import { runProgram } from "./_programs.ts";
import type { Slot } from "./_slots.ts";

export type { Slot, Topology };

/** Bytes of the longest frame. */
const FRAME_BYTES = 1514;
/** A token bucket holds what its rate lets pass in so many seconds. */
const BURST_SECONDS = 0.004;

/** Commands of `ip` that lay the cables between switches, and to hosts. */
export function cableCommands(
  topology: Topology,
  namespace: (name: string) => string,
): string[] {
  const { nodeCount, hosts } = topology;
  const ports = Array.from(
    { length: nodeCount },
    (_, node) => portsOf(topology, node),
  );
  const nameOf = new Map<number, string>();
  ports.forEach((own, node) =>
    own.forEach(({ arc, number }) => {
      if (arc !== undefined) nameOf.set(arc, portName(node, number));
    })
  );
  const lines: string[] = [];
  ports.forEach((own, node) =>
    own.forEach(({ arc, host, number }) => {
      const name = portName(node, number);
      if (host !== undefined) {
        const space = namespace(hosts[host].name);
        lines.push(
          `link add ${name} type veth peer name eth0 netns ${space}`,
        );
      } else if (arc! % 2 === 0) {
        lines.push(
          `link add ${name} type veth peer name ${nameOf.get(arc! ^ 1)}`,
        );
      }
    })
  );
  ports.forEach((own, node) =>
    own.forEach(({ number }) => {
      const name = portName(node, number);
      const address = portAddress(node, number);
      lines.push(`link set ${name} address ${address} addrgenmode none`);
      lines.push(`link set ${name} up`);
    })
  );
  return lines;
}

/**
 * Commands of `ip` in a host's namespace. Hosts know each other's MAC
 * addresses, so that nothing is ever sent to all.
 */
export function hostCommands({ hosts }: Topology, host: number): string[] {
  return [
    "link set lo up",
    `link set eth0 address ${hostAddress(host)} addrgenmode none`,
    `addr add ${hostIp(host)}/8 dev eth0`,
    "link set eth0 up",
    ...hosts.flatMap((_, other) =>
      other === host ? [] : [
        `neigh add ${hostIp(other)} lladdr ${
          hostAddress(other)
        } dev eth0 nud permanent`,
      ]
    ),
  ];
}

/**
 * Commands of `tc` that give each end of a link between switches its speed and
 * its room.
 *
 * @param topology The network; capacities in Mbit/s.
 * @param bufferPackets Full-sized packets for which a link has room.
 */
export function speedCommands(
  topology: Topology,
  bufferPackets: number,
): string[] {
  const { nodeCount, capacities } = topology;
  return Array.from({ length: nodeCount }, (_, node) => node).flatMap((node) =>
    portsOf(topology, node).flatMap(({ arc, number }) => {
      if (arc === undefined) return [];
      const bits = Math.round(capacities[arc >> 1] * 1e6);
      const burst = Math.max(
        2 * FRAME_BYTES,
        Math.ceil(bits / 8 * BURST_SECONDS),
      );
      const limit = burst + bufferPackets * FRAME_BYTES;
      return [
        `qdisc replace dev ${
          portName(node, number)
        } root tbf rate ${bits}bit burst ${burst} limit ${limit}`,
      ];
    })
  );
}

function batch(program: string, namespace: string, lines: readonly string[]) {
  const input = lines.map((line) => `${line}\n`).join("");
  return runProgram([program, "-n", namespace, "-batch", "-"], { input });
}

/** Name of the namespace in which all switches are. */
export const SWITCHES = "switches";

/**
 * Makes the namespaces and lays the cables.
 *
 * @param topology The network.
 * @param options Whose place it is, and how much room links have.
 */
export async function layCables(
  topology: Topology,
  { slot, bufferPackets }: { slot: Slot; bufferPackets: number },
): Promise<void> {
  const { hosts } = topology;
  const names = [SWITCHES, ...hosts.map(({ name }) => name)]
    .map((name) => slot.namespace(name));
  await runProgram(["ip", "-batch", "-"], {
    input: names.map((name) => `netns add ${name}\n`).join(""),
  });
  const switches = slot.namespace(SWITCHES);
  const cables = cableCommands(topology, slot.namespace);
  await batch("ip", switches, cables);
  await batch("tc", switches, speedCommands(topology, bufferPackets));
  await Promise.all(hosts.map(async ({ name }, host) => {
    const space = slot.namespace(name);
    await batch("ip", space, hostCommands(topology, host));
    // The userspace datapath passes on what it reads: checksums must be there.
    const quiet = ["ethtool", "-K", "eth0", "tx", "off"];
    await runProgram(["ip", "netns", "exec", space, ...quiet]);
  }));
}
