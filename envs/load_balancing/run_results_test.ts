import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { Random } from "../../core/random.ts";
import { NORMAL_LIMIT } from "./_distribution_tests.ts";
import { OUTCOME, OUTCOMES } from "./observers.ts";
import {
  createRunRecorder,
  type RunRecorder,
  summariseCompletionTimes,
} from "./run_results.ts";

function finish(recorder: RunRecorder, elapsed: number, more = {}): void {
  recorder.onEnd({
    start: 10,
    elapsed,
    kind: 0,
    outcome: OUTCOME.finished,
    ...more,
  });
}

Deno.test("summariseCompletionTimes() gives the values computed by hand", () => {
  // NumPy's percentiles of 1, 2, ..., 11 are 6, 10, 10.5, 10.9.
  const seconds = Float64Array.from({ length: 11 }, (_, i) => 11 - i);
  const times = summariseCompletionTimes(seconds);
  assertEquals(times.count, 11);
  assertEquals(times.mean, 6);
  assertEquals(times.standardDeviation, Math.sqrt(10));
  assertEquals([times.p50, times.p90, times.p95], [6, 10, 10.5]);
  assertAlmostEquals(times.p99, 10.9, 1e-12);
  assertEquals(times.maximum, 11);
});

Deno.test("summariseCompletionTimes() takes one flow and none", () => {
  assertEquals(summariseCompletionTimes(Float64Array.of(0.25)), {
    count: 1,
    mean: 0.25,
    standardDeviation: 0,
    p50: 0.25,
    p90: 0.25,
    p95: 0.25,
    p99: 0.25,
    maximum: 0.25,
  });
  const { count, ...rest } = summariseCompletionTimes(new Float64Array(0));
  assertEquals(count, 0);
  assertEquals(Object.values(rest), new Array(7).fill(NaN));
});

/**
 * 100,000 exponential times: the mean has a relative standard error of 0.003,
 * the 95th percentile ln 20 one of root(19 / n) = 0.0138. Scores leave 4.9
 * once in a million seeds; a percentile of the upper edge of a bucket of 1 / 16
 * would leave it.
 */
Deno.test("createRunRecorder() has exact percentiles of many flows", () => {
  const recorder = createRunRecorder();
  const random = new Random(1);
  const count = 100_000;
  const all = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    finish(recorder, all[i] = random.exponential());
  }
  const { completion } = recorder.results();
  assertEquals(completion, summariseCompletionTimes(all));
  assertEquals(completion.count, count);
  const mean = (completion.mean - 1) * Math.sqrt(count);
  assert(Math.abs(mean) < NORMAL_LIMIT, `mean ${mean}`);
  const p95 = (completion.p95 - Math.log(20)) / Math.sqrt(19 / count);
  assert(Math.abs(p95) < NORMAL_LIMIT, `p95 ${p95}`);
});

Deno.test("createRunRecorder() counts how flows end", () => {
  const recorder = createRunRecorder();
  finish(recorder, 1);
  OUTCOMES.forEach((_, outcome) => finish(recorder, 99, { outcome }));
  finish(recorder, 99, { outcome: OUTCOME.timedOut });
  const results = recorder.results();
  assertEquals(results.flows, 7);
  assertEquals([...results.ended], [2, 1, 1, 2, 1]);
  assertAlmostEquals(results.failedShare, 5 / 7, 1e-15);
  // Only flows that were served have a completion time.
  assertEquals(results.completion.count, 2);
  assertEquals(results.completion.mean, 50);
});

Deno.test("createRunRecorder() tells kinds apart", () => {
  const recorder = createRunRecorder({ kinds: ["page", "static", "none"] });
  finish(recorder, 4);
  finish(recorder, 6);
  finish(recorder, 0.5, { kind: 1 });
  const { completion, byKind } = recorder.results();
  assertEquals(completion.mean, 3.5);
  assertEquals(byKind.map(({ name }) => name), ["page", "static", "none"]);
  assertEquals(byKind.map((kind) => kind.completion.count), [2, 1, 0]);
  assertEquals(byKind[0].completion.mean, 5);
  assertEquals(byKind[1].completion.maximum, 0.5);
  assertThrows(
    () => finish(recorder, 1, { kind: 3 }),
    RangeError,
    "a flow of kind 3, expected one of 3 kinds: page, static, none",
  );
});

Deno.test("createRunRecorder() averages the fairness of loads", () => {
  const recorder = createRunRecorder();
  recorder.sampleLoads(Float64Array.of(1, 1), 0);
  recorder.sampleLoads([0, 0], 0.5);
  recorder.sampleLoads(Int32Array.of(2, 0), 1);
  const { loads } = recorder.results();
  assertEquals(loads.samples, 3);
  assertAlmostEquals(loads.jain, (1 + 1 + 0.5) / 3, 1e-15);
  assertAlmostEquals(loads.product, 2 / 3, 1e-15);
  assertAlmostEquals(loads.overProvision, 4 / 3, 1e-15);
});

Deno.test("createRunRecorder() leaves the warm-up out", () => {
  const recorder = createRunRecorder({ warmUpSeconds: 5 });
  finish(recorder, 100, { start: 4.9 });
  finish(recorder, 1, { start: 5 });
  recorder.sampleLoads([1, 0], 4.5);
  recorder.sampleLoads([1, 1], 5);
  const { flows, completion, loads } = recorder.results();
  assertEquals([flows, completion.mean, loads.samples], [1, 1, 1]);
  assertEquals(loads.jain, 1);
});

Deno.test("createRunRecorder() has NaN, not 0, where nothing happened", () => {
  const { flows, failedShare, completion, loads } = createRunRecorder()
    .results();
  assertEquals([flows, completion.count, loads.samples], [0, 0, 0]);
  assertEquals([failedShare, completion.p99, loads.jain], [NaN, NaN, NaN]);
});

Deno.test("createRunRecorder() goes on from a saved state and from nothing", () => {
  const make = () => createRunRecorder({ kinds: ["a", "b"] });
  const record = (recorder: RunRecorder, from: number, to: number) => {
    for (let i = from; i < to; i++) {
      finish(recorder, (i * 37) % 101, { kind: i % 2, outcome: i % 5 });
      recorder.sampleLoads([i, 1], i);
    }
    return recorder;
  };
  const whole = record(make(), 0, 9000);
  for (const taken of [0, 10, 5120, 5200]) {
    const first = record(make(), 0, taken);
    const second = record(make(), 0, 3000);
    second.loadState(structuredClone(first.saveState()));
    record(second, taken, 9000);
    assertEquals(second.results(), whole.results());
    assertEquals(second.saveState(), whole.saveState());
  }
  // Results do not disturb what comes after them.
  const asked = record(make(), 0, 4000);
  asked.results();
  assertEquals(record(asked, 4000, 9000).saveState(), whole.saveState());
  asked.reset();
  assertEquals(asked.results(), make().results());
});

Deno.test("createRunRecorder() refuses what does not fit", () => {
  for (const warmUpSeconds of [-1, NaN, Infinity]) {
    assertThrows(
      () => createRunRecorder({ warmUpSeconds }),
      RangeError,
      `a warm-up of ${warmUpSeconds} s`,
    );
  }
  assertThrows(
    () => createRunRecorder({ kinds: new Array(257).fill("x") }),
    RangeError,
    "257 kinds of flows",
  );
  const recorder = createRunRecorder();
  finish(recorder, 3);
  const state = recorder.saveState();
  const cases: [string, unknown][] = [
    ["jain", null],
    ["ended", new Float64Array(2)],
    ["seconds", new Float64Array(2)],
    ["kinds", null],
  ];
  for (const [name, value] of cases) {
    assertThrows(
      () => recorder.loadState({ ...state, [name]: value as null }),
      TypeError,
      `"${name}"`,
    );
    assertEquals(recorder.saveState(), state);
  }
});
