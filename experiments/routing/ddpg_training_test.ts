import { assertEquals, assertRejects } from "@std/assert";
import { parseOptions } from "../../core/parse_options.ts";
import { UsageError } from "../../core/usage_error.ts";
import { ddpgOptions } from "./ddpg_options.ts";
import { ddpgRuns } from "./ddpg_training.ts";

const values = (...args: string[]) => ({
  ...parseOptions(args, ddpgOptions),
  seed: 4,
});

Deno.test("runs have the original's settings, and what was given", async () => {
  const [first, second] = await ddpgRuns(
    values("--episodes", "20", "--max_steps", "30", "--seeds", "2"),
    { linkCount: 10, topology: undefined },
  );
  assertEquals(first.agent, "ddpg");
  assertEquals(first.totalTimesteps, 600);
  assertEquals(first.environment, { id: "SDN-v1", options: { linkCount: 10 } });
  assertEquals(first.settings, {
    learningRate: 1e-4,
    criticLearningRate: 1e-3,
    gamma: 0.99,
    tau: 1e-3,
    batchSize: 64,
    bufferSize: 200_000,
    learningStarts: 64,
    randomStart: false,
    actionNoise: 0.2,
    finalActionNoise: 0.05,
    noiseFraction: 0.6,
    netArch: [256, 256],
  });
  assertEquals([first.name, second.name, second.seed], [
    "ddpg_routing_seed4",
    "ddpg_routing_seed5",
    5,
  ]);
  const [given] = await ddpgRuns(
    values("--lr", "0.01", "--gamma", "0", "--algorithm", "td3"),
    {},
  );
  assertEquals(given.agent, "td3");
  assertEquals({ ...first.settings, learningRate: 0.01, gamma: 0 }, {
    ...given.settings,
  });
});

Deno.test("ddpgRuns() does not evaluate in the network of a controller", async () => {
  const [run] = await ddpgRuns(values("--episodes", "4"), {
    ryuBase: "http://127.0.0.1:1",
  });
  assertEquals(run.evaluateEvery, run.totalTimesteps);
});

Deno.test("ddpgRuns() refuses what contradicts itself", async () => {
  for (
    const args of [
      ["--algorithm", "iql"],
      ["--offline-data", "a.npz", "--pretrained", "a.zip"],
      ["--offline-data", "a.npz", "--topology", "nsfnet"],
      ["--pretrained", "a.zip", "--link-count", "3"],
    ]
  ) {
    await assertRejects(() => ddpgRuns(values(...args), {}), UsageError);
  }
});
