/**
 * What a switch could not do (OpenFlow 1.3.5, section 7.5.4).
 *
 * @module
 */
import { ByteReader } from "./byte_reader.ts";
import { ByteWriter } from "./byte_writer.ts";
import { encodeMessage, HEADER_BYTES, MESSAGE_TYPES } from "./header.ts";

/** An error as it is sent. */
export interface OpenFlowError {
  /** Number of the kind, `OFPET_*`. */
  readonly type: number;
  /** Number of the case within the kind. */
  readonly code: number;
  /** Beginning of the message that failed, or text after a failed hello. */
  readonly data: Uint8Array;
}

const HELLO_FAILED = 0;

/** Kinds and cases by their names in the specification. */
const ERRORS: readonly (readonly [string, readonly string[]])[] = [
  ["HELLO_FAILED", ["INCOMPATIBLE", "EPERM"]],
  ["BAD_REQUEST", [
    "BAD_VERSION",
    "BAD_TYPE",
    "BAD_MULTIPART",
    "BAD_EXPERIMENTER",
    "BAD_EXP_TYPE",
    "EPERM",
    "BAD_LEN",
    "BUFFER_EMPTY",
    "BUFFER_UNKNOWN",
    "BAD_TABLE_ID",
    "IS_SLAVE",
    "BAD_PORT",
    "BAD_PACKET",
    "MULTIPART_BUFFER_OVERFLOW",
  ]],
  ["BAD_ACTION", [
    "BAD_TYPE",
    "BAD_LEN",
    "BAD_EXPERIMENTER",
    "BAD_EXP_TYPE",
    "BAD_OUT_PORT",
    "BAD_ARGUMENT",
    "EPERM",
    "TOO_MANY",
    "BAD_QUEUE",
    "BAD_OUT_GROUP",
    "MATCH_INCONSISTENT",
    "UNSUPPORTED_ORDER",
    "BAD_TAG",
    "BAD_SET_TYPE",
    "BAD_SET_LEN",
    "BAD_SET_ARGUMENT",
  ]],
  ["BAD_INSTRUCTION", [
    "UNKNOWN_INST",
    "UNSUP_INST",
    "BAD_TABLE_ID",
    "UNSUP_METADATA",
    "UNSUP_METADATA_MASK",
    "BAD_EXPERIMENTER",
    "BAD_EXP_TYPE",
    "BAD_LEN",
    "EPERM",
  ]],
  ["BAD_MATCH", [
    "BAD_TYPE",
    "BAD_LEN",
    "BAD_TAG",
    "BAD_DL_ADDR_MASK",
    "BAD_NW_ADDR_MASK",
    "BAD_WILDCARDS",
    "BAD_FIELD",
    "BAD_VALUE",
    "BAD_MASK",
    "BAD_PREREQ",
    "DUP_FIELD",
    "EPERM",
  ]],
  ["FLOW_MOD_FAILED", [
    "UNKNOWN",
    "TABLE_FULL",
    "BAD_TABLE_ID",
    "OVERLAP",
    "EPERM",
    "BAD_TIMEOUT",
    "BAD_COMMAND",
    "BAD_FLAGS",
  ]],
  ["GROUP_MOD_FAILED", [
    "GROUP_EXISTS",
    "INVALID_GROUP",
    "WEIGHT_UNSUPPORTED",
    "OUT_OF_GROUPS",
    "OUT_OF_BUCKETS",
    "CHAINING_UNSUPPORTED",
    "WATCH_UNSUPPORTED",
    "LOOP",
    "UNKNOWN_GROUP",
    "CHAINED_GROUP",
    "BAD_TYPE",
    "BAD_COMMAND",
    "BAD_BUCKET",
    "BAD_WATCH",
    "EPERM",
  ]],
  ["PORT_MOD_FAILED", [
    "BAD_PORT",
    "BAD_HW_ADDR",
    "BAD_CONFIG",
    "BAD_ADVERTISE",
    "EPERM",
  ]],
  ["TABLE_MOD_FAILED", ["BAD_TABLE", "BAD_CONFIG", "EPERM"]],
  ["QUEUE_OP_FAILED", ["BAD_PORT", "BAD_QUEUE", "EPERM"]],
  ["SWITCH_CONFIG_FAILED", ["BAD_FLAGS", "BAD_LEN", "EPERM"]],
  ["ROLE_REQUEST_FAILED", ["STALE", "UNSUP", "BAD_ROLE"]],
  ["METER_MOD_FAILED", []],
  ["TABLE_FEATURES_FAILED", []],
];

/**
 * An error message.
 *
 * @param message The message. Throws `SyntaxError` where it is malformed.
 */
export function decodeError(message: Uint8Array): OpenFlowError {
  const reader = new ByteReader(message, "an error message");
  reader.skip(HEADER_BYTES);
  return { type: reader.u16(), code: reader.u16(), data: reader.rest() };
}

/**
 * An error in the specification's words.
 *
 * @param error The error.
 *
 * @example An output to a port that is not there
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { errorText } from "./error_message.ts";
 *
 * const error = { type: 2, code: 4, data: new Uint8Array(0) };
 * assertEquals(errorText(error), "BAD_ACTION: BAD_OUT_PORT");
 * ```
 */
export function errorText({ type, code, data }: OpenFlowError): string {
  const [kind, codes] = ERRORS[type] ?? [`error of type ${type}`, []];
  const name = `${kind}: ${codes[code] ?? `code ${code}`}`;
  return type === HELLO_FAILED && data.length > 0
    ? `${name} (${new TextDecoder().decode(data)})`
    : name;
}

/**
 * What is said to a switch that speaks no OpenFlow 1.3, before it is left.
 *
 * @param transaction Number of its hello.
 * @param text Why.
 */
export function encodeHelloFailed(
  transaction: number,
  text: string,
): Uint8Array<ArrayBuffer> {
  const body = new ByteWriter().u16(HELLO_FAILED).u16(0)
    .bytes(new TextEncoder().encode(text)).finish();
  return encodeMessage(MESSAGE_TYPES.error, transaction, body);
}
