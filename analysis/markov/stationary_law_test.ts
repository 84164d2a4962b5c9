import { assertAlmostEquals, assertLess, assertThrows } from "@std/assert";
import { Random } from "../../core/random.ts";
import { buildMarkovChain, timesGenerator } from "./markov_chain.ts";
import { stationaryLaw } from "./stationary_law.ts";

Deno.test("stationaryLaw() is geometric for M/M/1/K, to the last state", () => {
  // rho = 0.1: the law falls to 1e-99, and keeps its digits.
  const chain = buildMarkovChain(100, (n, add) => {
    if (n < 99) add(n + 1, 1);
    if (n > 0) add(n - 1, 10);
  });
  const law = stationaryLaw(chain);
  for (const n of [0, 1, 50, 99]) {
    assertAlmostEquals(law[n] / (0.9 * 0.1 ** n), 1, 1e-12);
  }
});

Deno.test("stationaryLaw() solves p Q = 0 for random chains", () => {
  const random = new Random(1);
  const chain = buildMarkovChain(200, (state, add) => {
    add((state + 1) % 200, random.exponential());
    for (let i = 0; i < 5; i++) {
      add(random.integer(0, 199), random.exponential() ** 6);
    }
  });
  const law = stationaryLaw(chain);
  const change = timesGenerator(chain, law, new Float64Array(200));
  change.forEach((value) => assertLess(Math.abs(value), 1e-14 * 1e3));
  assertAlmostEquals(law.reduce((a, b) => a + b, 0), 1, 1e-13);
});

Deno.test("stationaryLaw() refuses states that never come back", () => {
  const chain = buildMarkovChain(3, (state, add) => state === 0 && add(2, 1));
  assertThrows(() => stationaryLaw(chain), RangeError, "from state 1 no way");
});

Deno.test("stationaryLaw() refuses a band that does not fit into memory", () => {
  const chain = buildMarkovChain(50_000, (state, add) => {
    add((state + 1) % 50_000, 1);
  });
  assertThrows(() => stationaryLaw(chain), RangeError, "bandwidth 49999");
});
