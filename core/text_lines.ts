/**
 * Text that arrives piece by piece, line by line.
 *
 * @module
 */

/** The text of some bytes; undefined ends it. */
function decoded(decoder: TextDecoder, bytes: Uint8Array | undefined): string {
  try {
    return decoder.decode(bytes, { stream: bytes !== undefined });
  } catch {
    throw new SyntaxError("Cannot read lines: expected text in UTF-8");
  }
}

/**
 * The lines of a stream of UTF-8, each as soon as it is whole.
 *
 * @param stream Read to its end and closed. Throws `SyntaxError` for bytes that
 * are no UTF-8, such as the UTF-16 of some shells.
 * @param signal Ends the reading when aborted.
 */
export async function* textLines(
  stream: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const reader = stream.getReader();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const cancel = () => void reader.cancel();
  signal.addEventListener("abort", cancel);
  try {
    let rest = "";
    while (!signal.aborted) {
      const { value, done } = await reader.read();
      rest += decoded(decoder, value);
      const lines = rest.split(/\r?\n/);
      rest = done ? "" : lines.pop()!;
      for (const line of lines) if (!done || line !== "") yield line;
      if (done) return;
    }
  } finally {
    signal.removeEventListener("abort", cancel);
    await reader.cancel();
  }
}
