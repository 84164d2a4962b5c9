import { assertEquals, assertRejects } from "@std/assert";
import { textLines } from "./text_lines.ts";

function streamOf(chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return ReadableStream.from(chunks);
}

Deno.test("textLines() joins what was cut, even within a character", async () => {
  const bytes = new TextEncoder().encode("a\r\nbé\n\nlast");
  const chunks = Array.from(bytes, (byte) => Uint8Array.of(byte));
  const never = new AbortController().signal;
  const lines = await Array.fromAsync(textLines(streamOf(chunks), never));
  assertEquals(lines, ["a", "bé", "", "last"]);
});

Deno.test("textLines() refuses what is no UTF-8", async () => {
  const never = new AbortController().signal;
  for (const bytes of [[0xff, 0xfe, 0x30, 0], [0x30, 0x0a, 0xc3]]) {
    await assertRejects(
      () =>
        Array.fromAsync(textLines(streamOf([Uint8Array.from(bytes)]), never)),
      SyntaxError,
      "expected text in UTF-8",
    );
  }
});

Deno.test("textLines() gives a line before the next one arrives", async () => {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const lines = textLines(readable, new AbortController().signal);
  const first = lines.next();
  await writer.write(new TextEncoder().encode("one\ntw"));
  assertEquals((await first).value, "one");
  const second = lines.next();
  await writer.close();
  assertEquals((await second).value, "tw");
  assertEquals((await lines.next()).done, true);
});

Deno.test("textLines() ends when it is aborted while waiting", async () => {
  const { readable } = new TransformStream<Uint8Array, Uint8Array>();
  const controller = new AbortController();
  const next = textLines(readable, controller.signal).next();
  controller.abort();
  assertEquals((await next).done, true);
});
