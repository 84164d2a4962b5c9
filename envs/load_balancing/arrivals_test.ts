import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { Random } from "../../core/random.ts";
import {
  chiSquareScore,
  KOLMOGOROV_LIMIT,
  kolmogorovScore,
  NORMAL_LIMIT,
} from "./_distribution_tests.ts";
import { createArrival } from "./arrival.ts";
import {
  type ArrivalSource,
  countedArrivals,
  type CountedArrivalsOptions,
  type LoadTrace,
  poissonArrivals,
} from "./arrivals.ts";

const JOBS = { work: { law: "exponential", mean: 0.1 } } as const;

function trace(requests: number[], secondsPerSample = 60): LoadTrace {
  return {
    name: "site",
    secondsPerSample,
    requests: Float64Array.from(requests),
  };
}

function counted(
  options: Partial<CountedArrivalsOptions>,
  seed = 1,
): ArrivalSource {
  return countedArrivals({
    trace: trace([3, 0, 5, 1]),
    jobs: JOBS,
    random: new Random(seed),
    ...options,
  });
}

/** Up to `limit` jobs as rows of time, work, disk time and kind. */
function jobsOf(source: ArrivalSource, limit = Infinity): number[][] {
  const rows: number[][] = [];
  const job = createArrival();
  while (rows.length < limit && source.next(job)) {
    rows.push([job.time, job.work, job.ioWork, job.kind]);
  }
  return rows;
}

function timesOf(source: ArrivalSource, limit?: number): number[] {
  return jobsOf(source, limit).map(([time]) => time);
}

const MAKE: Record<string, () => ArrivalSource> = {
  "a number": () =>
    poissonArrivals({ rate: 20, jobs: JOBS, random: new Random(3) }),
  "a diurnal rate": () =>
    poissonArrivals({
      rate: { profile: "diurnal", meanRate: 20, periodSeconds: 5 },
      jobs: [JOBS, { share: 3, ...JOBS, ioWork: JOBS.work }],
      random: new Random(4),
      untilSeconds: 12,
    }),
  "stepped rates": () =>
    poissonArrivals({
      rate: {
        profile: "stepped",
        steps: [{ start: 0, rate: 5 }, { start: 1, rate: 90 }],
        periodSeconds: 2,
      },
      jobs: JOBS,
      random: new Random(5),
    }),
  "counts, Poisson": () => counted({ repeat: true, firstInterval: 2 }),
  "counts, uniform": () =>
    counted({ repeat: true, firstInterval: 2, within: "uniform" }),
  "counts with an end": () => counted({ within: "uniform" }),
};

for (const [name, make] of Object.entries(MAKE)) {
  Deno.test(`arrivals of ${name} go on from a saved state`, () => {
    const whole = jobsOf(make(), 200);
    for (const taken of [0, 1, 4, 7, 150]) {
      const first = make();
      jobsOf(first, taken);
      const state = structuredClone(first.saveState());
      const second = make();
      jobsOf(second, 30);
      second.loadState(state);
      assertEquals(jobsOf(second, 200 - taken), whole.slice(taken));
      assertEquals(jobsOf(first, 200 - taken), whole.slice(taken));
    }
  });

  Deno.test(`arrivals of ${name} come in order and end for good`, () => {
    const source = make();
    const times = timesOf(source, 5000);
    assert(times.length > 0 && times[0] >= 0);
    assert(times.every((time, i) => i === 0 || time >= times[i - 1]));
    if (times.length === 5000) return;
    const job = { time: -1, work: -1, ioWork: -1, kind: -1 };
    const ended = source.saveState();
    for (let i = 0; i < 3; i++) assert(!source.next(job));
    assertEquals(job, { time: -1, work: -1, ioWork: -1, kind: -1 });
    assertEquals(source.saveState(), ended);
    const restored = make();
    restored.loadState(ended);
    assert(!restored.next(job));
  });
}

/**
 * 100,000 gaps and sizes: probability 1e-6 of a false alarm each. A rate that
 * is off by 3 % moves the distribution by 0.011; the limit is 0.0085.
 */
Deno.test("poissonArrivals() has exponential gaps and the law's sizes", () => {
  const rows = jobsOf(
    poissonArrivals({ rate: 40, jobs: JOBS, random: new Random(8) }),
    100_000,
  );
  const gaps = Float64Array.from(
    rows,
    ([time], i) => time - (rows[i - 1]?.[0] ?? 0),
  );
  const gapScore = kolmogorovScore(gaps, (gap) => -Math.expm1(-40 * gap));
  assert(gapScore < KOLMOGOROV_LIMIT, `gaps ${gapScore}`);
  const wrong = kolmogorovScore(gaps, (gap) => -Math.expm1(-41.2 * gap));
  assert(wrong > KOLMOGOROV_LIMIT);
  const sizes = Float64Array.from(rows, ([, work]) => work);
  const sizeScore = kolmogorovScore(sizes, (size) => -Math.expm1(-10 * size));
  assert(sizeScore < KOLMOGOROV_LIMIT, `sizes ${sizeScore}`);
});

Deno.test("poissonArrivals() stops before its end", () => {
  const make = (untilSeconds?: number) =>
    poissonArrivals({
      rate: 100,
      jobs: JOBS,
      random: new Random(2),
      untilSeconds,
    });
  const all = timesOf(make(), 1000);
  const some = timesOf(make(3));
  assert(some.length > 0 && some.length < 1000);
  assertEquals(some, all.filter((time) => time < 3));
  assertEquals(timesOf(make(0)), []);
});

function countsOf(
  times: readonly number[],
  { seconds, intervals }: { seconds: number; intervals: number },
): number[] {
  const counts = new Array(intervals).fill(0);
  for (const time of times) counts[Math.floor(time / seconds)]++;
  return counts;
}

Deno.test("countedArrivals() has the very counts where they are uniform", () => {
  const cases: [Partial<CountedArrivalsOptions>, number[]][] = [
    [{}, [3, 0, 5, 1]],
    [{ firstInterval: 1 }, [0, 5, 1]],
    [
      { firstInterval: 3, repeat: true, untilSeconds: 360 },
      [1, 3, 0, 5, 1, 3],
    ],
    [{ meanRate: 2 * 9 / 240 }, [6, 0, 10, 2]],
    // Fractions are carried on, so that their sum is right.
    [{ trace: trace([0.5, 0.5, 0.5, 1.5]) }, [1, 0, 1, 1]],
    [{ meanRate: 3 / 240 }, [1, 0, 2, 0]],
  ];
  for (const [options, wanted] of cases) {
    const times = timesOf(counted({ within: "uniform", ...options }));
    assertEquals(
      countsOf(times, { seconds: 60, intervals: wanted.length }),
      wanted,
    );
  }
});

/**
 * 20,000 intervals of 5 jobs. The jobs' places in their interval are uniform,
 * the first one's the smallest of 5: 1 - (1 - x)^5. 1e-6 of a false alarm
 * each; equally spaced jobs, or sorted gaps that are not, would be found.
 */
Deno.test("countedArrivals() spreads an interval's jobs uniformly", () => {
  const source = counted({
    trace: trace([5], 10),
    within: "uniform",
    repeat: true,
    untilSeconds: 200_000,
  });
  const times = Float64Array.from(timesOf(source));
  assertEquals(times.length, 100_000);
  const places = times.map((time) => (time % 10) / 10);
  const score = kolmogorovScore(places, (place) => place);
  assert(score < KOLMOGOROV_LIMIT, `places ${score}`);
  for (
    const [rank, cumulative] of [
      [0, (x: number) => 1 - (1 - x) ** 5],
      [4, (x: number) => x ** 5],
    ] as const
  ) {
    const ranked = places.filter((_, i) => i % 5 === rank);
    const rankScore = kolmogorovScore(ranked, cumulative);
    assert(rankScore < KOLMOGOROV_LIMIT, `rank ${rank}: ${rankScore}`);
  }
});

/**
 * 2000 repetitions of four intervals: their sums fit the counts, and single
 * counts scatter as Poisson variates do. Both are scores that leave 4.9 once
 * in a million seeds; jobs in the very number would give -60 for the scatter.
 */
Deno.test("countedArrivals() has Poisson counts of the right means", () => {
  const means = [30, 0, 50, 10];
  const counts = countsOf(
    timesOf(counted({
      trace: trace(means),
      repeat: true,
      untilSeconds: 480_000,
      random: new Random(6),
    })),
    { seconds: 60, intervals: 8000 },
  );
  const sums = means.map((_, i) =>
    counts.reduce((sum, count, j) => j % 4 === i ? sum + count : sum, 0)
  );
  assertEquals(sums[1], 0);
  for (const i of [0, 2, 3]) {
    const score = (sums[i] - 2000 * means[i]) / Math.sqrt(2000 * means[i]);
    assert(Math.abs(score) < NORMAL_LIMIT, `mean ${means[i]}: ${score}`);
    const own = counts.filter((_, j) => j % 4 === i);
    const scatter = chiSquareScore(own, own.map(() => means[i]));
    assert(Math.abs(scatter) < NORMAL_LIMIT, `scatter ${means[i]}: ${scatter}`);
  }
});

Deno.test("countedArrivals() reaches the mean rate", () => {
  const times = timesOf(counted({
    trace: trace([1, 2, 3, 2]),
    meanRate: 25,
    repeat: true,
    untilSeconds: 2400,
  }));
  // 60,000 jobs: 5 standard deviations are 2 %.
  assertAlmostEquals(times.length / 60_000, 1, 0.02);
});

Deno.test("arrivals draw other jobs from another seed", () => {
  const times = (seed: number) =>
    timesOf(counted({ within: "uniform" }, seed)).join();
  assertEquals(times(1), times(1));
  assert(times(1) !== times(2));
});

Deno.test("arrivals refuse a state that is not theirs", () => {
  const source = counted({ within: "uniform" });
  const good = source.saveState();
  const before = jobsOf(source, 2);
  const names = ["over", "random", "clock"];
  for (const name of names) {
    assertThrows(
      () => source.loadState({ ...good, [name]: null }),
      TypeError,
      `"${name}"`,
    );
  }
  assertThrows(
    () => source.loadState({ ...good, clock: { time: 1 } }),
    TypeError,
    '"interval"',
  );
  source.loadState(good);
  assertEquals(jobsOf(source, 2), before);
});

Deno.test("arrivals refuse what cannot be played", () => {
  const cases: [Partial<CountedArrivalsOptions>, string][] = [
    [{ trace: trace([]) }, 'trace "site": expected jobs in it, got none'],
    [{ trace: trace([0, 0]) }, "expected jobs in it, got none"],
    [{ trace: trace([1, -1]) }, "from 0 in interval 1, got -1"],
    [{ trace: trace([NaN]) }, "in interval 0, got NaN"],
    [{ trace: trace([1], 0) }, "a finite length above 0, got 0 s"],
    [{ firstInterval: 4 }, "a first interval from 0 to 3, got 4"],
    [{ firstInterval: 0.5 }, "got 0.5"],
    [{ meanRate: 0 }, "a finite mean rate above 0, got 0"],
    [{ untilSeconds: NaN }, "until NaN s"],
    [{ untilSeconds: -1 }, "until -1 s"],
    [{ within: "even" as "uniform" }, 'within an interval, got "even"'],
    [
      { trace: trace([0.2, 0.2]), within: "uniform", repeat: true },
      "at least one job in a repetition",
    ],
    [{ jobs: [] }, "Cannot mix 0 classes"],
  ];
  for (const [options, message] of cases) {
    assertThrows(() => counted(options), RangeError, message);
  }
  for (const rate of [0, -1, NaN, Infinity]) {
    assertThrows(
      () => poissonArrivals({ rate, jobs: JOBS, random: new Random(1) }),
      RangeError,
      `rate ${rate}`,
    );
  }
});
