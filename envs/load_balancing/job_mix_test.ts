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
import { type JobClassOptions, type JobMix, jobMix } from "./job_mix.ts";
import { sizeLaw } from "./job_sizes.ts";

const CLASSES: JobClassOptions[] = [
  { name: "page", share: 3, work: { law: "exponential", mean: 0.06 } },
  { share: 5, work: { law: "deterministic", mean: 0.001 } },
  {
    name: "file",
    share: 2,
    work: { law: "uniform", mean: 0.01 },
    ioWork: { law: "lognormal", mean: 0.002, squaredVariation: 2 },
  },
];

function draws(jobs: JobMix, count: number) {
  const random = new Random(1);
  const job = createArrival();
  return Array.from({ length: count }, () => {
    jobs.draw(random, job);
    return { ...job };
  });
}

Deno.test("jobMix() knows the moments of the mix", () => {
  const jobs = jobMix(CLASSES);
  assertEquals(jobs.names, ["page", "1", "file"]);
  assertAlmostEquals(jobs.shares[0], 0.3, 1e-15);
  assertAlmostEquals(jobs.shares[2], 0.2, 1e-15);
  assertAlmostEquals(jobs.meanWork, 0.3 * 0.06 + 0.5 * 0.001 + 0.2 * 0.01);
  assertAlmostEquals(
    jobs.workSecondMoment,
    0.3 * 2 * 0.06 ** 2 + 0.5 * 0.001 ** 2 + 0.2 * 0.01 ** 2 * 4 / 3,
    1e-15,
  );
  assertAlmostEquals(jobs.meanIoWork, 0.2 * 0.002, 1e-15);
});

/** 100,000 jobs; 1e-6 of a false alarm each; shares off by 1.5 % are found. */
Deno.test("jobMix() draws classes in their shares, each from its laws", () => {
  const all = draws(jobMix(CLASSES), 100_000);
  const counts = [0, 0, 0];
  for (const { kind } of all) counts[kind]++;
  const score = chiSquareScore(counts, [30_000, 50_000, 20_000]);
  assert(Math.abs(score) < NORMAL_LIMIT, `${counts}`);
  const wrong = chiSquareScore(counts, [31_500, 50_000, 18_500]);
  assert(wrong > NORMAL_LIMIT);
  const of = (kind: number) => all.filter((job) => job.kind === kind);
  const fits: [number, "work" | "ioWork"][] = [[0, "work"], [2, "work"], [
    2,
    "ioWork",
  ]];
  for (const [kind, stage] of fits) {
    const law = sizeLaw(CLASSES[kind][stage]!);
    const sample = Float64Array.from(of(kind), (job) => job[stage]);
    const distance = kolmogorovScore(sample, law.cumulative);
    assert(distance < KOLMOGOROV_LIMIT, `${kind} ${stage}: ${distance}`);
  }
  assert(of(1).every((job) => job.work === 0.001 && job.ioWork === 0));
});

/** The two stages of 20,000 jobs: a correlation of 4.9 / root n is found. */
Deno.test("jobMix() draws both stages independently", () => {
  const law = { law: "uniform", mean: 1 } as const;
  const all = draws(jobMix({ work: law, ioWork: law }), 20_000);
  const sum = all.reduce((a, job) => a + (job.work - 1) * (job.ioWork - 1), 0);
  const correlation = sum / all.length / (1 / 3);
  assert(Math.abs(correlation) < NORMAL_LIMIT / Math.sqrt(all.length));
});

Deno.test("jobMix() of one class takes no draw for it and leaves the time", () => {
  const jobs = jobMix({ work: { law: "exponential", mean: 2 } });
  const job = { time: 7, work: -1, ioWork: -1, kind: -1 };
  jobs.draw(new Random(1), job);
  assertEquals(job, {
    time: 7,
    work: new Random(1).exponential() * 2,
    ioWork: 0,
    kind: 0,
  });
  assertEquals([...jobs.shares], [1]);
});

Deno.test("jobMix() refuses what is no mix", () => {
  assertThrows(() => jobMix([]), RangeError, "Cannot mix 0 classes of jobs");
  for (const share of [0, -1, NaN, Infinity]) {
    assertThrows(
      () => jobMix([CLASSES[0], { ...CLASSES[1], share }]),
      RangeError,
      `share ${share} of class 1`,
    );
  }
  assertThrows(
    () => jobMix({ work: { law: "exponential", mean: -2 } }),
    RangeError,
    "mean -2",
  );
});
