/**
 * How fast agents learn to scale a service.
 *
 * @module
 */
import { createDqn } from "../agents/dqn.ts";
import { createPpo } from "../agents/ppo.ts";
import {
  DQN_AUTOSCALING,
  PPO_AUTOSCALING,
  PPO_AUTOSCALING_COPIES,
  Q_LEARNING_ORIGINAL,
} from "../agents/settings/autoscaling.ts";
import type { Trainer } from "../agents/trainer.ts";
import { AutoscalingVectorEnv } from "../envs/autoscaling/autoscaling_vector_env.ts";
import { startQLearning } from "../experiments/q_learning_run.ts";
import { selectDevice } from "../learning/devices.ts";
import { bestRate, type Measurement } from "./measure.ts";

/** The length of the trainings that the targets are for. */
const TRAINING_STEPS = 100_000;
const MEASURED_STEPS = 12_000;

function autoscaling(copies: number): AutoscalingVectorEnv {
  return new AutoscalingVectorEnv(
    { randomStart: true, metrics: false },
    copies,
  );
}

/** Seconds that a whole training would take at the rate of its later part. */
async function trainingSeconds(trainer: Trainer): Promise<number> {
  const until = async (timesteps: number) => {
    const begun = trainer.timesteps;
    while (trainer.timesteps < timesteps) await trainer.step();
    return trainer.timesteps - begun;
  };
  await until(2048);
  const rate = await bestRate(1, () => until(2048 + MEASURED_STEPS));
  trainer.dispose();
  return TRAINING_STEPS / rate;
}

/** DQN, PPO and Q-learning. */
export async function measureLearning(): Promise<Measurement[]> {
  await selectDevice("wasm", { parameters: 0, batchSize: 0 });
  const options = { seed: 0, totalTimesteps: TRAINING_STEPS };
  const dqn = await trainingSeconds(
    createDqn(autoscaling(1), { ...options, settings: DQN_AUTOSCALING }),
  );
  const ppo = await trainingSeconds(
    createPpo(autoscaling(PPO_AUTOSCALING_COPIES), {
      ...options,
      settings: PPO_AUTOSCALING,
    }),
  );
  const episodes = 10_000;
  const tables = await bestRate(3, async () => {
    await startQLearning({
      name: "bench",
      environment: {
        id: "Autoscaling-v1",
        options: { mode: "reference", episodeSteps: 200 },
      },
      states: "original",
      settings: Q_LEARNING_ORIGINAL,
      episodes,
      checkpointEvery: Infinity,
      seed: 0,
      tests: [],
    }, undefined);
    return 1;
  });
  const seconds = { unit: "s", moreIsBetter: false };
  return [
    {
      name: "DQN, 100,000 steps, 64-64, wasm",
      value: dqn,
      target: 60,
      ...seconds,
    },
    {
      name: "PPO, 100,000 steps, 64-64, wasm",
      value: ppo,
      target: 120,
      ...seconds,
    },
    {
      name: "Q-learning, 10,000 x 200 steps",
      value: 1 / tables,
      target: 0.5,
      ...seconds,
    },
  ];
}
