import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  comparePeers,
  differenceLines,
  parsePeerResult,
  type PeerRun,
  peerTable,
} from "./measurements.ts";

function run(library: string, changes: Partial<PeerRun> = {}): PeerRun {
  return {
    library,
    versions: {},
    algorithm: "dqn",
    threads: 1,
    seed: 0,
    steps: 1000,
    seconds: 1,
    stepsPerSecond: 1000,
    processSeconds: 2,
    meanReturn: -4,
    differences: [],
    ...changes,
  };
}

Deno.test("comparePeers() takes medians, and rates against the baseline's fastest row", () => {
  const rows = comparePeers([
    run("ours", { seconds: 1, processSeconds: 2, steps: 1100 }),
    run("base", { seconds: 10, processSeconds: 12 }),
    run("base", { seconds: 40, processSeconds: 11, threads: 2 }),
    run("ours", { seconds: 9, processSeconds: 2, steps: 1100 }),
    run("ours", { seconds: 2, processSeconds: 8, steps: 1100, meanReturn: -1 }),
    run("base", { seconds: 1, algorithm: "ppo" }),
  ], { baseline: "base" });
  assertEquals(
    rows.map(({ library, algorithm, threads, runs }) => [
      library,
      algorithm,
      threads,
      runs,
    ]),
    [["ours", "dqn", 1, 3], ["base", "dqn", 1, 1], ["base", "dqn", 2, 1], [
      "base",
      "ppo",
      1,
      1,
    ]],
  );
  const [ours, one, two, ppo] = rows;
  assertEquals([ours.seconds, ours.processSeconds], [2, 2]);
  assertEquals([ours.stepsPerSecond, ours.meanReturn], [550, -3]);
  assertAlmostEquals(ours.timesBaseline, 550 / 100);
  assertAlmostEquals(ours.timesBaselineProcess, (1100 / 2) / (1000 / 11));
  assertEquals([one.timesBaseline, two.timesBaseline], [1, 0.25]);
  assertEquals(two.timesBaselineProcess, 1);
  assertEquals(ppo.timesBaseline, 1);
});

Deno.test("comparePeers() leaves out what was not measured", () => {
  const [task, base] = comparePeers([
    run("task", { seconds: NaN, meanReturn: null, threads: null }),
    run("base"),
  ], { baseline: "base" });
  assertEquals(task.timesBaseline, NaN);
  assertEquals(task.meanReturn, NaN);
  assertEquals(task.timesBaselineProcess, 1);
  assertEquals(base.timesBaseline, 1);
  const [alone] = comparePeers([run("task")], { baseline: "base" });
  assertEquals(alone.timesBaseline, NaN);
});

Deno.test("peerTable() has a value for each column", () => {
  const rows = comparePeers([run("base")], { baseline: "base" });
  const table = peerTable(rows, { title: "Speeds", baseline: "B" });
  assertEquals(table.rows[0].length, table.columns.length);
  assertEquals(table.rows[0].slice(0, 3), ["dqn", "base", 1]);
});

Deno.test("differenceLines() names each library once", () => {
  const differences = ["no clipping", "one step"];
  const rows = comparePeers([
    run("base"),
    run("other", { differences }),
    run("other", { differences, threads: 2 }),
  ], { baseline: "base" });
  assertEquals(differenceLines(rows), [
    "other's dqn differs from ours: no clipping; one step",
  ]);
});

Deno.test("parsePeerResult() reads a result and refuses what is none", () => {
  const text = JSON.stringify(run("base"));
  assertEquals(parsePeerResult(text).library, "base");
  for (const bad of ["", "Using cpu device\n{}", "null", "{}", "[1]"]) {
    assertThrows(
      () => parsePeerResult(bad),
      SyntaxError,
      "Cannot read a training's result",
    );
  }
});
