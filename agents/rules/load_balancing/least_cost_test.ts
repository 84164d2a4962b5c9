import { assert, assertEquals } from "@std/assert";
import { contextOf, countChoices } from "./_test_simulators.ts";
import {
  jsqOracle,
  leastWorkOracle,
  lsq,
  sed,
  sedOracle,
} from "./least_cost.ts";

Deno.test("rules by least cost look at what they say", () => {
  const oracle = {
    inside: Int32Array.of(5, 4, 3, 9),
    remainingWork: (server: number) => [3, 2, 9, 2.5][server],
  };
  const counts = Int32Array.of(1, 3, 2, 5);
  const context = contextOf([1, 2, 1, 4], { counts, oracle });
  // Costs are (q + 1) / w: 2, 2, 3, 1.5.
  const chosen = [lsq(), sed(), jsqOracle(), sedOracle(), leastWorkOracle()]
    .map(({ choose }) => choose(0, context));
  assertEquals(chosen, [0, 3, 2, 1, 3]);
});

// 30,000 flows on 3 equal servers: a share's error is 0.0027.
Deno.test("of equal costs each server is as likely", () => {
  for (const rule of [lsq(), sed(), jsqOracle(), leastWorkOracle()]) {
    const counts = Int32Array.of(0, 7, 0, 0);
    const oracle = {
      inside: counts,
      remainingWork: (server: number) => counts[server],
    };
    const context = contextOf([1, 1, 1, 1], { counts, oracle });
    const got = countChoices(rule.choose, context, 30_000);
    assertEquals(got[1], 0);
    for (const server of [0, 2, 3]) {
      assert(Math.abs(got[server] / 30_000 - 1 / 3) < 0.016, `${got}`);
    }
  }
});
