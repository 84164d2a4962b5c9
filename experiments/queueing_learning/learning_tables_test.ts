import { assert, assertEquals } from "@std/assert";
import { MODEL } from "../../analysis/koopman/_test_model.ts";
import {
  boundOf,
  factorTable,
  remarks,
  timescaleTable,
} from "./learning_tables.ts";

const interval = (estimate: number) => ({
  estimate,
  low: estimate - 1,
  high: estimate + 1,
});
const LEARNED = {
  model: MODEL,
  losses: Float64Array.of(1),
  timescale: interval(47),
  autocorrelationTime: interval(40),
  slowDecay: interval(45),
  fromRuns: true,
};
const BASELINES = {
  timescales: [{ method: "DMD", lag: 5, timescale: 30 }],
  largestDeviation: NaN,
  largestDifference: NaN,
};
const STATIONARY = {
  integrated: interval(50),
  exponential: interval(55),
  autocorrelation: Float64Array.of(1),
  mean: 10,
  standardDeviation: 5,
  fromEmpty: interval(10),
  fromOverload: interval(90),
  mixed: false,
  longEnough: false,
};

Deno.test("timescaleTable() has the same times of the model and of long runs", () => {
  const { rows } = timescaleTable(LEARNED, BASELINES, STATIONARY);
  assertEquals(rows.map((row) => row[2]), [47, 40, 45, 30, 50, 55]);
  assert(rows.every((row) => row.length === 5));
  const fromMeans = { ...LEARNED, autocorrelationTime: interval(NaN) };
  assertEquals(
    timescaleTable(fromMeans, BASELINES, undefined).rows.map((row) => row[2]),
    [47, 30],
  );
});

Deno.test("remarks() say what is wrong with long runs", () => {
  const lines = remarks(LEARNED, BASELINES, STATIONARY);
  assertEquals(lines.length, 3);
  assert(lines[0].includes("-20 %"));
  assert(lines[1].includes("--stationary-time"));
  assert(lines[2].includes("90.0 from an overload"));
});

Deno.test("factorTable() has the bound's factors after the fault", () => {
  const { lower, upper, condition, diameter } = boundOf(LEARNED);
  const values = factorTable(LEARNED).rows.map((row) => row[1]);
  assertEquals(values.slice(0, 5), [0.9, condition, lower, upper, diameter]);
});
