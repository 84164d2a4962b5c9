import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { Random } from "../../core/random.ts";
import {
  coefficientOfVariation,
  giniCoefficient,
  jainIndex,
  largest,
  logProductFairness,
  minMaxRatio,
  normalisedEntropy,
  overProvision,
  productFairness,
  smallest,
  variance,
} from "./fairness.ts";

type Index = (values: ArrayLike<number>) => number;

/** Each with its value where all are equal, and where one of n has all. */
const INDICES: [Index, number, (n: number) => number][] = [
  [jainIndex, 1, (n) => 1 / n],
  [productFairness, 1, () => 0],
  [logProductFairness, 0, (n) => (n - 1) * Math.log(1e-10)],
  [coefficientOfVariation, 0, (n) => Math.sqrt(n - 1)],
  [giniCoefficient, 0, (n) => (n - 1) / n],
  [normalisedEntropy, 1, () => 0],
  [minMaxRatio, 1, () => 0],
  [overProvision, 1, (n) => n],
];

Deno.test("fairness indices reach their ends and pass neither", () => {
  for (const [index, equal, alone] of INDICES) {
    for (const n of [2, 4, 16, 64]) {
      for (const scale of [1e-300, 0.3, 7, 1e300]) {
        const values = new Float64Array(n).fill(scale);
        assertAlmostEquals(index(values), equal, 1e-12, index.name);
        values.fill(0, 1);
        assertAlmostEquals(index(values), alone(n), 1e-9, index.name);
      }
    }
  }
});

Deno.test("fairness indices do not change with the unit or the order", () => {
  const values = Float64Array.of(0.5, 3, 1, 2.25, 0.75);
  for (const [index] of INDICES) {
    const expected = index(values);
    for (const factor of [1e-9, 3, 1e12]) {
      const scaled = values.map((value) => value * factor);
      assertAlmostEquals(index(scaled), expected, 1e-12, index.name);
    }
    assertAlmostEquals(index(values.toReversed()), expected, 1e-12, index.name);
    assertEquals(index(Array.from(values)), expected, index.name);
  }
});

Deno.test("fairness indices give the values computed by hand", () => {
  const values = Float64Array.of(1, 2, 3, 4);
  assertEquals(jainIndex(values), 100 / 120);
  assertEquals(productFairness(values), 24 / 256);
  assertAlmostEquals(logProductFairness(values), Math.log(24 / 256), 1e-14);
  assertEquals(variance(values), 1.25);
  assertAlmostEquals(coefficientOfVariation(values), Math.sqrt(0.2), 1e-15);
  // |differences| of the six pairs: 1 + 2 + 3 + 1 + 2 + 1 = 10.
  assertEquals(giniCoefficient(values), 10 / (4 * 10));
  assertEquals(minMaxRatio(values), 1 / 4);
  assertEquals(overProvision(values), 1.6);
  assertEquals([smallest(values), largest(values)], [1, 4]);
  const bits = 0.5 * Math.log(2) + 0.5 * Math.log(4);
  assertAlmostEquals(
    normalisedEntropy(Float64Array.of(2, 1, 1)),
    bits / Math.log(3),
    1e-14,
  );
});

Deno.test("jainIndex() stays between 1 / n and 1 whatever the rounding", () => {
  const random = new Random(3);
  for (let run = 0; run < 2000; run++) {
    const n = random.integer(1, 64);
    const values = Float64Array.from(
      { length: n },
      () => random.integer(0, 1) * random.exponential(),
    );
    const near = values.map((value) => 1e9 + value * 1e-7);
    for (const some of [values, near]) {
      const index = jainIndex(some);
      assert(index >= 1 / n && index <= 1, `${index} of ${some}`);
    }
  }
});

/** Coefficient of variation and Jain's index say the same: 1 / (1 + c^2). */
Deno.test("jainIndex() is one over one plus the squared variation", () => {
  const random = new Random(4);
  for (let run = 0; run < 200; run++) {
    const values = Float64Array.from({ length: 7 }, () => random.uniform());
    const square = coefficientOfVariation(values) ** 2;
    assertAlmostEquals(jainIndex(values), 1 / (1 + square), 1e-12);
  }
});

Deno.test("fairness indices rise when load moves from more to less", () => {
  const random = new Random(5);
  const fairer: [Index, number][] = [
    [jainIndex, 1],
    [coefficientOfVariation, -1],
    [giniCoefficient, -1],
    [normalisedEntropy, 1],
    [variance, -1],
  ];
  for (let run = 0; run < 500; run++) {
    const before = Float64Array.from({ length: 6 }, () => random.uniform());
    const after = before.slice().sort();
    const moved = 0.4 * (after[4] - after[1]) * random.uniform();
    after[4] -= moved;
    after[1] += moved;
    for (const [index, sign] of fairer) {
      assert(sign * (index(after) - index(before)) > 0, index.name);
    }
  }
});

Deno.test("fairness indices call equal values fairest, zeros and one alike", () => {
  for (const values of [[0], [5], [0, 0, 0], [2, 2]]) {
    for (const [index, equal] of INDICES) {
      assertEquals(index(values), equal, `${index.name} of ${values}`);
    }
    assertEquals(variance(values), 0);
  }
});

Deno.test("fairness indices give NaN for what is not finite", () => {
  const functions = [...INDICES.map(([index]) => index), variance, largest];
  for (const index of [...functions, smallest]) {
    for (const bad of [NaN, Infinity]) {
      for (const values of [[bad], [bad, 1], [1, bad], [0, 0, bad]]) {
        assertEquals(index(values), NaN, `${index.name} of ${values}`);
      }
    }
  }
});

Deno.test("fairness indices refuse no values and negative ones", () => {
  const functions = [...INDICES.map(([index]) => index), variance, largest];
  for (const index of [...functions, smallest]) {
    assertThrows(() => index([]), RangeError, "0 servers, expected at least 1");
    assertThrows(
      () => index([1, -0.5]),
      RangeError,
      "value -0.5 of server 1, expected a number from 0",
    );
    assertThrows(() => index([NaN, -1]), RangeError, "value -1 of server 1");
  }
});

Deno.test("variance() loses no digits to a large offset", () => {
  const values = Float64Array.of(1, 2, 3, 4).map((value) => value + 1e9);
  assertEquals(variance(values), 1.25);
});
