import { assertEquals } from "@std/assert";
import type { ConsoleStream } from "./console_stream.ts";
import { createScriptContext } from "./script_context.ts";

function memoryStream(): ConsoleStream & { text: string } {
  return {
    text: "",
    isTerminal: true,
    color: false,
    columns: () => 60,
    write(text) {
      this.text += text;
      return true;
    },
  };
}

Deno.test("createScriptContext() ends one progress before the next", () => {
  const stream = memoryStream();
  const { signal } = new AbortController();
  const context = createScriptContext({ stream, signal });
  context.note("first");
  context.progress({ total: 2, label: "one" }).update(2);
  context.progress({ total: 2, label: "two" }).update(1);
  context.note("second");
  context.finish();
  const lines = stream.text.split("\n").map((line) =>
    line.split("\r").at(-1)!.replace("\x1b[K", "").slice(0, 8)
  );
  assertEquals(lines, ["first", "one 100%", "second", "two  50%", ""]);
  assertEquals(context.signal, signal);
});

Deno.test("createScriptContext() shows nothing where it is quiet", () => {
  const stream = memoryStream();
  const { signal } = new AbortController();
  const context = createScriptContext({ stream, signal, quiet: true });
  context.note("first");
  context.progress({ total: 2, label: "one" }).update(2);
  context.status().show(() => "how it goes");
  context.finish();
  assertEquals(stream.text, "");
});
