import { assert, assertEquals, assertRejects } from "@std/assert";
import { traceText } from "../_traces.ts";
import { readTraffic } from "./traffic_file.ts";

async function readText(text: string) {
  const path = await Deno.makeTempFile({ suffix: ".csv" });
  try {
    await Deno.writeTextFile(path, text);
    return await readTraffic(path);
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("readTraffic() reads names, recorded jobs and counts", async () => {
  assertEquals(await readTraffic("wiki"), "wiki");
  assertEquals(await readTraffic("poisson"), "poisson");
  const jobs = await readText("time,work\n0,0.1\n1,0.2\n");
  assert(typeof jobs === "object" && jobs.type === "recorded");
  assertEquals([...jobs.trace.work], [0.1, 0.2]);
  const counts = await readText(traceText({ days: 1 }));
  assert(typeof counts === "object" && counts.type === "counted");
  assertEquals(counts.trace.requests.length, 1440);
});

Deno.test("readTraffic() refuses what is neither, by the file's line", async () => {
  await assertRejects(
    () => readText("time,work\n1,0.1\n0,0.2\n"),
    SyntaxError,
    "expected a time from 1",
  );
  await assertRejects(() => readText("a,b\n1,2\n"), SyntaxError, "column");
  await assertRejects(
    () => readTraffic("/nowhere/jobs.csv"),
    Deno.errors.NotFound,
  );
});
