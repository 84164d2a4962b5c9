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
import {
  type RateOptions,
  type RateProfile,
  rateProfile,
} from "./arrival_rates.ts";

const STEPS = [
  { start: 0, rate: 40 },
  { start: 2, rate: 0 },
  { start: 3, rate: 160 },
  { start: 3.5, rate: 10 },
];

/** Profiles with a period, or 24 s of one without. */
const PROFILES: [RateOptions, number][] = [
  [{ profile: "constant", rate: 50 }, 24],
  [{ profile: "stepped", steps: STEPS }, 24],
  [{ profile: "stepped", steps: STEPS, periodSeconds: 6 }, 6],
  [{ profile: "diurnal", meanRate: 50, periodSeconds: 24 }, 24],
  [
    {
      profile: "diurnal",
      meanRate: 50,
      amplitude: 1,
      periodSeconds: 4.8,
      peakSeconds: 1,
    },
    4.8,
  ],
];

/** A step for every tenth of a second, so that the search for it is tested. */
const MANY_STEPS: RateOptions = {
  profile: "stepped",
  steps: Array.from({ length: 400 }, (_, i) => ({
    start: i / 10,
    rate: (i * 37) % 101,
  })),
  periodSeconds: 40,
};

function arrivalTimes(profile: RateProfile, count: number): Float64Array {
  const random = new Random(1);
  let time = 0;
  return Float64Array.from(
    { length: count },
    () => time = profile.next(time, random),
  );
}

function integralOfRate(profile: RateProfile, from: number, to: number) {
  const cells = 200_000;
  const width = (to - from) / cells;
  let sum = 0;
  for (let i = 0; i < cells; i++) sum += profile.rate(from + (i + 0.5) * width);
  return sum * width;
}

Deno.test("rateProfile() expects the integral of its rate", () => {
  for (const [options] of [...PROFILES, [MANY_STEPS] as const]) {
    const profile = rateProfile(options);
    for (const [from, to] of [[0, 7.3], [1.1, 1.7], [2.9, 25], [6, 12.5]]) {
      const wanted = integralOfRate(profile, from, to);
      assertAlmostEquals(profile.expected(from, to), wanted, 0.01);
    }
    assertEquals(profile.expected(3, 3), 0);
  }
});

/**
 * Time measured in expected jobs makes any of these a Poisson process of rate
 * 1. 100,000 gaps each, probability 1e-6 of a false alarm.
 */
for (const [options] of [...PROFILES, [MANY_STEPS] as const]) {
  const name = JSON.stringify(options).slice(0, 70);
  Deno.test(`rateProfile() draws gaps of a Poisson process: ${name}`, () => {
    const profile = rateProfile(options);
    const times = arrivalTimes(profile, 100_000);
    const gaps = times.map((time, i) =>
      profile.expected(i === 0 ? 0 : times[i - 1], time)
    );
    const score = kolmogorovScore(gaps, (gap) => -Math.expm1(-gap));
    assert(score < KOLMOGOROV_LIMIT, `score ${score}`);
  });
}

function phaseScore(
  times: Float64Array,
  { profile, period }: { profile: RateProfile; period: number },
): number {
  const cells = 24;
  const counts = new Float64Array(cells);
  const cycles = Math.floor(times[times.length - 1] / period);
  for (const time of times) {
    if (time >= cycles * period) break;
    counts[Math.floor((time % period) / period * cells)]++;
  }
  const total = counts.reduce((a, b) => a + b);
  const whole = profile.expected(0, period);
  const expected = counts.map((_, i) =>
    total / whole *
    profile.expected(i / cells * period, (i + 1) / cells * period)
  );
  const wanted = expected.map((_, i) => i).filter((i) => expected[i] > 10);
  // What must not occur must not have occurred.
  expected.forEach((count, i) => count === 0 && assertEquals(counts[i], 0));
  return chiSquareScore(
    wanted.map((i) => counts[i]),
    wanted.map((i) => expected[i]),
  );
}

/**
 * 100,000 jobs of a periodic rate in 24 cells of the period, compared with the
 * integral: probability 1e-6 of a false alarm.
 */
Deno.test("rateProfile() has as many jobs in each phase as the integral", () => {
  for (const [options, period] of PROFILES) {
    if (options.profile === "stepped" && !options.periodSeconds) continue;
    const profile = rateProfile(options);
    const times = arrivalTimes(profile, 100_000);
    const score = phaseScore(times, { profile, period });
    assert(Math.abs(score) < NORMAL_LIMIT, `${options.profile}: ${score}`);
  }
});

Deno.test("the test of phases catches an amplitude that is off by a tenth", () => {
  const times = arrivalTimes(
    rateProfile({ profile: "diurnal", meanRate: 50, periodSeconds: 24 }),
    100_000,
  );
  const profile = rateProfile({
    profile: "diurnal",
    meanRate: 50,
    amplitude: 0.55,
    periodSeconds: 24,
  });
  assert(phaseScore(times, { profile, period: 24 }) > NORMAL_LIMIT);
});

Deno.test("rateProfile() ends where no job comes any more", () => {
  const profile = rateProfile({
    profile: "stepped",
    steps: [{ start: 0, rate: 100 }, { start: 5, rate: 0 }],
  });
  const random = new Random(2);
  let [time, count] = [0, 0];
  for (; time !== Infinity; count++) {
    assert(time < 5);
    time = profile.next(time, random);
  }
  assert(count > 400 && count < 600); // 500 and 4.5 standard deviations
  assertEquals(profile.expected(0, 1e9), 500);
  assertEquals(profile.next(7, random), Infinity);
});

Deno.test("rateProfile() goes back in time as well as forward", () => {
  const profile = rateProfile(MANY_STEPS);
  const fresh = () => rateProfile(MANY_STEPS);
  for (const time of [39.95, 0, 12.34, 3, 80.05, 79.99, 0.1, 40, 1e6]) {
    assertEquals(profile.rate(time), fresh().rate(time));
    assertEquals(
      profile.next(time, new Random(1)),
      fresh().next(time, new Random(1)),
    );
  }
});

Deno.test("rateProfile() peaks where it is told", () => {
  const day = rateProfile({ profile: "diurnal", meanRate: 100 });
  assertEquals(day.rate(43_200), 150);
  assertAlmostEquals(day.rate(0), 50, 1e-9);
  const early = rateProfile({
    profile: "diurnal",
    meanRate: 100,
    amplitude: 0.2,
    peakSeconds: 0,
  });
  assertEquals(early.rate(0), 120);
});

Deno.test("rateProfile() refuses what is no rate", () => {
  const steps = (...pairs: number[][]) => ({
    profile: "stepped",
    steps: pairs.map(([start, rate]) => ({ start, rate })),
  });
  const cases: [unknown, string][] = [
    [{ profile: "sine" }, 'profile "sine", expected constant, stepped'],
    [{}, "profile undefined"],
    [{ profile: "constant" }, "rate undefined, expected a finite number"],
    [{ profile: "constant", rate: 0 }, "rate 0"],
    [{ profile: "constant", rate: Infinity }, "rate Infinity"],
    [{ profile: "stepped" }, "no steps, expected at least 1"],
    [steps(), "no steps"],
    [steps([1, 5]), "a first start of 1, expected 0"],
    [steps([0, 5], [0, 6]), "a step at 0 after one at 0"],
    [steps([0, 5], [2, 6], [1, 6]), "a step at 1 after one at 2"],
    [steps([0, 5], [NaN, 6]), "a step at NaN"],
    [steps([0, -5]), "rate -5 from 0, expected a finite number from 0"],
    [steps([0, NaN]), "rate NaN"],
    [{ ...steps([0, 5], [4, 1]), periodSeconds: 4 }, "above the last start, 4"],
    [{ ...steps([0, 5]), periodSeconds: Infinity }, "periodSeconds Infinity"],
    [{ ...steps([0, 0]), periodSeconds: 9 }, "rates that are all 0"],
    [{ profile: "diurnal", meanRate: -1 }, "meanRate -1"],
    [{ profile: "diurnal", meanRate: 1, amplitude: 1.1 }, "amplitude 1.1"],
    [{ profile: "diurnal", meanRate: 1, amplitude: NaN }, "amplitude NaN"],
    [{ profile: "diurnal", meanRate: 1, periodSeconds: 0 }, "periodSeconds 0"],
    [{ profile: "diurnal", meanRate: 1, peakSeconds: NaN }, "peakSeconds NaN"],
  ];
  for (const [options, message] of cases) {
    assertThrows(
      () => rateProfile(options as RateOptions),
      RangeError,
      message,
    );
  }
});
