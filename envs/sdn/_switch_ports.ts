/**
 * Ports and addresses of emulated switches.
 *
 * @module
 */
import type { Topology } from "./topology.ts";

/** A port: an arc that leaves the switch, or a host. */
export interface Port {
  readonly number: number;
  readonly arc?: number;
  readonly host?: number;
}

/** The ports of a switch. */
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

function bytesOf(value: number): string {
  return [value >> 24, value >> 16, value >> 8, value]
    .map((part) => (part & 255).toString(16).padStart(2, "0")).join(":");
}

/** MAC address of a port. */
export function portAddress(node: number, port: number): string {
  return `02:01:${bytesOf(((node + 1) << 12) | port)}`;
}

/** MAC address of a host. */
export function hostAddress(host: number): string {
  return `02:00:${bytesOf(host + 1)}`;
}

/** 10.0.0.1 for the first host. */
export function hostIp(host: number): string {
  const number = host + 1;
  return `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
}
