import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { Random } from "../../core/random.ts";
import { sample } from "../../core/spaces.ts";
import { checkEnv } from "../check_env.ts";
import { sdnOptions } from "./env_spec.ts";
import { type SDNOptions, sdnSettings } from "./env_options.ts";
import { SDNEnv } from "./sdn_env.ts";

const FLOWS = [{
  source: "h1",
  destination: "h3",
  startSeconds: 0,
  durationSeconds: 100,
  rate: 50,
}];

Deno.test("SDNEnv keeps the contract, whatever its options", () => {
  const cases: SDNOptions[] = [
    {},
    { mode: "reference", flows: FLOWS },
    { actionMode: "absolute", splitting: "softmin", reward: "delay" },
    { topology: "ring:4", reward: "largest-utilisation", sharing: "max-min" },
    {
      linkCount: 6,
      reward: "delivered-share",
      splitting: "single",
      observation: ["weights", "demands", "node-demands", "time", "delay"],
    },
  ];
  for (const options of cases) {
    assertEquals(checkEnv(() => new SDNEnv(options), { steps: 60 }), []);
  }
});

Deno.test("by default 12 numbers are seen and 10 are moved", () => {
  const env = new SDNEnv();
  assertEquals(env.observationSpace.shape, [12]);
  assertEquals(env.actionSpace.shape, [10]);
  assertEquals([env.actionSpace.low[0], env.actionSpace.high[0]], [-1, 1]);
  const reference = new SDNEnv({ mode: "reference" }).actionSpace;
  assertEquals([reference.low[0], reference.high[0]], [-0.5, 0.5]);
});

Deno.test("actions move logarithms of weights, which stop at 0.1 and 10", () => {
  const env = new SDNEnv();
  env.reset({ seed: 0 });
  const action = new Float32Array(10);
  action[0] = 1;
  action[1] = -0.5;
  const { weights } = env.step(action).info;
  assertAlmostEquals(weights[0], Math.exp(0.5), 1e-12);
  assertAlmostEquals(weights[1], Math.exp(-0.25), 1e-12);
  assertEquals(weights[2], 1);
  for (let i = 0; i < 9; i++) env.step(action);
  const last = env.step(new Float32Array(10)).info.weights;
  assertEquals(last[0], 10);
  assertAlmostEquals(last[1], 0.1, 1e-12);
});

Deno.test("absolute actions forget what was done before", () => {
  const env = new SDNEnv({ actionMode: "absolute", actionScale: 2 });
  env.reset({ seed: 0 });
  env.step(new Float32Array(10).fill(0.7));
  const { weights } = env.step(new Float32Array(10).fill(-0.25)).info;
  for (const weight of weights) {
    assertAlmostEquals(weight, Math.exp(-0.5), 1e-9);
  }
});

Deno.test("in reference mode actions are added to weights", () => {
  const env = new SDNEnv({ mode: "reference" });
  env.reset({ seed: 0 });
  const down = new Float32Array(10).fill(-0.5);
  assertEquals(env.step(down).info.weights[0], 0.5);
  assertAlmostEquals(env.step(down).info.weights[0], 0.1, 1e-12);
  assertThrows(() => env.step(new Float32Array(10).fill(0.6)), RangeError);
});

Deno.test("the seed's reward is throughput - delay - largest utilisation", () => {
  const env = new SDNEnv({ throughputCapMbps: 200, delayCapMs: 10 });
  env.reset({ seed: 4 });
  const { observation, reward, info } = env.step(new Float32Array(10));
  const largest = Math.max(...observation.subarray(0, 10));
  assertAlmostEquals(observation[10], info.averageDelayMs / 10, 1e-6);
  assertAlmostEquals(observation[11], info.throughputMbps / 200, 1e-6);
  assertAlmostEquals(reward, observation[11] - observation[10] - largest, 1e-6);
});

Deno.test("other rewards are what they are called", () => {
  const rewards = (["delay", "largest-utilisation", "delivered-share"] as const)
    .map((reward) => {
      const env = new SDNEnv({ reward, traffic: { load: 1.5 } });
      env.reset({ seed: 4 });
      return env.step(new Float32Array(10));
    });
  const { info } = rewards[0];
  assertAlmostEquals(rewards[0].reward, -info.averageDelayMs / 1000, 1e-12);
  assertEquals(rewards[1].reward, -info.largestUtilisation!);
  assertAlmostEquals(
    rewards[2].reward,
    info.throughputMbps / info.demandMbps!,
    1e-12,
  );
  assert(rewards[2].reward > 0.5 && rewards[2].reward < 1);
});

Deno.test("demands seen are those that the next step carries", () => {
  const env = new SDNEnv({ observation: ["demands"], demandCapMbps: 1000 });
  const random = new Random(1);
  let { observation } = env.reset({ seed: 7 });
  for (let i = 0; i < 20; i++) {
    const expected = observation.reduce((a, b) => a + b) * 1000;
    const next = env.step(sample(env.actionSpace, random) as Float32Array);
    assertAlmostEquals(next.info.demandMbps! / expected, 1, 1e-5);
    observation = next.observation;
  }
});

Deno.test("same seed, same episode; another seed, another", () => {
  const episode = (seed: number) => {
    const env = new SDNEnv();
    env.reset({ seed });
    return Array.from({ length: 50 }, () => env.step(new Float32Array(10)));
  };
  assertEquals(episode(1), episode(1));
  assert(episode(1)[3].reward !== episode(2)[3].reward);
});

Deno.test("options from JSON are those that were meant", () => {
  const options = sdnOptions(JSON.parse(
    '{"topology": "ring:4", "episodeSteps": null, "traffic": {"type": "idle"}}',
  ));
  const env = new SDNEnv(options);
  assertEquals(env.settings.episodeSteps, Infinity);
  assertEquals(env.actionSpace.shape, [4]);
  assertThrows(
    () => sdnOptions({ topolgy: "ring:4" }),
    RangeError,
    "did you mean topology",
  );
});

Deno.test("options that make no sense are refused", () => {
  const cases: [SDNOptions, string][] = [
    [{ mode: "exact" as "default" }, "exact"],
    [{ reward: "profit" as "delay" }, "profit"],
    [{ actionMode: "relative" as "delta" }, "relative"],
    [{ actionScale: 0 }, "action scale of 0"],
    [{ delayCapMs: -1 }, "delay cap of -1"],
    [{ throughputCapMbps: NaN }, "throughput cap of NaN"],
    [{ episodeSteps: 0 }, "0 steps"],
    [{ clock: "wall" }, "expected the virtual clock"],
    [{ observation: [] }, "[]"],
    [{ observation: ["delay", "delay"] }, "delay,delay"],
    [{ observation: ["ports" as "delay"] }, "ports"],
    [{ ryuBase: "http://127.0.0.1:8080", observation: ["time"] }, "time"],
  ];
  for (const [options, message] of cases) {
    assertThrows(() => sdnSettings(options), RangeError, message);
  }
});
