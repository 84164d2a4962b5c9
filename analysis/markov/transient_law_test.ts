import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { buildMarkovChain, meanUnder } from "./markov_chain.ts";
import { stationaryLaw } from "./stationary_law.ts";
import { totalVariation, transientLaw } from "./transient_law.ts";

Deno.test("transientLaw() relaxes two states exponentially", () => {
  const chain = buildMarkovChain(2, (state, add) => add(1 - state, state + 1));
  const start = Float64Array.of(1, 0);
  for (const time of [0, 0.1, 1, 100, 5000]) {
    const law = transientLaw(chain, start, time);
    assertAlmostEquals(law[0], 2 / 3 + Math.exp(-3 * time) / 3, 1e-11);
    assertAlmostEquals(law[0] + law[1], 1, 1e-11);
  }
  assertEquals([...start], [1, 0]);
});

// M/M/infinity from empty: Poisson of mean lambda / mu (1 - e^(-mu t)).
Deno.test("transientLaw() fills an M/M/infinity queue", () => {
  const chain = buildMarkovChain(80, (n, add) => {
    if (n < 79) add(n + 1, 10);
    if (n > 0) add(n - 1, n);
  });
  const start = new Float64Array(80);
  start[0] = 1;
  const numbers = Array.from({ length: 80 }, (_, n) => n);
  for (const time of [0.2, 1, 3]) {
    const mean = 10 * (1 - Math.exp(-time));
    const law = transientLaw(chain, start, time);
    assertAlmostEquals(meanUnder(law, numbers), mean, 1e-8);
    assertAlmostEquals(law[0], Math.exp(-mean), 1e-11);
  }
  const late = transientLaw(chain, start, 40);
  assertAlmostEquals(totalVariation(late, stationaryLaw(chain)), 0, 1e-10);
});

Deno.test("transientLaw() refuses times before the beginning", () => {
  const chain = buildMarkovChain(1, () => {});
  assertThrows(
    () => transientLaw(chain, Float64Array.of(1), -1),
    RangeError,
    "after -1",
  );
  assertEquals([...transientLaw(chain, Float64Array.of(1), 5)], [1]);
});

Deno.test("totalVariation() is the mass that has to be moved", () => {
  const a = Float64Array.of(0.5, 0.5, 0);
  assertEquals(totalVariation(a, Float64Array.of(0, 0.5, 0.5)), 0.5);
  assertEquals(totalVariation(a, a), 0);
});
