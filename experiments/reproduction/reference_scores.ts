/**
 * Scores of the reference environments that have an exact answer.
 *
 * @module
 */
import type { Policy } from "../../agents/policy.ts";
import type { QLearningSettings } from "../../agents/q_learning/q_learning.ts";
import { mean } from "../../analysis/statistics.ts";
import { cliffWalkingModel } from "../../envs/reference/cliff_walking.ts";
import { frozenLakeModel } from "../../envs/reference/frozen_lake.ts";
import {
  pendulumOptimum,
  pendulumStarts,
} from "../../envs/reference/pendulum_optimum.ts";
import { evaluatePolicy } from "../../envs/reference/tabular.ts";
import { startQLearning } from "../training/q_learning_run.ts";
import type { Score } from "./reproduction.ts";

/**
 * How far scores on Pendulum-v1 are from the optimum of the same starts.
 *
 * @param scores Mean return of each seed's policy.
 * @param episodes The starts they were scored on.
 */
export function pendulumRegret(
  scores: readonly number[],
  episodes: { episodes: number; firstSeed: number },
): string {
  const seeds = Array.from(
    { length: episodes.episodes },
    (_, i) => episodes.firstSeed + i,
  );
  const { returns, gridError } = pendulumOptimum(pendulumStarts(seeds));
  const optimum = mean(returns);
  return `Pendulum-v1: the optimum of the same starts is ${
    optimum.toFixed(2)
  } (grid error ${gridError.toFixed(2)}), the regret ${
    (optimum - mean(scores)).toFixed(2)
  }`;
}

/** The actions of a policy over numbered states. */
function actionsOf(policy: Policy, states: number): Int32Array {
  const observations = Float32Array.from({ length: states }, (_, i) => i);
  const actions = new Int32Array(states);
  policy.act(observations, new Uint8Array(0), actions);
  return actions;
}

/** A task of few states, and how its table is learned. */
const TASKS: readonly {
  name: string;
  id: string;
  model: () => Parameters<typeof evaluatePolicy>[0];
  maximumSteps: number;
  episodes: number;
  settings: Partial<QLearningSettings>;
  target: string;
  reached: (scores: readonly number[]) => boolean;
}[] = [{
  name: "frozenlake-q",
  id: "FrozenLake-v1",
  model: () => frozenLakeModel(),
  maximumSteps: 100,
  episodes: 50_000,
  settings: { alpha: 0.02, gamma: 0.999, epsilonMinimum: 0.3 },
  target: "0.74",
  reached: (scores) => mean(scores) >= 0.735,
}, {
  name: "cliffwalking-q",
  id: "CliffWalking-v1",
  model: () => cliffWalkingModel(),
  maximumSteps: 100,
  episodes: 2000,
  settings: { alpha: 0.5, gamma: 1, epsilon: 0.1, epsilonMinimum: 0.1 },
  target: "-13",
  reached: (scores) => Math.min(...scores) === -13,
}];

/**
 * Q-learning on FrozenLake (4 x 4, slippery) and CliffWalking, scored by the
 * exact expected return of the greedy policy.
 *
 * @param options Number of seeds, from `seed`.
 */
export async function tabularScores(
  options: { seed: number; seeds: number },
): Promise<Score[]> {
  const scores: Score[] = [];
  for (const task of TASKS) {
    const returns: number[] = [];
    const started = performance.now();
    for (let i = 0; i < options.seeds; i++) {
      const { policy, table } = await startQLearning({
        name: task.name,
        environment: { id: task.id, options: {} },
        states: "identity",
        settings: task.settings,
        episodes: task.episodes,
        checkpointEvery: Infinity,
        seed: options.seed + i,
        tests: [],
      }, undefined);
      const states = table.length / 4;
      returns.push(
        evaluatePolicy(task.model(), actionsOf(policy, states), {
          maximumSteps: task.maximumSteps,
        }).expectedReturn,
      );
    }
    scores.push({
      name: task.name,
      policy: "last, exact",
      scores: returns,
      target: task.target,
      reached: task.reached(returns),
      seconds: (performance.now() - started) / 1000 / options.seeds,
    });
  }
  return scores;
}
