/**
 * Rewards: how evenly a balancer's servers are loaded, as it sees them.
 *
 * @module
 */
import type { State } from "../../core/state.ts";
import {
  type FairnessMetric,
  fairnessMetric,
  type FairnessMetricName,
  movingFairness,
} from "./fairness_metrics.ts";

export type { FairnessMetric, FairnessMetricName, State };

/** What is judged of each server. */
export const REWARD_VALUES = [
  "duration",
  "completion",
  "flows",
  "load",
] as const;

/**
 * What is judged of each server: `duration` and `completion`, the discounted
 * means of the durations of flows that are on and of flows that have finished,
 * in seconds; `flows`, the balancer's own flows on over the capacity; `load`,
 * all flows inside over the capacity, which no balancer knows.
 */
export type RewardValues = typeof REWARD_VALUES[number];

/** What a reward function of your own is shown. All are live views. */
export interface RewardContext {
  /** Now, in seconds. */
  readonly time: number;
  /** Agent, from 0. */
  readonly agent: number;
  /** The agent's servers. */
  readonly servers: Int32Array;
  /** What is judged of each, moving averages: shape [servers of the agent]. */
  readonly values: Float64Array;
  /** The same of this step alone. */
  readonly latest: Float64Array;
  /** Flows on, sent by this agent: shape [all servers]. */
  readonly counts: Int32Array;
  /** Weights of the step: shape [all servers]. */
  readonly weights: Float64Array;
  /** 1 for servers that are known to be up: shape [all servers]. */
  readonly up: Uint8Array;
  /** Flows of this agent that finished in the step. */
  readonly finished: number;
  /** Flows of this agent that failed in the step. */
  readonly failed: number;
  /** Sum of the completion times of those that finished, in seconds. */
  readonly completionSeconds: number;
}

/** A reward of your own. */
export type RewardFunction = (context: RewardContext) => number;

/** What {@linkcode createReward} needs. */
export interface RewardOptions {
  /** A metric's name, or a function. */
  rewardMetric: FairnessMetricName | RewardFunction;
  /** Share of the latest values in the average. */
  latestShare: number;
  /** As for `fairnessMetric`. */
  exponentScale?: number;
}

/** An agent's reward. */
export interface Reward {
  /** The moving average: shape [servers of the agent]. */
  readonly average: Float64Array;
  /**
   * Takes the step's values in and gives the reward. Throws `RangeError` where
   * it is not finite.
   */
  update(context: RewardContext): number;
  /** Forgets all values. */
  reset(): void;
  /** What {@linkcode Reward.loadState} goes on from. */
  saveState(): State;
  /** Goes on from a saved state. */
  loadState(state: State): void;
}

/**
 * The reward of an agent with some servers. Servers that are known to be down
 * are left out of a metric, unless all are.
 *
 * @param servers How many.
 * @param options Throws `RangeError` for an unknown metric and values outside
 * their range.
 */
export function createReward(servers: number, options: RewardOptions): Reward {
  const { rewardMetric, latestShare, exponentScale } = options;
  const metric = typeof rewardMetric === "function"
    ? undefined
    : fairnessMetric(rewardMetric, { exponentScale });
  const moving = movingFairness(() => 0, { servers, latestShare });
  const { average } = moving;
  const shown = Array.from(
    { length: servers + 1 },
    (_, count) => new Float64Array(count),
  );

  function judge(context: RewardContext): number {
    if (metric === undefined) return (rewardMetric as RewardFunction)(context);
    const { up } = context;
    let count = 0;
    for (let i = 0; i < servers; i++) count += up[context.servers[i]];
    if (count === 0 || count === servers) return metric(average);
    const values = shown[count];
    for (let i = 0, next = 0; i < servers; i++) {
      if (up[context.servers[i]] === 1) values[next++] = average[i];
    }
    return metric(values);
  }

  return {
    average,
    update(context) {
      moving.update(context.latest);
      const reward = judge(context);
      if (!Number.isFinite(reward)) {
        throw new RangeError(
          `Cannot reward agent ${context.agent} with ${reward} at ${context.time} s, expected a finite number`,
        );
      }
      return reward;
    },
    reset: () => moving.reset(),
    saveState: () => moving.saveState(),
    loadState: (state) => moving.loadState(state),
  };
}
