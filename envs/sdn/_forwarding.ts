/**
 * Routes that entries in switches change.
 *
 * @module
 */
import type { Routes } from "./routing.ts";
import type { Topology } from "./topology.ts";

/** A share of the traffic at a switch, and the arc that it takes. */
export interface ArcShare {
  /** The arc. */
  readonly arc: number;
  /** The share, from 0 to 1. */
  readonly share: number;
}

/**
 * What a switch does with traffic to a destination, given what it would do by
 * the weights; shares that are missing from 1 are dropped.
 */
export type Forwarding = (
  node: number,
  destination: number,
  byWeights: readonly ArcShare[],
) => readonly ArcShare[];

/**
 * Applies forwarding to routes. Where traffic would go round in circles it is
 * lost, as packets whose time to live is over are.
 */
export function applyForwarding(
  { nodeCount, arcHeads }: Topology,
  routes: Routes,
  forwarding: Forwarding,
): void {
  const starts = routes.start.slice();
  const [tails, arcs, shares] = [
    routes.tails.slice(),
    routes.arcs.slice(),
    routes.shares.slice(),
  ];
  let entry = 0;
  for (let t = 0; t < nodeCount; t++) {
    const hops: ArcShare[][] = Array.from({ length: nodeCount }, () => []);
    for (let i = starts[t]; i < starts[t + 1]; i++) {
      hops[tails[i]].push({ arc: arcs[i], share: shares[i] });
    }
    const next = hops.map((byWeights, node) =>
      node === t ? [] : forwarding(node, t, byWeights)
    );
    routes.start[t] = entry;
    for (const node of farthestFirst(next, arcHeads)) {
      for (const { arc, share } of next[node]) {
        routes.tails[entry] = node;
        routes.heads[entry] = arcHeads[arc];
        routes.arcs[entry] = arc;
        routes.shares[entry] = share;
        entry++;
      }
    }
  }
  routes.start[nodeCount] = entry;
}

/** Nodes in topological order (Kahn); those on circles are left out. */
function farthestFirst(
  next: readonly (readonly ArcShare[])[],
  arcHeads: Int32Array,
): number[] {
  const entering = new Int32Array(next.length);
  for (const hops of next) {
    for (const { arc } of hops) entering[arcHeads[arc]]++;
  }
  const order = [...next.keys()].filter((node) => entering[node] === 0);
  for (const node of order) {
    for (const { arc } of next[node]) {
      if (--entering[arcHeads[arc]] === 0) order.push(arcHeads[arc]);
    }
  }
  return order;
}
