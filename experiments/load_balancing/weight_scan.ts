/**
 * What constant weights come to, and which reward tells the best of them.
 *
 * @module
 */
import { evaluatePolicy } from "../../agents/evaluation.ts";
import type { Policy } from "../../agents/policy.ts";
import { mean, standardDeviation } from "../../analysis/statistics.ts";
import type { ScriptContext } from "../../core/script.ts";
import type { Table } from "../../core/table.ts";
import { jointEnvironment } from "../../envs/joint_environment.ts";
import type { EpisodeResults } from "../../envs/load_balancing/episode_results.ts";
import { fairnessMetric } from "../../envs/load_balancing/fairness_metrics.ts";
import { MultiAgentLoadBalanceEnv } from "../../envs/load_balancing/multi_agent_env.ts";
import type {
  RewardContext,
  RewardFunction,
  RewardValues,
} from "../../envs/load_balancing/rewards.ts";

export type { ScriptContext, Table };

/** Cores of the moderate set-up's servers, in order. */
const CORES = [2, 2, 2, 2, 4, 4, 4];
/** The ratio that others are compared with: the servers' capacities'. */
export const BEST_RATIO = 0.5;

function ofValues(name: Parameters<typeof fairnessMetric>[0]): RewardFunction {
  const metric = fairnessMetric(name);
  return ({ values }) => metric(values);
}

function flowsOn({ counts, servers }: RewardContext): number {
  return -servers.reduce((sum, server) => sum + counts[server], 0);
}

/** NaN in a step in which none finished. */
function completion({ completionSeconds, finished }: RewardContext): number {
  return -completionSeconds / finished;
}

/** The rewards that are compared, by what they judge of servers. */
const REWARDS: Readonly<
  Record<string, { on: RewardValues; of: RewardFunction }>
> = {
  "minus own flows on (Little's law)": { on: "flows", of: flowsOn },
  "minus mean completion time of the step": { on: "flows", of: completion },
  "log product fairness of durations": {
    on: "duration",
    of: ofValues("product_log"),
  },
  "minus largest own flows / capacity": { on: "flows", of: ofValues("max") },
  "minus variation of own flows / capacity": {
    on: "flows",
    of: ofValues("cv"),
  },
  "minus variance of own flows / capacity": {
    on: "flows",
    of: ofValues("variance"),
  },
};

/** A constant ratio of weights. */
export interface ScannedWeights {
  /** Weight of a server of two cores over that of one of four. */
  readonly ratio: number;
  /** Mean completion time of each episode, seconds. */
  readonly means: readonly number[];
  /** Mean of each reward, and its deviation from step to step, by its name. */
  readonly rewards: Readonly<
    Record<string, { readonly mean: number; readonly deviation: number }>
  >;
}

/** Which episodes are played. */
export interface WeightScanOptions {
  /** Ratios of weights. */
  readonly ratios: readonly number[];
  /** Episodes of each. */
  readonly episodes: number;
  /** Seed of the first. */
  readonly seed: number;
}

/** The moderate set-up under a ratio of weights, all rewards written down. */
function playWeights(
  ratio: number,
  on: RewardValues,
  { episodes, seed }: WeightScanOptions,
): { means: number[]; rewards: Map<string, number[]> } {
  const judged = Object.entries(REWARDS).filter(([, reward]) =>
    reward.on === on
  );
  const rewards = new Map(judged.map(([name]) => [name, [] as number[]]));
  const env = jointEnvironment(
    new MultiAgentLoadBalanceEnv({
      preset: "moderate",
      actionType: "continuous",
      rewardOn: on,
      rewardMetric(context) {
        for (const [name, { of }] of judged) {
          const value = of(context);
          if (Number.isFinite(value)) rewards.get(name)!.push(value);
        }
        return 0;
      },
    }),
  );
  const { low } = env.actionSpace as { low: Float32Array };
  const weights = Float32Array.from(
    low,
    (_, i) => CORES[i % CORES.length] === 2 ? ratio : 1,
  );
  const policy: Policy = {
    observationSize: (env.observationSpace as { low: Float32Array }).low.length,
    actionSize: weights.length,
    act: (_observations, _masks, actions) => actions.set(weights),
  };
  const means: number[] = [];
  evaluatePolicy(policy, env, {
    episodes,
    firstSeed: seed,
    maximumSteps: Infinity,
    onStep({ info }) {
      const results = info.results as EpisodeResults | undefined;
      if (results !== undefined) means.push(results.completion.mean);
    },
  });
  return { means, rewards };
}

/**
 * Plays the same flows under each ratio of weights.
 *
 * @param options Ratios and episodes.
 * @param context Progress of a script.
 */
export async function scanWeights(
  options: WeightScanOptions,
  context: Pick<ScriptContext, "progress" | "breathe" | "signal">,
): Promise<ScannedWeights[]> {
  const { ratios } = options;
  using shown = context.progress({ total: ratios.length, label: "weights" });
  const scanned: ScannedWeights[] = [];
  for (const ratio of ratios) {
    context.signal.throwIfAborted();
    const { means, rewards } = playWeights(ratio, "flows", options);
    const durations = playWeights(ratio, "duration", options).rewards;
    scanned.push({
      ratio,
      means,
      rewards: Object.fromEntries(
        [...rewards, ...durations].map(([name, values]) => [
          name,
          { mean: mean(values), deviation: standardDeviation(values) },
        ]),
      ),
    });
    shown.update(scanned.length);
    await context.breathe();
  }
  return scanned;
}

/**
 * A reward's mean under some weights less that under the best ones, over its
 * deviation from step to step: below 0 where it tells them from the best.
 *
 * @param scanned From {@linkcode scanWeights}, {@linkcode BEST_RATIO} among them.
 * @param ratio The weights.
 * @param reward The reward's name.
 */
export function rewardSignal(
  scanned: readonly ScannedWeights[],
  ratio: number,
  reward: string,
): number {
  const of = (wanted: number) =>
    scanned.find((one) => one.ratio === wanted)!.rewards[reward];
  const best = of(BEST_RATIO);
  return (of(ratio).mean - best.mean) / best.deviation;
}

/**
 * Times and signals as tables.
 *
 * @param scanned From {@linkcode scanWeights}.
 */
export function weightScanTables(
  scanned: readonly ScannedWeights[],
): Table[] {
  const others = scanned.filter(({ ratio }) => ratio !== BEST_RATIO);
  const two = (value: number) => value.toFixed(2);
  return [{
    title: "Mean completion time by the weight of 2 cores over that of 4",
    columns: [{ header: "ratio" }, { header: "mean", unit: "ms", format: two }],
    rows: scanned.map(({ ratio, means }) => [ratio, 1000 * mean(means)]),
  }, {
    title:
      `Rewards less those at ${BEST_RATIO}, over the deviation from step to step`,
    columns: [
      { header: "reward" },
      ...others.map(({ ratio }) => ({ header: String(ratio), format: two })),
    ],
    rows: Object.keys(REWARDS).map((name) => [
      name,
      ...others.map(({ ratio }) => rewardSignal(scanned, ratio, name)),
    ]),
  }];
}
