/**
 * What a run of a load balancer comes to: completion times, failures, and how
 * evenly servers were loaded.
 *
 * @module
 */
import type { State } from "../../core/state.ts";
import { savedNumber } from "../_saved.ts";
import {
  jainIndex,
  overProvision,
  productFairness,
  type Values,
} from "./fairness.ts";
import { type FlowReport, OUTCOME, OUTCOMES } from "./observers.ts";

export type { FlowReport, State, Values };

/** Completion times of the flows that were served, in seconds. */
export interface CompletionTimes {
  /** Flows served. All that follows is NaN where there are none. */
  count: number;
  /** Mean. */
  mean: number;
  /** Standard deviation (divisor n). */
  standardDeviation: number;
  /** The time that half of the flows keep to. */
  p50: number;
  /** The time that 90 % keep to. */
  p90: number;
  /** The time that 95 % keep to. */
  p95: number;
  /** The time that 99 % keep to. */
  p99: number;
  /** The longest. */
  maximum: number;
}

/** How evenly servers were loaded: means over the samples, NaN without any. */
export interface LoadFairness {
  /** Samples taken. */
  samples: number;
  /** Jain's index, 1 / n to 1. */
  jain: number;
  /** Product fairness, 0 to 1. */
  product: number;
  /** Largest load over the mean, 1 to n. */
  overProvision: number;
}

/** The results of a run. */
export interface RunResults {
  /** Flows that ended, in whatever way. */
  flows: number;
  /** Flows by how they ended: shape [OUTCOMES]. */
  ended: Float64Array;
  /** Share of the flows that were not served; NaN without flows. */
  failedShare: number;
  /** All flows served. */
  completion: CompletionTimes;
  /** Those of each kind; empty where no kinds were named. */
  byKind: { name: string; completion: CompletionTimes }[];
  /** Fairness of the loads over time. */
  loads: LoadFairness;
}

/** Options of {@linkcode createRunRecorder}. */
export interface RunRecorderOptions {
  /** Names of the kinds of flows that are told apart. Default: none. */
  kinds?: readonly string[];
  /**
   * Flows that start, and loads that are sampled, before this moment are left
   * out. Default 0 s.
   */
  warmUpSeconds?: number;
}

/** Collects the results of a run. */
export interface RunRecorder {
  /**
   * Takes a flow that has ended: the simulator's `onEnd`. Throws `RangeError`
   * for a kind that has no name, where kinds are named.
   */
  onEnd(
    report: Pick<FlowReport, "start" | "elapsed" | "kind" | "outcome">,
  ): void;
  /**
   * Takes the servers' loads at a moment, shape [servers]; to be called at
   * regular times. For unequal servers: flows over capacity.
   *
   * @param loads Numbers from 0. Servers that are all idle count as fair.
   * @param time In seconds.
   */
  sampleLoads(loads: Values, time: number): void;
  /** The results so far. Sorts a copy of all completion times. */
  results(): RunResults;
  /** Forgets everything. */
  reset(): void;
  /** What {@linkcode RunRecorder.loadState} goes on from. */
  saveState(): State;
  /** Goes on from a saved state. Throws `TypeError` where it does not fit. */
  loadState(state: State): void;
}

/** Linear interpolation (type 7 of Hyndman and Fan, 1996). */
function sortedQuantile(sorted: Float64Array, probability: number): number {
  const position = probability * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}

/**
 * Mean, spread and exact percentiles of completion times.
 *
 * @param seconds Put into order.
 */
export function summariseCompletionTimes(
  seconds: Float64Array,
): CompletionTimes {
  const count = seconds.length;
  seconds.sort();
  let sum = 0;
  for (let i = 0; i < count; i++) sum += seconds[i];
  const mean = sum / count;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (seconds[i] - mean) ** 2;
  const quantile = (probability: number) =>
    count === 0 ? NaN : sortedQuantile(seconds, probability);
  return {
    count,
    mean,
    standardDeviation: Math.sqrt(squares / count),
    p50: quantile(0.5),
    p90: quantile(0.9),
    p95: quantile(0.95),
    p99: quantile(0.99),
    maximum: quantile(1),
  };
}

const FIRST_CAPACITY = 1024;
const LARGEST_KIND = 255;

function checkOptions(options: RunRecorderOptions): void {
  const { kinds = [], warmUpSeconds = 0 } = options;
  if (kinds.length > LARGEST_KIND + 1) {
    throw new RangeError(
      `Cannot record ${kinds.length} kinds of flows, expected ${
        LARGEST_KIND + 1
      } at most`,
    );
  }
  if (!(warmUpSeconds >= 0 && warmUpSeconds < Infinity)) {
    throw new RangeError(
      `Cannot record after a warm-up of ${warmUpSeconds} s, expected a finite number from 0`,
    );
  }
}

/** The flows served: completion times and kinds, in growing arrays. */
function createServedFlows() {
  let seconds = new Float64Array(FIRST_CAPACITY);
  let kinds = new Uint8Array(FIRST_CAPACITY);
  let count = 0;
  return {
    add(elapsed: number, kind: number): void {
      if (count === seconds.length) {
        const moreSeconds = new Float64Array(2 * count);
        const moreKinds = new Uint8Array(2 * count);
        moreSeconds.set(seconds);
        moreKinds.set(kinds);
        seconds = moreSeconds;
        kinds = moreKinds;
      }
      seconds[count] = elapsed;
      kinds[count++] = kind;
    },
    secondsOf: (kind?: number): Float64Array =>
      kind === undefined
        ? seconds.slice(0, count)
        : seconds.subarray(0, count).filter((_, i) => kinds[i] === kind),
    clear(): void {
      count = 0;
    },
    save: (): State => ({
      seconds: seconds.slice(0, count),
      kinds: kinds.slice(0, count),
    }),
    load(state: State): void {
      const { seconds: savedSeconds, kinds: savedKinds } = state;
      if (
        !(savedSeconds instanceof Float64Array) ||
        !(savedKinds instanceof Uint8Array) ||
        savedSeconds.length !== savedKinds.length
      ) {
        throw new TypeError(
          'Cannot restore the results of a run: expected "seconds" and "kinds" of one length',
        );
      }
      count = savedSeconds.length;
      const capacity = Math.max(FIRST_CAPACITY, count);
      seconds = new Float64Array(capacity);
      kinds = new Uint8Array(capacity);
      seconds.set(savedSeconds);
      kinds.set(savedKinds);
    },
  };
}

/** Sums over the samples of loads. */
const LOAD_SUMS = ["samples", "jain", "product", "overProvision"] as const;

/**
 * Collects what is told of a run: completion times of flows that were served
 * (mean, spread, exact percentiles, all together and by kind), how many ended
 * otherwise, and how evenly servers were loaded. It takes 9 bytes a flow.
 *
 * @param options Kinds that are told apart, warm-up. Throws `RangeError` for a
 * value outside its range.
 *
 * @example Three flows
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { OUTCOME } from "./observers.ts";
 * import { createRunRecorder } from "./run_results.ts";
 *
 * const recorder = createRunRecorder();
 * for (const elapsed of [1, 2, 3]) {
 *   recorder.onEnd({ start: 0, elapsed, kind: 0, outcome: OUTCOME.finished });
 * }
 * recorder.sampleLoads([2, 1], 0.5);
 * const { completion, loads } = recorder.results();
 * assertEquals([completion.mean, completion.p50], [2, 2]);
 * assertEquals(loads.jain, 0.9);
 * ```
 */
export function createRunRecorder(
  options: RunRecorderOptions = {},
): RunRecorder {
  checkOptions(options);
  const { kinds = [], warmUpSeconds = 0 } = options;
  const served = createServedFlows();
  const ended = new Float64Array(OUTCOMES.length);
  const sums = { samples: 0, jain: 0, product: 0, overProvision: 0 };

  function checkKind(kind: number): void {
    if (kinds.length > 0 && !(kind >= 0 && kind < kinds.length)) {
      throw new RangeError(
        `Cannot record a flow of kind ${kind}, expected one of ${kinds.length} kinds: ${
          kinds.join(", ")
        }`,
      );
    }
  }

  return {
    onEnd({ start, elapsed, kind, outcome }): void {
      if (start < warmUpSeconds) return;
      checkKind(kind);
      ended[outcome]++;
      if (outcome === OUTCOME.finished) served.add(elapsed, kind);
    },
    sampleLoads(loads, time): void {
      if (time < warmUpSeconds) return;
      sums.samples++;
      sums.jain += jainIndex(loads);
      sums.product += productFairness(loads);
      sums.overProvision += overProvision(loads);
    },
    results(): RunResults {
      const flows = ended.reduce((sum, count) => sum + count, 0);
      const { samples } = sums;
      return {
        flows,
        ended: ended.slice(),
        failedShare: (flows - ended[OUTCOME.finished]) / flows,
        completion: summariseCompletionTimes(served.secondsOf()),
        byKind: kinds.map((name, kind) => ({
          name,
          completion: summariseCompletionTimes(served.secondsOf(kind)),
        })),
        loads: {
          samples,
          jain: sums.jain / samples,
          product: sums.product / samples,
          overProvision: sums.overProvision / samples,
        },
      };
    },
    reset(): void {
      served.clear();
      ended.fill(0);
      for (const name of LOAD_SUMS) sums[name] = 0;
    },
    saveState: () => ({
      ...served.save(),
      ended: ended.slice(),
      ...sums,
    }),
    loadState(state): void {
      const values = LOAD_SUMS.map((name) => savedNumber(state, name));
      const { ended: savedEnded } = state;
      if (
        !(savedEnded instanceof Float64Array) ||
        savedEnded.length !== ended.length
      ) {
        throw new TypeError(
          `Cannot restore the results of a run: expected "ended" of ${ended.length} outcomes`,
        );
      }
      served.load(state);
      ended.set(savedEnded);
      LOAD_SUMS.forEach((name, i) => sums[name] = values[i]);
    },
  };
}
