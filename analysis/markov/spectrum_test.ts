import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { buildMarkovChain } from "./markov_chain.ts";
import { slowModes } from "./spectrum.ts";

// M/M/1/K: lambda + mu - 2 sqrt(lambda mu) cos(k pi / (K + 1)), k = 1 to K.
Deno.test("slowModes() finds the modes of M/M/1/K", () => {
  for (const [lambda, mu] of [[9.5, 10], [0.2, 0.5], [1, 1]]) {
    const chain = buildMarkovChain(100, (n, add) => {
      if (n < 99) add(n + 1, lambda);
      if (n > 0) add(n - 1, mu);
    });
    slowModes(chain, { count: 4 }).forEach(({ real, imaginary }, i) => {
      const angle = (i + 1) * Math.PI / 100;
      const expected = lambda + mu - 2 * Math.sqrt(lambda * mu) *
          Math.cos(angle);
      assertAlmostEquals(real / -expected, 1, 1e-8);
      assertEquals(Math.abs(imaginary), 0);
    });
  }
});

// Around a circle at rate 1: e^(2 pi i k / n) - 1.
Deno.test("slowModes() finds pairs", () => {
  const chain = buildMarkovChain(30, (n, add) => add((n + 1) % 30, 1));
  const modes = slowModes(chain, { count: 4 });
  modes.forEach(({ real, imaginary }, i) => {
    const angle = 2 * Math.PI * (1 + (i >> 1)) / 30;
    assertAlmostEquals(real, Math.cos(angle) - 1, 1e-9);
    assertAlmostEquals(Math.abs(imaginary), Math.sin(angle), 1e-9);
  });
  assertAlmostEquals(modes[0].imaginary, -modes[1].imaginary, 1e-9);
});

Deno.test("slowModes() finds the rate of a door that is almost shut", () => {
  // Two rooms of 20 states with a door of rate 1e-9 either way.
  const chain = buildMarkovChain(40, (n, add) => {
    const room = n < 20 ? 0 : 20;
    if (n + 1 < room + 20) add(n + 1, 1);
    if (n > room) add(n - 1, 1);
    if (n === 19) add(20, 1e-9);
    if (n === 20) add(19, 1e-9);
  });
  const [{ real }] = slowModes(chain, { count: 1 });
  assertAlmostEquals(real / -1e-10, 1, 1e-6); // 2 * 1e-9 / 20
});

Deno.test("slowModes() refuses more modes than there are", () => {
  const chain = buildMarkovChain(3, (n, add) => add((n + 1) % 3, 1));
  assertThrows(
    () => slowModes(chain, { count: 3 }),
    RangeError,
    "expected 1 to 2",
  );
});
