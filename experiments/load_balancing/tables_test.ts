import { assertAlmostEquals, assertEquals } from "@std/assert";
import type { ContenderOutcome } from "./comparison.ts";
import { differenceTable, loadBalancingTable } from "./tables.ts";

/** An outcome with given mean completion times of two blocks. */
function outcomeOf(
  name: string,
  means: number[],
  learned = false,
): ContenderOutcome {
  const blocks = means.map((mean) => ({
    reward: -1,
    mean,
    p90: 2 * mean,
    p95: 3 * mean,
    p99: 4 * mean,
    rejected: 0,
    failed: 0,
    jain: 1,
    product: 1,
    overProvision: 1,
  }));
  return { name, oracle: false, learned, blocks, episodes: blocks };
}

Deno.test("tables are in milliseconds, best first, with paired differences", () => {
  const outcomes = [
    outcomeOf("sed", [0.03, 0.05]),
    outcomeOf("agent", [0.02, 0.041], true),
  ];
  const { rows } = loadBalancingTable(outcomes, "title");
  assertEquals(rows.map(([name]) => name), ["agent", "sed"]);
  assertAlmostEquals(rows[1][1] as number, 40, 1e-9);
  const [[name, against, difference, from, to, relative]] =
    differenceTable(outcomes, ["sed", "wcmp"]).rows;
  assertEquals([name, against], ["agent", "sed"]);
  // Differences of -10 and -9 ms: t of one degree of freedom is 12.706.
  assertAlmostEquals(difference as number, -9.5, 1e-9);
  assertAlmostEquals(from as number, -9.5 - 12.7062 * 0.5, 1e-3);
  assertAlmostEquals(to as number, -9.5 + 12.7062 * 0.5, 1e-3);
  assertAlmostEquals(relative as number, -23.75, 1e-9);
});
