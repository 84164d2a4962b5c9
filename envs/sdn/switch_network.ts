/**
 * A network with its controller, as the REST interface asks it.
 *
 * @module
 */
import type {
  FlowCommand,
  GroupCommand,
  RyuDescription,
  RyuFlow,
  RyuFlowEntry,
  RyuGroup,
  RyuGroupEntry,
  RyuPortDescription,
  RyuPortStats,
  RyuTopologyHost,
  RyuTopologyLink,
  RyuTopologySwitch,
  StatsReply,
  WeightsReply,
  WeightsRequest,
} from "./ryu_messages.ts";

export type {
  FlowCommand,
  GroupCommand,
  RyuDescription,
  RyuFlow,
  RyuFlowEntry,
  RyuGroup,
  RyuGroupEntry,
  RyuPortDescription,
  RyuPortStats,
  RyuTopologyHost,
  RyuTopologyLink,
  RyuTopologySwitch,
  StatsReply,
  WeightsReply,
  WeightsRequest,
};

/** At once or later. */
export type MaybePromise<T> = T | Promise<T>;

/** Which flows are meant: those of a port, a table, a match. */
export interface FlowFilter {
  /** Flows to this port only. */
  readonly out_port?: number;
  /** Flows of this table only. */
  readonly table_id?: number;
  /** Flows with these fields only. */
  readonly match?: Readonly<Record<string, number | string>>;
}

/**
 * A network with its controller, as the interface shows it. Methods that take
 * a dpid are called with those of {@linkcode SwitchNetwork.switches} only. What
 * they throw is answered with 400 where it is a `RangeError`, `TypeError` or
 * `SyntaxError`, with 501 where it is `Deno.errors.NotSupported`, else with
 * 500.
 */
export interface SwitchNetwork {
  /** What the network carries. */
  stats(): MaybePromise<StatsReply>;
  /** Weights, baseline and range. */
  weights(): MaybePromise<WeightsReply>;
  /** Changes weights, and says which they are then. */
  setLinkWeights(request: WeightsRequest): MaybePromise<WeightsReply>;
  /** Brings back the weights of the beginning. */
  restoreBaseline(seed: number | undefined): MaybePromise<void>;
  /** Numbers of the switches. */
  switches(): MaybePromise<readonly number[]>;
  /** What a switch is. */
  describe(dpid: number): MaybePromise<RyuDescription>;
  /** Counters of a switch's ports. */
  portStats(dpid: number): MaybePromise<readonly RyuPortStats[]>;
  /** A switch's ports. */
  portDescriptions(dpid: number): MaybePromise<readonly RyuPortDescription[]>;
  /** A switch's flows. */
  flows(dpid: number, filter: FlowFilter): MaybePromise<readonly RyuFlow[]>;
  /** Changes a switch's flows. */
  changeFlow(command: FlowCommand, entry: RyuFlowEntry): MaybePromise<void>;
  /** A switch's groups; missing where switches have none. */
  groups?(dpid: number): MaybePromise<readonly RyuGroup[]>;
  /** Changes a switch's groups; missing where switches have none. */
  changeGroup?(command: GroupCommand, entry: RyuGroupEntry): MaybePromise<void>;
  /** Switches and their ports. */
  topologySwitches(): MaybePromise<readonly RyuTopologySwitch[]>;
  /** Links, one object a direction. */
  topologyLinks(): MaybePromise<readonly RyuTopologyLink[]>;
  /** Hosts. */
  topologyHosts(): MaybePromise<readonly RyuTopologyHost[]>;
}
