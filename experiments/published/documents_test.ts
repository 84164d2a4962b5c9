import { assertEquals, assertRejects } from "@std/assert";
import { readPublishedRun } from "./documents.ts";

async function fileOf(text: string): Promise<string> {
  const path = await Deno.makeTempFile({ suffix: ".json" });
  await Deno.writeTextFile(path, text);
  return path;
}

Deno.test("readPublishedRun() reads date, command and document", async () => {
  const run = { date: "2026-11-29", command: "x", document: { scores: [] } };
  assertEquals(await readPublishedRun(await fileOf(JSON.stringify(run))), run);
});

Deno.test("readPublishedRun() refuses other files by name", async () => {
  for (const text of ["null", "{}", '{"date":"x","command":"y"}', "[1]"]) {
    const path = await fileOf(text);
    await assertRejects(() => readPublishedRun(path), SyntaxError, path);
  }
});
