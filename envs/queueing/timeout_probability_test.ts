import { assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import {
  chebyshevBound,
  chebyshevTail,
  erlangTail,
  gammaTail,
  orbitRates,
  timeoutProbabilities,
} from "./timeout_probability.ts";

const SYSTEM = { serviceRate: 10, threads: 1, timeout: 9 };

Deno.test("erlangTail() sums Poisson probabilities", () => {
  const system = { serviceRate: 2, threads: 1, timeout: 1.5 };
  const e = Math.exp(-3);
  assertEquals(erlangTail(0, system), 0);
  assertAlmostEquals(erlangTail(1, system), e, 1e-15);
  assertAlmostEquals(erlangTail(3, system), e * (1 + 3 + 4.5), 1e-15);
});

// scipy.special.gammaincc(q, 90).
Deno.test("erlangTail() has the values of the incomplete gamma function", () => {
  assertAlmostEquals(erlangTail(90, SYSTEM) / 0.48598175332512544, 1, 1e-12);
  assertAlmostEquals(erlangTail(60, SYSTEM) / 3.252890109125438e-4, 1, 1e-12);
  assertLess(erlangTail(2000, SYSTEM), 1 + 1e-15);
  assertAlmostEquals(erlangTail(2000, SYSTEM), 1, 1e-12);
});

Deno.test("erlangTail() counts busy threads alone", () => {
  // Two jobs on four threads: rate 2 mu.
  const system = { serviceRate: 1, threads: 4, timeout: 1 };
  assertAlmostEquals(erlangTail(2, system), Math.exp(-2) * 3, 1e-15);
});

Deno.test("chebyshevTail() is one where the mean is near the time-out", () => {
  assertEquals(chebyshevTail(0, SYSTEM), 0);
  assertAlmostEquals(chebyshevTail(36, SYSTEM), (0.6 / 5.4) ** 2, 1e-15);
  assertEquals(chebyshevTail(90, SYSTEM), 1);
});

Deno.test("timeoutProbabilities() rises with the queue", () => {
  for (const name of ["erlang", "chebyshev"] as const) {
    const table = timeoutProbabilities(name, 99, SYSTEM);
    assertEquals(table.length, 100);
    table.forEach((value, q) =>
      assertEquals(value >= (table[q - 1] ?? 0), true)
    );
  }
});

Deno.test("orbitRates() share out the time-outs", () => {
  const { retry, giveUp } = orbitRates(9, 3);
  assertAlmostEquals(retry, 3 / 36, 1e-15);
  assertAlmostEquals(giveUp, 1 / 36, 1e-15);
  assertEquals(orbitRates(0.5, Infinity), { retry: 2, giveUp: 0 });
});

Deno.test("gammaTail() is the Erlang tail of equal exponential times", () => {
  for (const jobs of [1, 2, 10, 60, 90, 99]) {
    const moments = { mean: jobs / 10, variance: jobs / 100, timeout: 9 };
    assertAlmostEquals(gammaTail(moments) / erlangTail(jobs, SYSTEM), 1, 1e-9);
  }
});

// scipy.special.gammaincc(2.25, 3).
Deno.test("gammaTail() has the values of the incomplete gamma function", () => {
  const moments = { mean: 1.5, variance: 1, timeout: 2 };
  assertAlmostEquals(gammaTail(moments), 0.25079551477260686, 1e-13);
  assertEquals(gammaTail({ mean: 0, variance: 0, timeout: 1 }), 0);
  assertEquals(gammaTail({ mean: 2, variance: 0, timeout: 1 }), 1);
});

Deno.test("chebyshevBound() is one where the mean is past the time-out", () => {
  assertEquals(chebyshevBound({ mean: 10, variance: 0.1, timeout: 9 }), 1);
  assertEquals(chebyshevBound({ mean: 1, variance: 1, timeout: 3 }), 0.25);
});
