/**
 * How fast reservoirs sample and compute features.
 *
 * @module
 */
import { Random } from "../core/random.ts";
import { MultiMetricReservoir } from "../ffi/multi_metric_reservoir.ts";
import {
  type ReservoirOptions,
  SingleMetricReservoir,
} from "../ffi/reservoir.ts";
import { bestRate, type Measurement } from "./measure.ts";

/** Short enough that some repeats are not interrupted. */
const ITEMS = 500_000;
const REPEATS = 300;

function offerOneByOne(reservoir: SingleMetricReservoir, items: number) {
  for (let i = 0; i < items; i++) reservoir.update(i);
}

/** Items a second, one at a time. */
function singleRate(options: ReservoirOptions): Promise<number> {
  const reservoir = new SingleMetricReservoir(options);
  offerOneByOne(reservoir, ITEMS);
  return bestRate(REPEATS, () => {
    offerOneByOne(reservoir, ITEMS);
    return ITEMS;
  });
}

function exponentials(count: number): Float64Array<ArrayBuffer> {
  const random = new Random(1);
  return Float64Array.from({ length: count }, () => random.exponential());
}

/** Expected replacements of a uniform sample of k of n items: k ln(n / k). */
function replacements(size: number, items: number): number {
  return size * Math.log(items / size);
}

/** Nanoseconds a replacement, and milliseconds for 1e8 items. */
async function batchTimes(): Promise<{ replacement: number; all: number }> {
  const few = exponentials(100_000);
  const inOne = await bestRate(REPEATS, () => {
    new SingleMetricReservoir({ size: 1024 }).updateBatch(few);
    return 1;
  });
  const many = exponentials(1_000_000);
  const inHundred = await bestRate(REPEATS, () => {
    const reservoir = new SingleMetricReservoir({ size: 128 });
    for (let i = 0; i < 100; i++) reservoir.updateBatch(many);
    return 1;
  });
  return {
    // The items that fill the reservoir are in the time too.
    replacement: 1e9 / inOne / replacements(1024, few.length),
    all: 1e3 / inHundred,
  };
}

/** Microseconds for the features of all reservoirs. */
async function featuresTime(native: boolean): Promise<number> {
  const reservoirs = new MultiMetricReservoir({
    servers: 64,
    size: 128,
    kind: "biased",
    native,
  });
  const values = exponentials(20_000);
  const times = Float64Array.from(values.keys(), (i) => i / 500);
  for (let server = 0; server < reservoirs.servers; server++) {
    for (const metric of reservoirs.metrics) {
      const start = 100 * server;
      reservoirs.of(server, metric).updateBatch(
        values.slice(start, start + 2000),
        { time: times.slice(start, start + 2000) },
      );
    }
  }
  const out = new Float64Array(64 * 2 * reservoirs.featureNames.length);
  const rate = await bestRate(native ? 20 * REPEATS : 10, () => {
    reservoirs.features({ now: 50, out });
    return 1;
  });
  return 1e6 / rate;
}

/** Single items, batches and features. */
export async function measureReservoirs(): Promise<Measurement[]> {
  const rates: [string, ReservoirOptions, number?][] = [
    ["uniform, one at a time", { size: 128 }, 600],
    ["biased, one at a time", { size: 128, kind: "biased" }, 300],
    [
      "biased with probability 0.05, one at a time",
      { size: 128, kind: "biased", probability: 0.05 },
    ],
    ["window, one at a time", { size: 128, kind: "window" }],
  ];
  const measurements: Measurement[] = [];
  for (const [name, options, target] of rates) {
    const value = await singleRate(options) / 1e6;
    measurements.push({ name, value, target, unit: "million/s" });
  }
  const { replacement, all } = await batchTimes();
  const less = { moreIsBetter: false };
  return [
    ...measurements,
    {
      name: "Algorithm L over a batch, a replacement",
      value: replacement,
      target: 40,
      unit: "ns",
      ...less,
    },
    {
      name: "Algorithm L, 128 of 100,000,000",
      value: all,
      target: 0.3,
      unit: "ms",
      ...less,
    },
    {
      name: "features of 64 x 2 x 128 samples",
      value: await featuresTime(true),
      target: 100,
      unit: "us",
      ...less,
    },
    {
      name: "features of 64 x 2 x 128 samples, TypeScript",
      value: await featuresTime(false),
      unit: "us",
      ...less,
    },
  ];
}
