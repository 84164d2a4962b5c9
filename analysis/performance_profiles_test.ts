import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { Random } from "../core/random.ts";
import { performanceProfile } from "./performance_profiles.ts";

/** The smallest k at which the binomial distribution function reaches p. */
function binomialQuantile(n: number, share: number, p: number): number {
  let term = (1 - share) ** n;
  let sum = term;
  let k = 0;
  while (sum < p) {
    term *= (n - k) / (k + 1) * share / (1 - share);
    sum += term;
    k++;
  }
  return k;
}

Deno.test("the band of one task is the binomial distribution's", () => {
  // A resample's share above a threshold is binomial over n: 20 runs, of which
  // 5 are above 15.5. With 20,000 resamples the 2.5 % quantile is off by one
  // run only where the distribution function is within 0.006 (6 standard
  // errors, one chance in 10^8) of 0.025; it is 0.0243 at k = 1 and 0.0913 at
  // k = 2, which allows for 1 or 2, and 0.9590 and 0.9861 at k = 8 and 9.
  const scores = Array.from({ length: 20 }, (_, i) => i + 1);
  const { share, low, high } = performanceProfile([scores], {
    thresholds: [15.5],
    random: new Random(1),
    resamples: 20_000,
  });
  assertEquals(share[0], 0.25);
  assertEquals(binomialQuantile(20, 0.25, 0.025), 2);
  assertEquals(binomialQuantile(20, 0.25, 0.975), 9);
  assert(low[0] === 0.05 || low[0] === 0.1, `${low[0]}`);
  assertAlmostEquals(high[0], 0.45, 1e-12);
});

Deno.test("tasks count alike, however many runs they have", () => {
  const { share } = performanceProfile([[1, 1, 1, 1], [0]], {
    thresholds: [0.5, -1],
    random: new Random(1),
    resamples: 2,
  });
  assertEquals([...share], [0.5, 1]);
});

Deno.test("resamples stay within their tasks", () => {
  // Both tasks are certain: a bootstrap over all runs at once would vary.
  const { low, high } = performanceProfile([[0, 0, 0], [1, 1, 1]], {
    thresholds: [0.5],
    random: new Random(1),
  });
  assertEquals([low[0], high[0]], [0.5, 0.5]);
});

Deno.test("a score at the threshold is not above it; NaN never is", () => {
  const { share } = performanceProfile([[1, NaN]], {
    thresholds: [1, 0],
    random: new Random(1),
    resamples: 2,
  });
  assertEquals([...share], [0, 0.5]);
});

Deno.test("profiles refuse what they cannot be made of", () => {
  const random = new Random(1);
  const thresholds = [0];
  assertThrows(
    () => performanceProfile([], { random, thresholds }),
    RangeError,
  );
  assertThrows(
    () => performanceProfile([[1], []], { random, thresholds }),
    RangeError,
  );
  assertThrows(
    () => performanceProfile([[1]], { random, thresholds, resamples: 1 }),
    RangeError,
  );
  assertThrows(
    () => performanceProfile([[1]], { random, thresholds, confidence: 1 }),
    RangeError,
  );
});
