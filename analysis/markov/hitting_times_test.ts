import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { hittingTimes } from "./hitting_times.ts";
import { buildMarkovChain } from "./markov_chain.ts";

// M/M/1: the busy period has mean 1 / (mu - lambda) a job, and variance
// (1 + rho) / (mu^2 (1 - rho)^3).
Deno.test("hittingTimes() has mean and spread of busy periods", () => {
  const [lambda, mu] = [1, 2];
  const chain = buildMarkovChain(120, (n, add) => {
    if (n < 119) add(n + 1, lambda);
    if (n > 0) add(n - 1, mu);
  });
  const { mean, standardDeviation } = hittingTimes(chain, (n) => n === 0);
  assertEquals([mean[0], standardDeviation[0]], [0, 0]);
  assertAlmostEquals(mean[1], 1, 1e-12);
  assertAlmostEquals(mean[5], 5, 1e-11);
  const variance = (1 + lambda / mu) / (mu ** 2 * (1 - lambda / mu) ** 3);
  assertAlmostEquals(standardDeviation[1] ** 2, variance, 1e-9);
  assertAlmostEquals(standardDeviation[5] ** 2, 5 * variance, 1e-9);
});

Deno.test("hittingTimes() keeps its digits where times are enormous", () => {
  // Up against the stream: 0 to n takes sum over k of sum over j <= k of
  // (mu / lambda)^j / lambda with mu = 10, lambda = 1.
  const chain = buildMarkovChain(14, (n, add) => {
    if (n < 13) add(n + 1, 1);
    if (n > 0) add(n - 1, 10);
  });
  let expected = 0;
  for (let k = 0; k < 13; k++) {
    for (let j = 0; j <= k; j++) expected += 10 ** j;
  }
  const { mean, standardDeviation } = hittingTimes(chain, (n) => n === 13);
  assertAlmostEquals(mean[0] / expected, 1, 1e-13);
  // Such a time is almost exponential.
  assertAlmostEquals(standardDeviation[0] / mean[0], 1, 1e-6);
});

Deno.test("hittingTimes() refuses sets that are empty or out of reach", () => {
  const chain = buildMarkovChain(3, (state, add) => state > 0 && add(0, 1));
  assertThrows(
    () => hittingTimes(chain, () => false),
    RangeError,
    "without states",
  );
  assertThrows(
    () => hittingTimes(chain, (state) => state === 2),
    RangeError,
    "never reaches",
  );
});
