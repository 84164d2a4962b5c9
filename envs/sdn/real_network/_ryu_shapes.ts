/**
 * OpenFlow's structures in the shapes of Ryu's ofctl_rest, and back.
 *
 * @module
 */
import type { Action, FlowMod, FlowModCommand } from "../openflow/flow_mod.ts";
import {
  type Group,
  GROUP_TYPES,
  type GroupMod,
} from "../openflow/group_mod.ts";
import type { Match } from "../openflow/match.ts";
import type {
  FlowStats,
  PortCounters,
  SwitchDescription,
} from "../openflow/multipart.ts";
import { type PortDescription, RESERVED_PORTS } from "../openflow/ports.ts";
import type {
  RyuAction,
  RyuDescription,
  RyuFlow,
  RyuFlowEntry,
  RyuGroup,
  RyuGroupEntry,
  RyuPortDescription,
  RyuPortStats,
} from "../ryu_messages.ts";
import type { FlowFilter } from "../switch_network.ts";

export type {
  Action,
  FlowFilter,
  FlowMod,
  FlowModCommand,
  FlowStats,
  Group,
  GroupMod,
  Match,
  PortCounters,
  PortDescription,
  RyuAction,
  RyuDescription,
  RyuFlow,
  RyuFlowEntry,
  RyuGroup,
  RyuGroupEntry,
  RyuPortDescription,
  RyuPortStats,
  SwitchDescription,
};

/** Ports that Ryu names instead of numbering. */
const PORT_NAMES: Readonly<Record<string, number>> = {
  IN_PORT: RESERVED_PORTS.inPort,
  TABLE: RESERVED_PORTS.table,
  NORMAL: RESERVED_PORTS.normal,
  FLOOD: RESERVED_PORTS.flood,
  ALL: RESERVED_PORTS.all,
  CONTROLLER: RESERVED_PORTS.controller,
  LOCAL: RESERVED_PORTS.local,
  ANY: RESERVED_PORTS.any,
};
const NAMES_OF_PORTS = new Map(
  Object.entries(PORT_NAMES).map(([name, port]) => [port, name]),
);

/** OpenFlow 1.0's names of fields, by today's. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  eth_src: "dl_src",
  eth_dst: "dl_dst",
  eth_type: "dl_type",
  vlan_vid: "dl_vlan",
  ip_proto: "nw_proto",
  ipv4_src: "nw_src",
  ipv4_dst: "nw_dst",
  tcp_src: "tp_src",
  tcp_dst: "tp_dst",
  udp_src: "tp_src",
  udp_dst: "tp_dst",
};
const NEW_NAMES: Readonly<Record<string, string>> = {
  dl_src: "eth_src",
  dl_dst: "eth_dst",
  dl_type: "eth_type",
  dl_vlan: "vlan_vid",
  nw_proto: "ip_proto",
  nw_src: "ipv4_src",
  nw_dst: "ipv4_dst",
};
const TCP = 6;

function portWord(port: number): number | string {
  return NAMES_OF_PORTS.get(port) ?? port;
}

/** Counters of a port. */
export function ryuPortStats(port: PortCounters): RyuPortStats {
  return {
    port_no: portWord(port.number),
    rx_packets: port.receivedPackets,
    tx_packets: port.sentPackets,
    rx_bytes: port.receivedBytes,
    tx_bytes: port.sentBytes,
    rx_dropped: port.receivedDropped,
    tx_dropped: port.sentDropped,
    rx_errors: port.receiveErrors,
    tx_errors: port.sendErrors,
    rx_frame_err: port.frameErrors,
    rx_over_err: port.overruns,
    rx_crc_err: port.checksumErrors,
    collisions: port.collisions,
    duration_sec: port.seconds,
    duration_nsec: port.nanoseconds,
  };
}

/** A port. */
export function ryuPort(port: PortDescription): RyuPortDescription {
  return {
    port_no: portWord(port.number),
    hw_addr: port.address,
    name: port.name,
    config: port.config,
    state: port.state,
    curr: port.current,
    advertised: port.advertised,
    supported: port.supported,
    peer: port.peer,
    curr_speed: port.currentSpeed,
    max_speed: port.maximumSpeed,
  };
}

/** A switch. */
export function ryuDescription(of: SwitchDescription): RyuDescription {
  return {
    mfr_desc: of.manufacturer,
    hw_desc: of.hardware,
    sw_desc: of.software,
    serial_num: of.serialNumber,
    dp_desc: of.datapath,
  };
}

function actionText(action: Action): string {
  switch (action.type) {
    case "OUTPUT":
      return `OUTPUT:${portWord(action.port)}`;
    case "GROUP":
      return `GROUP:${action.groupId}`;
    case "SET_FIELD":
      return `SET_FIELD: {${action.field}:${action.value}}`;
    case "DEC_NW_TTL":
      return action.type;
    case "OTHER":
      return `UNKNOWN:${action.code}`;
  }
}

function oldMatch(match: Match): Match {
  return Object.fromEntries(
    Object.entries(match).map(([name, value]) => [
      OLD_NAMES[name] ?? name,
      value,
    ]),
  );
}

/** A flow entry. */
export function ryuFlow(flow: FlowStats): RyuFlow {
  return {
    priority: flow.priority,
    cookie: flow.cookie,
    idle_timeout: flow.idleTimeout,
    hard_timeout: flow.hardTimeout,
    actions: flow.actions.map(actionText),
    match: oldMatch(flow.match),
    byte_count: flow.bytes,
    duration_sec: flow.seconds,
    duration_nsec: flow.nanoseconds,
    packet_count: flow.packets,
    table_id: flow.table,
    length: flow.length,
    flags: flow.flags,
  };
}

/** Whether a flow is among those that are asked for. */
export function isMeant(flow: RyuFlow, filter: FlowFilter): boolean {
  const { out_port, table_id, match = {} } = filter;
  const wanted = oldMatch(match);
  return (out_port === undefined ||
    flow.actions.includes(`OUTPUT:${portWord(out_port)}`)) &&
    (table_id === undefined || table_id === flow.table_id) &&
    Object.keys(wanted).every((field) => flow.match[field] === wanted[field]);
}

/** A group. */
export function ryuGroup({ type, groupId, buckets }: Group): RyuGroup {
  return {
    type,
    group_id: groupId,
    buckets: buckets.map(({ weight, watchPort, actions }) => ({
      weight,
      watch_port: watchPort ?? RESERVED_PORTS.any,
      watch_group: RESERVED_PORTS.any,
      actions: actions.map(actionText),
    })),
  };
}

function readPort(port: unknown): number {
  const number = typeof port === "string" ? PORT_NAMES[port] : port;
  if (
    typeof number !== "number" || !Number.isInteger(number) || number < 1 ||
    number > RESERVED_PORTS.any
  ) {
    throw new RangeError(
      `Cannot output to the port ${
        JSON.stringify(port)
      }: expected a number from 1 or one of ${
        Object.keys(PORT_NAMES).join(", ")
      }`,
    );
  }
  return number;
}

function readAction(action: RyuAction): Action {
  switch (action.type) {
    case "OUTPUT":
      return { type: "OUTPUT", port: readPort(action.port) };
    case "GROUP":
      return { type: "GROUP", groupId: whole("group_id", action.group_id) };
    case "DEC_NW_TTL":
      return { type: "DEC_NW_TTL" };
    case "SET_FIELD":
      return {
        type: "SET_FIELD",
        field: String(action.field),
        value: action.value as number | string,
      };
  }
  throw new Deno.errors.NotSupported(
    `Cannot carry out the action ${
      JSON.stringify(action.type)
    }: expected one of OUTPUT, GROUP, SET_FIELD, DEC_NW_TTL`,
  );
}

function readActions(actions: readonly RyuAction[] = []): Action[] {
  if (
    !Array.isArray(actions) ||
    !actions.every((action) => action !== null && typeof action === "object")
  ) {
    throw new TypeError(
      'Cannot use these actions, expected a list such as [{"type": "OUTPUT", "port": 2}]',
    );
  }
  return actions.map(readAction);
}

function whole(name: string, value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(
      `Cannot use the ${name} ${
        JSON.stringify(value)
      }, expected a whole number from 0`,
    );
  }
  return value;
}

/** A match by today's names, from either. */
function newMatch(match: Match): Match {
  const transport = Number(match.ip_proto ?? match.nw_proto) === TCP
    ? "tcp"
    : "udp";
  return Object.fromEntries(
    Object.entries(match).map(([name, value]) => [
      name === "tp_src" || name === "tp_dst"
        ? `${transport}_${name.slice(3)}`
        : NEW_NAMES[name] ?? name,
      value,
    ]),
  );
}

/**
 * A change of flows. Throws `RangeError` and `TypeError` for values that make
 * no sense, and `Deno.errors.NotSupported` for actions that are not there.
 */
export function flowModOf(
  command: FlowModCommand,
  entry: RyuFlowEntry,
): FlowMod {
  return {
    command,
    match: newMatch(entry.match ?? {}),
    actions: readActions(entry.actions),
    priority: entry.priority,
    cookie: entry.cookie,
    table: entry.table_id,
    idleTimeout: entry.idle_timeout,
    hardTimeout: entry.hard_timeout,
    flags: entry.flags,
  };
}

/**
 * A change of groups. Throws as {@linkcode flowModOf} does.
 */
export function groupModOf(
  command: GroupMod["command"],
  entry: RyuGroupEntry,
): GroupMod {
  const { type = "ALL", group_id = 0, buckets = [] } = entry;
  if (!GROUP_TYPES.includes(type)) {
    throw new RangeError(
      `Cannot make a group of the type ${
        JSON.stringify(type)
      }: expected one of ${GROUP_TYPES.join(", ")}`,
    );
  }
  if (!Array.isArray(buckets)) {
    throw new TypeError(
      'Cannot use these buckets, expected a list such as [{"weight": 1, "actions": []}]',
    );
  }
  return {
    command,
    type,
    groupId: whole("group_id", group_id),
    buckets: buckets.map(({ weight = 0, watch_port, actions }) => ({
      weight: whole("weight", weight),
      watchPort: watch_port,
      actions: readActions(actions),
    })),
  };
}
