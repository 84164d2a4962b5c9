import { makeVectorEnvironment } from "../envs/registry.ts";
import { assertNearEager, trainTo, weightsOf } from "./_test_trainers.ts";
import { createDdpg } from "./ddpg/ddpg.ts";
import type { DdpgName, DdpgSettings } from "./ddpg/ddpg_settings.ts";
import { createDqn, type DqnSettings } from "./dqn/dqn.ts";
import { createPpo, type PpoSettings } from "./ppo/ppo.ts";
import type { Trainer } from "./trainer.ts";

const UPDATES = 200;

/** Training on native comes to what it does on cpu. */
function checkDevices(
  what: string,
  create: () => Trainer,
  timesteps: number,
): Promise<void> {
  return assertNearEager(what, async () => {
    const trainer = create();
    await trainTo(trainer, timesteps);
    const weights = weightsOf(await trainer.save());
    trainer.dispose();
    return weights;
  });
}

function dqn(id: string, settings: Partial<DqnSettings>): () => Trainer {
  return () =>
    createDqn(makeVectorEnvironment({ id, options: {} }, 1), {
      seed: 3,
      totalTimesteps: UPDATES + 50,
      settings: {
        learningRate: 1e-3,
        learningStarts: 50,
        batchSize: 32,
        netArch: [32, 24],
        trainFreq: 1,
        targetUpdateInterval: 40,
        // Actions that no rounding changes, so that all learn from the same.
        explorationInitialEps: 1,
        explorationFinalEps: 1,
        ...settings,
      },
    });
}

Deno.test("compiled DQN updates stay as near to cpu's as wasm's do", async () => {
  const cases: Record<string, Partial<DqnSettings>> = {
    plain: {},
    "double, duelling": { doubleQ: true, dueling: true },
    "prioritised, three steps": { prioritizedReplay: true, nSteps: 3 },
    "soft target": { tau: 0.01, targetUpdateInterval: 1 },
  };
  for (const [what, settings] of Object.entries(cases)) {
    await checkDevices(what, dqn("CartPole-v1", settings), UPDATES + 50);
  }
});

function ppo(id: string, settings: Partial<PpoSettings>): () => Trainer {
  return () =>
    createPpo(makeVectorEnvironment({ id, options: {} }, 4), {
      seed: 3,
      totalTimesteps: 1280,
      settings: {
        nSteps: 64,
        batchSize: 32,
        nEpochs: 5,
        netArch: [24],
        ...settings,
      },
    });
}

Deno.test("compiled PPO updates stay as near to cpu's as wasm's do", async () => {
  // 4 x 64 steps are 8 minibatches, 5 times: 40 updates a rollout, 200 in all.
  const cases: [string, Partial<PpoSettings>][] = [
    ["CartPole-v1", { entCoef: 0.01 }],
    ["Pendulum-v1", { clipRangeVf: 0.2, activation: "relu" }],
  ];
  for (const [id, settings] of cases) {
    await checkDevices(id, ppo(id, settings), 1280);
  }
});

function ddpg(agent: DdpgName, settings: Partial<DdpgSettings>): () => Trainer {
  return () =>
    createDdpg(makeVectorEnvironment({ id: "Pendulum-v1", options: {} }, 1), {
      agent,
      seed: 3,
      totalTimesteps: UPDATES + 50,
      settings: {
        learningStarts: 50,
        batchSize: 32,
        netArch: [32, 24],
        // So much that every action is a bound, so that all learn from the
        // same.
        actionNoise: 1e9,
        finalActionNoise: 1e9,
        ...settings,
      },
    });
}

Deno.test("compiled DDPG and TD3 updates stay as near to cpu's as wasm's do", async () => {
  const cases: [DdpgName, Partial<DdpgSettings>][] = [
    ["ddpg", {}],
    ["td3", { policyDelay: 3 }],
    ["td3", { behaviourCloning: 2.5 }],
  ];
  for (const [agent, settings] of cases) {
    await checkDevices(
      `${agent} ${JSON.stringify(settings)}`,
      ddpg(agent, settings),
      UPDATES + 50,
    );
  }
});
