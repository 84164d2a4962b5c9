import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { Random } from "../../core/random.ts";
import {
  createEpisodeRecorder,
  type EpisodeRecorder,
} from "./episode_results.ts";
import { OUTCOME } from "./observers.ts";
import { createRunRecorder } from "./run_results.ts";

const KINDS = ["page", "static"];

/** Tells exponential times to recorders, some of failed flows. */
function tell(recorders: Pick<EpisodeRecorder, "onEnd">[], flows: number) {
  const random = new Random(1);
  for (let i = 0; i < flows; i++) {
    const report = {
      start: i,
      elapsed: random.exponential(),
      kind: i % 2,
      outcome: i % 10 === 9 ? OUTCOME.rejected : OUTCOME.finished,
    };
    for (const recorder of recorders) recorder.onEnd(report);
  }
}

Deno.test("createEpisodeRecorder() gives a run's results while all fits", () => {
  const own = createEpisodeRecorder({ kinds: KINDS, warmUpSeconds: 5 });
  const run = createRunRecorder({ kinds: KINDS, warmUpSeconds: 5 });
  tell([own, run], 3000);
  for (const recorder of [own, run]) {
    recorder.sampleLoads([1, 2], 4);
    recorder.sampleLoads([1, 3], 6);
  }
  assertEquals(own.results(), { ...run.results(), sampled: false });
});

Deno.test("createEpisodeRecorder() samples what does not fit", () => {
  // p50 of 2000 of 18,000 exponential times: the share below has a standard
  // deviation of 1.1 %, and 6 of them are 1e-8. The last 2000 alone, or the
  // first, would pass too: which are kept is looked at below.
  const own = createEpisodeRecorder({ kinds: KINDS, maximumTimes: 2000 });
  const run = createRunRecorder({ kinds: KINDS });
  tell([own, run], 20_000);
  const { completion, byKind, sampled, ended, flows } = own.results();
  const exact = run.results();
  assert(sampled);
  assertEquals([flows, [...ended]], [exact.flows, [...exact.ended]]);
  assertEquals(completion.count, 18_000);
  assertAlmostEquals(completion.mean, exact.completion.mean, 1e-12);
  assertAlmostEquals(
    byKind[1].completion.mean,
    exact.byKind[1].completion.mean,
    1e-12,
  );
  assert(Math.abs(1 - Math.exp(-completion.p50) - 0.5) < 0.066);
});

Deno.test("createEpisodeRecorder() keeps early and late flows alike", () => {
  // Time i of 4000 is kept with probability 1/4: of the first 1000, 250 with
  // a standard deviation of at most 13.7; 6 of them are 2e-9.
  const own = createEpisodeRecorder({ kinds: ["job"], maximumTimes: 1000 });
  for (let elapsed = 0; elapsed < 4000; elapsed++) {
    own.onEnd({ start: 0, elapsed, kind: 0, outcome: OUTCOME.finished });
  }
  const { seconds } = (own.saveState().times ?? {}) as {
    seconds: Float64Array;
  };
  assertEquals(seconds.length, 1000);
  assertEquals(new Set(seconds).size, 1000);
  for (let quarter = 0; quarter < 4; quarter++) {
    const kept = seconds.filter((time) => Math.floor(time / 1000) === quarter);
    assert(Math.abs(kept.length - 250) < 83, `${quarter}: ${kept.length}`);
  }
});

Deno.test("createEpisodeRecorder() goes on from a saved state", () => {
  const options = { kinds: KINDS, maximumTimes: 100 };
  for (const flows of [0, 50, 1000]) {
    const run = createEpisodeRecorder(options);
    tell([run], flows);
    const other = createEpisodeRecorder(options);
    other.loadState(run.saveState());
    tell([run, other], 300);
    assertEquals(other.results(), run.results());
    assertEquals(other.saveState(), run.saveState());
  }
});

Deno.test("createEpisodeRecorder() refuses kinds and states that do not fit", () => {
  const own = createEpisodeRecorder({ kinds: ["job"] });
  const flow = { start: 0, elapsed: 1, kind: 1, outcome: OUTCOME.finished };
  assertThrows(() => own.onEnd(flow), RangeError, "kind 1");
  assertThrows(() => own.loadState({}), TypeError);
  const other = createEpisodeRecorder({ kinds: KINDS });
  assertThrows(() => own.loadState(other.saveState()), TypeError, "counts");
  assertThrows(
    () => createEpisodeRecorder({ kinds: [], maximumTimes: 0 }),
    RangeError,
    "0 completion times",
  );
});
