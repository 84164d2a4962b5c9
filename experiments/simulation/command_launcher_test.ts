import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { InterruptedError } from "../../core/script.ts";
import { states, trouble, walk, withManager } from "./_test_trees.ts";
import { commandLauncher } from "./command_launcher.ts";

const XARGS = commandLauncher([
  "sh",
  "-c",
  `tr '\\n' '\\0' <"$0" | xargs -0 -P 2 -n 1 sh -c`,
  "{tasks}",
]);

Deno.test("a program of the user's own does the runs", async () => {
  const simulations = [walk("it's"), trouble("fails", { trouble: "throw" })];
  await withManager(simulations, async (manager) => {
    const seen: string[] = [];
    const runs = await manager.runAll({
      launcher: XARGS,
      onChange: (_, { state }) => seen.push(state),
    });
    assertEquals(states(runs), ["finished", "error"]);
    assertEquals(seen.filter((state) => state !== "running").sort(), [
      "error",
      "finished",
    ]);
  });
});

Deno.test("a program that is stopped leaves its runs interrupted", async () => {
  const sleeps = trouble("sleeps", { trouble: "sleep", milliseconds: 60_000 });
  await withManager([sleeps], async (manager) => {
    const controller = new AbortController();
    const line = commandLauncher([
      "sh",
      "-c",
      `eval "exec $(cat "$0")"`,
      "{tasks}",
    ]);
    await assertRejects(
      () =>
        manager.runAll({
          launcher: line,
          signal: controller.signal,
          onChange: () => controller.abort(),
        }),
      InterruptedError,
    );
    // The task writes down what happened as it ends.
    for (let i = 0; i < 50; i++) {
      if (states(await manager.observe())[0] !== "running") break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assertEquals(states(await manager.observe()), ["interrupted"]);
  });
});

Deno.test("a program is told where the runs' commands are", () => {
  assertThrows(() => commandLauncher(["parallel"]), RangeError, "{tasks}");
});
