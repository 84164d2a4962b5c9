import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  chiSquare,
  chiSquareBound,
  KINDS,
  subsetProbabilities,
  subsetStatistic,
} from "./_reservoir_test_tools.ts";
import { type ReservoirOptions, SingleMetricReservoir } from "./reservoir.ts";

const SIDES = [true, false];

function offer(
  options: ReservoirOptions,
  values: Float64Array<ArrayBuffer>,
): SingleMetricReservoir {
  const reservoir = new SingleMetricReservoir(options);
  for (const value of values) reservoir.update(value);
  return reservoir;
}

function indices(count: number): Float64Array<ArrayBuffer> {
  return Float64Array.from({ length: count }, (_, i) => i);
}

Deno.test("SingleMetricReservoir keeps all items while there is room", () => {
  for (const options of KINDS) {
    const reservoir = new SingleMetricReservoir({ ...options, size: 8 });
    for (let i = 0; reservoir.length < 8 && i < 1e5; i++) {
      reservoir.update(i, i / 4);
    }
    const { times, values } = reservoir.getTimedSample();
    assertEquals(values.length, 8);
    assertEquals(times, values.map((value) => value / 4));
    if (options.kind === "uniform" || options.kind === "window") {
      assertEquals([...values], [0, 1, 2, 3, 4, 5, 6, 7]);
    }
  }
});

Deno.test("SingleMetricReservoir counts items and takes counts for times", () => {
  for (const options of KINDS) {
    const reservoir = offer({ ...options, size: 8 }, indices(1000));
    assertEquals(reservoir.count, 1000);
    assertEquals(reservoir.lastTime, 999);
    const { times, values } = reservoir.getTimedSample();
    assertEquals(times, values);
  }
});

// Uniform over positions: 4000 samples of 5 of 25 items, so 800 expected in
// each of 25 positions; false alarms below 1e-6. The wrong model "item n
// replaces a slot with probability 1 / n" gives a statistic above 10,000; a
// slot drawn as n mod k is caught by the subsets below.
Deno.test("uniform reservoirs keep each position as often", () => {
  for (const algorithm of ["R", "L"] as const) {
    for (const batch of [false, true]) {
      const counts = new Float64Array(25);
      for (let seed = 0; seed < 4000; seed++) {
        const reservoir = new SingleMetricReservoir({
          size: 5,
          algorithm,
          seed,
        });
        if (batch) reservoir.updateBatch(indices(25));
        else for (let i = 0; i < 25; i++) reservoir.update(i);
        for (const value of reservoir.getSample()) counts[value]++;
      }
      const statistic = chiSquare(counts, new Float64Array(25).fill(800));
      // Draws without replacement vary less than independent ones.
      assert(statistic < chiSquareBound(24), `${algorithm}: ${statistic}`);
    }
  }
});

// All 20 subsets of 3 of 6 items: 20,000 samples, 1000 expected of each; false
// alarms below 1e-6. A slot that depends on the item's number makes some
// subsets twice as likely: the statistic is then above 1000.
Deno.test("uniform reservoirs keep each subset as often", () => {
  for (const algorithm of ["R", "L"] as const) {
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 20_000; seed++) {
      const sample = offer({ size: 3, algorithm, seed }, indices(6));
      const key = sample.getSample().sort().join();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    assertEquals(counts.size, 20);
    const statistic = chiSquare(
      [...counts.values()],
      new Float64Array(20).fill(1000),
    );
    assert(statistic < chiSquareBound(19), `${algorithm}: ${statistic}`);
  }
});

// 128 of 10,000 items: each kept item is from the first half with probability
// 1/2, so the mean over 100 samples is 64 with a deviation of 0.57; 5
// deviations are false alarms of 6e-7. An Algorithm L that never lowers its
// threshold keeps none of the first half; one that lowers it twice keeps 91.
Deno.test("uniform reservoirs keep as many of each half of a long stream", () => {
  for (const algorithm of ["R", "L"] as const) {
    let early = 0;
    for (let seed = 0; seed < 100; seed++) {
      const reservoir = offer({ algorithm, seed }, indices(10_000));
      early += reservoir.getSample().filter((value) => value < 5000).length;
    }
    assert(Math.abs(early / 100 - 64) < 5 * 0.57, `${early / 100}`);
  }
});

// Each of all subsets of 2 of 5 items by its probability: 20,000 samples, the
// least likely 78 times; false alarms below 1e-6. Inclusion alone would not
// tell draws by weight from others with the same inclusion.
Deno.test("weighted reservoirs keep each subset with the exact probability", () => {
  const weights = [1, 2, 9, 4, 0.5];
  const expected = subsetProbabilities(weights, 2);
  const statistic = subsetStatistic(20_000, expected, (seed) => {
    const options = { kind: "weighted", size: 2, seed } as const;
    const reservoir = new SingleMetricReservoir(options);
    weights.forEach((weight, i) => reservoir.updateWeighted(i, { weight }));
    return reservoir.getSample();
  });
  assert(statistic < chiSquareBound(expected.size - 1), `${statistic}`);
});

/** Inclusion probabilities of sequential draws by weight, by enumeration. */
function inclusionProbabilities(weights: number[], size: number): number[] {
  const result = weights.map(() => 0);
  for (const [key, probability] of subsetProbabilities(weights, size)) {
    for (const item of key.split(",")) result[Number(item)] += probability;
  }
  return result;
}

// 20,000 samples of 3 of 7 items. Each count is binomial: 5.5 deviations are
// false alarms of 3e-7 for all seven together. The order must not matter, as
// it does in Chao's procedure without its overweight items; ignoring weights
// would give 3/7 for all, 60 deviations off.
Deno.test("weighted reservoirs keep items with the exact probabilities", () => {
  const weights = [5, 1, 0, 2, 10, 0.5, 3];
  const expected = inclusionProbabilities(weights, 3);
  const runs = 20_000;
  for (const native of [undefined, ...SIDES]) {
    const counts = weights.map(() => 0);
    for (let seed = 0; seed < runs; seed++) {
      const reservoir = new SingleMetricReservoir({
        kind: "weighted",
        size: 3,
        seed,
        native,
      });
      if (native === undefined) {
        weights.forEach((weight, i) => reservoir.updateWeighted(i, { weight }));
      } else {
        reservoir.updateBatch(indices(7), {
          weights: Float64Array.from(weights),
        });
      }
      for (const value of reservoir.getSample()) counts[value]++;
    }
    assertEquals(counts[2], 0);
    counts.forEach((count, i) => {
      const p = expected[i];
      const deviation = Math.sqrt(runs * p * (1 - p));
      assert(
        Math.abs(count - runs * p) <= 5.5 * deviation,
        `item ${i}: ${count} of ${runs * p}`,
      );
    });
  }
});

// Ages in items are geometric with rate p / K: 400 reservoirs of 64 or 50, full
// for long. Slots differ in age only by being drawn, so their ages are all but
// independent: 20,000 ages or more, in 10 cells of equal probability, false alarms
// below 1e-6. Uniform sampling (ages spread evenly over 8000 items) and the
// original's slot = draw mod K with K sharing a factor with 1/p (a part of the
// slots never replaced) give statistics above 10,000.
Deno.test("biased reservoirs have exponential ages", () => {
  const cases = [[64, 1], [64, 0.2], [50, 1]];
  for (const [size, probability] of cases) {
    const items = 20 * size / probability;
    const counts = new Float64Array(10);
    for (let seed = 0; seed < 400; seed++) {
      const reservoir = offer(
        { kind: "biased", size, probability, seed },
        indices(items),
      );
      for (const value of reservoir.getSample()) {
        const age = items - 1 - value;
        const tail = (1 - probability / size) ** (age + 0.5);
        counts[Math.min(Math.floor(tail * 10), 9)]++;
      }
    }
    const expected = new Float64Array(10);
    for (let age = 0; age < items; age++) {
      const survives = (1 - probability / size) ** age;
      const tail = (1 - probability / size) ** (age + 0.5);
      expected[Math.min(Math.floor(tail * 10), 9)] += 400 * probability *
        survives;
    }
    const statistic = chiSquare(counts, expected);
    assert(
      statistic < chiSquareBound(9),
      `${size}, ${probability}: ${statistic}`,
    );
  }
});

Deno.test("windows keep the last items, oldest first", () => {
  const values = indices(23);
  for (const native of SIDES) {
    const one = offer({ kind: "window", size: 5, native }, values);
    const all = new SingleMetricReservoir({ kind: "window", size: 5, native });
    all.updateBatch(values.slice(0, 3));
    assertEquals([...all.getSample()], [0, 1, 2]);
    all.updateBatch(values.slice(3));
    for (const reservoir of [one, all]) {
      assertEquals([...reservoir.getSample()], [18, 19, 20, 21, 22]);
    }
  }
});

Deno.test("SingleMetricReservoir refuses options out of range", () => {
  for (
    const [options, message] of [
      [{ size: 0 }, "size 0"],
      [{ size: 1.5 }, "size 1.5"],
      [{ size: NaN }, "size NaN"],
      [{ size: 2 ** 21 }, "size 2097152"],
      [{ kind: "newest" }, 'kind "newest"'],
      [{ algorithm: "Z" }, 'algorithm "Z"'],
      [{ probability: 0 }, "probability 0"],
      [{ probability: NaN }, "probability NaN"],
      [{ seed: -1 }, "-1"],
    ] as [ReservoirOptions, string][]
  ) {
    assertThrows(() => new SingleMetricReservoir(options), RangeError, message);
  }
});

Deno.test("SingleMetricReservoir refuses items, and changes nothing", () => {
  for (const options of KINDS) {
    const reservoir = new SingleMetricReservoir({ ...options, size: 4 });
    for (let i = 0; i < 100; i++) reservoir.update(i, i);
    const before = reservoir.saveState();
    for (
      const [value, time, message] of [
        [NaN, 100, "the value NaN"],
        [Infinity, 100, "the value Infinity"],
        [1, 98, "at time 98, expected a finite number of at least 99"],
        [1, NaN, "at time NaN"],
        [1, Infinity, "at time Infinity"],
        [1, undefined, "without a time"],
      ] as [number, number | undefined, string][]
    ) {
      assertThrows(() => reservoir.update(value, time), RangeError, message);
      assertThrows(
        () => reservoir.updateBatch(new Float64Array(1).fill(NaN), { time: 1 }),
        RangeError,
      );
    }
    assertEquals(reservoir.count, 100);
    const after = reservoir.saveState();
    (before.numbers as Float64Array)[5] = 0;
    (after.numbers as Float64Array)[5] = 0;
    assertEquals(after, before);
    const untimed = offer({ ...options, size: 4 }, indices(9));
    assertThrows(() => untimed.update(1, 100), RangeError, "expected none");
  }
});

Deno.test("updateWeighted() refuses weights", () => {
  const weighted = new SingleMetricReservoir({ kind: "weighted", size: 2 });
  for (const weight of [-1, NaN, Infinity]) {
    assertThrows(
      () => weighted.updateWeighted(1, { weight }),
      RangeError,
      `weight ${weight}`,
    );
  }
  const uniform = new SingleMetricReservoir();
  assertThrows(
    () => uniform.updateWeighted(1, { weight: 1 }),
    TypeError,
    "expected a weighted one",
  );
});
