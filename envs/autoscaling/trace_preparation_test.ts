import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  type LoadTrace,
  prepareTrace,
  resampleTrace,
  scaleTrace,
  splitTrace,
} from "./trace_preparation.ts";

function trace(requests: ArrayLike<number>, secondsPerSample = 60): LoadTrace {
  return { name: "t", secondsPerSample, requests: Float64Array.from(requests) };
}

function ramp(length: number, secondsPerSample = 60): LoadTrace {
  return trace(Float64Array.from({ length }, (_, i) => i), secondsPerSample);
}

Deno.test("resampleTrace() sums whole samples and leaves the rest out", () => {
  assertEquals(resampleTrace(ramp(12), 300), trace([10, 35], 300));
  assertEquals(resampleTrace(ramp(3), 60), ramp(3));
});

Deno.test("scaleTrace() maps the quantile to the peak", () => {
  // Type 7: the 0.75 quantile of 0..4 is 3.
  const scaled = scaleTrace(ramp(5), { peak: 100, quantile: 0.75 });
  assertEquals(scaled.requests, Float64Array.of(0, 33, 67, 100, 133));
  assertEquals(scaled.factor, 100 / 3);
  assertEquals(scaled.samplesAbovePeak, 1);
  assertEquals(
    scaleTrace(ramp(5), { peak: 8, quantile: 1 }).requests,
    Float64Array.of(0, 2, 4, 6, 8),
  );
  // Between the last two samples by 0.999.
  assertEquals(scaleTrace(ramp(1001)).factor, 4350 / 999);
});

Deno.test("scaleTrace() takes the reference's quantile", () => {
  const reference = trace([1, 2]);
  const scaled = scaleTrace(ramp(5), { peak: 20, quantile: 1, reference });
  assertEquals(scaled.requests, Float64Array.of(0, 10, 20, 30, 40));
  assertEquals(scaled.samplesAbovePeak, 2);
});

Deno.test("splitTrace() cuts in time", () => {
  const cases: [number, Parameters<typeof splitTrace>[1], number][] = [
    [10 * 24, {}, 8 * 24],
    [10 * 24 + 5, undefined, 8 * 24],
    [2 * 24, {}, 24],
    [20, {}, 16],
    [10 * 24, { testDays: 3 }, 7 * 24],
    [10 * 24, { trainFraction: 0.5 }, 5 * 24],
  ];
  for (const [hours, options, expected] of cases) {
    const { train, test } = splitTrace(ramp(hours, 3600), options);
    assertEquals(train.requests, ramp(expected).requests);
    assertEquals(test.requests[0], expected);
    assertEquals(train.requests.length + test.requests.length, hours);
    assertEquals([train.name, test.name], ["t (train)", "t (test)"]);
  }
});

Deno.test("prepareTrace() scales both parts by the training part", () => {
  const daily = (day: number) => Array(1440).fill(day);
  const source = trace([1, 2, 3, 4, 9].flatMap(daily));
  const { train, test } = prepareTrace(source);
  assertEquals(train.secondsPerSample, 300);
  assertEquals(train.requests.length, 4 * 288);
  assertEquals(train.requests.at(-1), 4350);
  assertEquals(train.samplesAbovePeak, 0);
  assertEquals(test.requests[0], Math.round(4350 * 9 / 4));
  assertEquals(test.samplesAbovePeak, 288);
});

Deno.test("traces are refused when they do not fit", () => {
  const hours = ramp(48, 3600);
  const cases: (() => unknown)[] = [
    () => resampleTrace(ramp(10), 90),
    () => resampleTrace(ramp(10), 30),
    () => resampleTrace(ramp(10), 0),
    () => resampleTrace(ramp(4), 300),
    () => scaleTrace(ramp(10), { peak: 0 }),
    () => scaleTrace(ramp(10), { quantile: 1.1 }),
    () => scaleTrace(trace([0, 0])),
    () => scaleTrace(ramp(10), { reference: hours }),
    () => splitTrace(hours, { testDays: 2 }),
    () => splitTrace(hours, { testDays: 1.5 }),
    () => splitTrace(hours, { testDays: 0 }),
    () => splitTrace(hours, { trainFraction: 0 }),
    () => splitTrace(hours, { trainFraction: 1 }),
    () => splitTrace(hours, { trainFraction: NaN }),
    () => splitTrace(ramp(1)),
    () => splitTrace(ramp(1000, 7000), { testDays: 1 }),
  ];
  for (const attempt of cases) {
    const error = assertThrows(attempt, RangeError);
    assert(/^Cannot [^\n]*: expected/.test(error.message), error.message);
  }
  assertThrows(
    () => splitTrace(hours, { testDays: 1, trainFraction: 0.5 }),
    TypeError,
  );
});
