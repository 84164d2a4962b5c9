/**
 * How fast teams balance load: inference, with the simulator, training, and
 * a controller's decision.
 *
 * Run by itself it prints its numbers as JSON.
 *
 * @module
 */
import { loadAgent, type LoadedAgent } from "../agents/model.ts";
import { createQmix } from "../agents/qmix/qmix.ts";
import { QmixAgent } from "../agents/qmix/qmix_agent.ts";
import { SacGruAgent } from "../agents/sac_gru/sac_gru_agent.ts";
import type { LoadBalanceOptions } from "../envs/load_balancing/env_options.ts";
import { LoadBalanceEnv } from "../envs/load_balancing/load_balance_env.ts";
import { MultiAgentLoadBalanceEnv } from "../envs/load_balancing/multi_agent_env.ts";
import type { JsonRecord } from "../core/state_json.ts";
import { spaceSize } from "../core/spaces.ts";
import { createController } from "../experiments/control/controller.ts";
import { modelPolicy } from "../experiments/control/weight_policy.ts";
import { SharedMemoryRegion } from "../ffi/shared_memory.ts";
import { selectDevice } from "../learning/devices.ts";
import { bestRate, type Measurement } from "./measure.ts";

export type { Measurement };

/** Four balancers with four servers each, as the seed has them. */
const TEAM = { numAgents: 4, serversPerAgent: 4 } as const;
const TRAFFIC: LoadBalanceOptions["traffic"] = { type: "poisson", rate: 700 };
/** Short, so that some of them have the processor for themselves. */
const STEPS = 20;
const REPEATS = 600;
const UPDATES = 60;

/** An agent of fresh weights, by way of its file, as users have it. */
async function loaded(
  agent: { save(path: string): Promise<void> },
): Promise<LoadedAgent> {
  const path = await Deno.makeTempFile({ suffix: ".zip" });
  try {
    await agent.save(path);
    return await loadAgent(path, { compiled: true });
  } finally {
    await Deno.remove(path);
  }
}

function team(): Promise<LoadedAgent> {
  return loaded(
    new QmixAgent({
      numAgents: TEAM.numAgents,
      obsDim: 20,
      actionDim: 4,
      environment: { id: "MultiAgentLoadBalance-v1", options: { ...TEAM } },
    }),
  );
}

/** Decisions of four agents, and steps of the simulator with them, a second. */
async function measureActing(): Promise<Measurement[]> {
  const { policy } = await team();
  const row = new Float32Array(policy.observationSize);
  const masks = new Uint8Array(16).fill(1);
  const actions = new Int32Array(policy.actionSize);
  const inference = await bestRate(REPEATS, () => {
    for (let i = 0; i < STEPS; i++) {
      row[i % row.length] = i % 7;
      policy.act(row, masks, actions);
    }
    return STEPS;
  });
  const env = new MultiAgentLoadBalanceEnv({
    ...TEAM,
    traffic: TRAFFIC,
    episodeSeconds: Infinity,
  });
  let { observations } = env.reset({ seed: 1 });
  policy.reset?.();
  const steps = await bestRate(REPEATS, () => {
    for (let i = 0; i < STEPS; i++) {
      observations.forEach((own, agent) => row.set(own, 20 * agent));
      policy.act(row, masks, actions);
      ({ observations } = env.step(actions));
    }
    return STEPS;
  });
  return [
    {
      name: "4 agents of 64 units decide",
      value: inference,
      target: 20_000,
      unit: "steps/s",
    },
    {
      name: "4 agents with the simulator at 700 flows/s",
      value: steps,
      target: 4000,
      unit: "steps/s",
    },
  ];
}

/** Steps a second of QMIX with one update of 32 episodes an episode. */
async function measureTraining(): Promise<Measurement> {
  const env = new MultiAgentLoadBalanceEnv({ ...TEAM, traffic: TRAFFIC });
  const sequenceLength = 60;
  const trainer = createQmix(env, {
    seed: 1,
    totalTimesteps: 1e6,
    settings: { sequenceLength },
  });
  while (trainer.statistics().updates < 1) await trainer.step();
  const value = await bestRate(UPDATES, async () => {
    for (let i = 0; i < sequenceLength; i++) await trainer.step();
    return sequenceLength;
  });
  trainer.dispose();
  return {
    name: "QMIX, 4 x 4 servers, an update of 32 x 60 steps every 60",
    value,
    target: 900,
    unit: "steps/s",
  };
}

/** From a message that is there to weights that are written. */
async function measureDecision(): Promise<Measurement> {
  const options = { numServers: 64 };
  const { observationSpace, actionSpace } = new LoadBalanceEnv(options);
  const agent = await loaded(
    new SacGruAgent({
      obsDim: spaceSize(observationSpace),
      actionDim: 1,
      actionSpace,
      settings: { gruUnits: 128, netArch: [128], bufferSize: 1000 },
      environment: { id: "LoadBalance-v1", options: options as JsonRecord },
    }),
  );
  const name = `loadstar_bench_${Deno.pid}`;
  const clock = { ms: 0 };
  using plane = SharedMemoryRegion.create(name);
  const controller = createController({
    name,
    policy: modelPolicy(agent),
    now: () => clock.ms,
  });
  const statistics = new Float32Array(64 * 11);
  const rate = await bestRate(REPEATS, () => {
    for (let i = 0; i < STEPS; i++) {
      clock.ms += 250;
      statistics[11 * i] = i;
      plane.writeMsgOut(statistics);
      controller.step();
    }
    return STEPS;
  });
  const { decisions } = controller.summary();
  controller.close();
  plane.unlink();
  if (decisions !== STEPS * REPEATS) {
    throw new Error(
      `Cannot measure a controller that made ${decisions} decisions`,
    );
  }
  return {
    name: "rl_controller, 64 servers, width 128: message in, weights out",
    value: 1e6 / rate,
    target: 50,
    unit: "us",
    moreIsBetter: false,
  };
}

/** Inference, simulation, training, and the controller. */
export async function measureLoadBalancingAgents(): Promise<Measurement[]> {
  await selectDevice("native", { parameters: 1, batchSize: 1 });
  return [
    ...await measureActing(),
    await measureTraining(),
    await measureDecision(),
  ];
}

if (import.meta.main) {
  console.log(JSON.stringify(await measureLoadBalancingAgents(), undefined, 2));
}
