/**
 * What Ryu's REST applications (ofctl_rest, rest_topology) and the original's
 * three end points send, for switches that speak OpenFlow 1.3.
 *
 * @module
 */

/** Reply of `GET /stats`. */
export interface StatsReply {
  /** Utilisation of each link, from 0 to 1. */
  readonly link_utils: readonly number[];
  /** Mean delay in milliseconds. */
  readonly avg_delay: number;
  /** What arrives, in Mbit/s. */
  readonly throughput: number;
  /** What is sent, in Mbit/s; an addition of Loadstar's. */
  readonly demand?: number;
  /** Largest utilisation if nothing were lost; an addition of Loadstar's. */
  readonly largest_utilisation?: number;
}

/** Reply of `GET /weights`, an addition of Loadstar's. */
export interface WeightsReply {
  /** The links' weights. */
  readonly weights: readonly number[];
  /** What `POST /restore_baseline` brings back. */
  readonly baseline: readonly number[];
  /** Lowest and highest weight. */
  readonly range: readonly [number, number];
  /** `virtual` where time moves by a step with each change of weights. */
  readonly clock: "virtual" | "wall";
}

/** Body of `POST /set_link_weights`: one of both. */
export interface WeightsRequest {
  /** What is added to each weight. */
  readonly deltas?: readonly number[];
  /** The weights themselves; an addition of Loadstar's. */
  readonly weights?: readonly number[];
}

/** Counters of a port in `GET /stats/port/<dpid>`. */
export interface RyuPortStats {
  /** Number, or `LOCAL`. */
  readonly port_no: number | string;
  /** Packets received. */
  readonly rx_packets: number;
  /** Packets sent. */
  readonly tx_packets: number;
  /** Bytes received. */
  readonly rx_bytes: number;
  /** Bytes sent. */
  readonly tx_bytes: number;
  /** Packets received and dropped. */
  readonly rx_dropped: number;
  /** Packets that there was no room for. */
  readonly tx_dropped: number;
  /** Receive errors. */
  readonly rx_errors: number;
  /** Transmit errors. */
  readonly tx_errors: number;
  /** Frame alignment errors. */
  readonly rx_frame_err: number;
  /** Overruns. */
  readonly rx_over_err: number;
  /** Checksum errors. */
  readonly rx_crc_err: number;
  /** Collisions. */
  readonly collisions: number;
  /** Seconds that the port has been up. */
  readonly duration_sec: number;
  /** Nanoseconds beyond these. */
  readonly duration_nsec: number;
}

/** A port in `GET /stats/portdesc/<dpid>`; speeds in kbit/s. */
export interface RyuPortDescription {
  /** Number, or `LOCAL`. */
  readonly port_no: number | string;
  /** MAC address. */
  readonly hw_addr: string;
  /** Name, such as `s1-eth1`. */
  readonly name: string;
  /** Bits of OFPPC_*. */
  readonly config: number;
  /** Bits of OFPPS_*. */
  readonly state: number;
  /** Current features. */
  readonly curr: number;
  /** Advertised features. */
  readonly advertised: number;
  /** Supported features. */
  readonly supported: number;
  /** Features of the other end. */
  readonly peer: number;
  /** Current bit rate in kbit/s. */
  readonly curr_speed: number;
  /** Highest bit rate in kbit/s. */
  readonly max_speed: number;
}

/** A switch in `GET /stats/desc/<dpid>`. */
export interface RyuDescription {
  /** Manufacturer. */
  readonly mfr_desc: string;
  /** Hardware. */
  readonly hw_desc: string;
  /** Software. */
  readonly sw_desc: string;
  /** Serial number. */
  readonly serial_num: string;
  /** The switch in words. */
  readonly dp_desc: string;
}

/** A flow in `GET /stats/flow/<dpid>`. */
export interface RyuFlow {
  /** Priority; higher ones are looked at first. */
  readonly priority: number;
  /** Cookie. */
  readonly cookie: number;
  /** Seconds without traffic after which it goes. */
  readonly idle_timeout: number;
  /** Seconds after which it goes. */
  readonly hard_timeout: number;
  /** Such as `OUTPUT:2`. */
  readonly actions: readonly string[];
  /** Fields by OpenFlow 1.0's names, as Ryu writes them. */
  readonly match: Readonly<Record<string, number | string>>;
  /** Bytes that it matched. */
  readonly byte_count: number;
  /** Seconds that it has been there. */
  readonly duration_sec: number;
  /** Nanoseconds beyond these. */
  readonly duration_nsec: number;
  /** Packets that it matched. */
  readonly packet_count: number;
  /** Table. */
  readonly table_id: number;
  /** Length of its OpenFlow message, in bytes. */
  readonly length: number;
  /** Bits of OFPFF_*. */
  readonly flags: number;
}

/** Flows together, in `GET /stats/aggregateflow/<dpid>`. */
export interface RyuAggregate {
  /** Packets that they matched. */
  readonly packet_count: number;
  /** Bytes that they matched. */
  readonly byte_count: number;
  /** How many they are. */
  readonly flow_count: number;
}

/** One action of a command, such as `{"type": "OUTPUT", "port": 2}`. */
export interface RyuAction {
  /** `OUTPUT`, `GROUP`, ... */
  readonly type: string;
  /** What it needs. */
  readonly [field: string]: unknown;
}

/** Body of `POST /stats/flowentry/<command>`; what is left out is 0. */
export interface RyuFlowEntry {
  /** The switch. */
  readonly dpid: number;
  /** Cookie. */
  readonly cookie?: number;
  /** Table. */
  readonly table_id?: number;
  /** Seconds without traffic after which it goes; 0: it stays. */
  readonly idle_timeout?: number;
  /** Seconds after which it goes; 0: it stays. */
  readonly hard_timeout?: number;
  /** Priority; higher ones are looked at first. */
  readonly priority?: number;
  /** Bits of OFPFF_*. */
  readonly flags?: number;
  /** Fields; none match everything. */
  readonly match?: Readonly<Record<string, number | string>>;
  /** What is done; nothing drops. */
  readonly actions?: readonly RyuAction[];
}

/** Commands of `POST /stats/flowentry/<command>`. */
export const FLOW_COMMANDS = [
  "add",
  "modify",
  "modify_strict",
  "delete",
  "delete_strict",
] as const;

/** A command of `POST /stats/flowentry/<command>`. */
export type FlowCommand = typeof FLOW_COMMANDS[number];

/** Kinds of groups. */
export type RyuGroupType = "ALL" | "SELECT" | "INDIRECT" | "FF";

/** A group in `GET /stats/groupdesc/<dpid>`. */
export interface RyuGroup {
  /** What it does with a packet. */
  readonly type: RyuGroupType;
  /** Its number. */
  readonly group_id: number;
  /** Its ways. */
  readonly buckets: readonly {
    /** Share in proportion to the sum. */
    readonly weight: number;
    /** Port that has to be up. */
    readonly watch_port: number;
    /** Group that has to be alive. */
    readonly watch_group: number;
    /** Such as `OUTPUT:2`. */
    readonly actions: readonly string[];
  }[];
}

/** Body of `POST /stats/groupentry/<command>`. */
export interface RyuGroupEntry {
  /** The switch. */
  readonly dpid: number;
  /** What it does with a packet. Default `ALL`. */
  readonly type?: RyuGroupType;
  /** Its number. Default 0. */
  readonly group_id?: number;
  /** Its ways. */
  readonly buckets?: readonly {
    /** Share in proportion to the sum. */
    readonly weight?: number;
    /** Port that has to be up. */
    readonly watch_port?: number;
    /** What is done with the packet. */
    readonly actions?: readonly RyuAction[];
  }[];
}

/** Commands of `POST /stats/groupentry/<command>`. */
export const GROUP_COMMANDS = ["add", "modify", "delete"] as const;

/** A command of `POST /stats/groupentry/<command>`. */
export type GroupCommand = typeof GROUP_COMMANDS[number];

/** A port in rest_topology's replies. */
export interface RyuTopologyPort {
  /** The switch, 16 hexadecimal digits. */
  readonly dpid: string;
  /** The port, 8 hexadecimal digits. */
  readonly port_no: string;
  /** MAC address. */
  readonly hw_addr: string;
  /** Name, such as `s1-eth1`. */
  readonly name: string;
}

/** A switch in `GET /v1.0/topology/switches`. */
export interface RyuTopologySwitch {
  /** The switch, 16 hexadecimal digits. */
  readonly dpid: string;
  /** Its ports. */
  readonly ports: readonly RyuTopologyPort[];
}

/** One direction of a link in `GET /v1.0/topology/links`. */
export interface RyuTopologyLink {
  /** Where it begins. */
  readonly src: RyuTopologyPort;
  /** Where it ends. */
  readonly dst: RyuTopologyPort;
}

/** A host in `GET /v1.0/topology/hosts`. */
export interface RyuTopologyHost {
  /** MAC address. */
  readonly mac: string;
  /** IPv4 addresses. */
  readonly ipv4: readonly string[];
  /** IPv6 addresses. */
  readonly ipv6: readonly string[];
  /** Where it hangs. */
  readonly port: RyuTopologyPort;
}

/**
 * A switch's number as rest_topology writes it.
 *
 * @param dpid The number, from 0.
 */
export function dpidText(dpid: number): string {
  return dpid.toString(16).padStart(16, "0");
}

/**
 * A port's number as rest_topology writes it.
 *
 * @param port The number, from 0.
 */
export function portText(port: number): string {
  return port.toString(16).padStart(8, "0");
}
