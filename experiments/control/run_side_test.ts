import { assert, assertEquals } from "@std/assert";
import { runSide } from "./run_side.ts";

Deno.test("runSide() steps at once, then after each pause, until its end", async () => {
  let steps = 0;
  const began = performance.now();
  const wrote: boolean[] = [];
  await runSide({ step: () => ++steps === 2, pauseMs: 5 }, {
    signal: new AbortController().signal,
    isOver: () => steps === 4,
    onStep: (each) => wrote.push(each),
  });
  assertEquals(wrote, [false, true, false, false]);
  assert(performance.now() - began >= 14);
});

Deno.test("runSide() hears signals, even where steps take long", async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 0);
  let steps = 0;
  const busy = () => {
    steps++;
    for (const end = performance.now() + 3; performance.now() < end;);
    return false;
  };
  await runSide({ step: busy, pauseMs: 1 }, { signal: controller.signal });
  assert(steps >= 1);
});
