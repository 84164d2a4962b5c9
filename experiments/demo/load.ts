/**
 * The load that all policies of a demonstration meet.
 *
 * @module
 */
import { parseOptions } from "../../core/parse_options.ts";
import { Random } from "../../core/random.ts";
import type { JsonRecord } from "../../core/state_json.ts";
import { loadPattern } from "../../envs/autoscaling/patterns.ts";
import { service } from "../../envs/autoscaling/service.ts";
import {
  autoscalingExperiment,
  autoscalingScriptOptions,
} from "../autoscaling/options.ts";

/** A load, known before anybody meets it. */
export interface DemoLoad {
  /** The pattern's or the trace's name. */
  readonly name: string;
  /** Items that arrive in each step, the one before the first included. */
  readonly demand: Float64Array;
  /** Whether it was recorded, so that steps have a time of day. */
  readonly recorded: boolean;
  /** Options of an environment that begins under it. */
  readonly options: JsonRecord;
  /** Seed with which an environment draws these numbers. */
  readonly seed: number;
  /** What the user should know about it. */
  readonly notes: readonly string[];
}

/** How a load is made. */
export interface MakeLoadOptions {
  /** Steps of the episode. */
  steps: number;
  /** Seed of patterns that draw. Default 0. */
  seed?: number;
}

/**
 * The load of a built-in pattern: the numbers that an autoscaling environment
 * of the same seed draws in its first episode.
 *
 * @param pattern Its name. Throws `RangeError` for an unknown one.
 * @param options Steps and seed.
 */
export function patternLoad(
  pattern: string,
  options: MakeLoadOptions,
): DemoLoad {
  const { steps, seed = 0 } = options;
  const { influx } = loadPattern(pattern, service());
  const stream = new Random(seed).split();
  return {
    name: pattern,
    demand: Float64Array.from(
      { length: steps + 1 },
      (_, step) => influx(step, stream),
    ),
    recorded: false,
    options: { pattern },
    seed,
    notes: [],
  };
}

/**
 * The held-out days of a recorded load, one after the other, begun anew after
 * the last.
 *
 * @param path A file or folder. Throws a one-line error where it cannot be
 * read.
 * @param options Steps and seed.
 */
export async function traceLoad(
  path: string,
  options: MakeLoadOptions,
): Promise<DemoLoad> {
  const { steps, seed = 0 } = options;
  const { tests, loadName, notes } = await autoscalingExperiment({
    ...parseOptions([], autoscalingScriptOptions),
    trace: path,
  });
  const requests = tests.flatMap(({ spec }) =>
    (spec.options.pattern as { requests: number[] }).requests
  );
  const name = `${loadName.replace(/ \(train\)$/, "")}, held-out days`;
  return {
    name,
    demand: Float64Array.from(
      { length: steps + 1 },
      (_, step) => requests[step % requests.length],
    ),
    recorded: true,
    options: {
      pattern: { name, requests },
      service: tests[0].spec.options.service,
    },
    seed,
    notes,
  };
}
