/**
 * The trainings whose scores stand in the README.
 *
 * @module
 */
import {
  DQN_AUTOSCALING,
  PPO_AUTOSCALING,
  PPO_AUTOSCALING_COPIES,
} from "../../agents/settings/autoscaling.ts";
import {
  DDPG_PENDULUM,
  DQN_ACROBOT,
  DQN_CART_POLE,
  PPO_CART_POLE,
  PPO_PENDULUM,
} from "../../agents/settings/reference.ts";
import { QMIX_GAMES } from "../../agents/settings/qmix.ts";
import {
  SAC_GRU_PENDULUM_POSITION,
  SAC_GRU_RECALL,
  SAC_PENDULUM,
  SAC_RECALL,
} from "../../agents/settings/sac.ts";
import type { ReproducedRun } from "./reproduction.ts";

/** A training, but for the device it runs on. */
export type PublishedRun = Omit<ReproducedRun, "device">;

/** 200 steps of SINE_CURVE from step 0, which autoscaling is scored on. */
export const SINE_CURVE_FROM_START = {
  id: "Autoscaling-v1",
  options: { pattern: "SINE_CURVE" },
};

/** Where agents learn and are chosen: anywhere on the curve. */
const SINE_CURVE_ANYWHERE = {
  id: "Autoscaling-v1",
  options: { pattern: "SINE_CURVE", randomStart: true },
};

const AUTOSCALING = {
  environment: SINE_CURVE_ANYWHERE,
  evaluationEnvironment: SINE_CURVE_ANYWHERE,
  evaluationEpisodes: 10,
  evaluationSeed: 10_000,
  evaluateEvery: 5000,
  totalTimesteps: 100_000,
};

function reference<Tuned>(
  agent: "ddpg" | "dqn" | "ppo" | "qmix" | "sac-gru" | "td3",
  id: string,
  tuned: Tuned,
) {
  const environment = { id, options: {} };
  return {
    agent,
    ...tuned,
    environment,
    evaluationEnvironment: environment,
    evaluationEpisodes: 20,
    evaluationSeed: 10_000,
    evaluateEvery: 2500,
  };
}

/** Random actions alone, which QMIX's paper learns the game from. */
const TWO_STEP_GAME = {
  totalTimesteps: 2000,
  copies: 1,
  settings: QMIX_GAMES,
};

/** The trainings, by the names of their parts. */
export const PUBLISHED_RUNS: Readonly<
  Record<
    | "autoscaling-dqn"
    | "autoscaling-ppo"
    | "cartpole-dqn"
    | "cartpole-ppo"
    | "acrobot-dqn"
    | "pendulum-ddpg"
    | "pendulum-ppo"
    | "pendulum-sac"
    | "pendulum-td3"
    | "pendulum-position-sac-gru"
    | "pendulum-position-sac"
    | "recall-sac-gru"
    | "recall-sac"
    | "two-step-game-qmix"
    | "two-step-game-vdn",
    PublishedRun
  >
> = {
  "autoscaling-dqn": {
    ...AUTOSCALING,
    agent: "dqn",
    settings: DQN_AUTOSCALING,
    copies: 1,
  },
  "autoscaling-ppo": {
    ...AUTOSCALING,
    agent: "ppo",
    settings: PPO_AUTOSCALING,
    copies: PPO_AUTOSCALING_COPIES,
  },
  "cartpole-dqn": reference("dqn", "CartPole-v1", DQN_CART_POLE),
  "cartpole-ppo": reference("ppo", "CartPole-v1", PPO_CART_POLE),
  "acrobot-dqn": reference("dqn", "Acrobot-v1", DQN_ACROBOT),
  "pendulum-ddpg": reference("ddpg", "Pendulum-v1", DDPG_PENDULUM),
  "pendulum-td3": reference("td3", "Pendulum-v1", DDPG_PENDULUM),
  "pendulum-ppo": reference("ppo", "Pendulum-v1", PPO_PENDULUM),
  "pendulum-sac": reference("sac-gru", "Pendulum-v1", SAC_PENDULUM),
  "pendulum-position-sac-gru": reference(
    "sac-gru",
    "PendulumPosition-v1",
    SAC_GRU_PENDULUM_POSITION,
  ),
  "pendulum-position-sac": reference("sac-gru", "PendulumPosition-v1", {
    ...SAC_PENDULUM,
    totalTimesteps: SAC_GRU_PENDULUM_POSITION.totalTimesteps,
  }),
  "recall-sac-gru": reference("sac-gru", "Recall-v1", SAC_GRU_RECALL),
  "recall-sac": reference("sac-gru", "Recall-v1", SAC_RECALL),
  "two-step-game-qmix": reference("qmix", "TwoStepGame-v1", TWO_STEP_GAME),
  "two-step-game-vdn": reference("qmix", "TwoStepGame-v1", {
    ...TWO_STEP_GAME,
    settings: { ...QMIX_GAMES, mixer: "vdn" },
  }),
};
