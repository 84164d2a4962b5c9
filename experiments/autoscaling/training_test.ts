import { assertEquals, assertRejects } from "@std/assert";
import { parseOptions } from "../../core/parse_options.ts";
import { trainingOptions } from "../../core/script.ts";
import { commonOptions } from "../../core/script_options.ts";
import { UsageError } from "../../core/usage_error.ts";
import { recordingContext } from "../training/_recording_context.ts";
import { withFolder } from "../_test_folder.ts";
import { exactFiles } from "../training/_run_files.ts";
import { TINY_DQN, TINY_PPO } from "../training/_tiny_runs.ts";
import { autoscalingScriptOptions } from "./options.ts";
import { runOptions, trainAutoscaling, type TrainingPlan } from "./training.ts";

const OPTIONS = {
  ...commonOptions,
  ...runOptions,
  ...autoscalingScriptOptions,
  ...trainingOptions,
};

const PLANS: Record<"dqn" | "ppo", TrainingPlan> = {
  dqn: { ...planOf(TINY_DQN), task: "train-dqn-simple" },
  ppo: planOf(TINY_PPO),
};

function planOf({ agent, task, settings, copies }: TrainingPlan): TrainingPlan {
  return { agent, task, settings, copies };
}

function train(agent: "dqn" | "ppo", ...args: string[]) {
  const { context, shown } = recordingContext();
  const values = parseOptions(["--device=wasm", ...args], OPTIONS);
  return {
    shown,
    finished: trainAutoscaling(values, PLANS[agent], context),
  };
}

Deno.test("trainAutoscaling() trains one run a seed, each with its files", async () => {
  await withFolder(async (root) => {
    const { finished, shown } = train(
      "ppo",
      "--timesteps=66",
      "--seeds=2",
      "--seed=7",
      "--name=x",
      `--out=${root}`,
    );
    const runs = (await finished).map(({ run }) => run);
    assertEquals(runs.map(({ name, seed }) => [name, seed]), [
      ["x_seed7", 7],
      ["x_seed8", 8],
    ]);
    assertEquals(Object.keys(await exactFiles(root)), [
      "logs/ppo_eval_seed7/evaluations.npz",
      "logs/ppo_eval_seed8/evaluations.npz",
      "logs/x_seed7/events.out.tfevents.x_seed7",
      "logs/x_seed7/progress.csv",
      "logs/x_seed8/events.out.tfevents.x_seed8",
      "logs/x_seed8/progress.csv",
      "models/best/best_model_seed7.zip",
      "models/best/best_model_seed8.zip",
      "models/x_seed7.zip",
      "models/x_seed8.zip",
    ]);
    assertEquals(shown.filter((line) => !line.startsWith("Device")), [
      "x_seed7: 0 of 66",
      "finished",
      "x_seed8: 0 of 66",
      "finished",
    ]);
  });
});

Deno.test("trainAutoscaling() uses the documented places and intervals", async () => {
  await withFolder(async (root) => {
    const [{ run }] = await train(
      "dqn",
      "--timesteps=1",
      "--name=y",
      `--out=${root}`,
    ).finished;
    assertEquals(run.bestPath, "models/best/dqn_best_model.zip");
    assertEquals(run.evaluationsPath, "logs/dqn_eval/evaluations.npz");
    assertEquals(
      [run.checkpointEvery, run.evaluateEvery, run.logEvery],
      [10_000, 5000, 1000],
    );
    assertEquals(run.task, "train-dqn-simple");
    const [{ run: ppo }] = await train(
      "ppo",
      "--timesteps=1",
      "--name=z",
      `--out=${root}`,
    ).finished;
    assertEquals(ppo.bestPath, "models/best/best_model.zip");
    assertEquals(ppo.evaluationsPath, "logs/ppo_eval/evaluations.npz");
  });
});

Deno.test("trainAutoscaling() refuses to resume several seeds, or another agent", async () => {
  await withFolder(async (root) => {
    const path = `${root}/none.zip`;
    await assertRejects(
      () => train("dqn", `--resume=${path}`, "--seeds=2").finished,
      UsageError,
      "Cannot resume with --seeds: a checkpoint is of one run",
    );
    await assertRejects(
      () => train("dqn", `--resume=${path}`).finished,
      Deno.errors.NotFound,
    );
  });
});
