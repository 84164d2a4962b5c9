/**
 * Recorded traffic, job by job: what is in it, other rates and loads, and how
 * it is played.
 *
 * @module
 */
import { savedNumber } from "../_saved.ts";
import type { Arrival, ArrivalSource, State } from "./arrival.ts";
import { arrivalRate } from "./load.ts";

export type { Arrival, ArrivalSource, State };

/** Recorded jobs, in order of time. Shape of the arrays: [jobs]. */
export interface FlowTrace {
  /** Where it comes from, for tables and figures. */
  name: string;
  /** When each job comes, in seconds; never falling. */
  times: Float64Array;
  /** Processor time of each, in seconds of one core of speed 1. */
  work: Float64Array;
  /** Disk time of each, in seconds of a disk of speed 1. */
  ioWork: Float64Array;
  /** Class of each. */
  kinds: Uint8Array;
}

/** What is in a recorded trace. */
export interface FlowTraceSummary {
  /** Number of jobs. */
  jobs: number;
  /** From the first job to the last, in seconds. */
  durationSeconds: number;
  /** Jobs a second: gaps over duration; NaN for a single moment. */
  rate: number;
  /** Variance over squared mean of the gaps; 1 in a Poisson process. */
  gapSquaredVariation: number;
  /** Mean processor time. */
  meanWork: number;
  /** Variance over squared mean of the processor times. */
  workSquaredVariation: number;
  /** Mean disk time. */
  meanIoWork: number;
}

function refuse(trace: FlowTrace, problem: string): never {
  throw new RangeError(`Cannot play trace "${trace.name}": ${problem}`);
}

function checkNotEmpty(trace: FlowTrace): void {
  if (trace.times.length === 0) refuse(trace, "expected jobs in it, got none");
}

/** Mean, and variance (divisor n) over squared mean, in two passes. */
function moments(
  count: number,
  value: (i: number) => number,
): { mean: number; squaredVariation: number } {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += value(i);
  const mean = sum / count;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (value(i) - mean) ** 2;
  return { mean, squaredVariation: squares / count / (mean * mean) };
}

function durationOf({ times }: FlowTrace): number {
  return times[times.length - 1] - times[0];
}

/**
 * Rate, mean sizes and how much gaps and sizes vary.
 *
 * @param trace Throws `RangeError` when it has no jobs.
 */
export function summariseFlowTrace(trace: FlowTrace): FlowTraceSummary {
  checkNotEmpty(trace);
  const { times, work, ioWork } = trace;
  const jobs = times.length;
  const gaps = moments(jobs - 1, (i) => times[i + 1] - times[i]);
  const works = moments(jobs, (i) => work[i]);
  return {
    jobs,
    durationSeconds: durationOf(trace),
    rate: gaps.mean > 0 ? 1 / gaps.mean : NaN,
    gapSquaredVariation: gaps.squaredVariation,
    meanWork: works.mean,
    workSquaredVariation: works.squaredVariation,
    meanIoWork: moments(jobs, (i) => ioWork[i]).mean,
  };
}

/** Options of {@linkcode rescaleFlowTrace}; `rate` or `load`, not both. */
export interface RescaleFlowTraceOptions {
  /** Wanted jobs a second, above 0: gaps are multiplied to reach it. */
  rate?: number;
  /** Wanted load of `capacity`, above 0: gaps are multiplied to reach it. */
  load?: number;
  /** Work done a second by all servers together; needed with `load`. */
  capacity?: number;
  /**
   * Wanted mean processor time in seconds, above 0: processor and disk times
   * are multiplied alike to reach it. Default: as recorded.
   */
  meanWork?: number;
}

function wantedRate(
  trace: FlowTrace,
  options: RescaleFlowTraceOptions,
  meanWork: number,
): number | undefined {
  const { rate, load, capacity } = options;
  if (load === undefined) {
    if (capacity !== undefined) refuse(trace, "expected a load with capacity");
    return rate;
  }
  if (rate !== undefined) refuse(trace, "expected rate or load, got both");
  if (capacity === undefined) refuse(trace, "expected a capacity with load");
  return arrivalRate(load, { meanWork, capacity });
}

function factorTo(
  trace: FlowTrace,
  values: { name: string; wanted: number | undefined; recorded: number },
): number {
  const { name, wanted, recorded } = values;
  if (wanted === undefined) return 1;
  if (!(wanted > 0 && wanted < Infinity)) {
    refuse(trace, `expected a finite ${name} above 0, got ${wanted}`);
  }
  if (!(recorded > 0 && recorded < Infinity)) {
    refuse(trace, `expected to scale a ${name} above 0, got ${recorded}`);
  }
  return wanted / recorded;
}

/**
 * A trace at another rate or load, with the same order and the same relative
 * gaps and sizes. Times then count from the first job, whatever the clock of
 * the recording was.
 *
 * @param trace Left as it is.
 * @param options Without any, times are counted from the first job, and
 * nothing else is changed. Throws `RangeError` for a value that is not above
 * 0, for a rate beside a load, for a load without a capacity, for a trace
 * without jobs, and where all jobs come at once or have no work, so that there
 * is nothing to scale.
 */
export function rescaleFlowTrace(
  trace: FlowTrace,
  options: RescaleFlowTraceOptions = {},
): FlowTrace {
  const summary = summariseFlowTrace(trace);
  const workFactor = factorTo(trace, {
    name: "meanWork",
    wanted: options.meanWork,
    recorded: summary.meanWork,
  });
  const meanWork = summary.meanWork * workFactor;
  const rateFactor = factorTo(trace, {
    name: "rate",
    wanted: wantedRate(trace, options, meanWork),
    recorded: summary.rate,
  });
  const [first] = trace.times;
  return {
    name: trace.name,
    times: trace.times.map((time) => (time - first) / rateFactor),
    work: trace.work.map((work) => work * workFactor),
    ioWork: trace.ioWork.map((work) => work * workFactor),
    kinds: trace.kinds.slice(),
  };
}

/** Options of {@linkcode recordedArrivals}. */
export interface RecordedArrivalsOptions {
  /** The job to begin with; it and the others keep their times. Default 0. */
  firstJob?: number;
  /**
   * Whether the first job follows on the last, after a gap of mean length.
   * Default false.
   */
  repeat?: boolean;
  /** No job comes from this moment on, in seconds. Default: no end. */
  untilSeconds?: number;
}

function checkOptions(
  trace: FlowTrace,
  options: RecordedArrivalsOptions,
): Required<RecordedArrivalsOptions> {
  const { firstJob = 0, repeat = false, untilSeconds = Infinity } = options;
  const count = trace.times.length;
  if (!Number.isSafeInteger(firstJob) || firstJob < 0 || firstJob >= count) {
    refuse(
      trace,
      `expected a first job from 0 to ${count - 1}, got ${firstJob}`,
    );
  }
  if (repeat && !(durationOf(trace) > 0)) {
    refuse(trace, "expected jobs at different times to repeat them");
  }
  if (!(untilSeconds >= 0)) {
    refuse(trace, `expected an end from 0 s, got ${untilSeconds}`);
  }
  return { firstJob, repeat, untilSeconds };
}

/**
 * A recorded trace as traffic. Times are those of the trace: one that does not
 * begin near 0 is brought there by {@linkcode rescaleFlowTrace}.
 *
 * @param trace Read while it is played, never written.
 * @param options Which part, and whether it is repeated. Throws `RangeError`
 * for a value outside its range and a trace without jobs.
 *
 * @example Two jobs, over and over
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createArrival } from "./arrival.ts";
 * import { recordedArrivals } from "./flow_traces.ts";
 *
 * const source = recordedArrivals({
 *   name: "two",
 *   times: Float64Array.of(0, 3),
 *   work: Float64Array.of(0.1, 0.2),
 *   ioWork: new Float64Array(2),
 *   kinds: new Uint8Array(2),
 * }, { repeat: true });
 * const job = createArrival();
 * const times = Array.from({ length: 4 }, () => source.next(job) && job.time);
 * assertEquals(times, [0, 3, 6, 9]);
 * ```
 */
export function recordedArrivals(
  trace: FlowTrace,
  options: RecordedArrivalsOptions = {},
): ArrivalSource {
  checkNotEmpty(trace);
  const { firstJob, repeat, untilSeconds } = checkOptions(trace, options);
  const { times, work, ioWork, kinds } = trace;
  const count = times.length;
  const period = durationOf(trace) * count / (count - 1);
  let position = firstJob; // counted on through repetitions
  return {
    next(into: Arrival): boolean {
      const cycle = Math.floor(position / count);
      if (cycle > 0 && !repeat) return false;
      const i = position - cycle * count;
      const time = cycle === 0 ? times[i] : times[i] + cycle * period;
      if (!(time < untilSeconds)) return false;
      into.time = time;
      into.work = work[i];
      into.ioWork = ioWork[i];
      into.kind = kinds[i];
      position++;
      return true;
    },
    saveState: () => ({ position }),
    loadState(state: State): void {
      const saved = savedNumber(state, "position");
      const last = repeat ? Infinity : count;
      if (!Number.isSafeInteger(saved) || saved < 0 || saved > last) {
        throw new TypeError(
          `Cannot restore "position" from ${saved}, expected a whole number from 0 to ${last}`,
        );
      }
      position = saved;
    },
  };
}
