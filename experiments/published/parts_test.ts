import { assert, assertEquals, assertThrows } from "@std/assert";
import { readJsonFile } from "../../core/json_file.ts";
import { readPublishedRun } from "./documents.ts";
import { partsNamed, PUBLISHED_PARTS } from "./parts.ts";

const root = new URL("../../", import.meta.url);

Deno.test("every part has a task and a published run of its command", async () => {
  const { tasks } = await readJsonFile(new URL("deno.json", root).pathname) as {
    tasks: Record<string, unknown>;
  };
  for (const part of PUBLISHED_PARTS) {
    assert(part.task in tasks, part.task);
    const path = new URL(`docs/results/${part.name}.json`, root).pathname;
    const run = await readPublishedRun(path);
    assertEquals(
      run.command,
      `deno task ${[part.task, ...part.args].join(" ")} --json`,
    );
  }
});

Deno.test("every part has numbers with names of their own, within their intervals", async () => {
  for (const part of PUBLISHED_PARTS) {
    const path = new URL(`docs/results/${part.name}.json`, root).pathname;
    const numbers = part.numbers((await readPublishedRun(path)).document);
    assert(numbers.length > 0, part.name);
    const names = new Set(numbers.map(({ name }) => name));
    assertEquals(names.size, numbers.length, part.name);
    for (const { name, estimate, low, high } of numbers) {
      assert(low <= estimate && estimate <= high, `${part.name}: ${name}`);
    }
  }
});

Deno.test("every task that reproduces something is a part", async () => {
  const { tasks } = await readJsonFile(new URL("deno.json", root).pathname) as {
    tasks: Record<string, unknown>;
  };
  const known = new Set(PUBLISHED_PARTS.map(({ task }) => task));
  const all = Object.keys(tasks).filter((name) =>
    name.startsWith("reproduce:")
  );
  assertEquals(all.filter((name) => !known.has(name)), []);
});

Deno.test("partsNamed() takes parts, tasks or all", () => {
  assertEquals(partsNamed([]).length, PUBLISHED_PARTS.length);
  assertEquals(
    partsNamed(["sdn", "arena"]).map(({ name }) => name),
    ["sdn", "arena/successor", "arena/spacing", "arena/grids"],
  );
  assertEquals(partsNamed(["queueing/control"]).length, 1);
  assertThrows(
    () => partsNamed(["queue"]),
    RangeError,
    'Cannot reproduce "queue": expected one of first-result',
  );
});
