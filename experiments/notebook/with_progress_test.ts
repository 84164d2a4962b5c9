import { assertEquals, assertRejects } from "@std/assert";
import { InterruptedError } from "../../core/script.ts";
import { memoryKernel } from "./_test_kernel.ts";
import { counting, withProgress } from "./with_progress.ts";

Deno.test("withProgress() shows notes and progress in one output", async () => {
  const kernel = memoryKernel();
  const result = await withProgress(async ({ note, progress, breathe }) => {
    note("on device cpu");
    progress({ total: 2, label: "Working" }).update(2);
    await breathe();
    return 7;
  }, { kernel });
  assertEquals(result, 7);
  const lines = String(kernel.sent.at(-1)!.data["text/plain"]).split("\n");
  assertEquals(lines.length, 2);
  assertEquals(lines[0], "on device cpu");
  assertEquals(lines[1].startsWith("Working 100%"), true);
});

Deno.test("withProgress() stops the work at an interrupt, and lives on", async () => {
  const kernel = memoryKernel();
  const handlers = new Set<() => void>();
  await assertRejects(
    () =>
      withProgress(({ signal, progress }) => {
        progress({ total: 2, label: "Working" }).update(1);
        handlers.forEach((handler) => handler());
        signal.throwIfAborted();
      }, {
        kernel,
        onInterrupt(handler) {
          handlers.add(handler);
          return () => handlers.delete(handler);
        },
      }),
    InterruptedError,
  );
  assertEquals(handlers.size, 0);
  const text = String(kernel.sent.at(-1)!.data["text/plain"]);
  assertEquals(text.includes("Stopping"), true);
});

Deno.test("counting() shows how much is done, and stops at an interrupt", async () => {
  const kernel = memoryKernel();
  let interrupt = () => {};
  const done: number[] = [];
  await assertRejects(
    () =>
      withProgress(async (context) => {
        const count = counting(context, { total: 4, label: "Runs" });
        for (let run = 1; run <= 4; run++) {
          if (run === 3) interrupt();
          await count(run);
          done.push(run);
        }
      }, {
        kernel,
        onInterrupt(handler) {
          interrupt = handler;
          return () => {};
        },
      }),
    InterruptedError,
  );
  assertEquals(done, [1, 2]);
  const text = String(kernel.sent.at(-1)!.data["text/plain"]);
  assertEquals(text.includes("3/4 steps"), true);
});
