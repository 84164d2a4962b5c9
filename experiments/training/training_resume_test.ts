import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { join } from "@std/path";
import { loadAgent } from "../../agents/model.ts";
import { Random } from "../../core/random.ts";
import { withFolder } from "../_test_folder.ts";
import { checkpoints, newestCheckpoint, runFiles } from "./_run_files.ts";
import {
  TINY_DQN,
  TINY_PENDULUM,
  TINY_PPO,
  TINY_QMIX,
  TINY_SAC_GRU,
  TINY_TABLE,
} from "./_tiny_runs.ts";
import { resumeQLearning, startQLearning } from "./q_learning_run.ts";
import {
  resumeTraining,
  startTraining,
  type TrainingHooks,
} from "./training_run.ts";

/** How a run of any agent is begun and gone on with. */
interface Subject {
  name: string;
  /** Steps or episodes in all. */
  total: number;
  start(root: string, hooks?: TrainingHooks): Promise<unknown>;
  resume(path: string, hooks?: TrainingHooks): Promise<unknown>;
}

const SUBJECTS: readonly Subject[] = [
  ...[TINY_DQN, TINY_PPO, TINY_PENDULUM, TINY_QMIX, TINY_SAC_GRU].map((
    run,
  ) => ({
    name: run.name,
    total: run.totalTimesteps,
    start: (root: string, hooks?: TrainingHooks) =>
      startTraining(run, root, hooks),
    resume: (path: string, hooks?: TrainingHooks) =>
      resumeTraining(path, undefined, hooks),
  })),
  {
    name: TINY_TABLE.name,
    total: TINY_TABLE.episodes,
    start: (root, hooks) => startQLearning(TINY_TABLE, root, hooks),
    resume: (path, hooks) => resumeQLearning(path, undefined, hooks),
  },
];

class Crash extends Error {}

/** Loses everything that is not in a file, at a step. */
async function crashAt(
  step: number,
  work: (hooks: TrainingHooks) => Promise<unknown>,
): Promise<void> {
  const hooks: TrainingHooks = {
    onProgress(done) {
      if (done >= step) throw new Crash();
    },
  };
  try {
    await work(hooks);
  } catch (error) {
    if (!(error instanceof Crash)) throw error;
  }
}

/** Goes on from the newest checkpoint, or begins anew where there is none. */
async function goOn(
  subject: Subject,
  root: string,
  hooks?: TrainingHooks,
): Promise<unknown> {
  const path = await newestCheckpoint(root);
  return path === undefined
    ? await subject.start(root, hooks)
    : await subject.resume(path, hooks);
}

const CRASHES = 2;

for (const subject of SUBJECTS) {
  Deno.test(`resuming ${subject.name} gives the bytes of the run that never stopped`, async () => {
    const random = new Random(1);
    await withFolder(async (folder) => {
      const whole = join(folder, "whole");
      await subject.start(whole);
      const expected = await runFiles(whole);
      assert(Object.keys(expected).length >= 7, `${Object.keys(expected)}`);
      for (let i = 0; i < CRASHES; i++) {
        const root = join(folder, `crash${i}`);
        const steps = [0, 1].map(() => random.integer(1, subject.total - 1));
        await crashAt(steps[0], (hooks) => subject.start(root, hooks));
        await crashAt(steps[1], (hooks) => goOn(subject, root, hooks));
        await goOn(subject, root);
        assertEquals(await runFiles(root), expected, `crashed at ${steps}`);
      }
      // A finished run may be gone on with from any of its checkpoints.
      for (const path of await checkpoints(whole)) {
        await subject.resume(path);
        assertEquals(await runFiles(whole), expected, path);
      }
    });
  });
}

Deno.test("resumed runs go further where they are asked to, and their memories grow", async () => {
  const runs = [
    { ...TINY_DQN, settings: { ...TINY_DQN.settings, bufferSize: 1e6 } },
    {
      ...TINY_SAC_GRU,
      settings: { ...TINY_SAC_GRU.settings, bufferSize: 1e6 },
    },
    TINY_PPO,
    TINY_QMIX,
  ];
  await withFolder(async (folder) => {
    for (const run of runs) {
      // Once at a stretch, and once through a crash on the further way.
      const files = [];
      for (const crashes of [false, true]) {
        const root = join(folder, `${run.name}_${crashes}`);
        await startTraining({ ...run, totalTimesteps: 210 }, root);
        const path = (await newestCheckpoint(root))!;
        const further = { totalTimesteps: 400 };
        if (crashes) {
          await crashAt(
            300,
            (hooks) =>
              resumeTraining(path, undefined, { ...hooks, ...further }),
          );
          // The checkpoints since then remember how far it goes.
          assertNotEquals(await newestCheckpoint(root), path);
          await resumeTraining((await newestCheckpoint(root))!, undefined);
        } else {
          const { run: ended } = await resumeTraining(path, undefined, further);
          assertEquals(ended.totalTimesteps, 400);
        }
        files.push(await runFiles(root));
        const { config } = await loadAgent(
          join(root, "models", `${run.name}.zip`),
        );
        assert(config.timesteps as number >= 400, `${config.timesteps}`);
      }
      assertEquals(files[1], files[0], run.name);
    }
  });
});
