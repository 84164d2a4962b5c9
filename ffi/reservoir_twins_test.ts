import { assert, assertEquals, assertThrows } from "@std/assert";
import { Random } from "../core/random.ts";
import { KINDS, stateOf } from "./_reservoir_test_tools.ts";
import { nativeLibrary } from "./library.ts";
import {
  type BatchOptions,
  type ReservoirOptions,
  SingleMetricReservoir,
} from "./reservoir.ts";
import { FEATURE_NAMES, type Features } from "./reservoir_features.ts";
import { MultiMetricReservoir } from "./multi_metric_reservoir.ts";
import { powerOfTwo } from "./_reservoir_features.ts";

const ignore = nativeLibrary() === undefined;

type Options = Pick<ReservoirOptions, "kind" | "algorithm" | "probability">;

function pair(options: Options, size = 128) {
  return [true, false].map((native) =>
    new SingleMetricReservoir({ ...options, size, seed: 9, native })
  );
}

function draws(count: number, seed = 1): Float64Array<ArrayBuffer> {
  const random = new Random(seed);
  return Float64Array.from({ length: count }, () => random.exponential());
}

Deno.test({
  name: "Rust and TypeScript agree draw for draw over 1e6 items",
  ignore,
  fn: () => {
    const values = draws(1_000_000);
    const weights = draws(1_000_000, 2);
    const times = Float64Array.from(values.keys(), (i) => i / 1000);
    // A large size for many draws of Algorithm L; slots of bytes, of halves, of
    // which size 1000 rejects some, and of words; a short skip for many
    // exponentials.
    const all: [Options, number][] = [
      ...KINDS.map((options): [Options, number] => [options, 128]),
      [{ kind: "uniform", algorithm: "L" }, 5000],
      [{ kind: "biased" }, 100],
      [{ kind: "biased" }, 1000],
      [{ kind: "biased" }, 1025],
      [{ kind: "biased", probability: 0.5 }, 100],
    ];
    for (const [options, size] of all) {
      const [rust, typescript] = pair(options, size);
      const single = pair(options, size)[1];
      let start = 0;
      for (const length of [1, 100, 127, 1000, 63, 498_709, 500_000]) {
        const end = start + length;
        const batch: BatchOptions = { time: times.slice(start, end) };
        if (options.kind === "weighted") {
          batch.weights = weights.slice(start, end);
        }
        rust.updateBatch(values.slice(start, end), batch);
        typescript.updateBatch(values.slice(start, end), batch);
        for (let i = start; i < end; i++) {
          if (options.kind === "weighted") {
            const at = { weight: weights[i], time: times[i] };
            single.updateWeighted(values[i], at);
          } else single.update(values[i], times[i]);
        }
        start = end;
        assertEquals(stateOf(rust), stateOf(typescript));
        assertEquals(stateOf(rust), stateOf(single));
      }
      assertEquals(rust.count, 1_000_000);
    }
  },
});

Deno.test({
  name: "Rust and TypeScript refuse the same items of a batch",
  ignore,
  fn: () => {
    const good = draws(50);
    const wrong = (index: number, value: number) => {
      const changed = good.slice().sort();
      changed[index] = value;
      return changed;
    };
    const batches: [Float64Array<ArrayBuffer>, BatchOptions][] = [
      [wrong(49, NaN), {}],
      [wrong(49, Infinity), {}],
      [good, { time: wrong(49, NaN) }],
      [good, { time: wrong(49, -1) }],
      [good, { time: wrong(0, NaN) }],
      [good, { time: wrong(20, 1e9) }],
      [good, { time: -1 }],
      [good, { time: Infinity }],
      [good, { weights: wrong(30, -1) }],
      [good, { weights: wrong(30, NaN) }],
    ];
    for (const options of KINDS) {
      for (const [values, batch] of batches) {
        if (batch.weights && options.kind !== "weighted") continue;
        const messages = pair(options, 60).map((reservoir) => {
          reservoir.update(0, batch.time === undefined ? undefined : 0);
          try {
            reservoir.updateBatch(values, batch);
            return ["taken", ...stateOf(reservoir)];
          } catch (error) {
            assert(error instanceof RangeError, `${error}`);
            return [error.message, ...stateOf(reservoir)];
          }
        });
        assertEquals(messages[0], messages[1]);
      }
    }
    const [window] = pair({ kind: "window" }, 60);
    assertThrows(
      () => window.updateBatch(wrong(49, NaN)),
      RangeError,
      "the value NaN, item 49 of a batch",
    );
    assertEquals(window.count, 49);
    const [weighted] = pair({ kind: "weighted" }, 60);
    for (
      const batch of [{ time: draws(49) }, { weights: draws(49) }]
    ) assertThrows(() => weighted.updateBatch(good, batch), TypeError, "49");
    const wrongTypes = [Float32Array.from(good), [...good], undefined];
    for (const reservoir of pair({ kind: "biased" }, 60)) {
      for (const each of wrongTypes as unknown as typeof good[]) {
        assertThrows(
          () => reservoir.updateBatch(each),
          TypeError,
          "values are",
        );
      }
      assertEquals(reservoir.count, 0);
    }
  },
});

/** Features straight from their definitions, with sums of exact integers. */
function slowFeatures(
  sample: { times: Float64Array; values: Float64Array },
  options: {
    size: number;
    now: number;
    discount: number;
    percentile: number;
    zeros: boolean;
  },
): Features {
  const { size, now, discount, percentile, zeros } = options;
  const values = [...sample.values];
  const weights = [...sample.times].map((time) => discount ** (now - time));
  const padded = zeros
    ? [...values, ...new Array(size - values.length).fill(0)]
    : values;
  const discounted = padded.map((value, i) => value * (weights[i] ?? 0));
  // Neumaier's sum: exact to the last digit for these lengths.
  const total = (terms: number[]) => {
    let sum = 0, lost = 0;
    for (const term of terms) {
      const next = sum + term;
      lost += Math.abs(sum) >= Math.abs(term)
        ? (sum - next) + term
        : (term - next) + sum;
      sum = next;
    }
    return sum + lost;
  };
  const quantile = (array: number[]) => {
    const sorted = array.toSorted((a, b) => a - b);
    const rank = (sorted.length - 1) * percentile / 100;
    const low = Math.floor(rank);
    const high = Math.min(low + 1, sorted.length - 1);
    return sorted[low] * (1 - (rank - low)) + sorted[high] * (rank - low);
  };
  const mean = total(padded) / padded.length;
  const order = [...values.keys()].sort((a, b) => values[a] - values[b]);
  const target = total(weights) * percentile / 100;
  let reached = 0;
  const chosen = order.find((i) =>
    (reached += weights[i]) >= target * (1 - 1e-9)
  );
  return {
    mean,
    percentile: quantile(padded),
    standardDeviation: Math.sqrt(
      total(padded.map((value) => (value - mean) ** 2)) / padded.length,
    ),
    discountedMean: total(discounted) / size,
    discountedPercentile: quantile(discounted),
    weightedMean: total(values.map((value, i) => value * weights[i])) /
      total(weights),
    weightedPercentile: values[chosen!],
  };
}

Deno.test("features() agree with their definitions, and with one another", () => {
  const random = new Random(4);
  for (const length of [1, 2, 3, 7, 8, 9, 16, 31, 100, 128, 1000]) {
    for (const [scale, offset] of [[1, 0], [1e-3, 1e6], [100, -50]]) {
      const reservoirs = [true, false].map((native) =>
        new SingleMetricReservoir({ kind: "window", size: 128, native })
      );
      let time = 1e5;
      for (let i = 0; i < length; i++) {
        time += random.exponential(20);
        const value = random.integer(0, 9) < 2
          ? offset
          : offset + scale * random.exponential();
        for (const reservoir of reservoirs) reservoir.update(value, time);
      }
      for (const percentile of [0, 50, 90, 100]) {
        for (const emptySlots of ["ignored", "zeros"] as const) {
          const options = { now: time + 0.5, discount: 0.8, percentile };
          const [rust, typescript] = reservoirs.map((reservoir) =>
            reservoir.features({ ...options, emptySlots })
          );
          assertEquals(rust, typescript);
          const slow = slowFeatures(reservoirs[0].getTimedSample(), {
            ...options,
            size: 128,
            zeros: emptySlots === "zeros",
          });
          for (const name of FEATURE_NAMES) {
            const unit = Math.abs(offset) + scale;
            const error = Math.abs(rust[name] - slow[name]);
            assert(
              error <= 1e-12 * unit,
              `${name} of ${length}: ${rust[name]}, not ${slow[name]}`,
            );
          }
        }
      }
    }
  }
});

Deno.test("features() of large and of uneven reservoirs agree", () => {
  const random = new Random(5);
  const sizes = [16, 17, 33, 300, 1024, 1025, 3000];
  for (const size of sizes) {
    const both = [true, false].map((native) =>
      new MultiMetricReservoir({ servers: 5, size, kind: "biased", native })
    );
    for (let server = 0; server < 5; server++) {
      const count = [3 * size, 0, 1, size, size >> 1][server];
      for (let i = 0; i < count; i++) {
        const value = Math.floor(random.exponential(1 / 50));
        for (const each of both) {
          each.update({ fct: -value, flow_duration: value }, {
            server,
            time: i / 100,
          });
        }
      }
    }
    for (const percentile of [0, 10, 50, 75, 90, 98, 99.9, 100]) {
      for (const emptySlots of ["ignored", "zeros"] as const) {
        for (const discount of [1, 0.9, 1e-9]) {
          const options = { now: 200, percentile, emptySlots, discount };
          const [rust, typescript] = both.map((each) => each.features(options));
          assertEquals(rust, typescript);
        }
      }
    }
  }
});

Deno.test("features() keep their digits far from zero and long ago", () => {
  for (const native of [true, false]) {
    const reservoir = new SingleMetricReservoir({ size: 4, native });
    [1e9 + 1, 1e9 + 2, 1e9 + 3, 1e9 + 4].forEach((value, i) =>
      reservoir.update(value, i)
    );
    // In single precision, or as mean of squares, the deviation is lost.
    const { standardDeviation } = reservoir.features();
    assertEquals(standardDeviation, Math.sqrt(1.25));
    const late = reservoir.features({ now: 1e7 });
    assert(late.discountedMean < 1e-290);
    assertEquals(late.weightedMean, reservoir.features().weightedMean);
  }
});

Deno.test("features() of no samples are NaN, or zeros where slots count", () => {
  for (const native of [true, false]) {
    const reservoir = new SingleMetricReservoir({ native });
    for (const name of FEATURE_NAMES) {
      assertEquals(reservoir.features()[name], NaN);
      assertEquals(reservoir.features({ emptySlots: "zeros" })[name], 0);
    }
  }
});

Deno.test("features() refuse options out of range", () => {
  const reservoir = new SingleMetricReservoir();
  reservoir.update(1, 10);
  for (
    const [options, message] of [
      [{ now: 9 }, "at time 9, expected a finite number of at least 10"],
      [{ now: NaN }, "at time NaN"],
      [{ discount: 0 }, "discount by 0"],
      [{ discount: 1.1 }, "discount by 1.1"],
      [{ percentile: 101 }, "percentile 101"],
      [{ emptySlots: "nan" as "zeros" }, 'as "nan"'],
    ] as const
  ) {
    assertThrows(() => reservoir.features(options), RangeError, message);
  }
});

Deno.test("powerOfTwo() is close over its range", () => {
  for (let x = 0; x > -1022; x -= 0.37) {
    const ratio = powerOfTwo(x) / 2 ** x;
    assert(Math.abs(ratio - 1) < 5e-16, `${x}: ${ratio}`);
  }
  assertEquals(powerOfTwo(-1e300), 2 ** -1022);
});

Deno.test("MultiMetricReservoir has the features of each of its reservoirs", () => {
  for (const native of [true, false]) {
    const all = new MultiMetricReservoir({
      servers: 5,
      metrics: ["a", "b", "c"],
      kind: "biased",
      size: 16,
      native,
    });
    const random = new Random(8);
    for (let i = 0; i < 1000; i++) {
      const values = { a: random.uniform(), c: random.exponential() };
      all.update(values, { server: random.integer(0, 3), time: i / 10 });
    }
    const rows = all.features({ now: 100, discount: 0.5 });
    for (let server = 0; server < 5; server++) {
      all.metrics.forEach((metric, m) => {
        const own = all.of(server, metric)
          .features({ now: 100, discount: 0.5 });
        const start = (server * 3 + m) * 7;
        assertEquals(
          [...rows.subarray(start, start + 7)],
          FEATURE_NAMES.map((name) => own[name]),
        );
      });
    }
  }
});
