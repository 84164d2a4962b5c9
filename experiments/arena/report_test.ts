import { assertEquals } from "@std/assert";
import { spatialMap } from "../../analysis/spatial/spatial_map.ts";
import {
  gridScoreTest,
  gridTable,
  spacingTable,
  successorTable,
} from "./report.ts";

const RATES = spatialMap([1], { columns: 1, rows: 1 });

function run(before: number, after: number) {
  return {
    seed: 0,
    before,
    after,
    spacing: 0.3,
    meanRate: 1,
    peakRate: 15,
    rates: RATES,
  };
}

Deno.test("gridTable() counts scores above 0, and NaN is none", () => {
  const runs = [
    ...Array.from({ length: 12 }, () => run(NaN, 0.5)),
    run(0.2, 0.3),
    run(0.1, -0.4),
  ];
  assertEquals(gridScoreTest(runs).won, 12);
  const rows = Object.fromEntries(
    gridTable("fig2a", runs).rows as [string, unknown][],
  );
  assertEquals(rows["score above 0 before learning"], "2 of 14");
  assertEquals(rows["score above 0 after"], "13 of 14");
  assertEquals(rows["became so, and no more so"], "12, 1");
  assertEquals(rows["the share rises"], "yes");
  assertEquals(gridTable("fig2a", runs.slice(0, 5)).rows[4][1], "no");
});

Deno.test("tables say what is within bounds", () => {
  const { rows } = spacingTable("t", [
    { set: "a", ratios: [0.9, 1.04] },
    { set: "b", ratios: [0.9, 0.95] },
  ]);
  assertEquals(rows.map((row) => row.at(-1)), ["yes", "no"]);
  const successor = { meanSquare: 1, expected: 1.4, largestDifference: 0.01 };
  assertEquals(
    successorTable("t", [{ discount: 0.9, ...successor }]).rows,
    [[0.9, 1, 1.4, 0.01]],
  );
});
