/**
 * What went over each arc, as a switch's port counters tell.
 *
 * @module
 */
import type { NetworkLoad } from "./fluid_network.ts";
import type { Topology } from "./topology.ts";

/** Sums since the network began. */
export interface Counters {
  /**
   * Megabits: carried by each arc, lost at each arc, sent by the hosts of each
   * switch, received by them, passing each switch to each destination. Shape
   * [2 arcs + 2 switches + switches^2].
   */
  readonly totals: Float64Array;
  /** Megabits that an arc has carried. */
  carried(arc: number): number;
  /** Megabits that an arc had no room for. */
  lost(arc: number): number;
  /** Megabits that the hosts of a switch have sent. */
  sent(node: number): number;
  /** Megabits that the hosts of a switch have received. */
  received(node: number): number;
  /** Megabits that have passed a switch on the way to a destination. */
  passed(node: number, destination: number): number;
  /** Adds what went in some seconds. */
  add(load: NetworkLoad, seconds: number): void;
}

/**
 * Counters at 0.
 *
 * @param topology The network.
 */
export function makeCounters(topology: Topology): Counters {
  const { arcCount, nodeCount } = topology;
  const totals = new Float64Array(
    2 * (arcCount + nodeCount) + nodeCount * nodeCount,
  );
  const sentFrom = 2 * arcCount;
  const receivedFrom = sentFrom + nodeCount;
  const passedFrom = receivedFrom + nodeCount;
  return {
    totals,
    carried: (arc) => totals[arc],
    lost: (arc) => totals[arcCount + arc],
    sent: (node) => totals[sentFrom + node],
    received: (node) => totals[receivedFrom + node],
    passed: (node, destination) =>
      totals[passedFrom + destination * nodeCount + node],
    add({ carried, offered, sent, received, passing }, seconds) {
      for (let arc = 0; arc < arcCount; arc++) {
        totals[arc] += seconds * carried[arc];
        totals[arcCount + arc] += seconds * (offered[arc] - carried[arc]);
      }
      for (let u = 0; u < nodeCount; u++) {
        totals[sentFrom + u] += seconds * sent[u];
        totals[receivedFrom + u] += seconds * received[u];
      }
      for (let i = 0; i < passing.length; i++) {
        totals[passedFrom + i] += seconds * passing[i];
      }
    },
  };
}
