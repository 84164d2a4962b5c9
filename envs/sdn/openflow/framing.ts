/**
 * Messages out of a stream of bytes, which cuts them where it likes.
 *
 * @module
 */
import { decodeHeader, HEADER_BYTES } from "./header.ts";

/**
 * A function that takes the next bytes of a stream and returns the messages
 * that are whole by then. It throws `SyntaxError` for a message that says that
 * it is shorter than its header; the stream cannot be read on then.
 *
 * @example Two messages in three pieces
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { messageSplitter } from "./framing.ts";
 *
 * const split = messageSplitter();
 * const bytes = [4, 20, 0, 8, 0, 0, 0, 1, 4, 2, 0, 9, 0, 0, 0, 2, 255];
 * const pieces = [bytes.slice(0, 3), bytes.slice(3, 12), bytes.slice(12)];
 * const counts = pieces.map((piece) => split(Uint8Array.from(piece)).length);
 * assertEquals(counts, [0, 1, 1]);
 * ```
 */
export function messageSplitter(): (chunk: Uint8Array) => Uint8Array[] {
  // A message has 65535 bytes at most, so what waits here is never more.
  let waiting = new Uint8Array(0);
  return (chunk) => {
    const bytes = new Uint8Array(waiting.length + chunk.length);
    bytes.set(waiting);
    bytes.set(chunk, waiting.length);
    const messages: Uint8Array[] = [];
    let start = 0;
    while (bytes.length - start >= HEADER_BYTES) {
      const { length } = decodeHeader(bytes.subarray(start));
      if (length < HEADER_BYTES) {
        throw new SyntaxError(
          `Cannot read an OpenFlow message: it says that it has ${length} bytes, expected ${HEADER_BYTES} or more`,
        );
      }
      if (bytes.length - start < length) break;
      messages.push(bytes.subarray(start, start + length));
      start += length;
    }
    waiting = bytes.subarray(start);
    return messages;
  };
}
