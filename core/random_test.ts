import {
  assert,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import { Random } from "./random.ts";

function draws(random: Random, count: number): number[] {
  return Array.from({ length: count }, () => random.nextUint32());
}

/** Largest |z| that a right statistic passes with probability 1 - 1e-6. */
const LIMIT = 4.9;

function meanAndVariance(next: () => number, size: number) {
  let mean = 0;
  let squares = 0;
  for (let i = 1; i <= size; i++) {
    const value = next();
    const delta = value - mean;
    mean += delta / i;
    squares += delta * (value - mean);
  }
  return { mean, variance: squares / (size - 1) };
}

// Vectors of the reference implementation, as the crate rand_xoshiro has them.
Deno.test("Random gives the reference's numbers from the words 1, 2, 3, 4", () => {
  const random = Random.fromState(Uint32Array.of(1, 2, 3, 4));
  assertEquals(draws(random, 10), [
    641,
    1573767,
    3222811527,
    3517856514,
    836907274,
    4247214768,
    3867114732,
    1355841295,
    495546011,
    621204420,
  ]);
});

Deno.test("Random seeds itself through SplitMix64 as rand_xoshiro does", () => {
  assertEquals(draws(new Random(1), 4), [
    2146930148,
    2585199205,
    3670091704,
    2556029204,
  ]);
});

Deno.test("Random.jump() moves to the reference's place", () => {
  const random = Random.fromState(Uint32Array.of(1, 2, 3, 4));
  random.jump();
  assertEquals(draws(random, 4), [
    3129740764,
    111290574,
    1158071106,
    1835317750,
  ]);
});

Deno.test("Random.split() hands out the next draws and jumps over them", () => {
  const root = new Random(5);
  const first = root.split();
  const second = root.split();
  assertEquals(draws(first, 3), draws(new Random(5), 3));
  assertNotEquals(draws(first, 3), draws(second, 3));
  const jumped = new Random(5);
  jumped.jump();
  jumped.jump();
  assertEquals(draws(root, 3), draws(jumped, 3));
});

Deno.test("Random goes on from a saved state", () => {
  const random = new Random(3);
  draws(random, 5);
  const state = random.saveState();
  const expected = draws(random, 5);
  random.loadState(state);
  assertEquals(draws(random, 5), expected);
});

Deno.test("Random refuses seeds and states that it cannot use", () => {
  for (const seed of [-1, 0.5, NaN, 2 ** 53]) {
    assertThrows(() => new Random(seed), RangeError, `${seed}`);
  }
  assertThrows(() => Random.fromState(new Uint32Array(4)), TypeError);
  assertThrows(() => Random.fromState(new Uint32Array(3)), TypeError);
});

// 200,000 draws each; a mean or variance off by 2 % of the deviation is found.
const size = 200_000;
const moments: [string, (random: Random) => number, number, number, number][] =
  [ // name, draw, mean, variance, fourth central moment
    ["uniform", (r) => r.uniform(), 1 / 2, 1 / 12, 1 / 80],
    ["normal", (r) => r.normal(), 0, 1, 3],
    ["exponential", (r) => r.exponential(2), 1 / 2, 1 / 4, 9 / 16],
    ["poisson(0.3)", (r) => r.poisson(0.3), 0.3, 0.3, 0.3 * 1.9],
    ["poisson(9.9)", (r) => r.poisson(9.9), 9.9, 9.9, 9.9 * 30.7],
    ["poisson(10)", (r) => r.poisson(10), 10, 10, 10 * 31],
    ["poisson(2425)", (r) => r.poisson(2425), 2425, 2425, 2425 * 7276],
  ];
for (const [name, draw, mean, variance, fourth] of moments) {
  Deno.test(`Random.${name} has the right mean and variance`, () => {
    const random = new Random(11);
    const found = meanAndVariance(() => draw(random), size);
    const meanError = Math.sqrt(variance / size);
    const varianceError = Math.sqrt((fourth - variance ** 2) / size);
    const meanScore = (found.mean - mean) / meanError;
    const varianceScore = (found.variance - variance) / varianceError;
    assert(Math.abs(meanScore) < LIMIT, `mean off by ${meanScore} errors`);
    assert(Math.abs(varianceScore) < LIMIT, `variance off: ${varianceScore}`);
  });
}

/** Pearson's statistic, as a standard normal score (Wilson and Hilferty). */
function chiSquareScore(counts: number[], expected: number[]): number {
  const statistic = counts.reduce(
    (sum, count, i) => sum + (count - expected[i]) ** 2 / expected[i],
    0,
  );
  const freedom = counts.length - 1;
  const spread = 2 / (9 * freedom);
  return (Math.cbrt(statistic / freedom) - (1 - spread)) / Math.sqrt(spread);
}

// 200,000 draws over 30 cells; a draw by rounding or with a tie is found.
Deno.test("Random.poisson(12) fits the distribution cell by cell", () => {
  const random = new Random(13);
  const cells = 30;
  const counts = new Array(cells).fill(0);
  for (let i = 0; i < size; i++) {
    counts[Math.min(random.poisson(12), cells - 1)]++;
  }
  const expected: number[] = [];
  let probability = Math.exp(-12);
  let rest = 1;
  for (let k = 0; k < cells - 1; k++) {
    expected.push(size * probability);
    rest -= probability;
    probability *= 12 / (k + 1);
  }
  expected.push(size * rest);
  // Cells that expect fewer than ten draws are merged into their neighbour.
  while (expected[0] < 10) {
    expected[1] += expected.shift()!;
    counts[1] += counts.shift()!;
  }
  while (expected.at(-1)! < 10) {
    expected[expected.length - 2] += expected.pop()!;
    counts[counts.length - 2] += counts.pop()!;
  }
  assert(chiSquareScore(counts, expected) < LIMIT);
});

Deno.test("Random.integer() is uniform over a range that is no power of two", () => {
  const random = new Random(17);
  const counts = new Array(7).fill(0);
  for (let i = 0; i < size; i++) counts[random.integer(-3, 3) + 3]++;
  assert(chiSquareScore(counts, counts.map(() => size / 7)) < LIMIT);
});

Deno.test("Random.integer() reaches beyond 32 bits and refuses odd ranges", () => {
  const random = new Random(19);
  const large = Array.from({ length: 100 }, () => random.integer(0, 2 ** 52));
  assert(large.every(Number.isSafeInteger));
  assert(large.some((value) => value > 2 ** 48));
  assertThrows(() => random.integer(2, 1), RangeError);
  assertThrows(() => random.integer(0.5, 3), RangeError);
});

Deno.test("Random.shuffle() makes every order equally likely", () => {
  const random = new Random(23);
  const orders = new Map<string, number>();
  for (let i = 0; i < 60_000; i++) {
    const order = random.shuffle([1, 2, 3, 4]).join("");
    orders.set(order, (orders.get(order) ?? 0) + 1);
  }
  assertEquals(orders.size, 24);
  const counts = [...orders.values()];
  assert(chiSquareScore(counts, counts.map(() => 60_000 / 24)) < LIMIT);
});

Deno.test("Random.choice() draws from the values and refuses none", () => {
  const random = new Random(29);
  const drawn = new Set(
    Array.from({ length: 100 }, () => random.choice(["a", "b"])),
  );
  assertEquals([...drawn].sort(), ["a", "b"]);
  assertThrows(() => random.choice([]), RangeError);
});

Deno.test("Random.poisson() refuses a mean that is negative or no number", () => {
  const random = new Random(0);
  assertThrows(() => random.poisson(-1), RangeError);
  assertThrows(() => random.poisson(NaN), RangeError);
});

// 100,000 draws: some 1,500 of them leave the first layers.
Deno.test("Random.fillExponential() gives what single draws give", () => {
  const filled = new Random(31);
  const single = new Random(31);
  const values = new Float64Array(100_000);
  filled.fillExponential(values);
  assertEquals(values, values.map(() => single.exponential()));
  assertEquals(filled.saveState(), single.saveState());
});
