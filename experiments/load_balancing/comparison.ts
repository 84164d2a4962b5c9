/**
 * Rules of dispatch and trained agents on the same flows.
 *
 * @module
 */
import { evaluatePolicy } from "../../agents/evaluation.ts";
import type { Policy } from "../../agents/policy.ts";
import {
  createDispatchRule,
  DISPATCH_RULE_NAMES,
} from "../../agents/rules/load_balancing/registry.ts";
import {
  type Interval,
  meanInterval,
  pairedDifferenceInterval,
} from "../../analysis/statistics.ts";
import { InterruptedError, type ScriptContext } from "../../core/script.ts";
import type { Environment } from "../../envs/environment.ts";
import { jointEnvironment } from "../../envs/joint_environment.ts";
import type { EpisodeResults } from "../../envs/load_balancing/episode_results.ts";
import type { LoadBalanceOptions } from "../../envs/load_balancing/env_options.ts";
import {
  loadBalanceOptions,
  multiAgentLoadBalanceOptions,
} from "../../envs/load_balancing/env_spec.ts";
import { LoadBalanceEnv } from "../../envs/load_balancing/load_balance_env.ts";
import { MultiAgentLoadBalanceEnv } from "../../envs/load_balancing/multi_agent_env.ts";
import { OUTCOME } from "../../envs/load_balancing/observers.ts";
import type { EnvironmentSpec } from "../../envs/registry.ts";

export type { Environment, EnvironmentSpec, Interval, Policy };

/** What is told of an episode, in the order of tables. */
export const EPISODE_MEASURES = [
  "reward",
  "mean",
  "p90",
  "p95",
  "p99",
  "rejected",
  "failed",
  "jain",
  "product",
  "overProvision",
] as const;

/**
 * What an episode came to: `reward` is the mean of a step; `mean` to `p99` are
 * of the completion times, in seconds; `rejected` and `failed` are shares of
 * the flows; `jain`, `product` and `overProvision` are of flows inside over
 * capacity, means over time.
 */
export type EpisodeMeasures = Record<typeof EPISODE_MEASURES[number], number>;

/** What is compared: a rule, or policies that differ in their training's seed. */
export interface LoadBalancingContender {
  /** As tables call it. */
  readonly name: string;
  /**
   * One policy for all blocks of episodes, or one for each; undefined for the
   * rule of the name.
   */
  readonly policies?: readonly Policy[];
}

/** Which episodes are played. */
export interface ComparisonEpisodes {
  /** The environment that policies act in; rules get its flows. */
  readonly spec: EnvironmentSpec;
  /** Blocks of episodes, whose means are the values of intervals. Default 1. */
  readonly blocks?: number;
  /** Episodes of a block. */
  readonly episodes: number;
  /** Seed of the first episode; the others follow. */
  readonly firstSeed: number;
}

/** A contender's results. */
export interface ContenderOutcome {
  /** As tables call it. */
  readonly name: string;
  /** Whether it is a rule that knows what no balancer does. */
  readonly oracle: boolean;
  /** Whether it was trained. */
  readonly learned: boolean;
  /** Means of each block's episodes. */
  readonly blocks: readonly EpisodeMeasures[];
  /** Every episode, block after block. */
  readonly episodes: readonly EpisodeMeasures[];
}

/** The names of the load-balancing environments. */
export const LOAD_BALANCING_IDS: readonly string[] = [
  "LoadBalance-v1",
  "MultiAgentLoadBalance-v1",
];

/**
 * A load-balancing environment, for several agents their joint one.
 *
 * @param spec Which. Throws `TypeError` for an environment of another kind.
 * @param changes Options that differ from the spec's, functions among them.
 */
export function loadBalancingEnvironment(
  spec: EnvironmentSpec,
  changes: LoadBalanceOptions = {},
): Environment {
  switch (spec.id) {
    case "LoadBalance-v1":
      return new LoadBalanceEnv({
        ...loadBalanceOptions(spec.options),
        ...changes,
      });
    case "MultiAgentLoadBalance-v1":
      return jointEnvironment(
        new MultiAgentLoadBalanceEnv({
          ...multiAgentLoadBalanceOptions(spec.options),
          ...changes,
        }),
      );
  }
  throw new TypeError(
    `Cannot balance load in ${spec.id}: expected one of ${
      LOAD_BALANCING_IDS.join(", ")
    }`,
  );
}

/** The environment under a rule, and the policy that leaves weights alone. */
function underRule(spec: EnvironmentSpec, name: string) {
  const rule = createDispatchRule(name);
  const env = loadBalancingEnvironment(spec, {
    choose: rule.choose,
    actionType: "discrete",
    equalAction: true,
    baseWeights: "capacity",
  });
  const { actionSpace } = env;
  const equal = actionSpace.kind === "discrete"
    ? [actionSpace.n - 1]
    : (actionSpace as { sizes: readonly number[] }).sizes.map((n) => n - 1);
  const policy: Policy = {
    observationSize: (env.observationSpace as { low: Float32Array }).low.length,
    actionSize: equal.length,
    act: (_observations, _masks, actions) => actions.set(equal),
  };
  return { env, policy, oracle: rule.oracle };
}

function measuresOf(
  results: EpisodeResults,
  meanReward: number,
): EpisodeMeasures {
  const { completion, loads, ended, flows, failedShare } = results;
  return {
    reward: meanReward,
    mean: completion.mean,
    p90: completion.p90,
    p95: completion.p95,
    p99: completion.p99,
    rejected: ended[OUTCOME.rejected] / flows,
    failed: failedShare,
    jain: loads.jain,
    product: loads.product,
    overProvision: loads.overProvision,
  };
}

/** Means of some episodes. */
function meansOf(episodes: readonly EpisodeMeasures[]): EpisodeMeasures {
  const mean = (name: keyof EpisodeMeasures) =>
    episodes.reduce((sum, each) => sum + each[name], 0) / episodes.length;
  return Object.fromEntries(
    EPISODE_MEASURES.map((name) => [name, mean(name)]),
  ) as EpisodeMeasures;
}

/** The names of all rules, as contenders. */
export function ruleContenders(): LoadBalancingContender[] {
  return DISPATCH_RULE_NAMES.map((name) => ({ name }));
}

/**
 * Plays the same episodes under every contender: flows, balancers and hops are
 * the same (common random numbers), and only what is chosen differs.
 *
 * @param contenders Throws `RangeError` for a rule that there is not, and for a
 * number of policies that is neither 1 nor the number of blocks.
 * @param episodes Which episodes.
 * @param context Progress and interruption of a script. Throws
 * `InterruptedError` when stopped.
 */
export async function compareLoadBalancing(
  contenders: readonly LoadBalancingContender[],
  { spec, blocks = 1, episodes, firstSeed }: ComparisonEpisodes,
  context?: Pick<ScriptContext, "progress" | "breathe" | "signal">,
): Promise<ContenderOutcome[]> {
  const total = contenders.length * blocks * episodes;
  using shown = context?.progress({ total, label: "comparing" });
  const outcomes: ContenderOutcome[] = [];
  let done = 0;
  for (const { name, policies } of contenders) {
    if (policies && policies.length !== 1 && policies.length !== blocks) {
      throw new RangeError(
        `Cannot compare ${policies.length} policies of ${name} over ${blocks} blocks of episodes, expected one, or one a block`,
      );
    }
    const played: EpisodeMeasures[][] = [];
    const rule = policies ? undefined : underRule(spec, name);
    const env = rule?.env ?? loadBalancingEnvironment(spec);
    for (let block = 0; block < blocks; block++) {
      const policy = rule?.policy ?? policies![block % policies!.length];
      const rows: EpisodeMeasures[] = [];
      for (let episode = 0; episode < episodes; episode++) {
        rows.push(
          playEpisode(env, policy, firstSeed + block * episodes + episode),
        );
        shown?.update(++done);
        await context?.breathe();
        if (context?.signal.aborted && done < total) {
          throw new InterruptedError(
            `Interrupted after ${done} of ${total} episodes`,
          );
        }
      }
      played.push(rows);
    }
    outcomes.push({
      name,
      oracle: rule?.oracle ?? false,
      learned: policies !== undefined,
      blocks: played.map(meansOf),
      episodes: played.flat(),
    });
  }
  return outcomes;
}

function playEpisode(
  env: Environment,
  policy: Policy,
  seed: number,
): EpisodeMeasures {
  let results: EpisodeResults | undefined;
  const { returns, lengths } = evaluatePolicy(policy, env, {
    episodes: 1,
    firstSeed: seed,
    maximumSteps: Infinity,
    onStep({ info }) {
      results = info.results as EpisodeResults | undefined;
    },
  });
  return measuresOf(results!, returns[0] / lengths[0]);
}

/** Values of a measure that intervals are over: blocks, or else episodes. */
function valuesOf(
  outcome: ContenderOutcome,
  measure: keyof EpisodeMeasures,
): number[] {
  const rows = outcome.blocks.length > 1 ? outcome.blocks : outcome.episodes;
  return rows.map((row) => row[measure]);
}

/**
 * Mean and 95 % interval of a measure, over blocks, or with one block over its
 * episodes.
 *
 * @param outcome A contender's.
 * @param measure Which.
 */
export function measureInterval(
  outcome: ContenderOutcome,
  measure: keyof EpisodeMeasures,
): Interval {
  return meanInterval(valuesOf(outcome, measure));
}

/**
 * An outcome as JSON has it: with mean and 95 % interval of every measure.
 *
 * @param outcome A contender's.
 */
export function withIntervals(outcome: ContenderOutcome): ContenderOutcome & {
  intervals: Record<keyof EpisodeMeasures, Interval>;
} {
  const intervals = Object.fromEntries(
    EPISODE_MEASURES.map((name) => [name, measureInterval(outcome, name)]),
  ) as Record<keyof EpisodeMeasures, Interval>;
  return { ...outcome, intervals };
}

/**
 * How much one contender's measure is above another's on the same flows, with
 * its 95 % interval.
 *
 * @param one Whose.
 * @param other Compared with whom.
 * @param measure Default: the mean completion time, in seconds.
 */
export function pairedDifference(
  one: ContenderOutcome,
  other: ContenderOutcome,
  measure: keyof EpisodeMeasures = "mean",
): Interval {
  return pairedDifferenceInterval({
    first: valuesOf(one, measure),
    second: valuesOf(other, measure),
  });
}
