/**
 * An expert that routes by the time of day: its weights are those that a local
 * search finds for the same hours of other days.
 *
 * A search for each matrix alone finds better weights, but others each time,
 * so that whoever imitates it learns their mean. Weights of an hour are a
 * function of what a policy sees.
 *
 * @module
 */
import { sdnSettings } from "../../envs/sdn/env_options.ts";
import type { SDNOptions } from "../../envs/sdn/env_options.ts";
import type { SDNEnv } from "../../envs/sdn/sdn_env.ts";
import { matricesAt } from "../../envs/sdn/traffic.ts";
import { searchWeights } from "../../envs/sdn/weight_search.ts";
import { actionTowards } from "../../agents/rules/routing_policies.ts";

export type { SDNEnv, SDNOptions };

/** How weights of hours are searched for. */
export interface HourlySearch {
  /** Parts of a day that have weights of their own. */
  readonly parts: number;
  /** Days, from 0, whose matrices are looked at. */
  readonly trainingDays: number;
  /** Matrices of each part on each of these days. */
  readonly matricesADay: number;
  /** Sets of weights tried for each part. */
  readonly evaluations: number;
  /** Weights to begin with. Shape [links]. */
  readonly start: Float64Array;
  /** Where random numbers come from. */
  readonly seed: number;
}

/**
 * Weights of each part of the day. Each search begins with what the part
 * before it found, so that weights change only where that is worth it.
 *
 * @param options The network and its traffic.
 * @param search How hard to search.
 */
export function weightsByHour(
  options: SDNOptions,
  search: HourlySearch,
): Float64Array[] {
  const { topology, traffic, splitting, gamma } = sdnSettings(options).emulator;
  const { intervalsPerDay } = traffic;
  const { parts, trainingDays, matricesADay, evaluations, seed } = search;
  let start = search.start;
  return Array.from({ length: parts }, (_, part) => {
    const first = part * intervalsPerDay / parts;
    const length = intervalsPerDay / parts;
    const intervals = Array.from(
      { length: trainingDays * matricesADay },
      (_, i) =>
        (i % trainingDays) * intervalsPerDay + Math.floor(
          first +
            (Math.floor(i / trainingDays) + 0.5) * length / matricesADay,
        ),
    );
    start = searchWeights(topology, matricesAt(traffic, topology, intervals), {
      splitting,
      gamma,
      objective: "largest-utilisation",
      evaluations,
      start,
      seed: seed + part,
    }).weights;
    return start;
  });
}

/**
 * The action towards the weights of the coming interval: between two parts of
 * the day, logarithms of weights in proportion.
 *
 * @param env With actions that are absolute. Throws `RangeError` where its
 * network is not embedded: a controller does not tell the time of day.
 * @param weights Those of each part.
 */
export function hourlyAction(
  env: SDNEnv,
  weights: readonly Float64Array[],
): Float32Array {
  const { emulator } = env;
  if (emulator === undefined) {
    throw new RangeError(
      `Cannot tell the time of day through ${env.settings.ryuBase}, expected the embedded controller`,
    );
  }
  const { intervalsPerDay } = emulator.settings.traffic;
  const parts = weights.length;
  const place = (emulator.interval % intervalsPerDay + 0.5) / intervalsPerDay *
      parts - 0.5;
  const before = Math.floor(place);
  const share = place - before;
  const from = weights[(before + parts) % parts];
  const to = weights[(before + 1) % parts];
  const wanted = from.map((weight, l) =>
    Math.exp((1 - share) * Math.log(weight) + share * Math.log(to[l]))
  );
  return actionTowards(env, emulator.weights, wanted);
}
