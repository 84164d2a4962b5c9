import { assert, assertEquals, assertThrows } from "@std/assert";
import { patternLoad } from "./load.ts";
import {
  createPlayer,
  type PlayerCommand,
  type PlayerMessage,
  type PlayerOptions,
} from "./player.ts";
import { rulePolicy } from "./policies.ts";
import { startSession } from "./session.ts";

const load = patternLoad("SINE_CURVE", { steps: 60 });

const options: PlayerOptions = {
  start: () => startSession(["hold", "always-remove"].map(rulePolicy), load),
  files: ["", ""],
  table: {
    columns: [
      { header: "policy" },
      { header: "bill", unit: "$", format: (value) => value.toFixed(2) },
    ],
    rows: [["hold", 12], ["x", NaN], ["y", undefined]],
  },
  delayMs: 0,
};

/** Plays until a message is the wanted one; gives all of them. */
async function playUntil(
  wanted: (message: PlayerMessage, all: readonly PlayerMessage[]) => boolean,
  player = createPlayer(options),
): Promise<PlayerMessage[]> {
  const controller = new AbortController();
  const messages: PlayerMessage[] = [];
  const stop = player.watch((message) => {
    messages.push(message);
    if (wanted(message, messages)) controller.abort();
  });
  await player.play(controller.signal);
  stop();
  return messages;
}

Deno.test("createPlayer() tells everything, then each step once", async () => {
  const messages = await playUntil(({ control }) => control.over);
  const [begin, ...rest] = messages;
  assert(begin.kind === "begin");
  assertEquals(begin.policies.map(({ name }) => name), [
    "hold",
    "always-remove",
  ]);
  assertEquals(begin.history.map(({ step }) => step), [0]);
  const steps = rest.flatMap((message) =>
    message.kind === "steps" ? message.steps : []
  );
  assertEquals(
    steps.map(({ step }) => step),
    Array.from({ length: 60 }, (_, i) => i + 1),
  );
  assertEquals(steps[49].states[1]?.[7], 1);
  assertEquals(steps[50].states[1], null);
  assert(steps[59].states[0] !== null);
});

Deno.test("createPlayer() tells a late listener what it missed, as JSON can", async () => {
  const player = createPlayer(options);
  await playUntil(({ control }) => control.over, player);
  let begin: PlayerMessage | undefined;
  player.watch((message) => begin = message)();
  assert(begin?.kind === "begin");
  assertEquals(begin.history.length, 61);
  assert(begin.control.over);
  assertEquals(JSON.parse(JSON.stringify(begin)), begin);
  assertEquals(begin.table, {
    columns: [
      { header: "policy", right: false },
      { header: "bill ($)", right: true },
    ],
    rows: [["hold", "12.00"], ["x", "–"], ["y", "–"]],
  });
});

Deno.test("createPlayer() waits for the first listener", async () => {
  const player = createPlayer(options);
  const controller = new AbortController();
  const playing = player.play(controller.signal);
  await new Promise((resolve) => setTimeout(resolve, 40));
  let first: PlayerMessage | undefined;
  player.watch((message) => {
    first ??= message;
    if (message.kind === "steps") controller.abort();
  });
  assert(first?.kind === "begin");
  assertEquals(first.history.length, 1);
  await playing;
});

Deno.test("createPlayer() pauses, resumes, changes speed and begins anew", async () => {
  const player = createPlayer({ ...options, delayMs: 1000 });
  const told: PlayerMessage[] = [];
  player.watch((message) => told.push(message));
  const last = () => told.at(-1)!.control;
  player.command({ action: "pause" });
  assertEquals(last(), { paused: true, speed: 1, over: false });
  player.command({ action: "speed", speed: 8 });
  assertEquals(last().speed, 8);
  player.command({ action: "resume" });
  assertEquals(last().paused, false);
  await playUntil((message) => message.kind === "steps", player);
  const before = told.length;
  player.command({ action: "restart" });
  const again = told[before];
  assert(again.kind === "begin");
  assertEquals(again.history.length, 1);
});

Deno.test("createPlayer() holds still while it is paused", async () => {
  const player = createPlayer(options);
  player.command({ action: "pause" });
  const controller = new AbortController();
  let steps = 0;
  player.watch((message) => {
    if (message.kind === "steps") steps++;
  });
  setTimeout(() => controller.abort(), 80);
  await player.play(controller.signal);
  assertEquals(steps, 0);
});

Deno.test("createPlayer() refuses commands that it does not know", () => {
  const player = createPlayer(options);
  for (
    const command of [
      { action: "speed", speed: 1000 },
      { action: "speed" },
      { action: "explode" },
      {},
      [],
    ]
  ) {
    assertThrows(
      () => player.command(command as unknown as PlayerCommand),
      RangeError,
      "expected one of",
    );
  }
});
