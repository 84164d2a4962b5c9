import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { parseOptions } from "../../core/parse_options.ts";
import { UsageError } from "../../core/usage_error.ts";
import { recordingContext } from "../training/_recording_context.ts";
import { withFolder } from "../_test_folder.ts";
import { exactFiles } from "../training/_run_files.ts";
import { traceText } from "./_traces.ts";
import { autoscalingScriptOptions } from "./options.ts";
import { type TableTrainingValues, trainTables } from "./table_training.ts";

const { context } = recordingContext();

function train(values: Partial<TableTrainingValues>, ...args: string[]) {
  return trainTables(
    {
      ...parseOptions(args, autoscalingScriptOptions),
      episodes: 3,
      states: "original",
      seed: 0,
      seeds: 1,
      ...values,
    },
    { epsilonDecay: 0.9 },
    context,
  );
}

Deno.test("trainTables() begins where the original does, on its observation", async () => {
  await withFolder(async (out) => {
    const [{ run }] = await train({ out, name: "x" }, "--pattern=SPIKE");
    assertEquals(run.environment, {
      id: "Autoscaling-v1",
      options: {
        actionDeltas: [-1, 0, 1],
        cooldownSteps: 0,
        maskActions: false,
        reward: "reference",
        pattern: "SPIKE",
        mode: "reference",
        episodeSteps: 200,
        randomStart: false,
      },
    });
    assertEquals(run.checkpointEvery, 2500);
    assertEquals(run.settings, { epsilonDecay: 0.9 });
    const [{ run: other }] = await train({ out, states: "demand-ratio" });
    assertEquals(other.environment.options.mode, "default");
  });
});

Deno.test("trainTables() learns a day of a trace an episode, from anywhere", async () => {
  await withFolder(async (out) => {
    const trace = join(out, "load.csv");
    await Deno.writeTextFile(trace, traceText({ days: 2 }));
    const [{ run }] = await train({ out, name: "x" }, `--trace=${trace}`);
    assertEquals(run.environment.options.episodeSteps, 288);
    assertEquals(run.environment.options.randomStart, true);
    assertEquals(run.tests.map(({ name }) => name), ["held-out day 1"]);
  });
});

Deno.test("trainTables() learns one table a seed", async () => {
  await withFolder(async (out) => {
    const finished = await train({ out, name: "x", seeds: 3, seed: 4 });
    assertEquals(Object.keys(await exactFiles(out)), [
      "logs/x_seed4/progress.csv",
      "logs/x_seed5/progress.csv",
      "logs/x_seed6/progress.csv",
      "models/x_seed4.zip",
      "models/x_seed5.zip",
      "models/x_seed6.zip",
    ]);
    assertEquals(finished.map(({ run }) => run.seed), [4, 5, 6]);
  });
});

Deno.test("trainTables() refuses what a table cannot do", async () => {
  await withFolder(async (out) => {
    const cases: [Promise<unknown>, string][] = [
      [
        train({ out }, "--mask-actions"),
        "Cannot keep a table from actions: expected --mask-actions with train-dqn or train-ppo",
      ],
      [
        train({ out, resume: join(out, "x.zip"), seeds: 2 }),
        "Cannot resume with --seeds: a checkpoint is of one run",
      ],
      [train({ out, name: "a/b" }), 'Cannot call the model "a/b"'],
    ];
    for (const [work, message] of cases) {
      await assertRejects(() => work, UsageError, message);
    }
    assertEquals(await exactFiles(out), {});
  });
});
