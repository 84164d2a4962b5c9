/**
 * Traffic like Wikipedia's: heavy pages, and many light static files.
 *
 * @module
 */
import type { Random } from "../../core/random.ts";
import type { Arrival, ArrivalSource } from "./arrival.ts";
import type { RateOptions } from "./arrival_rates.ts";
import { poissonArrivals } from "./arrivals.ts";
import { type JobClassOptions, type JobMix, jobMix } from "./job_mix.ts";
import type { SizeLawOptions } from "./job_sizes.ts";

export type {
  Arrival,
  ArrivalSource,
  JobClassOptions,
  Random,
  RateOptions,
  SizeLawOptions,
};

/**
 * The mean rates, in flows a second, of the replays of Wikipedia traffic in
 * Yao et al., CIKM 2022 (tables 3 to 6): 7 servers of 20 cores in all.
 */
export const WIKI_RATES: readonly number[] = [518.8, 690.9, 696.5, 796.3];

/** Kind of a job for a page. */
export const WIKI_PAGE = 0;

/** Kind of a job for a static file. */
export const WIKI_STATIC = 1;

/** Sizes of both classes. */
export interface WikiSizes {
  /**
   * Processor time of a page. Default: lognormal, mean 60 ms, squared
   * variation 1.
   */
  pageWork?: SizeLawOptions;
  /**
   * Processor time of a static file. Default: lognormal, mean 1 ms, squared
   * variation 1.
   */
  staticWork?: SizeLawOptions;
  /**
   * Disk time of a static file. Default: lognormal, mean 2 ms, squared
   * variation 1.
   */
  staticIoWork?: SizeLawOptions;
}

/** Options of {@linkcode wikiJobs}. */
export interface WikiJobsOptions extends WikiSizes {
  /**
   * Share of pages among all jobs, above 0 and below 1. Default 0.387: the
   * largest published rate is 95 % of the load of 20 cores.
   */
  pageShare?: number;
}

/** Options of {@linkcode wikiArrivals}. */
export interface WikiArrivalsOptions extends WikiJobsOptions {
  /**
   * Jobs a second, or a rate over time. Default 696.5, one of
   * {@linkcode WIKI_RATES}.
   */
  rate?: number | RateOptions;
  /** The source's own stream of random numbers. */
  random: Random;
  /** No job comes from this moment on, in seconds. Default: no end. */
  untilSeconds?: number;
}

function lognormal(mean: number): SizeLawOptions {
  return { law: "lognormal", mean, squaredVariation: 1 };
}

function sizesOf(sizes: WikiSizes): Required<WikiSizes> {
  return {
    pageWork: sizes.pageWork ?? lognormal(0.06),
    staticWork: sizes.staticWork ?? lognormal(0.001),
    staticIoWork: sizes.staticIoWork ?? lognormal(0.002),
  };
}

/**
 * The classes of jobs of Wikipedia traffic: pages are processor work alone,
 * static files are read from disk after a little processor work.
 *
 * Published are the rates and that both classes exist; sizes and shares are
 * not. Those here are chosen so that the published means at the lowest rate,
 * where hardly anything waits (63.4 ms for pages, 3.1 ms for static files),
 * are about those of an idle server, and that the rates from 690.9 to 796.3
 * are loads of 82 to 95 % on 20 cores, as the paper has them.
 *
 * @param options Throws `RangeError` for a share that is not between 0 and 1.
 */
export function wikiJobs(options: WikiJobsOptions = {}): JobClassOptions[] {
  const { pageShare = 0.387 } = options;
  if (!(pageShare > 0 && pageShare < 1)) {
    throw new RangeError(
      `Cannot make Wikipedia traffic with a page share of ${pageShare}, expected a number between 0 and 1`,
    );
  }
  const { pageWork, staticWork, staticIoWork } = sizesOf(options);
  return [
    { name: "page", share: pageShare, work: pageWork },
    {
      name: "static",
      share: 1 - pageShare,
      work: staticWork,
      ioWork: staticIoWork,
    },
  ];
}

/**
 * Wikipedia-like traffic: a Poisson process of pages and static files.
 *
 * @param options Rate, shares, sizes and random stream. Throws `RangeError`
 * for a value outside its range.
 *
 * @example Pages are the lesser number and most of the work
 * ```ts
 * import { assert } from "@std/assert";
 * import { Random } from "../../core/random.ts";
 * import { createArrival } from "./arrival.ts";
 * import { WIKI_PAGE, wikiArrivals } from "./wiki_traffic.ts";
 *
 * const source = wikiArrivals({ random: new Random(1) });
 * const job = createArrival();
 * let pages = 0;
 * for (let i = 0; i < 1000; i++) {
 *   source.next(job);
 *   if (job.kind === WIKI_PAGE) pages++;
 * }
 * assert(300 < pages && pages < 500);
 * ```
 */
export function wikiArrivals(options: WikiArrivalsOptions): ArrivalSource {
  const { rate = 696.5, random, untilSeconds } = options;
  return poissonArrivals({
    rate,
    jobs: wikiJobs(options),
    random,
    untilSeconds,
  });
}

/**
 * Whether a query asks for a page: its path has `/wiki/index.php/`, as the
 * paper tells pages from other files.
 *
 * @param query A URL or its path.
 */
export function isWikiPage(query: string): boolean {
  return query.includes("/wiki/index.php/");
}

/** Options of {@linkcode wikiQueryReader}. */
export interface WikiQueryReaderOptions extends WikiSizes {
  /** Where sizes are drawn from. */
  random: Random;
}

/**
 * Reads the queries of a recorded replay of Wikipedia, which tell the class of
 * a job but not its size: for `readQuery` of `readFlowTrace`. Sizes are drawn
 * in the file's order, so that the same seed gives the same jobs.
 *
 * @param options Sizes and random stream. Throws `RangeError` for a law that
 * `sizeLaw` refuses.
 */
export function wikiQueryReader(
  options: WikiQueryReaderOptions,
): (query: string, into: Arrival) => boolean {
  const { random } = options;
  const sizes = sizesOf(options);
  const pages: JobMix = jobMix({ work: sizes.pageWork });
  const files: JobMix = jobMix({
    work: sizes.staticWork,
    ioWork: sizes.staticIoWork,
  });
  return (query, into) => {
    if (!/^(\/|https?:\/\/)/.test(query)) return false;
    const page = isWikiPage(query);
    (page ? pages : files).draw(random, into);
    into.kind = page ? WIKI_PAGE : WIKI_STATIC;
    return true;
  };
}
