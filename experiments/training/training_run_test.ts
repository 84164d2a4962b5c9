import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertRejects,
} from "@std/assert";
import { dirname, join } from "@std/path";
import { DQN_DEFAULTS } from "../../agents/dqn/dqn.ts";
import { evaluatePolicy } from "../../agents/evaluation.ts";
import { loadAgent } from "../../agents/model.ts";
import {
  type ArchiveContent,
  readArchive,
  writeArchive,
} from "../../core/archive.ts";
import { readNpz } from "../../core/npz.ts";
import { InterruptedError } from "../../core/script.ts";
import type { State } from "../../core/state.ts";
import type { JsonRecord } from "../../core/state_json.ts";
import { UsageError } from "../../core/usage_error.ts";
import { makeEnvironment } from "../../envs/registry.ts";
import { withFolder } from "../_test_folder.ts";
import { checkpoints, exactFiles, runFiles } from "./_run_files.ts";
import { TINY_DQN, TINY_PPO, TINY_TABLE } from "./_tiny_runs.ts";
import { startQLearning } from "./q_learning_run.ts";
import {
  readCheckpoint,
  resumeTraining,
  startTraining,
  type TrainingRun,
} from "./training_run.ts";
import { runPaths } from "./run_paths.ts";

const SHORT: TrainingRun = {
  ...TINY_DQN,
  totalTimesteps: 160,
  evaluateEvery: 60,
};

/** A copy of a checkpoint with another content, beside it. */
async function altered(
  path: string,
  change: (content: ArchiveContent) => ArchiveContent,
): Promise<string> {
  const other = path.replace(".zip", "_altered.zip");
  await writeArchive(other, change(await readArchive(path)));
  return other;
}

Deno.test("startTraining() writes what runPaths() says, and loadable models", async () => {
  await withFolder(async (root) => {
    const { run, paths, evaluations, ...finished } = await startTraining(
      { ...SHORT, device: "auto" },
      root,
    );
    assertEquals(run.device, "native");
    assertEquals(run.settings, { ...DQN_DEFAULTS, ...SHORT.settings });
    assertEquals(paths, runPaths(run, root));
    assertEquals(Object.keys(await exactFiles(root)), [
      "logs/dqn_eval/evaluations.npz",
      "logs/tiny_dqn/events.out.tfevents.tiny_dqn",
      "logs/tiny_dqn/progress.csv",
      "models/best/dqn_best_model.zip",
      "models/checkpoints/tiny_dqn_140_steps.zip",
      "models/checkpoints/tiny_dqn_70_steps.zip",
      "models/tiny_dqn.zip",
    ]);
    assertEquals(evaluations.timesteps, [60, 120, 160]);
    assertEquals(finished.bestScore, Math.max(...evaluations.means));
    assertEquals(
      evaluations.means[evaluations.timesteps.indexOf(finished.bestTimesteps)],
      finished.bestScore,
    );
    // Both files hold the policies that are handed out, and the best one's
    // score can be measured again.
    const env = makeEnvironment(run.evaluationEnvironment);
    const episodes = { episodes: 2, firstSeed: run.evaluationSeed };
    const best = await loadAgent(paths!.best);
    const { returns } = evaluatePolicy(best.policy, env, episodes);
    assertAlmostEquals((returns[0] + returns[1]) / 2, finished.bestScore, 1e-9);
    assertEquals(best.config.timesteps, finished.bestTimesteps);
    const last = await loadAgent(paths!.model);
    assertEquals(
      evaluatePolicy(last.policy, env, episodes),
      evaluatePolicy(finished.policy, env, episodes),
    );
    const { timesteps } = await readNpz(paths!.evaluations);
    assertEquals(timesteps.data, BigInt64Array.of(60n, 120n, 160n));
  });
});

Deno.test("startTraining() writes nothing without a root", async () => {
  const { paths, bestTimesteps } = await startTraining(SHORT, undefined);
  assertEquals(paths, undefined);
  assert(bestTimesteps > 0);
});

Deno.test("startTraining() with one seed gives one policy, with another another", async () => {
  const bytes = async (seed: number) => {
    const files: Record<string, string>[] = [];
    await withFolder(async (root) => {
      await startTraining({ ...SHORT, seed }, root);
      files.push(await runFiles(root));
    });
    return files[0];
  };
  const [first, again, other] = [
    await bytes(3),
    await bytes(3),
    await bytes(4),
  ];
  assertEquals(again, first);
  assert(other["models/tiny_dqn.zip"] !== first["models/tiny_dqn.zip"]);
});

Deno.test("startTraining() refuses what cannot be trained, before any file", async () => {
  const settings = (run: TrainingRun, changes: JsonRecord) =>
    ({ ...run, settings: { ...run.settings, ...changes } }) as TrainingRun;
  const memory =
    "does not fit into memory, expected fewer units, copies, steps of a rollout or rows of a batch";
  const cases: [TrainingRun, string][] = [
    [settings(TINY_PPO, { batchSize: 10 }), "expected a divisor of 33"],
    [settings(TINY_PPO, { nSteps: 1e12, batchSize: 3 }), memory],
    [settings(TINY_DQN, { batchSize: 1e12 }), memory],
    [settings(TINY_DQN, { netArch: [1e7, 1e7] }), memory],
    [
      { ...TINY_DQN, environment: { id: "Pendulum-v1", options: {} } },
      "expected discrete actions",
    ],
  ];
  await withFolder(async (root) => {
    for (const [run, message] of cases) {
      await assertRejects(() => startTraining(run, root), UsageError, message);
    }
    assertEquals(await exactFiles(root), {});
  });
});

Deno.test("startTraining() ends at a loss that is no number, models as they were", async () => {
  await withFolder(async (root) => {
    const { paths } = await startTraining(SHORT, root);
    const before = await Deno.readFile(paths!.model);
    for (const logEvery of [40, 1000]) {
      const run = {
        ...SHORT,
        logEvery,
        settings: { ...SHORT.settings, learningRate: 1e30 },
      };
      await assertRejects(
        () => startTraining(run, root),
        Error,
        "a lower learning rate may help",
      );
    }
    assertEquals(await Deno.readFile(paths!.model), before);
  });
});

Deno.test("startTraining() names the file that it cannot write, and harms no other", async () => {
  await withFolder(async (root) => {
    const { paths } = await startTraining(SHORT, root);
    const before = await exactFiles(join(root, "models"));
    await Deno.remove(dirname(paths!.progress), { recursive: true });
    await Deno.writeTextFile(dirname(paths!.progress), "a file");
    await assertRejects(
      () => startTraining({ ...SHORT, seed: 9 }, root),
      Error,
      `Cannot write "${
        paths!.progress
      }": a part of the path is a file, expected a folder`,
    );
    assertEquals(await exactFiles(join(root, "models")), before);
    await assertRejects(
      () => startTraining(SHORT, paths!.model),
      Error,
      "a part of the path is a file, expected a folder",
    );
  });
});

Deno.test("startTraining() saves a checkpoint when it is stopped", async () => {
  await withFolder(async (root) => {
    const stop = () => {
      const controller = new AbortController();
      return {
        signal: controller.signal,
        onProgress: (steps: number) => steps === 33 && controller.abort(),
      };
    };
    const error = await assertRejects(
      () => startTraining(SHORT, root, stop()),
      InterruptedError,
    );
    assertEquals(
      error.message,
      `Interrupted after 33 of 160 steps. Go on with: deno task train-dqn --resume ${root}/models/checkpoints/tiny_dqn_33_steps.zip`,
    );
    assertEquals(await checkpoints(root), [
      `${root}/models/checkpoints/tiny_dqn_33_steps.zip`,
    ]);
    const { message } = await assertRejects(
      () => startTraining(SHORT, undefined, stop()),
      InterruptedError,
    );
    assertEquals(message, "Interrupted after 33 of 160 steps");
  });
});

Deno.test("resumeTraining() puts its own best model and evaluations back", async () => {
  await withFolder(async (root) => {
    await startTraining(SHORT, root);
    const expected = await runFiles(root);
    // Another run uses the same two places.
    const { paths } = await startTraining(
      { ...SHORT, name: "other", seed: 8 },
      root,
    );
    const best = "models/best/dqn_best_model.zip";
    assert((await runFiles(root))[best] !== expected[best]);
    await resumeTraining(
      `${root}/models/checkpoints/tiny_dqn_140_steps.zip`,
      undefined,
    );
    const files = await runFiles(root);
    for (const path of Object.keys(expected)) {
      assertEquals(files[path], expected[path], path);
    }
    // A run without steps left has only these to write.
    await Deno.remove(paths!.evaluations);
    const whole = {
      ...SHORT,
      name: "whole",
      totalTimesteps: 120,
      checkpointEvery: 60,
    };
    await startTraining(whole, root);
    await Deno.remove(paths!.evaluations);
    await resumeTraining(
      `${root}/models/checkpoints/whole_120_steps.zip`,
      undefined,
    );
    assertEquals((await readNpz(paths!.evaluations)).timesteps.shape, [2]);
  });
});

Deno.test("resumeTraining() goes on in another folder where it is told to", async () => {
  await withFolder(async (root) => {
    await startTraining(SHORT, root);
    const expected = await runFiles(root);
    const moved = join(root, "moved.zip");
    await Deno.rename((await checkpoints(root))[1], moved);
    const error = await assertRejects(() => resumeTraining(moved, undefined));
    assertMatch(
      String(error),
      /^RangeError: Cannot resume without \d+ bytes of log in "[^"]*\/logs\/tiny_dqn\/progress.csv", got 0: put the run's own log back, or begin anew$/,
    );
    await resumeTraining(moved, root);
    await Deno.remove(moved);
    delete expected["models/checkpoints/tiny_dqn_140_steps.zip"];
    assertEquals(await runFiles(root), expected);
  });
});

Deno.test("resumeTraining() refuses what it cannot go on from, and harms no file", async () => {
  await withFolder(async (root) => {
    const { paths } = await startTraining(SHORT, root);
    await startQLearning({ ...TINY_TABLE, episodes: 90 }, root);
    const [path] = await checkpoints(root);
    const write = async (name: string, content: Uint8Array | string) => {
      const place = join(root, name);
      await Deno.writeFile(
        place,
        typeof content === "string"
          ? new TextEncoder().encode(content)
          : content,
      );
      return place;
    };
    const whole = await Deno.readFile(path);
    const flipped = whole.slice();
    flipped[whole.length >> 1] ^= 1;
    const withConfig = (changes: JsonRecord) =>
      altered(path, (content) => ({
        ...content,
        config: { ...content.config, ...changes },
      }));
    const cases: [string, string][] = [
      [join(root, "none.zip"), "no such file, check the path"],
      [root, "it is a folder, expected a file"],
      [await write("empty.zip", ""), "it is empty, expected a zip file"],
      [await write("text.zip", "minute,requests\n"), "it is not a zip file"],
      [
        await write("cut.zip", whole.slice(0, 9000)),
        "the zip file is cut short",
      ],
      [await write("flipped.zip", flipped), "the checksum does not fit"],
      [paths!.evaluations, "it looks like a NumPy .npz file"],
      [paths!.model, "it is a model without training state"],
      [paths!.best, "it is a model without training state"],
    ];
    for (const [file, message] of cases) {
      const before = await exactFiles(root);
      const error = await assertRejects(
        () => resumeTraining(file, undefined),
        Error,
        message,
      );
      assert(error.message.includes(file), error.message);
      assert(!error.message.includes("\n"));
      assertEquals(await exactFiles(root), before);
    }
    const table = `${root}/models/checkpoints/tiny_table_90_episodes.zip`;
    await assertRejects(
      () => resumeTraining(table, undefined),
      UsageError,
      `Cannot resume "${table}" here: it is of qlearning, use deno task train-qlearning`,
    );
    await assertRejects(
      () => readCheckpoint(path, ["ppo"]),
      UsageError,
      "it is of dqn, use deno task train-dqn",
    );
    const another: [JsonRecord, string][] = [
      [
        { environment: { id: "Autoscaling-v0", options: {} } },
        "Autoscaling-v1",
      ],
      [
        { observationSpace: "Box of shape [3]" },
        "train it anew with this version",
      ],
      [{ agent: "sac" }, 'names the agent "sac", expected one of '],
      [{ run: undefined }, "it is a model without training state"],
      ...["../../else", "/else", "logs/../../else.npz"].map((place) =>
        [
          {
            run: { ...SHORT, evaluationsPath: place } as unknown as JsonRecord,
          },
          `it would write to "${place}"`,
        ] as [JsonRecord, string]
      ),
      [{ run: { ...SHORT, name: "../x" } as unknown as JsonRecord }, "../x"],
    ];
    for (const [changes, message] of another) {
      const file = await withConfig(changes);
      const before = await exactFiles(root);
      await assertRejects(
        () => resumeTraining(file, undefined),
        Error,
        message,
      );
      assertEquals(await exactFiles(root), before);
    }
    const old = await altered(path, (content) => {
      const { replay: _, ...training } = content.states!.training as Record<
        string,
        State
      >;
      return { ...content, states: { ...content.states, training } };
    });
    await assertRejects(
      () => resumeTraining(old, undefined),
      TypeError,
      "Cannot resume tiny_dqn: its training state does not fit this version",
    );
  });
});

Deno.test("docs/files.md names every column, and every part of an archive", async () => {
  const page = await Deno.readTextFile(
    new URL("../../docs/files.md", import.meta.url),
  );
  await withFolder(async (root) => {
    const runs = [SHORT, { ...TINY_PPO, totalTimesteps: 75 }];
    const names: string[] = [];
    for (const run of runs) {
      const { paths } = await startTraining(run, root);
      const table = await Deno.readTextFile(paths!.progress);
      names.push(...table.split("\n", 1)[0].split(","));
    }
    await startQLearning({ ...TINY_TABLE, episodes: 90 }, root);
    const log = `${root}/logs/tiny_table/progress.csv`;
    names.push(...(await Deno.readTextFile(log)).split("\n", 1)[0].split(","));
    for (const path of await checkpoints(root)) {
      const { config, tensors, states } = await readArchive(path);
      names.push(...Object.keys(config));
      names.push(...Object.keys(tensors).map((part) => `${part}.safetensors`));
      names.push(...Object.keys(states).map((part) => `${part}.json`));
    }
    const missing = names.filter((name) => !page.includes(`\`${name}\``));
    assertEquals(new Set(missing), new Set());
  });
});

Deno.test("startTraining() keeps the first of evaluations whose mean is no number", async () => {
  await withFolder(async (root) => {
    // Episodes of no steps at all would have no return.
    const { bestScore, bestTimesteps } = await startTraining(
      { ...SHORT, evaluationEpisodes: 0 },
      root,
    );
    assertEquals([bestScore, bestTimesteps], [NaN, 60]);
  });
});

Deno.test("resumeTraining() goes on with a best model that lies elsewhere", async () => {
  await withFolder(async (folder) => {
    const root = join(folder, "run");
    await startTraining({ ...SHORT, bestPath: "../else/best.zip" }, root);
    const best = await Deno.readFile(join(folder, "else/best.zip"));
    await Deno.remove(join(folder, "else"), { recursive: true });
    const [path] = await checkpoints(root);
    await resumeTraining(path, undefined);
    assertEquals(await Deno.readFile(join(folder, "else/best.zip")), best);
  });
});
