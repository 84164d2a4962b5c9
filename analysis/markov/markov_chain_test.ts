import { assertEquals, assertThrows } from "@std/assert";
import {
  buildMarkovChain,
  generatorTimes,
  meanUnder,
  timesGenerator,
} from "./markov_chain.ts";

const CYCLE = buildMarkovChain(3, (state, add) => {
  add((state + 1) % 3, state + 1);
  add(state, 5);
});

Deno.test("buildMarkovChain() adds rates up and leaves out loops", () => {
  const chain = buildMarkovChain(3, (state, add) => {
    if (state > 0) return;
    add(2, 1);
    add(0, 7);
    add(2, 0.5);
    add(1, 0);
  });
  assertEquals([...chain.targets], [2]);
  assertEquals([...chain.rates], [1.5]);
  assertEquals([...chain.exitRates], [1.5, 0, 0]);
  assertEquals([...chain.rowStart], [0, 1, 1, 1]);
  assertEquals(chain.bandwidth, 2);
});

Deno.test("buildMarkovChain() refuses what is no rate and no state", () => {
  for (const rate of [-1, NaN, Infinity]) {
    assertThrows(
      () => buildMarkovChain(2, (_, add) => add(1, rate)),
      RangeError,
      `at rate ${rate}`,
    );
  }
  assertThrows(
    () => buildMarkovChain(2, (_, add) => add(2, 1)),
    RangeError,
    "from state 0 to 2: expected a state from 0 to 1",
  );
  assertThrows(() => buildMarkovChain(0, () => {}), RangeError, "0 states");
});

Deno.test("the generator times a function, and a law times the generator", () => {
  const out = new Float64Array(3);
  assertEquals(
    [...generatorTimes(CYCLE, Float64Array.of(1, 2, 4), out)],
    [1, 4, -9],
  );
  assertEquals(
    [...timesGenerator(CYCLE, Float64Array.of(0.5, 0.5, 0), out)],
    [-0.5, -0.5, 1],
  );
  assertEquals(meanUnder(Float64Array.of(0.5, 0.5, 0), [2, 4, 9]), 3);
});
