/**
 * Flow entries that users put into emulated switches: which there are, and
 * which of them says where a host's traffic goes.
 *
 * @module
 */
import type { FlowCommand, RyuFlowEntry } from "./ryu_messages.ts";

export type { FlowCommand, RyuFlowEntry };

/** Fields of a match by OpenFlow 1.0's names, as Ryu writes them. */
export type FlowMatch = Readonly<Record<string, number | string>>;

/** An entry in a switch. */
export interface InstalledFlow {
  /** Priority; the highest that matches counts. */
  readonly priority: number;
  /** Cookie. */
  readonly cookie: number;
  /** Fields. */
  readonly match: FlowMatch;
  /** The port to which packets go; undefined drops them. */
  port: number | undefined;
  /** Megabits that it matched. */
  megabits: number;
  /** When it was put in, in seconds of the network's time. */
  readonly since: number;
}

/** A command to a switch. */
export interface FlowChange {
  /** What is done. */
  readonly command: FlowCommand;
  /** What with. */
  readonly entry: RyuFlowEntry;
  /** How many ports the switch has. */
  readonly ports: number;
  /** The network's time, in seconds. */
  readonly now: number;
}

/** A host, as matches see it. */
export interface HostAddresses {
  /** MAC address. */
  readonly mac: string;
  /** IPv4 address. */
  readonly ip: string;
}

const ETH_TYPE_IPV4 = 2048;
/** Of the fields that tell hosts apart, the later names. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  eth_type: "dl_type",
  eth_dst: "dl_dst",
  ipv4_dst: "nw_dst",
};
const FIELDS = ["dl_type", "dl_dst", "nw_dst"];

/**
 * A match by OpenFlow 1.0's names.
 *
 * @param match By any of the names that Ryu takes.
 */
export function oldNames(match: FlowMatch): FlowMatch {
  return Object.fromEntries(
    Object.entries(match).map(([field, value]) => [
      OLD_NAMES[field] ?? field,
      value,
    ]),
  );
}

function ipNumber(text: string): number {
  const digits = text.split(".");
  const parts = digits.map(Number);
  if (
    digits.length !== 4 ||
    !digits.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)
  ) {
    throw new RangeError(
      `Cannot match the address ${
        JSON.stringify(text)
      }: expected one such as 10.0.0.1`,
    );
  }
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

/** Address and mask of `10.0.0.1`, `10.0.0.0/24` or `10.0.0.0/255.255.255.0`. */
function prefix(text: string): [number, number] {
  const [address, mask] = text.split("/");
  if (mask === undefined) return [ipNumber(address), 0xffffffff];
  const length = /^\d+$/.test(mask) ? Number(mask) : undefined;
  if (length !== undefined && length > 32) {
    throw new RangeError(`Cannot match /${mask}: expected 32 bits at most`);
  }
  const bits = length === undefined
    ? ipNumber(mask)
    : length === 0
    ? 0
    : (0xffffffff << (32 - length)) >>> 0;
  return [ipNumber(address), bits];
}

function sameUnder(mask: number, a: number, b: number): boolean {
  return ((a & mask) >>> 0) === ((b & mask) >>> 0);
}

/** Whether a host's traffic has the fields of a match. */
export function matchesHost(
  match: FlowMatch,
  { mac, ip }: HostAddresses,
): boolean {
  const { dl_type, dl_dst, nw_dst } = match;
  if (dl_type !== undefined && dl_type !== ETH_TYPE_IPV4) return false;
  if (dl_dst !== undefined && dl_dst !== mac) return false;
  if (nw_dst === undefined) return true;
  const [address, mask] = prefix(String(nw_dst));
  return sameUnder(mask, address, ipNumber(ip));
}

/** Whether all that an entry's match takes is taken by a wider one. */
function isWithin(match: FlowMatch, wider: FlowMatch): boolean {
  return FIELDS.every((field) => {
    if (wider[field] === undefined) return true;
    if (match[field] === undefined) return false;
    if (field !== "nw_dst") return match[field] === wider[field];
    const [address, mask] = prefix(String(match[field]));
    const [wide, wideMask] = prefix(String(wider[field]));
    return (mask & wideMask) >>> 0 === wideMask >>> 0 &&
      sameUnder(wideMask, address, wide);
  });
}

function unsupported(what: string): never {
  throw new Deno.errors.NotSupported(
    `Cannot put ${what} into an emulated switch: expected one output or none, by the destination's dl_dst or nw_dst, without time-outs`,
  );
}

/** The match of a command, checked. */
function readMatch(entry: RyuFlowEntry): FlowMatch {
  const match: Record<string, number | string> = {
    ...oldNames(entry.match ?? {}),
  };
  if (typeof match.dl_type === "string") match.dl_type = Number(match.dl_type);
  if (match.dl_type !== undefined && !Number.isSafeInteger(match.dl_type)) {
    throw new RangeError(
      `Cannot match a dl_type of ${
        JSON.stringify(entry.match?.dl_type ?? entry.match?.eth_type)
      }: expected a number such as ${ETH_TYPE_IPV4} or "0x0800"`,
    );
  }
  // Addresses are the same in either case; hosts' are in the lower.
  if (typeof match.dl_dst === "string") {
    match.dl_dst = match.dl_dst.toLowerCase();
  }
  for (const field of Object.keys(match)) {
    if (!FIELDS.includes(field)) unsupported(`a match on ${field}`);
  }
  if (match.nw_dst !== undefined) {
    prefix(String(match.nw_dst));
    if (match.dl_type !== ETH_TYPE_IPV4) {
      throw new RangeError(
        `Cannot match nw_dst where dl_type is ${match.dl_type}, expected ${ETH_TYPE_IPV4}`,
      );
    }
  }
  return match;
}

/** The port of a command's actions, checked. */
function readPort(
  { actions = [] }: RyuFlowEntry,
  ports: number,
): number | undefined {
  if (
    !Array.isArray(actions) ||
    !actions.every((action) => action !== null && typeof action === "object")
  ) {
    throw new TypeError(
      'Cannot use these actions, expected a list such as [{"type": "OUTPUT", "port": 2}]',
    );
  }
  if (actions.length === 0) return undefined;
  if (actions.length > 1) unsupported(`${actions.length} actions`);
  const [{ type, port }] = actions;
  if (type !== "OUTPUT") unsupported(`the action ${type}`);
  if (!Number.isInteger(port) || !(port! >= 1 && port! <= ports)) {
    throw new RangeError(
      `Cannot output to the port ${port}: expected one from 1 to ${ports}`,
    );
  }
  return port;
}

function whole(entry: RyuFlowEntry, name: "priority" | "cookie"): number {
  const value = entry[name] ?? 0;
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(
      `Cannot use the ${name} ${value}, expected a whole number from 0`,
    );
  }
  return value;
}

function isSameMatch(a: FlowMatch, b: FlowMatch): boolean {
  return FIELDS.every((field) => a[field] === b[field]);
}

/**
 * Carries out a command on a switch's entries, as OpenFlow 1.3 says: `add`
 * replaces the entry of the same match and priority; `modify` and `delete`
 * take all whose match is within the given one, `_strict` the one of the same
 * match and priority.
 *
 * @param flows The entries of one switch; changed.
 * @param change What to do. Throws `RangeError` and `TypeError` for values that
 * make no sense, and `Deno.errors.NotSupported` for what the emulator cannot
 * forward by.
 */
export function changeFlows(flows: InstalledFlow[], change: FlowChange): void {
  const { command, entry, ports, now } = change;
  const match = readMatch(entry);
  const priority = whole(entry, "priority");
  if (entry.idle_timeout || entry.hard_timeout) unsupported("time-outs");
  const isMeant = command.endsWith("_strict") || command === "add"
    ? (flow: InstalledFlow) =>
      flow.priority === priority && isSameMatch(flow.match, match)
    : (flow: InstalledFlow) => isWithin(flow.match, match);
  if (command === "modify" || command === "modify_strict") {
    const port = readPort(entry, ports);
    for (const flow of flows.filter(isMeant)) flow.port = port;
    return;
  }
  const added: InstalledFlow | undefined = command === "add"
    ? {
      priority,
      cookie: whole(entry, "cookie"),
      match,
      port: readPort(entry, ports),
      megabits: 0,
      since: now,
    }
    : undefined;
  const kept = flows.filter((flow) => !isMeant(flow));
  if (added !== undefined) kept.push(added);
  flows.splice(0, flows.length, ...kept);
}

/**
 * The entry that says where a host's traffic goes: the one of the highest
 * priority that matches, of several the oldest.
 *
 * @param flows The entries of one switch.
 * @param host Where traffic goes to.
 * @param above Entries of this priority or less do not count.
 */
export function effectiveFlow(
  flows: readonly InstalledFlow[],
  host: HostAddresses,
  above: number,
): InstalledFlow | undefined {
  let best: InstalledFlow | undefined;
  for (const flow of flows) {
    if (
      flow.priority > (best?.priority ?? above) && matchesHost(flow.match, host)
    ) best = flow;
  }
  return best;
}
