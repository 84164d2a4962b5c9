import {
  assert,
  assertEquals,
  assertNotEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { type Archive, decodeArchive, encodeArchive } from "../core/archive.ts";
import { writeArchive } from "../core/archive.ts";
import { describeSpace, type SpaceValue } from "../core/spaces.ts";
import type { JsonRecord } from "../core/state_json.ts";
import { makeEnvironment, makeVectorEnvironment } from "../envs/registry.ts";
import { trainTo, useBackend } from "./_test_trainers.ts";
import { identityDiscretiser } from "./q_learning/discretisers.ts";
import { createDqn, DQN_DEFAULTS } from "./dqn/dqn.ts";
import { evaluatePolicy } from "./evaluation.ts";
import { AGENT_NAMES, agentOf, loadAgent } from "./model.ts";
import { createPpo, PPO_DEFAULTS } from "./ppo/ppo.ts";
import { createQLearner } from "./q_learning/q_learning.ts";
import { tabularWorld } from "./q_learning/tabular_world.ts";
import type { Trainer } from "./trainer.ts";

type Content = { config: JsonRecord; tensors: Archive["tensors"] };

function configOf(agent: string, id: string, settings: unknown): JsonRecord {
  const env = makeEnvironment({ id, options: {} });
  return {
    agent,
    name: `${agent}-test`,
    environment: { id, options: {} },
    observationSpace: describeSpace(env.observationSpace),
    actionSpace: describeSpace(env.actionSpace),
    settings: settings as JsonRecord,
    timesteps: 100,
    seed: 7,
    device: "wasm",
  };
}

const TINY = { netArch: [8, 8], batchSize: 16, learningRate: 0.01 };

async function trained(
  agent: "dqn" | "ppo",
  id: string,
  extra: JsonRecord,
): Promise<{ trainer: Trainer; content: Content }> {
  await useBackend("wasm");
  const env = makeVectorEnvironment({ id, options: {} }, 2);
  const run = { seed: 7, totalTimesteps: 200 };
  const settings = agent === "dqn"
    ? { ...DQN_DEFAULTS, ...TINY, learningStarts: 20, ...extra }
    : { ...PPO_DEFAULTS, ...TINY, nSteps: 16, nEpochs: 2, ...extra };
  const trainer = agent === "dqn"
    ? createDqn(env, { ...run, settings })
    : createPpo(env, { ...run, settings: settings as typeof PPO_DEFAULTS });
  await trainTo(trainer, 128);
  const { tensors } = await trainer.save();
  return {
    trainer,
    content: { config: configOf(agent, id, settings), tensors },
  };
}

function roundTrip(content: Content): Archive {
  return decodeArchive(encodeArchive(content), { name: "model.zip" });
}

/** Observations met by a random walk. */
function observationsOf(id: string): SpaceValue[] {
  const env = makeEnvironment({ id, options: {} });
  const seen = [env.reset({ seed: 3 }).observation];
  for (let i = 0; i < 8; i++) {
    const action = env.actionSpace.kind === "discrete"
      ? i % env.actionSpace.n
      : Float32Array.of((i % 3) - 1);
    seen.push(env.step(action).observation);
  }
  return seen;
}

const CASES = [
  ["dqn", "CartPole-v1", {}],
  ["dqn", "Acrobot-v1", { dueling: true }],
  ["ppo", "CartPole-v1", { normalizeObservations: true }],
  ["ppo", "Pendulum-v1", { activation: "relu" }],
] as const;

for (const [agent, id, extra] of CASES) {
  Deno.test(`agentOf() acts as the trainer did (${agent}, ${id})`, async () => {
    const { trainer, content } = await trained(agent, id, extra);
    const loaded = agentOf(roundTrip(content));
    assertEquals(loaded.config.name, `${agent}-test`);
    assertEquals(loaded.config.timesteps, 100);
    assertEquals(loaded.archive.config, content.config);
    const env = loaded.makeEnvironment();
    assertEquals(env.id, id);
    const masks = new Uint8Array(3).fill(1);
    for (const observation of observationsOf(id)) {
      const expected = env.actionSpace.kind === "discrete"
        ? new Int32Array(1)
        : new Float32Array(1);
      trainer.policy.act(observation as Float32Array, masks, expected);
      const action = loaded.act(observation);
      assertEquals(
        action,
        env.actionSpace.kind === "discrete" ? expected[0] : expected,
      );
    }
    const options = { episodes: 2, firstSeed: 9, maximumSteps: 60 };
    assertEquals(
      evaluatePolicy(loaded.policy, env, options),
      evaluatePolicy(trainer.policy, env, options),
    );
    trainer.dispose();
  });
}

/** A table for the cliff, after ten episodes. */
function tableContent(): Content {
  const spec = { id: "CliffWalking-v1", options: {} };
  const world = tabularWorld(makeVectorEnvironment(spec, 1), {
    states: identityDiscretiser(48),
    seed: 1,
  });
  const learner = createQLearner(world, { seed: 1 });
  for (let i = 0; i < 10; i++) learner.runEpisode();
  return {
    config: configOf("qlearning", spec.id, { states: "identity" }),
    tensors: {
      weights: {
        table: { shape: [48, 4], data: learner.table },
        visits: { shape: [48], data: learner.visits },
      },
    },
  };
}

Deno.test("agentOf() acts by a table", () => {
  const content = tableContent();
  const table = content.tensors.weights.table.data as Float64Array;
  const loaded = agentOf(roundTrip(content));
  for (const state of [36, 24, 30]) {
    const row = [...table.subarray(4 * state, 4 * state + 4)];
    assertEquals(loaded.act(state), row.indexOf(Math.max(...row)));
  }
});

Deno.test("agentOf() gives continuous actions that are safe to keep", async () => {
  const { trainer, content } = await trained("ppo", "Pendulum-v1", {});
  const { act } = agentOf(roundTrip(content));
  const [first, second] = observationsOf("Pendulum-v1").map((seen) =>
    act(seen) as Float32Array
  );
  assert(first !== second);
  assertNotEquals(first, second);
  trainer.dispose();
});

Deno.test("agentOf() obeys the mask that it is told", async () => {
  const { trainer, content } = await trained("dqn", "CartPole-v1", {});
  const { act } = agentOf(roundTrip(content));
  const [seen] = observationsOf("CartPole-v1");
  assertEquals(act(seen, { actionMask: Uint8Array.of(1, 0) }), 0);
  assertEquals(act(seen, { actionMask: Uint8Array.of(0, 1) }), 1);
  trainer.dispose();
});

Deno.test("agentOf() takes defaults for settings that older models lack", async () => {
  const { trainer, content } = await trained("dqn", "CartPole-v1", {});
  const { netArch } = TINY;
  const archive = roundTrip({
    ...content,
    config: { ...content.config, settings: { netArch } },
  });
  const [seen] = observationsOf("CartPole-v1");
  assertEquals(
    agentOf(archive).act(seen),
    agentOf(roundTrip(content)).act(seen),
  );
  trainer.dispose();
});

Deno.test("agentOf() throws for observations that do not fit", async () => {
  const { trainer, content } = await trained("dqn", "CartPole-v1", {});
  const { act } = agentOf(roundTrip(content));
  for (const wrong of [3, Float32Array.of(1, 2), Int32Array.of(0, 0, 0, 0)]) {
    assertThrows(
      () => act(wrong),
      TypeError,
      "expected a member of Box(4)",
    );
  }
  trainer.dispose();
});

Deno.test("agentOf() refuses what is no model, or one of another version", async () => {
  const { trainer, content } = await trained("dqn", "CartPole-v1", {});
  trainer.dispose();
  const { config, tensors } = content;
  const settings = config.settings as JsonRecord;
  const table = tableContent();
  const broken: [Content, new () => Error, string][] = [
    [{ config: {}, tensors }, SyntaxError, "names no agent, expected one of"],
    [
      { config: { model: "koopman", features: ["q", "l"] }, tensors },
      SyntaxError,
      "Cannot act with a Koopman model of q, l, which foretells a queue and takes no actions: the tasks mixing-time-learned,",
    ],
    [
      { config: { arenaAgent: "Weber2018", parameters: {} }, tensors },
      SyntaxError,
      "the agent Weber2018 of an arena, which walks at random and has no policy: Weber2018.load() reads it",
    ],
    [
      { config: { model: "koopman-training" }, tensors },
      SyntaxError,
      "learn-koopman goes on from it with --resume",
    ],
    [
      {
        config: { simulationId: "mine", agentClass: { name: "Own" } },
        tensors,
      },
      SyntaxError,
      'the agent of the simulation "mine"',
    ],
    [
      { config: { ...config, agent: "sac" }, tensors },
      SyntaxError,
      `names the agent "sac", expected one of ${AGENT_NAMES.join(", ")}`,
    ],
    [
      { config: { ...config, environment: "CartPole-v1" }, tensors },
      SyntaxError,
      "environment and settings",
    ],
    [
      { config: { ...config, environment: { id: "CartPole-v1" } }, tensors },
      SyntaxError,
      "environment and settings",
    ],
    [
      { config: { ...config, settings: null }, tensors },
      SyntaxError,
      "environment and settings",
    ],
    [
      { config: { ...config, settings: [] }, tensors },
      SyntaxError,
      "environment and settings",
    ],
    [
      {
        config: { ...config, environment: { id: "CartPole-v9", options: {} } },
        tensors,
      },
      RangeError,
      'environment "CartPole-v9"',
    ],
    [
      {
        config: { ...config, environment: { id: "Acrobot-v1", options: {} } },
        tensors,
      },
      TypeError,
      "Cannot use a model made for Box(4) in Acrobot-v1, whose observationSpace is Box(6): train it anew",
    ],
    [
      { config: { ...config, actionSpace: "Discrete(5)" }, tensors },
      TypeError,
      "whose actionSpace is Discrete(2)",
    ],
    [{ config, tensors: {} }, TypeError, '"q.0.weight": found none'],
    [
      {
        config: { ...config, settings: { ...settings, netArch: [8] } },
        tensors,
      },
      TypeError,
      '"q.1.weight": found shape [8,8]',
    ],
    [
      {
        config: { ...config, settings: { ...settings, netArch: ["8"] } },
        tensors,
      },
      RangeError,
      "Cannot lay out a network",
    ],
    [
      {
        config: { ...config, settings: { ...settings, netArch: [1e18] } },
        tensors,
      },
      RangeError,
      "which do not fit into memory: its settings are {",
    ],
    [
      {
        config: { ...config, settings: { ...settings, netArch: 64 } },
        tensors,
      },
      SyntaxError,
      "environment and settings",
    ],
    [
      { config: { ...config, agent: "ppo" }, tensors },
      TypeError,
      '"policy.0.weight": found none',
    ],
    [
      { config: table.config, tensors },
      TypeError,
      "Cannot load a table of shape []",
    ],
    [
      {
        config: table.config,
        tensors: {
          weights: {
            ...table.tensors.weights,
            table: { shape: [64, 3], data: new Float64Array(192) },
          },
        },
      },
      TypeError,
      "shape [64,3]: expected values of Discrete(4) and visits in 48 states",
    ],
    [
      {
        ...table,
        config: { ...table.config, settings: { states: "nothing" } },
      },
      RangeError,
      'Cannot make states of "nothing"',
    ],
  ];
  for (const [wrong, ErrorClass, message] of broken) {
    assertThrows(() => agentOf(roundTrip(wrong)), ErrorClass, message);
  }
});

Deno.test("loadAgent() reads a file and names it when it cannot", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const content = tableContent();
    const good = `${folder}/table.zip`;
    await writeArchive(good, content);
    assertEquals((await loadAgent(good)).config.agent, "qlearning");

    const bad = `${folder}/bad.zip`;
    await writeArchive(bad, { ...content, config: { agent: "none" } });
    const refused = await assertRejects(() => loadAgent(bad), SyntaxError);
    assertStringIncludes(refused.message, bad);

    const foreign = `${folder}/foreign.zip`;
    await Deno.writeTextFile(foreign, "not a zip at all");
    const unread = await assertRejects(() => loadAgent(foreign), SyntaxError);
    assertStringIncludes(unread.message, foreign);

    const missing = await assertRejects(() => loadAgent(`${folder}/no.zip`));
    assertStringIncludes((missing as Error).message, "no.zip");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
