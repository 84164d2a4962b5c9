import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { createArrival } from "./arrival.ts";
import {
  type ArrivalSource,
  type FlowTrace,
  recordedArrivals,
  rescaleFlowTrace,
  type RescaleFlowTraceOptions,
  summariseFlowTrace,
} from "./flow_traces.ts";

function flowTrace(times: number[], work = times.map(() => 1)): FlowTrace {
  return {
    name: "site",
    times: Float64Array.from(times),
    work: Float64Array.from(work),
    ioWork: Float64Array.from(work, (value) => value / 4),
    kinds: Uint8Array.from(times, (_, i) => i % 3),
  };
}

function jobsOf(source: ArrivalSource, limit = Infinity): number[][] {
  const rows: number[][] = [];
  const job = createArrival();
  while (rows.length < limit && source.next(job)) {
    rows.push([job.time, job.work, job.ioWork, job.kind]);
  }
  return rows;
}

Deno.test("summariseFlowTrace() tells rate and variation", () => {
  const summary = summariseFlowTrace(flowTrace([5, 6, 9], [1, 2, 6]));
  assertEquals(summary.jobs, 3);
  assertEquals(summary.durationSeconds, 4);
  assertEquals(summary.rate, 0.5);
  assertEquals(summary.gapSquaredVariation, 1 / 4);
  assertEquals(summary.meanWork, 3);
  assertAlmostEquals(summary.workSquaredVariation, 14 / 3 / 9, 1e-15);
  assertEquals(summary.meanIoWork, 0.75);
});

Deno.test("summariseFlowTrace() has no rate where there is one moment", () => {
  assertEquals(summariseFlowTrace(flowTrace([2])).rate, NaN);
  assertEquals(summariseFlowTrace(flowTrace([2, 2])).rate, NaN);
  assertThrows(
    () => summariseFlowTrace(flowTrace([])),
    RangeError,
    'trace "site": expected jobs in it, got none',
  );
});

Deno.test("rescaleFlowTrace() reaches rate, load and mean work", () => {
  const trace = flowTrace([1e9, 1e9 + 1, 1e9 + 4], [1, 2, 6]);
  const shifted = rescaleFlowTrace(trace);
  assertEquals([...shifted.times], [0, 1, 4]);
  assertEquals(shifted.work, trace.work);
  assertEquals([...trace.times], [1e9, 1e9 + 1, 1e9 + 4]);

  const fast = rescaleFlowTrace(trace, { rate: 5, meanWork: 0.3 });
  assertEquals([...fast.times], [0, 0.1, 0.4]);
  assertAlmostEquals(summariseFlowTrace(fast).rate, 5, 1e-12);
  assertAlmostEquals(fast.work[2], 0.6, 1e-15);
  assertAlmostEquals(fast.ioWork[2], 0.15, 1e-15);
  assertEquals(fast.kinds, trace.kinds);

  const loaded = summariseFlowTrace(
    rescaleFlowTrace(trace, { load: 0.8, capacity: 20, meanWork: 0.2 }),
  );
  assertAlmostEquals(loaded.rate * loaded.meanWork / 20, 0.8, 1e-12);
});

Deno.test("rescaleFlowTrace() refuses what cannot be reached", () => {
  const good = flowTrace([0, 1, 2]);
  const cases: [FlowTrace, RescaleFlowTraceOptions, string][] = [
    [good, { rate: 0 }, "expected a finite rate above 0, got 0"],
    [good, { rate: NaN }, "got NaN"],
    [good, { meanWork: -1 }, "expected a finite meanWork above 0, got -1"],
    [good, { rate: 1, load: 0.5, capacity: 2 }, "rate or load, got both"],
    [good, { load: 0.5 }, "expected a capacity with load"],
    [good, { capacity: 2 }, "expected a load with capacity"],
    [good, { load: 0, capacity: 2 }, "load 0"],
    [flowTrace([3, 3]), { rate: 1 }, "to scale a rate above 0, got NaN"],
    [flowTrace([3]), { rate: 1 }, "to scale a rate above 0, got NaN"],
    [flowTrace([0, 1], [0, 0]), { meanWork: 1 }, "a meanWork above 0, got 0"],
    [flowTrace([]), {}, "expected jobs in it, got none"],
  ];
  for (const [trace, options, message] of cases) {
    assertThrows(() => rescaleFlowTrace(trace, options), RangeError, message);
  }
});

Deno.test("recordedArrivals() plays the trace as it is", () => {
  const trace = flowTrace([0.5, 2, 2, 7], [4, 3, 2, 1]);
  const all = [[0.5, 4, 1, 0], [2, 3, 0.75, 1], [2, 2, 0.5, 2], [
    7,
    1,
    0.25,
    0,
  ]];
  assertEquals(jobsOf(recordedArrivals(trace)), all);
  assertEquals(jobsOf(recordedArrivals(trace, { firstJob: 2 })), all.slice(2));
  assertEquals(
    jobsOf(recordedArrivals(trace, { untilSeconds: 7 })),
    all.slice(0, 3),
  );
});

Deno.test("recordedArrivals() repeats after a gap of mean length", () => {
  const source = recordedArrivals(flowTrace([1, 2, 7]), {
    firstJob: 1,
    repeat: true,
    untilSeconds: 20,
  });
  const times = jobsOf(source).map(([time]) => time);
  assertEquals(times, [2, 7, 10, 11, 16, 19]);
});

Deno.test("recordedArrivals() goes on from a saved state and ends for good", () => {
  const trace = flowTrace([1, 2, 7, 8]);
  for (const repeat of [false, true]) {
    const make = () =>
      recordedArrivals(trace, { repeat, firstJob: 1, untilSeconds: 40 });
    const whole = jobsOf(make());
    for (let taken = 0; taken <= whole.length; taken++) {
      const first = make();
      jobsOf(first, taken);
      const second = make();
      second.loadState(structuredClone(first.saveState()));
      assertEquals(jobsOf(second), whole.slice(taken));
      assertEquals(jobsOf(first), whole.slice(taken));
      const job = { time: -1, work: -1, ioWork: -1, kind: -1 };
      assert(!first.next(job) && !first.next(job));
      assertEquals(job.time, -1);
    }
  }
});

Deno.test("recordedArrivals() refuses what cannot be played", () => {
  const trace = flowTrace([1, 2]);
  const cases: [() => unknown, string][] = [
    [() => recordedArrivals(flowTrace([])), "expected jobs in it, got none"],
    [() => recordedArrivals(trace, { firstJob: 2 }), "from 0 to 1, got 2"],
    [() => recordedArrivals(trace, { firstJob: -1 }), "got -1"],
    [() => recordedArrivals(trace, { untilSeconds: NaN }), "got NaN"],
    [
      () => recordedArrivals(flowTrace([3, 3]), { repeat: true }),
      "expected jobs at different times to repeat them",
    ],
  ];
  for (const [play, message] of cases) {
    assertThrows(play, RangeError, message);
  }
  const source = recordedArrivals(trace);
  for (const position of [-1, 0.5, 3, NaN]) {
    assertThrows(
      () => source.loadState({ position }),
      TypeError,
      `from ${position}, expected a whole number from 0 to 2`,
    );
  }
  assertThrows(() => source.loadState({}), TypeError, '"position"');
});
