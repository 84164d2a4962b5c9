/**
 * Max-min fair rates by progressive filling (Bertsekas and Gallager, "Data
 * Networks", section 6.5.2).
 *
 * @module
 */
import type { Routes } from "./routing.ts";
import type { Topology } from "./topology.ts";

/** A pair of switches with traffic between them. */
interface Flow {
  readonly index: number;
  readonly demand: number;
  /** Arcs on its ways. */
  readonly arcs: number[];
  /** Share of the flow on each of them. */
  readonly shares: number[];
}

const SMALL = 1e-9;

function flowsOf(
  { nodeCount, arcCount }: Topology,
  { start, tails, heads, arcs, shares }: Routes,
  demands: Float64Array,
): Flow[] {
  const flows: Flow[] = [];
  const onArc = new Float64Array(arcCount);
  const waiting = new Float64Array(nodeCount);
  for (let t = 0; t < nodeCount; t++) {
    for (let s = 0; s < nodeCount; s++) {
      const index = s * nodeCount + t;
      if (!(demands[index] > 0)) continue;
      onArc.fill(0);
      waiting.fill(0);
      waiting[s] = 1;
      for (let i = start[t]; i < start[t + 1]; i++) {
        const share = waiting[tails[i]] * shares[i];
        onArc[arcs[i]] += share;
        waiting[heads[i]] += share;
      }
      const used = [...onArc.keys()].filter((arc) => onArc[arc] > 0);
      flows.push({
        index,
        demand: demands[index],
        arcs: used,
        shares: used.map((arc) => onArc[arc]),
      });
    }
  }
  return flows;
}

/**
 * The max-min fair rate of each pair of switches, at most its demand: all
 * rates grow alike, until a demand is met or a link is full; who is met or
 * crosses it stays as it is, and the others go on.
 *
 * @returns Mbit/s in the places of `demands`.
 */
export function shareMaxMin(
  topology: Topology,
  routes: Routes,
  demands: Float64Array,
): Float64Array {
  const { arcCount, capacities } = topology;
  const rates = new Float64Array(demands.length);
  const left = Float64Array.from(
    { length: arcCount },
    (_, arc) => capacities[arc >> 1],
  );
  let growing = flowsOf(topology, routes, demands);
  const growth = new Float64Array(arcCount);
  while (growing.length > 0) {
    growth.fill(0);
    for (const { arcs, shares } of growing) {
      arcs.forEach((arc, i) => growth[arc] += shares[i]);
    }
    let step = Infinity;
    for (const { index, demand } of growing) {
      step = Math.min(step, demand - rates[index]);
    }
    for (let arc = 0; arc < arcCount; arc++) {
      if (growth[arc] > 0) step = Math.min(step, left[arc] / growth[arc]);
    }
    for (const { index } of growing) rates[index] += step;
    for (let arc = 0; arc < arcCount; arc++) left[arc] -= step * growth[arc];
    growing = growing.filter(({ index, demand, arcs }) =>
      demand - rates[index] > SMALL * demand &&
      arcs.every((arc) => left[arc] > SMALL * capacities[arc >> 1])
    );
  }
  return rates;
}
