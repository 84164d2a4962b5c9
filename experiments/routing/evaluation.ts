/**
 * Trained models beside baselines, on the same traffic matrices.
 *
 * @module
 */
import { loadAgent } from "../../agents/model.ts";
import type { Policy } from "../../agents/policy.ts";
import { mean, pairedDifferenceInterval } from "../../analysis/statistics.ts";
import type { ScriptContext } from "../../core/script.ts";
import type { JsonRecord } from "../../core/state_json.ts";
import type { Table } from "../../core/table.ts";
import { UsageError } from "../../core/usage_error.ts";
import { type SDNOptions, sdnSettings } from "../../envs/sdn/env_options.ts";
import { sdnOptions } from "../../envs/sdn/env_spec.ts";
import {
  bestStaticWeights,
  playTest,
  policyAct,
  routingBaselines,
  routingGain,
  type RoutingScore,
  type RoutingTest,
  type SearchEffort,
} from "./comparison.ts";

export type {
  Policy,
  RoutingScore,
  RoutingTest,
  ScriptContext,
  SDNOptions,
  SearchEffort,
  Table,
};

/** A model and the environment that it was trained in. */
export interface RoutingModel {
  /** Its name. */
  readonly name: string;
  /** Options of its environment. */
  readonly options: SDNOptions;
  /** What it does. */
  readonly policy: Policy;
  /** Seed of its training. */
  readonly seed: number;
  /** Days, from 0, that it learned from. */
  readonly trainingDays: number;
  /** Plays a test. */
  play(test: RoutingTest): RoutingScore;
}

/** What a network and its traffic are, as JSON: what must be the same. */
function networkOf(options: JsonRecord): string {
  const { topology, linkCount, traffic, flows, splitting, gamma, baseline } =
    options;
  return JSON.stringify({
    ...{ topology, linkCount, traffic, flows, splitting, gamma, baseline },
  });
}

/**
 * The days before those that a model was chosen on; all that it saw, where
 * these were the same.
 */
function trainingDaysOf(options: SDNOptions): number {
  const { first, count } = sdnSettings(options).emulator.startDays;
  return first > 0 ? first : count;
}

/**
 * Reads models of one network.
 *
 * @param paths The files. Throws a one-line error for one that cannot be read,
 * and `UsageError` for one that does not route, or that was trained in another
 * network or traffic than the first.
 */
export async function readRoutingModels(
  paths: readonly string[],
): Promise<RoutingModel[]> {
  let first: string | undefined;
  const models: RoutingModel[] = [];
  for (const path of paths) {
    const { config, policy } = await loadAgent(path);
    const { id, options } = config.environment;
    if (id !== "SDN-v1") {
      throw new UsageError(
        `Cannot compare ${
          JSON.stringify(path)
        }: it was trained in ${id}, expected SDN-v1`,
      );
    }
    first ??= networkOf(options);
    if (networkOf(options) !== first) {
      throw new UsageError(
        `Cannot compare ${
          JSON.stringify(path)
        } with the models before it: it was trained in another network or traffic`,
      );
    }
    const own = sdnOptions(options);
    models.push({
      name: config.name,
      options: own,
      policy,
      seed: config.seed,
      trainingDays: trainingDaysOf(own),
      play: (test) =>
        playTest(config.name, policyAct(policy), { ...test, options: own }),
    });
  }
  return models;
}

/**
 * Scores of models and of what they are compared with.
 *
 * @param models What is compared; may be none. Static weights are searched for
 * on the days that the first learned from, with the seed of its training.
 * @param test On which matrices.
 * @param more How hard to search, and progress and interruption of the script.
 */
export async function compareRouting(
  models: readonly RoutingModel[],
  test: RoutingTest,
  more: { effort: Omit<SearchEffort, "trainingDays">; context: ScriptContext },
): Promise<RoutingScore[]> {
  const { context } = more;
  const { seed = test.seed, trainingDays = test.firstDay } = models[0] ?? {};
  const effort = {
    ...more.effort,
    trainingDays: Math.min(trainingDays, test.firstDay),
  };
  const played = models.map((model) => model.play(test));
  using shown = context.progress({
    total: test.episodes * test.steps,
    label: "Searching",
    unit: "matrices",
  });
  const baselines = await routingBaselines(test, effort, {
    staticWeights: bestStaticWeights(test.options, effort, seed),
    onMatrix: async (done) => {
      shown.update(done);
      await context.breathe();
      context.signal.throwIfAborted();
    },
  });
  return [...played, ...baselines];
}

/** The utilisations of a name. */
function utilisationsOf(
  scores: readonly RoutingScore[],
  wanted: string,
): Float64Array {
  return scores.find(({ name }) => name === wanted)!.utilisations;
}

/** One line of a comparison. */
export interface RoutingLine {
  /** Who routes. */
  readonly name: string;
  /** Mean of the largest utilisations. */
  readonly utilisation: number;
  /** That less unit weights', with its 95 % interval over matrices. */
  readonly difference: { estimate: number; low: number; high: number };
  /** Share of local search's win over unit weights. */
  readonly gain: number;
  /** The same, of the search by Fortz and Thorup's cost from unit weights. */
  readonly classicGain: number;
  /** Share of the matrices with more than all capacity on some link. */
  readonly overloaded: number;
}

/**
 * Scores in numbers, paired over matrices.
 *
 * @param scores From {@linkcode compareRouting}.
 */
export function routingLines(scores: readonly RoutingScore[]): RoutingLine[] {
  const unit = utilisationsOf(scores, "unit weights");
  const search = utilisationsOf(scores, "local search");
  const classic = utilisationsOf(scores, "local search (Fortz-Thorup)");
  return scores.map(({ name, utilisations }) => ({
    name,
    utilisation: mean(utilisations),
    difference: pairedDifferenceInterval({ first: utilisations, second: unit }),
    gain: routingGain(utilisations, { unit, search }),
    classicGain: routingGain(utilisations, { unit, search: classic }),
    overloaded: mean(utilisations.map((value) => value > 1 ? 1 : 0)),
  }));
}

/**
 * Numbers as a table.
 *
 * @param lines From {@linkcode routingLines}.
 * @param matrices How many there are.
 */
export function routingTable(
  lines: readonly RoutingLine[],
  matrices: number,
): Table {
  const fixed = (value: number) => value.toFixed(3);
  return {
    title: `Largest utilisation, ${matrices} traffic matrices of other days`,
    columns: [
      { header: "routing" },
      { header: "mean", format: fixed },
      { header: "less unit weights", format: fixed },
      { header: "low", format: fixed },
      { header: "high", format: fixed },
      { header: "gain", format: fixed },
      { header: "overloaded", unit: "%", format: (value) => value.toFixed(0) },
    ],
    rows: lines.map(({ name, utilisation, difference, gain, overloaded }) => [
      name,
      utilisation,
      difference.estimate,
      difference.low,
      difference.high,
      gain,
      100 * overloaded,
    ]),
  };
}
