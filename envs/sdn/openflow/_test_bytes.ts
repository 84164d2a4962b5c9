/**
 * Bytes for the tests of the codec: written out, or recorded from a switch.
 *
 * @module
 */
import recording from "./testdata/open_vswitch.json" with { type: "json" };

/** Messages that an Open vSwitch sent; the file says how they were recorded. */
export const recorded: Readonly<
  Record<keyof typeof recording.messages, Uint8Array>
> = Object.fromEntries(
  Object.entries(recording.messages)
    .map(([name, hex]) => [name, Uint8Array.fromHex(hex)]),
) as Record<keyof typeof recording.messages, Uint8Array>;

/** Bytes from hexadecimal digits, between which white space may stand. */
export function hex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.fromHex(text.replace(/\s+/g, ""));
}

/** What the only part of a multipart reply holds. */
export function partBody(message: Uint8Array): Uint8Array {
  return message.subarray(16);
}
