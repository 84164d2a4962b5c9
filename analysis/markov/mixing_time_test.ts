import { assertAlmostEquals, assertThrows } from "@std/assert";
import { buildMarkovChain } from "./markov_chain.ts";
import { mixingTime } from "./mixing_time.ts";

Deno.test("mixingTime() of two states is a logarithm", () => {
  const chain = buildMarkovChain(2, (state, add) => add(1 - state, state + 1));
  // From 0 the distance is e^(-3 t) / 3, from 1 twice that.
  const time = (starts: number[]) =>
    mixingTime(chain, { starts, epsilon: 0.01 });
  assertAlmostEquals(time([0]), Math.log(1 / 0.03) / 3, 2e-3);
  assertAlmostEquals(time([0, 1]), Math.log(2 / 0.03) / 3, 2e-3);
});

Deno.test("mixingTime() goes on by the slowest mode, however slow", () => {
  const chain = buildMarkovChain(40, (n, add) => {
    const room = n < 20 ? 0 : 20;
    if (n + 1 < room + 20) add(n + 1, 1);
    if (n > room) add(n - 1, 1);
    if (n === 19) add(20, 1e-9);
    if (n === 20) add(19, 1e-9);
  });
  // Half of the mass has to pass the door: e^(-t / 1e10) / 2 = 0.01.
  const time = mixingTime(chain, { starts: [0], epsilon: 0.01 });
  assertAlmostEquals(time / (1e10 * Math.log(50)), 1, 1e-4);
});

Deno.test("mixingTime() refuses distances that are none", () => {
  const chain = buildMarkovChain(2, (state, add) => add(1 - state, 1));
  for (const epsilon of [0, 1, NaN]) {
    assertThrows(
      () => mixingTime(chain, { starts: [0], epsilon }),
      RangeError,
      `to ${epsilon}`,
    );
  }
});
