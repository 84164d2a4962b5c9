/**
 * Text that arrives piece by piece, line by line.
 *
 * @module
 */

/**
 * The lines of a stream of UTF-8, each as soon as it is whole.
 *
 * @param stream Read to its end and closed.
 * @param signal Ends the reading when aborted.
 */
export async function* textLines(
  stream: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  const cancel = () => void reader.cancel();
  signal.addEventListener("abort", cancel);
  try {
    let rest = "";
    while (!signal.aborted) {
      const { value, done } = await reader.read();
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
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
