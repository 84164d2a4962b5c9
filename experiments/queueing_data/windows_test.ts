import { assertAlmostEquals, assertEquals } from "@std/assert";
import { windowMeans, windowTable } from "./windows.ts";

Deno.test("windowMeans() averages the rows of each window", () => {
  // A request each 0.125 on average, served in 0.1: nothing is lost.
  const [quiet, busy] = windowMeans({
    system: {
      clients: [{ arrivalRate: 4 }],
      faults: [{ target: "arrivalRate", start: 50, duration: 50, factor: 2 }],
    },
    windows: [[0, 50], [50, 100]],
    runs: 20,
    seed: 1,
    stuckFrom: 50,
  });
  // 20 runs of 200 and 400 requests: the standard errors are 0.07 and 0.1.
  assertAlmostEquals(quiet.throughput, 4, 0.5);
  assertAlmostEquals(busy.throughput, 8, 0.7);
  assertAlmostEquals(quiet.goodput, 1, 0.12);
  assertAlmostEquals(busy.goodput, 2, 0.2);
  assertEquals([quiet.drops, quiet.retriedShare, quiet.stuckShare], [0, 0, 0]);
  // rho / (1 - rho) jobs, less the one that has just left: of a row, E[N].
  assertAlmostEquals(quiet.queueLength, 4 / 6, 0.3);
  const { rows, columns } = windowTable("Windows", [quiet, busy]);
  assertEquals(rows.map(([window]) => window), ["0-50", "50-100"]);
  assertEquals(rows[0].length, columns.length);
});
