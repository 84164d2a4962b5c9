import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { OFFLINE_AGENTS } from "../agents/offline/offline.ts";
import { PUBLISHED_RUNS } from "../experiments/reproduction/published_runs.ts";
import {
  createAskedTrainer,
  fullSettings,
} from "../experiments/training/run_trainer.ts";
import type { TrainingRun } from "../experiments/training/training_run.ts";
import { selectDevice } from "../learning/devices.ts";

const docs = fromFileUrl(new URL("../docs", import.meta.url));

/** An agent's page, and a training of it. */
const AGENTS: Readonly<
  Record<string, { page: string; run: keyof typeof PUBLISHED_RUNS }>
> = {
  dqn: { page: "dqn.md", run: "cartpole-dqn" },
  ppo: { page: "ppo.md", run: "cartpole-ppo" },
  "sac-gru": { page: "sac_gru.md", run: "recall-sac-gru" },
  qmix: { page: "qmix.md", run: "two-step-game-qmix" },
  ddpg: { page: "ddpg.md", run: "pendulum-ddpg" },
  td3: { page: "ddpg.md", run: "pendulum-td3" },
};

function runOf(name: keyof typeof PUBLISHED_RUNS): TrainingRun {
  return {
    ...PUBLISHED_RUNS[name],
    name,
    task: "",
    seed: 0,
    device: "cpu",
    tests: [],
    bestPath: "",
    evaluationsPath: "",
    checkpointEvery: Infinity,
    logEvery: 1000,
  };
}

/** Names that a page does not explain in code spans. */
async function missing(
  page: string,
  names: readonly string[],
): Promise<string[]> {
  const text = await Deno.readTextFile(`${docs}/${page}`);
  const known = new Set(text.match(/[A-Za-z]\w*(?=[^`\n]*`)/g));
  return names.filter((name) => !known.has(name));
}

for (const [agent, { page, run }] of Object.entries(AGENTS)) {
  Deno.test(`docs/${page} explains every setting and logged number of ${agent}`, async () => {
    await selectDevice("cpu", { parameters: 1, batchSize: 1 });
    const trainer = createAskedTrainer(runOf(run));
    const logged = Object.keys(trainer.statistics());
    trainer.dispose();
    const settings = Object.keys(fullSettings(runOf(run)));
    assertEquals(await missing(page, [...settings, ...logged]), []);
  });
}

Deno.test("pages explain every setting of agents that learn offline", async () => {
  for (const agent of OFFLINE_AGENTS) {
    const page = agent === "td3-bc" ? "ddpg.md" : "offline_learning.md";
    const run = { ...runOf("pendulum-ddpg"), agent, settings: {} };
    const settings = Object.keys(fullSettings(run));
    assertEquals(await missing(page, settings), [], agent);
  }
});
