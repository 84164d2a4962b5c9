import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import type { ContenderOutcome } from "./comparison.ts";
import { verdictsOf, verdictTable } from "./reproduction.ts";

function outcomeOf(
  name: string,
  means: number[],
  learned = false,
): ContenderOutcome {
  const blocks = means.map((mean) => ({
    reward: 0,
    mean,
    p90: mean,
    p95: mean,
    p99: mean,
    rejected: 0,
    failed: 0,
    jain: 1,
    product: 1,
    overProvision: 1,
  }));
  return { name, oracle: false, learned, blocks, episodes: blocks };
}

const RULES = [
  outcomeOf("ecmp", [900, 901, 902]),
  outcomeOf("wcmp", [100, 101, 102]),
  outcomeOf("awcmp", [60, 61, 62]),
  outcomeOf("sed", [40, 41, 42]),
];

Deno.test("verdictsOf() asks for three rules beaten for certain, and 3 % of SED", () => {
  const verdicts = verdictsOf([
    ...RULES,
    outcomeOf("good", [41, 42, 43], true),
    outcomeOf("slow", [43, 44, 45], true),
    outcomeOf("uncertain", [59.9, 20, 10], true),
  ]);
  assertEquals(verdicts.map(({ name, reached }) => [name, reached]), [
    ["good", true],
    ["slow", false],
    ["uncertain", false],
  ]);
  assertAlmostEquals(verdicts[0].overSed, 42 / 41, 1e-12);
  assertEquals(verdicts[2].beaten, ["ecmp", "wcmp"]);
  const { rows } = verdictTable(verdicts, { good: 60 });
  assertEquals(rows[0].slice(3), ["yes", 60]);
});

Deno.test("verdictsOf() needs the rules that it judges by", () => {
  assertThrows(
    () => verdictsOf([...RULES.slice(1), outcomeOf("x", [1, 2, 3], true)]),
    RangeError,
    "without the rule ecmp",
  );
});
