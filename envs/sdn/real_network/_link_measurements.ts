/**
 * From the counters of switches to utilisations, throughput and delay.
 *
 * @module
 */
import type { PortCounters } from "../openflow/multipart.ts";
import type { StatsReply } from "../ryu_messages.ts";
import { portsOf, portsOfArcs, type Topology } from "../switch_ports.ts";

export type { PortCounters, StatsReply, Topology };

/** Counters of all ports: of switch `i` at `i`. */
export type Snapshot = readonly (readonly PortCounters[])[];

/** Bits and seconds between two looks at a port. */
interface Passed {
  readonly receivedMbps: number;
  readonly sentMbps: number;
}

function passed(before: PortCounters, after: PortCounters): Passed {
  const seconds = after.seconds - before.seconds +
    1e-9 * (after.nanoseconds - before.nanoseconds);
  // A port that was made anew counts from 0 again.
  const [from, duration] = seconds >= 0
    ? [before, seconds]
    : [undefined, after.seconds + 1e-9 * after.nanoseconds];
  const rate = (now: number, then = 0) =>
    duration > 0 ? 8e-6 * Math.max(now - then, 0) / duration : 0;
  return {
    receivedMbps: rate(after.receivedBytes, from?.receivedBytes),
    sentMbps: rate(after.sentBytes, from?.sentBytes),
  };
}

/**
 * A function that compares two looks at the counters of a network. A link has
 * carried what the switch at its end has received; what its token bucket
 * dropped is not among it.
 *
 * @param topology The network; capacities in Mbit/s.
 * @returns Takes the looks and the latest delay of each arc in milliseconds.
 * The mean delay is Kleinrock's: each arc's delay counts by what it carries,
 * in proportion to what arrives.
 */
export function linkMeter(
  topology: Topology,
): (
  before: Snapshot,
  after: Snapshot,
  arcDelaysMs: Float64Array,
) => StatsReply {
  const { nodeCount, linkCount, arcCount, arcHeads, capacities } = topology;
  const ports = Array.from(
    { length: nodeCount },
    (_, node) => portsOf(topology, node),
  );
  const portOfArc = portsOfArcs(ports);
  return (before, after, arcDelaysMs) => {
    const portPassed = (node: number, number: number): Passed => {
      const isPort = (port: PortCounters) => port.number === number;
      const now = after[node].find(isPort);
      const then = before[node].find(isPort);
      return now === undefined
        ? { receivedMbps: 0, sentMbps: 0 }
        : passed(then ?? { ...now, seconds: Infinity }, now);
    };
    const carried = Float64Array.from(
      { length: arcCount },
      (_, arc) =>
        portPassed(arcHeads[arc], portOfArc.get(arc ^ 1)!).receivedMbps,
    );
    let [sent, arrived] = [0, 0];
    ports.forEach((own, node) =>
      own.forEach(({ host, number }) => {
        if (host === undefined) return;
        const { receivedMbps, sentMbps } = portPassed(node, number);
        sent += receivedMbps;
        arrived += sentMbps;
      })
    );
    const waiting = carried.reduce(
      (sum, load, arc) => sum + load * arcDelaysMs[arc],
      0,
    );
    return {
      link_utils: Array.from({ length: linkCount }, (_, l) =>
        Math.min(
          Math.max(carried[2 * l], carried[2 * l + 1]) / capacities[l],
          1,
        )),
      avg_delay: arrived > 0 ? waiting / arrived : 0,
      throughput: arrived,
      demand: sent,
    };
  };
}
