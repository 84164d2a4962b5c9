import { assertEquals } from "@std/assert";
import { createStatusLine } from "./status_line.ts";

function shown(isTerminal: boolean, columns = 80) {
  const written: string[] = [];
  const clock = { ms: 0 };
  const line = createStatusLine({
    stream: {
      isTerminal,
      color: false,
      columns: () => columns,
      write: (text) => written.push(text) > 0,
    },
    now: () => clock.ms,
  });
  return { line, written, clock };
}

Deno.test("a status line is written over on a terminal, and cut to its width", () => {
  const { line, written, clock } = shown(true, 8);
  line.show(() => "one");
  line.show(() => {
    throw new Error("too early");
  });
  clock.ms = 250;
  line.show(() => "two and more");
  line.message("something happened");
  line.finish();
  line.finish();
  line.show(() => "no more");
  assertEquals(written, [
    "\rone\x1b[K",
    "\rtwo and\x1b[K",
    "\r\x1b[Ksomething happened\n",
    "\rtwo and\x1b[K",
    "\n",
  ]);
});

Deno.test("a status line is a line every ten seconds where there is no terminal", () => {
  const { line, written, clock } = shown(false, 8);
  for (clock.ms = 0; clock.ms <= 20_000; clock.ms += 100) {
    line.show(() => `after ${clock.ms} ms`);
  }
  line.message("something happened");
  line.finish();
  assertEquals(written, [
    "after 0 ms\n",
    "after 10000 ms\n",
    "after 20000 ms\n",
    "something happened\n",
  ]);
});

Deno.test("a quiet status line shows nothing", () => {
  const line = createStatusLine({
    quiet: true,
    stream: {
      isTerminal: true,
      color: false,
      columns: () => 80,
      write: () => {
        throw new Error("not quiet");
      },
    },
  });
  line.show(() => "one");
  line.message("two");
  line.finish();
});
