/**
 * Traffic of an environment: what options say, and a new source an episode.
 *
 * @module
 */
import type { Random } from "../../core/random.ts";
import type { LoadTrace } from "../autoscaling/traces.ts";
import type { Arrival, ArrivalSource, State } from "./arrival.ts";
import { type RateOptions, rateProfile } from "./arrival_rates.ts";
import { countedArrivals, poissonArrivals } from "./arrivals.ts";
import {
  type FlowTrace,
  recordedArrivals,
  rescaleFlowTrace,
  summariseFlowTrace,
} from "./flow_traces.ts";
import { type JobClassOptions, type JobMix, jobMix } from "./job_mix.ts";
import { arrivalRate, offeredLoad } from "./load.ts";
import { wikiJobs, type WikiJobsOptions } from "./wiki_traffic.ts";

export type {
  Arrival,
  ArrivalSource,
  FlowTrace,
  JobClassOptions,
  JobMix,
  LoadTrace,
  Random,
  RateOptions,
  State,
  WikiJobsOptions,
};

/** Jobs of a mix at the times of a Poisson process. */
export interface PoissonTraffic {
  /** Which traffic. */
  type: "poisson";
  /** Jobs a second, or a rate over time. Default: by the load. */
  rate?: number | RateOptions;
  /** What arrives. Default: exponential work with a mean of 60 ms. */
  jobs?: JobClassOptions | readonly JobClassOptions[];
}

/** Pages and static files, as `wikiArrivals` has them. */
export interface WikiTraffic extends WikiJobsOptions {
  /** Which traffic. */
  type: "wiki";
  /** Jobs a second, or a rate over time. Default: by the load. */
  rate?: number | RateOptions;
}

/** Recorded jobs, which begin again after the last. */
export interface RecordedTraffic {
  /** Which traffic. */
  type: "recorded";
  /** What was recorded. */
  trace: FlowTrace;
  /** Jobs a second, by other gaps. Default: by the load, else as recorded. */
  rate?: number;
  /** Whether episodes begin with the first job or any. Default "first". */
  start?: "first" | "random";
}

/** Counts an interval, which begin again after the last. */
export interface CountedTraffic {
  /** Which traffic. */
  type: "counted";
  /** What was counted. */
  trace: LoadTrace;
  /** Jobs a second on average. Default: by the load, else as counted. */
  rate?: number;
  /** As for `countedArrivals`. Default "poisson". */
  within?: "poisson" | "uniform";
  /** Whether episodes begin with the first interval or any. Default "first". */
  start?: "first" | "random";
  /** What arrives. Default: exponential work with a mean of 60 ms. */
  jobs?: JobClassOptions | readonly JobClassOptions[];
}

/** A source of your own. */
export interface CustomTraffic {
  /** Which traffic. */
  type: "custom";
  /** Names of the kinds of jobs. Default: one kind. */
  kinds?: readonly string[];
  /**
   * Makes an episode's source; also called to check the options and to restore
   * an episode, so that it must not go on from what it made before.
   *
   * @param random The episode's stream for traffic: the same for the same
   * seed. The source's state has to hold it, where the source goes on drawing.
   */
  make(random: Random): ArrivalSource;
}

/** What arrives. All but `custom` are plain values. */
export type TrafficOptions =
  | PoissonTraffic
  | WikiTraffic
  | RecordedTraffic
  | CountedTraffic
  | CustomTraffic;

/** A load of the capacity: one for all episodes, or drawn for each. */
export type LoadRange = number | {
  /** Smallest load. */
  readonly low: number;
  /** Largest load. */
  readonly high: number;
};

/** What an episode's traffic is. */
export interface EpisodeTraffic {
  /** Its jobs. */
  source: ArrivalSource;
  /** Work that comes a second over the capacity; NaN where it is unknown. */
  load: number;
}

/** Traffic that was checked. */
export interface Traffic {
  /** Names of the kinds of jobs. */
  readonly kinds: readonly string[];
  /** The largest mean load of an episode; NaN where it is unknown. */
  readonly largestLoad: number;
  /**
   * Traffic of an episode, from time 0.
   *
   * @param random What load and start are drawn from, and then the jobs.
   */
  begin(random: Random): EpisodeTraffic;
}

/** What {@linkcode createTraffic} needs beside the traffic's own options. */
export interface TrafficSetting {
  /** Work that all servers do a second. */
  capacity: number;
  /** The load that was asked for. */
  load?: LoadRange;
  /** Where neither a load nor a rate was asked for. */
  defaultLoad: LoadRange;
}

/** Seconds over which rates are averaged for a load. */
const LONG = 1e7;

const DEFAULT_JOBS: JobClassOptions = {
  name: "job",
  work: { law: "exponential", mean: 0.06 },
};

const TYPES = ["poisson", "wiki", "recorded", "counted", "custom"];

function checkLoad(load: LoadRange): void {
  const { low, high } = boundsOf(load);
  for (const bound of [low, high]) {
    if (!(bound > 0 && bound < Infinity)) {
      throw new RangeError(
        `Cannot offer a load of ${bound}, expected a finite number above 0`,
      );
    }
  }
  if (low > high) {
    throw new RangeError(
      `Cannot offer loads from ${low} to ${high}, expected the smaller one first`,
    );
  }
}

function boundsOf(load: LoadRange): { low: number; high: number } {
  return typeof load === "number" ? { low: load, high: load } : load;
}

function drawLoad(load: LoadRange, random: Random): number {
  const { low, high } = boundsOf(load);
  return low === high ? low : random.uniform(low, high);
}

function checkStart(start: unknown): void {
  if (start === undefined || start === "first" || start === "random") return;
  throw new RangeError(
    `Cannot start a trace at ${
      JSON.stringify(start)
    }, expected "first" or "random"`,
  );
}

function poissonTraffic(
  mix: JobMix,
  rate: number | RateOptions | undefined,
  { capacity, load: asked, defaultLoad }: TrafficSetting,
): Traffic {
  const share = { meanWork: mix.meanWork, capacity };
  if (rate !== undefined) {
    const profile = typeof rate === "number"
      ? rateProfile({ profile: "constant", rate })
      : rateProfile(rate);
    const mean = profile.expected(0, LONG) / LONG;
    const load = mean > 0 ? offeredLoad(mean, share) : 0;
    return {
      kinds: mix.names,
      largestLoad: load,
      begin: (random) => ({
        source: poissonArrivals({ rate: profile, jobs: mix, random }),
        load,
      }),
    };
  }
  const range = asked ?? defaultLoad;
  return {
    kinds: mix.names,
    largestLoad: boundsOf(range).high,
    begin(random) {
      const load = drawLoad(range, random);
      const drawn = arrivalRate(load, share);
      return {
        source: poissonArrivals({ rate: drawn, jobs: mix, random }),
        load,
      };
    },
  };
}

/** Throws unless times never fall. */
function checkOrder({ name, times }: FlowTrace): void {
  for (let i = 1; i < times.length; i++) {
    if (!(times[i] >= times[i - 1])) {
      throw new RangeError(
        `Cannot play trace "${name}": expected times that never fall, got ${
          times[i]
        } after ${times[i - 1]} at job ${i}`,
      );
    }
  }
}

/** The same jobs, their times counted from a moment and stretched. */
function retimed(
  source: ArrivalSource,
  { from, factor }: { from: number; factor: number },
): ArrivalSource {
  return {
    next(into) {
      if (!source.next(into)) return false;
      into.time = (into.time - from) * factor;
      return true;
    },
    saveState: () => source.saveState(),
    loadState: (state) => source.loadState(state),
  };
}

function recordedTraffic(
  { trace: given, rate, start = "first" }: RecordedTraffic,
  { capacity, load: asked }: TrafficSetting,
): Traffic {
  checkStart(start);
  checkOrder(given);
  const trace = rescaleFlowTrace(given, { rate });
  const { meanWork, rate: ownRate } = summariseFlowTrace(trace);
  const ownLoad = offeredLoad(ownRate, { meanWork, capacity });
  const range = asked ?? ownLoad;
  recordedArrivals(trace, { repeat: true });
  const kinds = trace.kinds.reduce((most, kind) => Math.max(most, kind), 0) + 1;
  return {
    kinds: Array.from({ length: kinds }, (_, kind) => String(kind)),
    largestLoad: boundsOf(range).high,
    begin(random) {
      const load = drawLoad(range, random);
      const firstJob = start === "first"
        ? 0
        : random.integer(0, trace.times.length - 1);
      const source = recordedArrivals(trace, { firstJob, repeat: true });
      const from = trace.times[firstJob];
      return {
        source: retimed(source, { from, factor: ownLoad / load }),
        load,
      };
    },
  };
}

function countedTraffic(
  { trace, rate, within, start = "first", jobs = DEFAULT_JOBS }: CountedTraffic,
  { capacity, load: asked }: TrafficSetting,
): Traffic {
  checkStart(start);
  const mix = jobMix(jobs);
  const share = { meanWork: mix.meanWork, capacity };
  const { requests, secondsPerSample } = trace;
  const ownRate = rate ??
    requests.reduce((sum, count) => sum + count, 0) /
      (requests.length * secondsPerSample);
  const range = asked ?? offeredLoad(ownRate, share);
  return {
    kinds: mix.names,
    largestLoad: boundsOf(range).high,
    begin(random) {
      const load = drawLoad(range, random);
      const firstInterval = start === "first"
        ? 0
        : random.integer(0, requests.length - 1);
      const source = countedArrivals({
        trace,
        within,
        firstInterval,
        meanRate: arrivalRate(load, share),
        repeat: true,
        jobs: mix,
        random,
      });
      return { source, load };
    },
  };
}

/**
 * Traffic as an environment plays it.
 *
 * @param options What arrives. Throws `RangeError` for a value outside its
 * range, an unknown type, times that fall, and a rate beside a load; as
 * `jobMix`, `rateProfile` and the sources of arrivals do.
 * @param setting Servers' capacity and the loads that were asked for.
 */
export function createTraffic(
  options: TrafficOptions,
  setting: TrafficSetting,
): Traffic {
  const { load } = setting;
  if (load !== undefined) {
    checkLoad(load);
    if ("rate" in options && options.rate !== undefined) {
      throw new RangeError(
        `Cannot offer a rate of ${
          JSON.stringify(options.rate)
        } and a load as well, expected one of them`,
      );
    }
  }
  switch (options.type) {
    case "poisson":
      return poissonTraffic(
        jobMix(options.jobs ?? DEFAULT_JOBS),
        options.rate,
        setting,
      );
    case "wiki":
      return poissonTraffic(jobMix(wikiJobs(options)), options.rate, setting);
    case "recorded":
      return recordedTraffic(options, setting);
    case "counted":
      return countedTraffic(options, setting);
    case "custom": {
      if (load !== undefined) {
        throw new RangeError(
          `Cannot offer a load of ${
            JSON.stringify(load)
          } with traffic of your own, expected none: its source decides`,
        );
      }
      const { kinds = ["job"] } = options;
      const begin = (random: Random) => ({
        source: options.make(random),
        load: NaN,
      });
      return { kinds, largestLoad: NaN, begin };
    }
  }
  throw new RangeError(
    `Cannot play traffic of type ${
      JSON.stringify((options as { type?: unknown }).type)
    }, expected one of ${TYPES.join(", ")}`,
  );
}
