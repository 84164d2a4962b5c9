/**
 * How fast agents learn to scale a service.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { Q_LEARNING_ORIGINAL } from "../agents/settings/autoscaling.ts";
import { startQLearning } from "../experiments/training/q_learning_run.ts";
import { bestRate, type Measurement } from "./measure.ts";

const REPEATS = 3;
const ROOT = fromFileUrl(new URL("..", import.meta.url));

/** Seconds of a whole command, files and figures included; the median. */
async function commandSeconds(script: string): Promise<number> {
  const seconds: number[] = [];
  for (let i = 0; i < REPEATS; i++) {
    const out = await Deno.makeTempDir();
    try {
      const started = performance.now();
      const { success, stderr } = await new Deno.Command("deno", {
        args: ["run", "-q", "-P=train", script, "--quiet", "--out", out],
        cwd: ROOT,
        stdin: "null",
        stdout: "null",
        stderr: "piped",
      }).output();
      seconds.push((performance.now() - started) / 1000);
      if (!success) throw new Error(new TextDecoder().decode(stderr));
    } finally {
      await Deno.remove(out, { recursive: true });
    }
  }
  return seconds.sort((a, b) => a - b)[REPEATS >> 1];
}

/** DQN, PPO and Q-learning. */
export async function measureLearning(): Promise<Measurement[]> {
  const dqn = await commandSeconds("scripts/train_dqn.ts");
  const ppo = await commandSeconds("scripts/train_ppo.ts");
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
      name: "train-dqn, 100,000 steps, all included",
      value: dqn,
      target: 6,
      ...seconds,
    },
    {
      name: "train-ppo, 100,000 steps, all included",
      value: ppo,
      target: 8,
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
