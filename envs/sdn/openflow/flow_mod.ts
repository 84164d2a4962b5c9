/**
 * Changes of flow entries (OpenFlow 1.3.5, section 7.3.4.1).
 *
 * @module
 */
import { type Action, encodeApplyActions } from "./actions.ts";
import { ByteWriter } from "./byte_writer.ts";
import { encodeMessage, MESSAGE_TYPES } from "./header.ts";
import { encodeMatch, type Match } from "./match.ts";
import { RESERVED_PORTS } from "./ports.ts";

export type { Action, Match };

/** What is done with entries. */
export type FlowModCommand =
  | "add"
  | "modify"
  | "modify_strict"
  | "delete"
  | "delete_strict";

/** A change of flow entries; what is left out is 0. */
export interface FlowMod {
  /** What is done. */
  readonly command: FlowModCommand;
  /** Which packets. */
  readonly match: Match;
  /** What is done with them; nothing drops them. */
  readonly actions?: readonly Action[];
  /** Of entries that match, the one with the highest counts. */
  readonly priority?: number;
  /** Number that users choose. */
  readonly cookie?: number;
  /** Bits of the cookie that choose entries. */
  readonly cookieMask?: number;
  /** Table. */
  readonly table?: number;
  /** Seconds without packets after which it goes. */
  readonly idleTimeout?: number;
  /** Seconds after which it goes. */
  readonly hardTimeout?: number;
  /** Bits of `OFPFF_*`. */
  readonly flags?: number;
}

const COMMANDS: Readonly<Record<FlowModCommand, number>> = {
  add: 0,
  modify: 1,
  modify_strict: 2,
  delete: 3,
  delete_strict: 4,
};
/** No packet of those that the switch keeps. */
export const NO_BUFFER = 0xffffffff;
const ANY_GROUP = 0xffffffff;

/** Throws `RangeError` unless a value is whole, from 0, of so many bits. */
function checked(name: string, value: number, bits: number): number {
  const most = Math.min(2 ** bits - 1, Number.MAX_SAFE_INTEGER);
  if (!Number.isInteger(value) || value < 0 || value > most) {
    throw new RangeError(
      `Cannot use the ${name} ${value}, expected a whole number from 0 to ${most}`,
    );
  }
  return value;
}

/**
 * A change of flow entries as a message.
 *
 * @param transaction Number of the transaction.
 * @param change Throws `RangeError` for values that make no sense.
 */
export function encodeFlowMod(
  transaction: number,
  change: FlowMod,
): Uint8Array<ArrayBuffer> {
  const number = (
    name: keyof FlowMod & ("priority" | "cookie" | "table" | "flags"),
    bits: number,
  ) => checked(name, change[name] ?? 0, bits);
  const body = new ByteWriter()
    .u64(number("cookie", 64))
    .u64(checked("mask of cookies", change.cookieMask ?? 0, 64))
    .u8(number("table", 8))
    .u8(COMMANDS[change.command])
    .u16(checked("idle time-out", change.idleTimeout ?? 0, 16))
    .u16(checked("hard time-out", change.hardTimeout ?? 0, 16))
    .u16(number("priority", 16))
    .u32(NO_BUFFER)
    .u32(RESERVED_PORTS.any)
    .u32(ANY_GROUP)
    .u16(number("flags", 16))
    .pad(2)
    .bytes(encodeMatch(change.match))
    .bytes(encodeApplyActions(change.actions ?? []));
  return encodeMessage(MESSAGE_TYPES.flowMod, transaction, body.finish());
}
