import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { readJsonFile, writeJsonFile } from "../../core/json_file.ts";
import { exactly } from "./numbers.ts";
import type { PublishedPart } from "./parts.ts";
import {
  comparePart,
  regenerate,
  regenerationTables,
  resultPath,
  runTask,
} from "./regeneration.ts";

const PART: PublishedPart = {
  name: "field/part",
  task: "count",
  args: ["--part", "part"],
  minutes: 1,
  numbers: (document) => [
    exactly("count", (document as { count: number }).count),
  ],
};

/** Tests with a repository whose task counts how often it was run. */
async function withRepository(
  test: (root: string) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    await writeRepository(root);
    await test(root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

async function writeRepository(root: string): Promise<void> {
  await Deno.writeTextFile(
    join(root, "count.ts"),
    `let count = 0;
try { count = Number(Deno.readTextFileSync("count")); } catch { /* first */ }
if (Deno.args.includes("--fail")) Deno.exit(3);
Deno.writeTextFileSync("count", String(++count));
console.log(JSON.stringify({ count, args: Deno.args }));
`,
  );
  await writeJsonFile(join(root, "deno.json"), {
    tasks: { count: { command: "deno run -q -A count.ts" } },
  });
}

Deno.test("regenerate() runs a part, keeps what it printed and can go on", () =>
  withRepository(async (root) => {
    const folder = join(root, "out");
    const options = { root, folder, seed: 0, resume: true };
    const first = await regenerate(PART, options);
    assertEquals(first.document, {
      count: 1,
      args: ["--part", "part", "--json"],
    });
    assertEquals(first.command, "deno task count --part part --json");
    assertEquals(await readJsonFile(resultPath(folder, PART)), first);
    assertEquals(await regenerate(PART, options), first);
    const again = await regenerate(PART, { ...options, resume: false });
    assertEquals((again.document as { count: number }).count, 2);
    // Results of another seed are not those that are asked for.
    const seeded = await regenerate(PART, { ...options, seed: 5 });
    assertEquals(
      (seeded.document as { args: string[] }).args,
      ["--part", "part", "--seed", "5", "--json"],
    );
  }));

Deno.test("regenerate() leaves a part the seed that it names itself", () =>
  withRepository(async (root) => {
    const args = ["--seed", "5"];
    const { document } = await regenerate({ ...PART, args }, {
      root,
      folder: join(root, "out"),
      seed: 7,
      resume: false,
    });
    assertEquals(
      (document as { args: string[] }).args,
      ["--seed", "5", "--json"],
    );
  }));

Deno.test("regenerate() keeps what is published, and nothing else", () =>
  withRepository(async (root) => {
    const { document } = await regenerate({
      ...PART,
      kept: (document) => ({ count: (document as { count: number }).count }),
    }, { root, folder: join(root, "out"), seed: 0, resume: false });
    assertEquals(document, { count: 1 });
  }));

Deno.test("runTask() says which command failed", () =>
  withRepository(async (root) => {
    await assertRejects(
      () => runTask("count", ["--fail"], { root }),
      Error,
      'Cannot reproduce with "deno task count --fail": exit code 3',
    );
  }));

Deno.test("comparePart() holds new numbers against docs/results", () =>
  withRepository(async (root) => {
    const now = { date: "2026-12-01", command: "", document: { count: 4 } };
    const standings = async () =>
      (await comparePart(PART, now, root)).numbers.map((one) => one.standing);
    assertEquals(await standings(), ["missing"]);
    const path = resultPath(join(root, "docs", "results"), PART);
    const published = {
      date: "2026-11-29",
      command: "",
      document: { count: 4 },
    };
    await writeJsonFile(path, published);
    assertEquals(await standings(), ["same"]);
    await writeJsonFile(path, { ...published, document: { count: 5 } });
    assertEquals(await standings(), ["outside"]);
  }));

Deno.test("regenerationTables() lists the numbers that moved", () => {
  const part = (standing: "same" | "outside") => ({
    name: "field/part",
    published: "2026-11-29",
    now: "2026-12-01",
    numbers: [{
      name: "count",
      published: exactly("count", 1),
      now: 2,
      standing,
    }],
  });
  assertEquals(regenerationTables([part("same")]).length, 1);
  const [counts, moved] = regenerationTables([part("outside")]);
  assertEquals(counts.rows, [["field/part", "2026-11-29", 1, 0, 0, 1, 0]]);
  assertEquals(moved.rows, [["field/part", "count", 1, 1, 1, 2, "outside"]]);
});
