/**
 * How fast routing is learned in, and asked for.
 *
 * Run by itself it prints its numbers as JSON.
 *
 * @module
 */
import { routingPolicy } from "../agents/rules/routing_policies.ts";
import { Random } from "../core/random.ts";
import { ControllerEmulator } from "../envs/sdn/controller_emulator.ts";
import { SDNEnv } from "../envs/sdn/sdn_env.ts";
import { sdnVector } from "../envs/sdn/sdn_vector_env.ts";
import { vectorBuffers } from "../envs/vector.ts";
import {
  collectEpisode,
  episodeSeeds,
  makeDataset,
} from "../experiments/sdn/expert_dataset.ts";
import { bestRate, type Measurement } from "./measure.ts";

export type { Measurement };

const STEPS = 2000;
const REPEATS = 20;
const REQUESTS = 2000;
/** Requests that wait for an answer at a time. */
const CLIENTS = 8;

/** New weights, routes, loads and delays each step. */
async function environmentSteps(topology: string): Promise<number> {
  const env = sdnVector({ topology }, 1);
  const buffers = vectorBuffers(env);
  const random = new Random(1);
  const size = env.actionSpace.kind === "box" ? env.actionSpace.low.length : 0;
  const actions = Array.from(
    { length: 100 },
    () => Float32Array.from({ length: size }, () => random.uniform(-1, 1)),
  );
  env.reset(buffers, { seed: 1 });
  return await bestRate(REPEATS, () => {
    for (let i = 0; i < STEPS; i++) env.step(actions[i % 100], buffers);
    return STEPS;
  });
}

/** Samples of the random policy, embedded. */
async function datasetSamples(): Promise<number> {
  const env = new SDNEnv();
  using policy = await routingPolicy("random", env);
  const { signal } = new AbortController();
  const breathe = () => Promise.resolve();
  return await bestRate(5, async () => {
    const dataset = makeDataset(env, 2500);
    for (const seed of episodeSeeds(1, 50)) {
      await collectEpisode(dataset, { env, policy }, { seed, breathe, signal });
    }
    return dataset.rows;
  });
}

/** Requests to the emulator from a client in the same process. */
async function requests(path: string, init?: RequestInit): Promise<number> {
  await using controller = new ControllerEmulator({ port: 0 });
  const ask = async () => {
    for (let i = 0; i < REQUESTS / CLIENTS; i++) {
      await (await fetch(controller.url + path, init)).text();
    }
  };
  return await bestRate(5, async () => {
    await Promise.all(Array.from({ length: CLIENTS }, ask));
    return REQUESTS;
  });
}

/** Environment, data sets, and the emulator's REST interface. */
export async function measureSDN(): Promise<Measurement[]> {
  return [
    {
      name: "SDN-v1 on NSFNET, in process",
      value: await environmentSteps("nsfnet"),
      unit: "steps/s",
      target: 12_000,
    },
    {
      name: "SDN-v1 on seed10, in process",
      value: await environmentSteps("seed10"),
      unit: "steps/s",
    },
    {
      name: "expert data, policy random, embedded controller",
      value: await datasetSamples(),
      unit: "samples/s",
      target: 2500,
    },
    {
      name: "controller emulator, GET /stats, client in the same process",
      value: await requests("/stats"),
      unit: "requests/s",
      target: 6000,
    },
    {
      name: "controller emulator, POST /set_link_weights, likewise",
      value: await requests("/set_link_weights", {
        method: "POST",
        body: JSON.stringify({ deltas: new Array(10).fill(0.01) }),
      }),
      unit: "requests/s",
      target: 6000,
    },
  ];
}

if (import.meta.main) {
  console.log(JSON.stringify(await measureSDN(), undefined, 2));
}
