import { assert, assertEquals, assertThrows } from "@std/assert";
import { type PublishedRun, readPublishedRun } from "./documents.ts";
import { BLOCK_NAMES, publishedTable } from "./tables.ts";

function runsOf(scores: readonly number[]): Map<string, PublishedRun> {
  const line = (policy: string) => ({
    name: "DQN",
    policy,
    scores,
    target: policy === "last" ? "" : "-6 or better",
    reached: policy === "last" ? undefined : false,
    seconds: 1,
  });
  const document = { scores: [line("last"), line("best checkpoint")] };
  return new Map(
    ["dqn", "ppo", "qlearning"].map((part) => [
      `autoscaling/${part}`,
      { date: "2026-11-29", command: "", document },
    ]),
  );
}

Deno.test("publishedTable() writes mean, interval, worst and verdict", () => {
  const [header, rule, last, best] = publishedTable(
    "autoscaling",
    runsOf([-1, -2, -3, -4, -5]),
  ).split("\n");
  assert(header.startsWith("| agent | policy"));
  assert(rule.startsWith("| ----- | ---"));
  assertEquals(
    last.split("|").map((cell) => cell.trim()).slice(1, -1),
    ["DQN", "last", "5", "-3.00 ± 1.96", "-3.00", "-5.00", "", ""],
  );
  assert(best.includes("| -6 or better | no "));
});

Deno.test("publishedTable() changes with the numbers", () => {
  const table = (value: number) =>
    publishedTable("autoscaling", runsOf([-1, -2, value]));
  assert(table(-3) !== table(-3.1));
});

Deno.test("publishedTable() shows the first result as train-dqn prints it", async () => {
  const path = new URL("../../docs/results/first-result.json", import.meta.url)
    .pathname;
  const run = await readPublishedRun(path);
  const lines = publishedTable(
    "first-result",
    new Map([["first-result", run]]),
  ).split("\n");
  assertEquals(lines.slice(0, 2), [
    "```text",
    "SINE_CURVE, from its beginning",
  ]);
  assert(lines[2].startsWith("policy "));
  assert(lines[4].startsWith("optimum            -3.0948 "));
});

Deno.test("publishedTable() refuses what it does not know", () => {
  assertThrows(
    () => publishedTable("speed", new Map()),
    RangeError,
    `Cannot write the results "speed": expected one of ${BLOCK_NAMES[0]}`,
  );
  assertThrows(
    () => publishedTable("routing", new Map()),
    RangeError,
    "Cannot find docs/results/sdn.json",
  );
});
