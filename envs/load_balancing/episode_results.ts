/**
 * Results of an episode in bounded memory.
 *
 * @module
 */
import { Random } from "../../core/random.ts";
import type { State } from "../../core/state.ts";
import { savedNumber, savedTree, savedWords } from "../_saved.ts";
import { type FlowReport, OUTCOME } from "./observers.ts";
import {
  createRunRecorder,
  type RunResults,
  summariseCompletionTimes,
} from "./run_results.ts";

export type { FlowReport, RunResults, State };

/** Results of an episode. */
export interface EpisodeResults extends RunResults {
  /** Whether percentiles are of a sample: there were too many flows. */
  sampled: boolean;
}

/** Options of {@linkcode createEpisodeRecorder}. */
export interface EpisodeRecorderOptions {
  /** Names of the kinds of flows. */
  kinds: readonly string[];
  /** Flows that start before are left out. Default 0 s. */
  warmUpSeconds?: number;
  /** Completion times that are kept; 9 bytes each. Default 131,072. */
  maximumTimes?: number;
  /** Seed of the sample beyond that. Default 0. */
  seed?: number;
}

/** Collects the results of an episode, as `RunRecorder` does. */
export interface EpisodeRecorder {
  /** Takes a flow that has ended: the simulator's `onEnd`. */
  onEnd(
    report: Pick<FlowReport, "start" | "elapsed" | "kind" | "outcome">,
  ): void;
  /** Takes the servers' loads at a moment, shape [servers]. */
  sampleLoads(loads: ArrayLike<number>, time: number): void;
  /** The results so far. Sorts a copy of the completion times. */
  results(): EpisodeResults;
  /** What {@linkcode EpisodeRecorder.loadState} goes on from. */
  saveState(): State;
  /** Goes on from a saved state. Throws `TypeError` where it does not fit. */
  loadState(state: State): void;
}

const FIRST_ROOM = 1024;
const LARGEST_KIND = 255;

/** Completion times: all, or a uniform sample (Vitter's Algorithm R). */
function createTimes(maximum: number, random: Random) {
  let seconds = new Float64Array(Math.min(FIRST_ROOM, maximum));
  let kinds = new Uint8Array(seconds.length);
  let count = 0;

  function reserve(room: number): void {
    const moreSeconds = new Float64Array(room);
    const moreKinds = new Uint8Array(room);
    moreSeconds.set(seconds.subarray(0, count));
    moreKinds.set(kinds.subarray(0, count));
    seconds = moreSeconds;
    kinds = moreKinds;
  }

  return {
    get count(): number {
      return count;
    },
    /** Takes the next flow; `before` it came so many. */
    add(elapsed: number, kind: number, before: number): void {
      let place = count;
      if (count === maximum) {
        place = random.integer(0, before);
        if (place >= maximum) return;
      } else {
        if (count === seconds.length) reserve(Math.min(2 * count, maximum));
        count++;
      }
      seconds[place] = elapsed;
      kinds[place] = kind;
    },
    of: (kind?: number): Float64Array =>
      kind === undefined
        ? seconds.slice(0, count)
        : seconds.subarray(0, count).filter((_, i) => kinds[i] === kind),
    saveState: (): State => ({
      seconds: seconds.slice(0, count),
      kinds: kinds.slice(0, count),
      random: random.saveState(),
    }),
    loadState(state: State): void {
      const { seconds: savedSeconds, kinds: savedKinds } = state;
      if (
        !(savedSeconds instanceof Float64Array) ||
        !(savedKinds instanceof Uint8Array) ||
        savedSeconds.length !== savedKinds.length ||
        savedSeconds.length > maximum
      ) {
        throw new TypeError(
          `Cannot restore completion times: expected "seconds" and "kinds" of one length up to ${maximum}`,
        );
      }
      random.loadState(savedWords(state, "random"));
      count = 0;
      reserve(Math.max(Math.min(FIRST_ROOM, maximum), savedSeconds.length));
      count = savedSeconds.length;
      seconds.set(savedSeconds);
      kinds.set(savedKinds);
    },
  };
}

/** Floats that were saved under a name, as many as there are. */
function loadFloats(state: State, name: string, into: Float64Array): void {
  const saved = state[name];
  if (!(saved instanceof Float64Array) || saved.length !== into.length) {
    throw new TypeError(
      `Cannot restore "${name}" of an episode's results, expected a Float64Array of ${into.length}`,
    );
  }
  into.set(saved);
}

/**
 * Collects an episode's results. Percentiles are exact up to `maximumTimes`
 * flows, and those of a uniform sample beyond; counts and means are exact.
 *
 * @param options Throws `RangeError` for values outside their range.
 *
 * @example One flow
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createEpisodeRecorder } from "./episode_results.ts";
 *
 * const recorder = createEpisodeRecorder({ kinds: ["page"] });
 * recorder.onEnd({ start: 0, elapsed: 2, kind: 0, outcome: 0 });
 * assertEquals(recorder.results().completion.mean, 2);
 * ```
 */
export function createEpisodeRecorder(
  options: EpisodeRecorderOptions,
): EpisodeRecorder {
  const { kinds, warmUpSeconds = 0, maximumTimes = 131_072, seed = 0 } =
    options;
  if (!Number.isSafeInteger(maximumTimes) || maximumTimes < 1) {
    throw new RangeError(
      `Cannot keep ${maximumTimes} completion times, expected a whole number from 1`,
    );
  }
  const others = createRunRecorder({ warmUpSeconds });
  const times = createTimes(maximumTimes, new Random(seed));
  const counts = new Float64Array(LARGEST_KIND + 1);
  const sums = new Float64Array(LARGEST_KIND + 1);
  let finished = 0;

  function completionOf(kind?: number) {
    const summary = summariseCompletionTimes(times.of(kind));
    if (finished === times.count) return summary;
    const count = kind === undefined ? finished : counts[kind];
    const sum = kind === undefined
      ? sums.reduce((total, part) => total + part, 0)
      : sums[kind];
    return { ...summary, count, mean: sum / count };
  }

  return {
    onEnd(report): void {
      const { start, elapsed, kind, outcome } = report;
      if (outcome !== OUTCOME.finished) return others.onEnd(report);
      if (start < warmUpSeconds) return;
      if (!(kind < kinds.length)) {
        throw new RangeError(
          `Cannot record a flow of kind ${kind}, expected one of ${kinds.length} kinds: ${
            kinds.join(", ")
          }`,
        );
      }
      times.add(elapsed, kind, finished++);
      counts[kind]++;
      sums[kind] += elapsed;
    },
    sampleLoads: (loads, time) => others.sampleLoads(loads, time),
    results(): EpisodeResults {
      const { ended, flows: failed, loads } = others.results();
      ended[OUTCOME.finished] = finished;
      const flows = failed + finished;
      const completion = completionOf();
      return {
        flows,
        ended,
        failedShare: failed / flows,
        completion,
        byKind: kinds.map((name, kind) => ({
          name,
          completion: kinds.length === 1
            ? { ...completion }
            : completionOf(kind),
        })),
        loads,
        sampled: finished > times.count,
      };
    },
    saveState: () => ({
      finished,
      counts: counts.slice(0, kinds.length),
      sums: sums.slice(0, kinds.length),
      times: times.saveState(),
      others: others.saveState(),
    }),
    loadState(state): void {
      const saved = savedNumber(state, "finished");
      loadFloats(state, "counts", counts.subarray(0, kinds.length));
      loadFloats(state, "sums", sums.subarray(0, kinds.length));
      times.loadState(savedTree(state, "times"));
      others.loadState(savedTree(state, "others"));
      finished = saved;
    },
  };
}
