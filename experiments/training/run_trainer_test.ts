import type { DqnSettings } from "../../agents/dqn/dqn.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../core/usage_error.ts";
import {
  createAskedTrainer,
  fullSettings,
  modelConfig,
  networkSize,
} from "./run_trainer.ts";
import type { TrainingRun } from "./training_run.ts";

const POLE = { id: "CartPole-v1", options: {} };
const RUN: TrainingRun = {
  name: "pole",
  task: "train",
  agent: "dqn",
  settings: { netArch: [8], gamma: 0.5 },
  environment: POLE,
  copies: 1,
  evaluationEnvironment: POLE,
  tests: [],
  evaluationEpisodes: 1,
  evaluationSeed: 0,
  evaluateEvery: 10,
  checkpointEvery: 10,
  logEvery: 10,
  seed: 3,
  totalTimesteps: 10,
  device: "cpu",
  bestPath: "best.zip",
  evaluationsPath: "evaluations.npz",
};

Deno.test("fullSettings() fills in the algorithm's defaults", () => {
  const { learningRate, netArch, ...others } = fullSettings(RUN);
  const { gamma } = others as DqnSettings;
  assertEquals([gamma, learningRate, netArch], [0.5, 1e-4, [8]]);
  assertEquals(fullSettings({ ...RUN, agent: "ppo" }).learningRate, 3e-4);
});

Deno.test("networkSize() counts weights and biases of all networks", () => {
  assertEquals(networkSize(RUN), (4 + 1) * 8 + (8 + 1) * 2);
  assertEquals(networkSize({ ...RUN, agent: "ppo" }), 2 * networkSize(RUN));
});

Deno.test("modelConfig() names environment, spaces and settings", () => {
  const { environment, observationSpace, actionSpace, timesteps, seed } =
    modelConfig(RUN, 7);
  assertEquals([environment, observationSpace, actionSpace, timesteps, seed], [
    POLE,
    "Box(4)",
    "Discrete(2)",
    7,
    3,
  ]);
});

Deno.test("createAskedTrainer() blames the user's values", () => {
  assertThrows(
    () =>
      createAskedTrainer({
        ...RUN,
        agent: "ppo",
        settings: { nSteps: 10, batchSize: 4 },
      }),
    UsageError,
    "minibatches of 4",
  );
});
