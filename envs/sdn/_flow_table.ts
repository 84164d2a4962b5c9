/**
 * Flows between hosts as demands between switches.
 *
 * @module
 */
import { checkFlow, type ScheduledFlow } from "./flows.ts";
import { nearestName } from "../../core/nearest_name.ts";
import type { Topology } from "./topology.ts";

/** A schedule on a network. */
export interface FlowTable {
  /** The flows. */
  readonly flows: readonly ScheduledFlow[];
  /**
   * Adds the rates of the flows that are on to the demands.
   *
   * @param passed Microseconds since the schedule began.
   * @returns Mbit/s between hosts on one switch, and when a flow begins or
   * ends next, in microseconds since the schedule began.
   */
  addTo(
    demands: Float64Array,
    passed: number,
  ): { readonly local: number; readonly until: number };
}

const NOTHING = { local: 0, until: Infinity };

function nodeOf({ name, hosts }: Topology, host: string): number {
  const found = hosts.find((each) => each.name === host);
  if (found !== undefined) return found.node;
  const names = hosts.map((each) => each.name);
  const nearest = nearestName(host, names);
  throw new RangeError(
    `Cannot send between hosts of the network ${JSON.stringify(name)}: ${
      JSON.stringify(host)
    } is none, expected one of ${names.slice(0, 16).join(", ")}${
      names.length > 16 ? ", ..." : ""
    }${nearest ? ` (did you mean ${nearest}?)` : ""}`,
  );
}

/** The schedule on a network. Throws `RangeError` for an unknown host. */
export function makeFlowTable(
  topology: Topology,
  flows: readonly ScheduledFlow[],
): FlowTable {
  const { nodeCount } = topology;
  const entries = flows.map((flow) => {
    checkFlow(flow);
    const source = nodeOf(topology, flow.source);
    const destination = nodeOf(topology, flow.destination);
    const start = Math.round(flow.startSeconds * 1e6);
    return {
      isLocal: source === destination,
      index: source * nodeCount + destination,
      start,
      end: start + Math.round(flow.durationSeconds * 1e6),
      rate: flow.rate,
    };
  });
  return {
    flows,
    addTo(demands, passed) {
      if (entries.length === 0) return NOTHING;
      let local = 0;
      let until = Infinity;
      for (const { isLocal, index, start, end, rate } of entries) {
        if (passed < start) until = Math.min(until, start);
        else if (passed < end) {
          until = Math.min(until, end);
          if (isLocal) local += rate;
          else demands[index] += rate;
        }
      }
      return { local, until };
    },
  };
}
