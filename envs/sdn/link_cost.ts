/**
 * What links cost by their load, as in traffic engineering.
 *
 * @module
 */
import type { Topology } from "./topology.ts";

/** Utilisations from which a unit of load costs so much. */
const STEPS: readonly (readonly [number, number])[] = [
  [0, 1],
  [1 / 3, 3],
  [2 / 3, 10],
  [9 / 10, 70],
  [1, 500],
  [11 / 10, 5000],
];

/**
 * Fortz and Thorup's cost of a link ("Internet traffic engineering by
 * optimizing OSPF weights", INFOCOM 2000): piecewise linear and convex, with
 * slopes 1, 3, 10, 70, 500 and 5000 from utilisations of 0, 1/3, 2/3, 9/10, 1
 * and 11/10 on.
 *
 * @param load Load in Mbit/s.
 * @param capacity Capacity in Mbit/s.
 */
export function fortzThorupCost(load: number, capacity: number): number {
  const utilisation = load / capacity;
  let cost = 0;
  let slope = 0;
  for (const [from, next] of STEPS) {
    if (utilisation <= from) break;
    cost += (next - slope) * (utilisation - from);
    slope = next;
  }
  return cost * capacity;
}

/**
 * The cost of all links together.
 *
 * @param topology The network.
 * @param loads Load of each arc in Mbit/s.
 */
export function networkCost(
  { capacities }: Topology,
  loads: Float64Array,
): number {
  let sum = 0;
  for (let arc = 0; arc < loads.length; arc++) {
    sum += fortzThorupCost(loads[arc], capacities[arc >> 1]);
  }
  return sum;
}
