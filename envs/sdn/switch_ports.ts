/**
 * Ports and addresses of a network's switches and hosts, emulated or real:
 * switch `i` has the number `i + 1`, and ports from 1 on, those to other
 * switches first, in the order of the links, then those to hosts.
 *
 * @module
 */
import type { Topology } from "./topology.ts";

export type { Topology };

/** A port: an arc that leaves the switch, or a host. */
export interface Port {
  /** Its number. */
  readonly number: number;
  /** The arc that leaves there. */
  readonly arc?: number;
  /** The host that hangs there, by its index. */
  readonly host?: number;
}

/**
 * The ports of a switch.
 *
 * @param topology The network.
 * @param node The switch's index.
 */
export function portsOf(
  { outStart, outArcs, hosts }: Topology,
  node: number,
): Port[] {
  const arcs = [...outArcs.subarray(outStart[node], outStart[node + 1])];
  const own = hosts.flatMap((host, k) => host.node === node ? [k] : []);
  return [
    ...arcs.map((arc) => ({ arc })),
    ...own.map((host) => ({ host })),
  ].map((port, i) => ({ number: i + 1, ...port }));
}

/**
 * The port from which each arc leaves.
 *
 * @param ports The ports of each switch.
 */
export function portsOfArcs(
  ports: readonly (readonly Port[])[],
): Map<number, number> {
  return new Map(
    ports.flat().flatMap(({ arc, number }) =>
      arc === undefined ? [] : [[arc, number]]
    ),
  );
}

/**
 * A port's name, such as `s1-eth2`.
 *
 * @param node The switch's index.
 * @param port The port's number.
 */
export function portName(node: number, port: number): string {
  return `s${node + 1}-eth${port}`;
}

function bytesOf(value: number): string {
  return [value >> 24, value >> 16, value >> 8, value]
    .map((part) => (part & 255).toString(16).padStart(2, "0")).join(":");
}

/**
 * MAC address of a port.
 *
 * @param node The switch's index.
 * @param port The port's number.
 */
export function portAddress(node: number, port: number): string {
  return `02:01:${bytesOf(((node + 1) << 12) | port)}`;
}

/**
 * MAC address of a host.
 *
 * @param host Its index.
 */
export function hostAddress(host: number): string {
  return `02:00:${bytesOf(host + 1)}`;
}

/**
 * IPv4 address of a host: 10.0.0.1 of the first.
 *
 * @param host Its index.
 */
export function hostIp(host: number): string {
  const number = host + 1;
  return `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
}
