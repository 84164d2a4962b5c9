/**
 * What is done with a packet (OpenFlow 1.3.5, sections 7.2.4 and 7.2.5).
 *
 * @module
 */
import type { ByteReader } from "./byte_reader.ts";
import { ByteWriter } from "./byte_writer.ts";
import { decodeField, encodeField } from "./match.ts";

export type { ByteReader };

/** Sends a packet to a port. */
export interface OutputAction {
  /** What is done. */
  readonly type: "OUTPUT";
  /** The port, or one of `RESERVED_PORTS`. */
  readonly port: number;
}

/** Hands a packet to a group. */
export interface GroupAction {
  /** What is done. */
  readonly type: "GROUP";
  /** The group. */
  readonly groupId: number;
}

/** Changes a field of a packet. */
export interface SetFieldAction {
  /** What is done. */
  readonly type: "SET_FIELD";
  /** The field's name, as in a match. */
  readonly field: string;
  /** Its value. */
  readonly value: number | string;
}

/** Takes one from a packet's time to live. */
export interface DecrementTtlAction {
  /** What is done. */
  readonly type: "DEC_NW_TTL";
}

/** An action that is not known here. */
export interface OtherAction {
  /** What is done. */
  readonly type: "OTHER";
  /** Number of its kind, `OFPAT_*`. */
  readonly code: number;
}

/** What is done with a packet. */
export type Action =
  | OutputAction
  | GroupAction
  | SetFieldAction
  | DecrementTtlAction
  | OtherAction;

const CODES = { output: 0, group: 22, decrementTtl: 24, setField: 25 };
/** The whole packet goes to the controller, none of it is kept. */
const WHOLE_PACKET = 0xffff;
/** Bytes of an action's type and length. */
const ACTION_HEADER = 4;

function encodeAction(action: Action): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter();
  switch (action.type) {
    case "OUTPUT":
      return writer.u16(CODES.output).u16(16).u32(action.port)
        .u16(WHOLE_PACKET).pad(6).finish();
    case "GROUP":
      return writer.u16(CODES.group).u16(8).u32(action.groupId).finish();
    case "DEC_NW_TTL":
      return writer.u16(CODES.decrementTtl).u16(8).pad(4).finish();
    case "SET_FIELD": {
      const field = encodeField(action.field, action.value);
      const length = 8 * Math.ceil((ACTION_HEADER + field.length) / 8);
      return writer.u16(CODES.setField).u16(length).bytes(field).align()
        .finish();
    }
  }
  throw new RangeError(
    `Cannot send the action ${action.type}, expected one of OUTPUT, GROUP, SET_FIELD, DEC_NW_TTL`,
  );
}

/**
 * Actions as bytes.
 *
 * @param actions Throws `RangeError` for those that cannot be sent.
 */
export function encodeActions(
  actions: readonly Action[],
): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter();
  for (const action of actions) writer.bytes(encodeAction(action));
  return writer.finish();
}

function readAction(reader: ByteReader): Action {
  const code = reader.u16();
  const length = reader.u16();
  const body = reader.remainder(length, ACTION_HEADER, "an action");
  switch (code) {
    case CODES.output:
      return { type: "OUTPUT", port: body.u32() };
    case CODES.group:
      return { type: "GROUP", groupId: body.u32() };
    case CODES.decrementTtl:
      return { type: "DEC_NW_TTL" };
    case CODES.setField: {
      const found = decodeField(body);
      if (found !== undefined) {
        return { type: "SET_FIELD", field: found[0], value: found[1] };
      }
    }
  }
  return { type: "OTHER", code };
}

/**
 * Actions up to a reader's end.
 *
 * @param reader Where they begin. Throws `SyntaxError` where one is malformed.
 */
export function readActions(reader: ByteReader): Action[] {
  const actions: Action[] = [];
  while (reader.left > 0) actions.push(readAction(reader));
  return actions;
}

const APPLY_ACTIONS = 4;

/**
 * The instruction to carry out actions at once; nothing for no actions, which
 * drops packets.
 *
 * @param actions See {@linkcode encodeActions}.
 */
export function encodeApplyActions(
  actions: readonly Action[],
): Uint8Array<ArrayBuffer> {
  if (actions.length === 0) return new Uint8Array(0);
  const bytes = encodeActions(actions);
  return new ByteWriter().u16(APPLY_ACTIONS).u16(8 + bytes.length).pad(4)
    .bytes(bytes).finish();
}

/**
 * The actions that instructions carry out at once; other instructions are left
 * out.
 *
 * @param reader Where they begin; they end where it does. Throws `SyntaxError`
 * where one is malformed.
 */
export function readAppliedActions(reader: ByteReader): Action[] {
  const actions: Action[] = [];
  while (reader.left > 0) {
    const type = reader.u16();
    const length = reader.u16();
    const body = reader.remainder(length, 4, "an instruction");
    if (type === APPLY_ACTIONS) actions.push(...readActions(body.skip(4)));
  }
  return actions;
}
