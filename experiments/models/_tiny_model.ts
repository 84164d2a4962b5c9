/**
 * Small models for tests.
 *
 * @module
 */
import { discretiser } from "../../agents/q_learning/discretisers.ts";
import type { ModelConfig } from "../../agents/model.ts";
import { createQLearner } from "../../agents/q_learning/q_learning.ts";
import { tabularWorld } from "../../agents/q_learning/tabular_world.ts";
import type { ArchiveContent } from "../../core/archive.ts";
import { describeSpace } from "../../core/spaces.ts";
import type { JsonRecord } from "../../core/state_json.ts";
import { AutoscalingEnv } from "../../envs/autoscaling/autoscaling_env.ts";
import { AutoscalingVectorEnv } from "../../envs/autoscaling/autoscaling_vector_env.ts";
import { autoscalingOptions } from "../../envs/registry.ts";

/** What {@linkcode tinyModel} is told. */
export interface TinyModelOptions {
  /** Episodes of 200 steps that it learns for. Default 0. */
  episodes?: number;
  /** Options of its environment. */
  environment?: JsonRecord;
}

/**
 * A table for the autoscaling environment. Without episodes it knows no state
 * and always holds; 300 make it better than holding.
 *
 * @param options How long it learns, and where.
 */
export function tinyModel(options: TinyModelOptions = {}): ArchiveContent {
  const { episodes = 0, environment = { pattern: "SINE_CURVE" } } = options;
  const states = discretiser("demand-ratio");
  const env = new AutoscalingVectorEnv({
    ...autoscalingOptions(environment),
    randomStart: true,
    metrics: false,
  }, 1);
  const learner = createQLearner(tabularWorld(env, { states, seed: 1 }), {
    seed: 1,
    settings: { epsilonDecay: 0.98 },
  });
  for (let i = 0; i < episodes; i++) learner.runEpisode();
  const { observationSpace, actionSpace } = new AutoscalingEnv(
    autoscalingOptions(environment),
  );
  const config: ModelConfig = {
    agent: "qlearning",
    name: "tiny",
    environment: { id: "Autoscaling-v1", options: environment },
    observationSpace: describeSpace(observationSpace),
    actionSpace: describeSpace(actionSpace),
    settings: { states: "demand-ratio" },
    timesteps: learner.timesteps,
    seed: 1,
    device: "cpu",
  };
  return {
    config: { ...config } as unknown as JsonRecord,
    tensors: {
      weights: {
        table: {
          data: learner.table,
          shape: [states.states, env.actionSpace.n],
        },
        visits: { data: learner.visits, shape: [states.states] },
      },
    },
  };
}
