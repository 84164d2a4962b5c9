import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { Random } from "../../core/random.ts";
import { NORMAL_LIMIT } from "./_distribution_tests.ts";
import { createArrival } from "./arrival.ts";
import { jobMix } from "./job_mix.ts";
import { offeredLoad } from "./load.ts";
import {
  isWikiPage,
  WIKI_PAGE,
  WIKI_RATES,
  WIKI_STATIC,
  wikiArrivals,
  type WikiArrivalsOptions,
  wikiJobs,
  wikiQueryReader,
} from "./wiki_traffic.ts";

function jobsOf(options: Partial<WikiArrivalsOptions>, count: number) {
  const source = wikiArrivals({ random: new Random(1), ...options });
  const job = createArrival();
  return Array.from({ length: count }, () => {
    assert(source.next(job));
    return { ...job };
  });
}

Deno.test("wikiJobs() loads 20 cores as the paper says at its rates", () => {
  const { meanWork } = jobMix(wikiJobs());
  const loads = WIKI_RATES.map((rate) =>
    offeredLoad(rate, { meanWork, capacity: 20 })
  );
  const wanted = [0.62, 0.82, 0.83, 0.95];
  loads.forEach((load, i) => assertAlmostEquals(load, wanted[i], 0.006));
});

Deno.test("wikiJobs() takes about the published times on an idle server", () => {
  const [page, file] = wikiJobs();
  assertAlmostEquals(jobMix(page).meanWork, 0.0634, 0.004);
  const { meanWork, meanIoWork } = jobMix(file);
  assertAlmostEquals(meanWork + meanIoWork, 0.0031, 0.0002);
  // Pages are processor work alone; files are mostly disk.
  assertEquals(jobMix(page).meanIoWork, 0);
  assert(meanIoWork > meanWork);
});

/** 50,000 jobs: scores that leave 4.9 once in a million seeds. */
Deno.test("wikiArrivals() has the rate, the shares and the mean sizes", () => {
  const count = 50_000;
  const jobs = jobsOf({}, count);
  const time = jobs[count - 1].time;
  // The time of the last job has a standard deviation of root n gaps.
  const rateScore = (time * 696.5 - count) / Math.sqrt(count);
  assert(Math.abs(rateScore) < NORMAL_LIMIT, `rate ${rateScore}`);
  const pages = jobs.filter(({ kind }) => kind === WIKI_PAGE);
  const share = (pages.length - 0.387 * count) /
    Math.sqrt(0.387 * 0.613 * count);
  assert(Math.abs(share) < NORMAL_LIMIT, `share ${share}`);
  const mean = pages.reduce((sum, job) => sum + job.work, 0) / pages.length;
  const meanScore = (mean / 0.06 - 1) * Math.sqrt(pages.length);
  assert(Math.abs(meanScore) < NORMAL_LIMIT, `page ${meanScore}`);
  const files = jobs.filter(({ kind }) => kind === WIKI_STATIC);
  assertEquals(pages.length + files.length, count);
  assert(pages.every(({ ioWork }) => ioWork === 0));
  assert(files.every(({ work, ioWork }) => work > 0 && ioWork > 0));
});

Deno.test("wikiArrivals() takes rates, shares and sizes by option", () => {
  const law = (mean: number) => ({ law: "deterministic", mean }) as const;
  const jobs = jobsOf({
    rate: { profile: "diurnal", meanRate: 518.8 },
    pageShare: 0.9,
    pageWork: law(0.5),
    staticWork: law(0.25),
    staticIoWork: law(0.125),
  }, 1000);
  const pages = jobs.filter(({ kind }) => kind === WIKI_PAGE);
  assert(pages.length > 850 && pages.length < 950); // 5 standard deviations
  for (const { kind, work, ioWork } of jobs) {
    const sizes = kind === WIKI_PAGE ? [0.5, 0] : [0.25, 0.125];
    assertEquals([work, ioWork], sizes);
  }
  const ending = wikiArrivals({ random: new Random(1), untilSeconds: 0 });
  assert(!ending.next(createArrival()));
});

Deno.test("wikiQueryReader() tells pages from static files", () => {
  const read = wikiQueryReader({ random: new Random(2) });
  const cases: [string, boolean][] = [
    ["/wiki/index.php/Load_balancing", true],
    ["http://10.0.0.1/wiki/index.php/Main?action=raw", true],
    ["/wiki/skins/common/main.css", false],
    ["/favicon.ico", false],
  ];
  for (const [query, page] of cases) {
    const job = { time: 3, work: 0, ioWork: 0, kind: 0 };
    assert(read(query, job));
    assertEquals(isWikiPage(query), page);
    assertEquals(job.kind, page ? WIKI_PAGE : WIKI_STATIC);
    assert(job.time === 3 && job.work > 0);
    assertEquals(job.ioWork > 0, !page);
  }
  for (const query of ["", "12", "wiki"]) {
    assert(!read(query, createArrival()), query);
  }
});

Deno.test("Wikipedia traffic refuses shares and laws that are none", () => {
  for (const pageShare of [0, 1, -0.1, NaN]) {
    assertThrows(
      () => wikiJobs({ pageShare }),
      RangeError,
      `a page share of ${pageShare}`,
    );
  }
  assertThrows(
    () =>
      wikiQueryReader({
        random: new Random(1),
        staticIoWork: { law: "exponential", mean: 0 },
      }),
    RangeError,
    "mean 0",
  );
});
