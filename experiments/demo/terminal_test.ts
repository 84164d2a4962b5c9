import { assert, assertEquals } from "@std/assert";
import { patternLoad } from "./load.ts";
import { rulePolicy } from "./policies.ts";
import { startSession } from "./session.ts";
import { type ConsoleStream, showSession } from "./terminal.ts";

function fakeStream(
  isTerminal: boolean,
  onWrite: (text: string) => void = () => {},
): ConsoleStream & { text: string; width: number } {
  const stream = {
    text: "",
    width: 80,
    isTerminal,
    color: false,
    columns: () => stream.width,
    write(text: string) {
      stream.text += text;
      onWrite(text);
      return true;
    },
  };
  return stream;
}

const start = (steps: number) =>
  startSession(
    ["hold", "threshold"].map(rulePolicy),
    patternLoad("STEADY", { steps }),
  );

const never = new AbortController().signal;
const ENTER = "\x1b[?1049h";
const LEAVE = "\x1b[?1049l";

Deno.test("showSession() draws on the alternate screen and leaves it", async () => {
  const stream = fakeStream(true);
  const session = start(5);
  await showSession(session, { stream, delayMs: 0, signal: never });
  assert(session.over);
  assert(stream.text.startsWith(ENTER));
  assert(stream.text.endsWith(LEAVE));
  assert(
    stream.text.includes("\x1b[?25l") && stream.text.includes("\x1b[?25h"),
  );
  assert(stream.text.includes("step 0 of 5"));
  assert(stream.text.includes("step 5 of 5"));
});

Deno.test("showSession() leaves the screen when it is stopped, at once", async () => {
  const controller = new AbortController();
  const stream = fakeStream(true, (text) => {
    if (text.includes("step 0")) queueMicrotask(() => controller.abort());
  });
  const session = start(5);
  await showSession(session, {
    stream,
    delayMs: 1e8,
    signal: controller.signal,
  });
  assertEquals(session.step, 0);
  assert(stream.text.endsWith(LEAVE));
});

Deno.test("showSession() leaves the screen when drawing fails, and when the process ends", async () => {
  const failing = fakeStream(true);
  let error: unknown;
  await showSession(start(5), {
    stream: failing,
    delayMs: 0,
    signal: never,
    height() {
      throw new Error("Cannot measure");
    },
  }).catch((reason) => error = reason);
  assert(error instanceof Error);
  assert(failing.text.endsWith(LEAVE));

  const controller = new AbortController();
  const ending = fakeStream(true);
  const shown = showSession(start(5), {
    stream: ending,
    delayMs: 1e8,
    signal: controller.signal,
  });
  globalThis.dispatchEvent(new Event("unload"));
  assert(ending.text.endsWith(LEAVE));
  controller.abort();
  await shown;
});

Deno.test("showSession() draws anew when the window changes, while it waits", async () => {
  const controller = new AbortController();
  let widest = 0;
  const stream = fakeStream(true, (text) => {
    if (!text.includes("demand")) return;
    widest = Math.max(...text.split("\r\n").map((line) => [...line].length));
    if (stream.width === 80) stream.width = 50;
    else controller.abort();
  });
  await showSession(start(5), {
    stream,
    delayMs: 1e8,
    signal: controller.signal,
  });
  assert(widest < 80);
});

Deno.test("showSession() writes a table every twenty steps where there is no terminal", async () => {
  const stream = fakeStream(false);
  await showSession(start(50), { stream, delayMs: 0, signal: never });
  assert(!stream.text.includes("\x1b"));
  assertEquals(stream.text.match(/^Step \d+ of 50/gm), [
    "Step 20 of 50",
    "Step 40 of 50",
    "Step 50 of 50",
  ]);
});
