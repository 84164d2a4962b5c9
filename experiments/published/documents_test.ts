import { assertEquals, assertRejects } from "@std/assert";
import { readPublishedRun } from "./documents.ts";

async function read(text: string): Promise<unknown> {
  const path = await Deno.makeTempFile({ suffix: ".json" });
  try {
    await Deno.writeTextFile(path, text);
    return await readPublishedRun(path);
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("readPublishedRun() reads date, command and document", async () => {
  const run = { date: "2026-11-29", command: "x", document: { scores: [] } };
  assertEquals(await read(JSON.stringify(run)), run);
});

Deno.test("readPublishedRun() refuses other files by name", async () => {
  for (const text of ["null", "{}", '{"date":"x","command":"y"}', "[1]"]) {
    await assertRejects(() => read(text), SyntaxError, ".json");
  }
});
