import { assertEquals } from "@std/assert";
import { createProgress } from "../../core/progress.ts";
import { memoryKernel } from "./_test_kernel.ts";
import { cellStream } from "./cell_stream.ts";

Deno.test("cellStream() updates one output in place", async () => {
  const kernel = memoryKernel();
  const stream = cellStream(kernel);
  stream.write("first\nsecond 1");
  await stream.flush();
  stream.write("\rsecond 2\x1b[K");
  stream.write("\rsecond 3\x1b[K\n");
  await stream.flush();
  const [first, ...later] = kernel.sent;
  assertEquals(first.type, "display_data");
  assertEquals(later.every(({ type }) => type === "update_display_data"), true);
  assertEquals(later.at(-1)?.data, { "text/plain": "first\nsecond 3" });
  assertEquals(new Set(kernel.sent.map(({ display }) => display)).size, 1);
});

Deno.test("cellStream() shows nothing before the first text", async () => {
  const kernel = memoryKernel();
  await cellStream(kernel).flush();
  assertEquals(kernel.sent, []);
});

Deno.test("two cells have outputs of their own", async () => {
  const kernel = memoryKernel();
  for (const stream of [cellStream(kernel), cellStream(kernel)]) {
    stream.write("a");
    await stream.flush();
  }
  assertEquals(new Set(kernel.sent.map(({ display }) => display)).size, 2);
});

Deno.test("a progress bar in a cell is one line", async () => {
  const kernel = memoryKernel();
  const stream = cellStream(kernel);
  let time = 0;
  const progress = createProgress({
    total: 100,
    label: "Training",
    stream,
    now: () => time += 200,
  });
  for (let done = 1; done <= 100; done++) progress.update(done);
  progress.finish();
  await stream.flush();
  const text = String(kernel.sent.at(-1)!.data["text/plain"]);
  assertEquals(text.split("\n").length, 1);
  assertEquals(text.startsWith("Training 100%"), true);
});
