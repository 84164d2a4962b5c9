import {
  assert,
  assertEquals,
  assertNotEquals,
  assertRejects,
} from "@std/assert";
import { join } from "@std/path";
import { evaluatePolicy } from "../../agents/evaluation.ts";
import { loadAgent } from "../../agents/model.ts";
import { readArchive } from "../../core/archive.ts";
import { Random } from "../../core/random.ts";
import { InterruptedError } from "../../core/script.ts";
import type { State } from "../../core/state.ts";
import { UsageError } from "../../core/usage_error.ts";
import { withFolder } from "../_test_folder.ts";
import { checkpoints, exactFiles } from "./_run_files.ts";
import { TINY_DQN, TINY_TABLE } from "./_tiny_runs.ts";
import {
  type QLearningRun,
  resumeQLearning,
  startQLearning,
} from "./q_learning_run.ts";
import { startTraining } from "./training_run.ts";

const SHORT: QLearningRun = { ...TINY_TABLE, episodes: 230 };

Deno.test("startQLearning() writes model, checkpoints and log", async () => {
  await withFolder(async (root) => {
    const { returns, path, policy, table } = await startQLearning(SHORT, root);
    assertEquals(path, `${root}/models/tiny_table.zip`);
    assertEquals(Object.keys(await exactFiles(root)), [
      "logs/tiny_table/progress.csv",
      "models/checkpoints/tiny_table_180_episodes.zip",
      "models/checkpoints/tiny_table_90_episodes.zip",
      "models/tiny_table.zip",
    ]);
    assertEquals(returns.length, 230);
    const mean = (start: number) =>
      returns.subarray(start, start + 100).reduce((sum, x) => sum + x) / 100;
    const rows = (await Deno.readTextFile(
      join(root, "logs", "tiny_table", "progress.csv"),
    )).trim().split("\n").map((row) => row.split(","));
    assertEquals(rows[0], ["episodes", "timesteps", "mean_return", "epsilon"]);
    assertEquals(rows.slice(1).map((row) => row[0]), ["100", "200"]);
    assertEquals(rows.slice(1).map((row) => Number(row[2])), [
      mean(0),
      mean(100),
    ]);
    // 0.99 from 1, a hundred times.
    assert(Math.abs(Number(rows[1][3]) - 0.99 ** 100) < 1e-12);

    const { policy: loaded, archive, makeEnvironment } = await loadAgent(path!);
    assertEquals(archive.tensors.weights.table.data, table);
    const env = makeEnvironment();
    assertEquals(evaluatePolicy(loaded, env), evaluatePolicy(policy, env));
  });
});

Deno.test("startQLearning() writes nothing without a root", async () => {
  const { path, returns } = await startQLearning(
    { ...SHORT, episodes: 3 },
    undefined,
  );
  assertEquals([path, returns.length], [undefined, 3]);
});

Deno.test("startQLearning() learns with state numbers as they are", async () => {
  const lake: QLearningRun = {
    ...SHORT,
    environment: { id: "CliffWalking-v1", options: {} },
    states: "identity",
    episodes: 5,
  };
  const { table } = await startQLearning(lake, undefined);
  assertEquals(table.length, 48 * 4);
  await assertRejects(
    () => startQLearning({ ...SHORT, states: "identity" }, undefined),
    TypeError,
    "expected whole numbers",
  );
});

Deno.test("startQLearning() explores independently of the world's chances", async () => {
  await withFolder(async (root) => {
    // A world that never draws: its stream stays as it was seeded.
    const environment = {
      id: "Autoscaling-v1",
      options: { mode: "default", pattern: "SINE_CURVE", episodeSteps: 5 },
    };
    await startQLearning({ ...SHORT, environment }, root);
    const { states } = await readArchive((await checkpoints(root))[0]);
    const { world } = states.training as { world: State };
    const { streams } = world.environment as { streams: Uint32Array[] };
    assertNotEquals(streams[0], new Random(SHORT.seed).saveState());
  });
});

Deno.test("startQLearning() saves a checkpoint when it is stopped", async () => {
  await withFolder(async (root) => {
    const controller = new AbortController();
    const hooks = {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    };
    const error = await assertRejects(
      () => startQLearning(SHORT, root, hooks),
      InterruptedError,
    );
    assertEquals(
      error.message,
      `Interrupted after 100 of 230 episodes. Go on with: deno task train-qlearning --resume ${root}/models/checkpoints/tiny_table_100_episodes.zip`,
    );
    assertEquals((await checkpoints(root)).length, 2);
  });
});

Deno.test("resumeQLearning() refuses what it cannot go on from, and harms no file", async () => {
  await withFolder(async (root) => {
    const { path } = await startQLearning(SHORT, root);
    await startTraining({ ...TINY_DQN, totalTimesteps: 80 }, root);
    const log = `${root}/logs/tiny_table/progress.csv`;
    const [first] = (await checkpoints(root)).filter((at) =>
      at.includes("tiny_table")
    );
    const refused = async (file: string, message: string) => {
      const before = await exactFiles(root);
      const error = await assertRejects(
        () => resumeQLearning(file, undefined),
        Error,
        message,
      );
      assertEquals(await exactFiles(root), before);
      return error;
    };
    await refused(path!, "it is a model without training state");
    const dqn = `${root}/models/checkpoints/tiny_dqn_70_steps.zip`;
    const error = await refused(dqn, "it is of dqn, use deno task train-dqn");
    assert(error instanceof UsageError);
    await Deno.truncate(log, 3);
    await refused(first, "got 3: put the run's own log back");
    await Deno.remove(log);
    await refused(first, "got 0: put the run's own log back");
  });
});
