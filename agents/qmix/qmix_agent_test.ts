import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { Random } from "../../core/random.ts";
import { NON_MONOTONIC_PAYOFFS } from "../../envs/reference/matrix_game.ts";
import { twoStepGame } from "../../envs/reference/two_step_game.ts";
import { loadAgent } from "../model.ts";
import { QmixAgent } from "./qmix_agent.ts";
import type { QmixSettings } from "./qmix_settings.ts";
import { useBackend } from "../_test_trainers.ts";

const QUICK: Partial<QmixSettings> = {
  learningRate: 1e-2,
  bufferSize: 1000,
  targetUpdateInterval: 20,
  epsilonFinish: 1,
  netArch: [16],
  hiddenSize: 16,
  mixingEmbedDim: 8,
  hypernetEmbedDim: 16,
  // Longer returns are those of the actions taken, which here are random.
  tdLambda: 0,
};

async function agentOf(seed = 1): Promise<QmixAgent> {
  await useBackend("native");
  return new QmixAgent({
    numAgents: 2,
    obsDim: 3,
    actionDim: 2,
    maximumSteps: 2,
    seed,
    settings: QUICK,
    environment: { id: "TwoStepGame-v1", options: {} },
  });
}

/** Plays whole episodes of the two-step game as the seed's example does. */
async function train(agent: QmixAgent, episodes: number): Promise<void> {
  const env = twoStepGame();
  for (let episode = 0; episode < episodes; episode++) {
    let { observations: obs } = env.reset();
    for (let done = false; !done;) {
      const actions = agent.selectActions(obs);
      const result = env.step(actions);
      const { observations: nextObs, reward } = result;
      done = result.terminated;
      await agent.update(obs, actions, reward, nextObs, done);
      obs = nextObs;
    }
  }
}

async function inFolder(use: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(join(folder, "qmix.zip"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("QmixAgent solves the two-step game by the seed's interface, and loadAgent() loads it", async () => {
  const agent = await agentOf();
  await train(agent, 700);
  const first = Float32Array.of(1, 0, 0, 1, 0, 0);
  const last = Float32Array.of(0, 0, 1, 0, 0, 1);
  agent.resetPolicy();
  assertEquals(agent.bestActions(first)[0], 1);
  assertEquals([...agent.bestActions(last)], [1, 1]);
  await inFolder(async (path) => {
    await agent.save(path);
    const loaded = await loadAgent(path);
    assertEquals(loaded.config.agent, "qmix");
    loaded.reset();
    assertEquals((loaded.act(first) as Int32Array)[0], 1);
    assertEquals(loaded.act(last), Int32Array.of(1, 1));
    const env = loaded.makeEnvironment();
    env.reset();
    loaded.reset();
    env.step(loaded.act(first));
    assertEquals(env.step(loaded.act(last)).reward, 8);
  });
  agent.dispose();
});

Deno.test("QmixAgent goes on from a file as if it had never been saved", async () => {
  await inFolder(async (path) => {
    const whole = await agentOf();
    await train(whole, 40);
    await whole.save(path);
    const resumed = await QmixAgent.load(path);
    assertEquals(resumed.timesteps, 80);
    for (const agent of [whole, resumed]) await train(agent, 10);
    assertEquals(resumed.statistics(), whole.statistics());
    const files: Uint8Array[] = [];
    for (const agent of [whole, resumed]) {
      await agent.save(path);
      files.push(await Deno.readFile(path));
      agent.dispose();
    }
    assertEquals(files[0], files[1]);
  });
});

Deno.test("QmixAgent goes on from between choosing and learning", async () => {
  await inFolder(async (path) => {
    const whole = await agentOf();
    await train(whole, 40);
    const obs = Float32Array.of(1, 0, 0, 1, 0, 0);
    const actions = whole.selectActions(obs);
    await whole.save(path);
    const resumed = await QmixAgent.load(path);
    assertEquals(resumed.selectActions(obs), actions);
    for (const agent of [whole, resumed]) {
      await agent.update(obs, actions, 1, obs, true);
      await train(agent, 10);
    }
    assertEquals(resumed.statistics(), whole.statistics());
    whole.dispose();
    resumed.dispose();
  });
});

Deno.test("QmixAgent keeps to the masks that it chooses with", async () => {
  await useBackend("native");
  const agent = new QmixAgent({
    numAgents: 2,
    obsDim: 1,
    actionDim: 3,
    settings: QUICK,
  });
  const obs = [[1], [1]];
  for (let step = 0; step < 30; step++) {
    const only = step % 3;
    const mask = Uint8Array.from([0, 1, 2], (i) => Number(i === only));
    const actions = agent.selectActions(obs, { actionMasks: [mask, mask] });
    assertEquals([...actions], [only, only]);
    await agent.update(obs, actions, 0, obs, step % 10 === 9);
  }
  agent.dispose();
});

Deno.test("QmixAgent learns from actions that others took, masks and cuts", async () => {
  await useBackend("native");
  const agent = new QmixAgent({
    numAgents: 2,
    obsDim: 1,
    actionDim: 3,
    stateDim: 2,
    settings: { ...QUICK, mixer: "vdn", gamma: 0 },
  });
  const random = new Random(1);
  const obs = [[1], [1]];
  const state = Float32Array.of(0, 1);
  const masks = [Uint8Array.of(0, 1, 1), Uint8Array.of(1, 1, 0)];
  for (let i = 0; i < 300; i++) {
    const actions = [random.integer(0, 2), random.integer(0, 2)];
    const reward = NON_MONOTONIC_PAYOFFS[actions[0]][actions[1]];
    await agent.update(obs, actions, reward, obs, false, {
      state,
      nextState: state,
      nextActionMasks: masks,
      truncated: true,
    });
  }
  // Sums cannot see the 8: any pair without the first actions is best.
  const best = agent.bestActions(obs);
  assertEquals([...best].includes(0), false);
  const allowed = agent.bestActions(obs, {
    actionMasks: [Uint8Array.of(1, 0, 0), Uint8Array.of(1, 0, 0)],
  });
  assertEquals([...allowed], [0, 0]);
  agent.dispose();
});

Deno.test("QmixAgent takes a reward of each agent without a mixer", async () => {
  await useBackend("native");
  const agent = new QmixAgent({
    numAgents: 2,
    obsDim: 1,
    actionDim: 2,
    maximumSteps: 1,
    settings: { ...QUICK, mixer: "none" },
  });
  const obs = new Float32Array(2).fill(1);
  for (let i = 0; i < 200; i++) {
    const actions = agent.selectActions(obs);
    // One wants its first action, the other its second.
    const rewards = [1 - actions[0], actions[1]];
    await agent.update(obs, actions, rewards, obs, true);
  }
  assertEquals([...agent.bestActions(obs)], [0, 1]);
  agent.dispose();
});

Deno.test("QmixAgent throws for what does not fit", async () => {
  const agent = await agentOf();
  assertThrows(
    () => new QmixAgent({ numAgents: 0, obsDim: 20, actionDim: 4 }),
    RangeError,
    "Cannot make a QMIX agent with numAgents 0",
  );
  assertThrows(
    () => agent.selectActions(new Float32Array(5)),
    TypeError,
    "Cannot take 5 values as observations: expected 2 x 3",
  );
  const obs = new Float32Array(6);
  assertThrows(
    () => agent.selectActions(obs, { state: new Float32Array(2) }),
    TypeError,
    "a state of 2 values: expected 6",
  );
  for (const actions of [[0], [0, 2], [0, -1], [0, 0.5]]) {
    await assertRejects(
      () => agent.update(obs, actions, 1, obs, true),
      RangeError,
      `Cannot learn from the actions ${actions}`,
    );
  }
  for (const rewards of [[1, 2, 3], [1, NaN], Infinity]) {
    await assertRejects(
      () => agent.update(obs, [0, 1], rewards, obs, true),
      TypeError,
      "expected one finite number, or 2",
    );
  }
  // An action has to be left: the agent would look for one for ever.
  const one = Uint8Array.of(1, 0);
  for (
    const actionMasks of [[one], [one, new Uint8Array(2)], [one, one, one]]
  ) {
    const message = "expected 2 of 2 zeros and ones";
    assertThrows(
      () => agent.selectActions(obs, { actionMasks }),
      TypeError,
      message,
    );
    assertThrows(
      () => agent.bestActions(obs, { actionMasks }),
      TypeError,
      message,
    );
    await assertRejects(
      () =>
        agent.update(obs, [0, 1], 1, obs, false, {
          nextActionMasks: actionMasks,
        }),
      TypeError,
      message,
    );
  }
  assertThrows(
    () =>
      new QmixAgent({
        numAgents: 2,
        obsDim: 3,
        actionDim: 2,
        settings: { learningRateSchedule: "linear" },
      }),
    RangeError,
    'learningRateSchedule "linear": expected constant',
  );
  assertEquals(agent.timesteps, 0);
  // What was refused has left no trace.
  const fresh = await agentOf();
  assertEquals(agent.selectActions(obs), fresh.selectActions(obs));
  fresh.dispose();
  await inFolder(async (path) => {
    await Deno.writeTextFile(path, "no archive");
    await assertRejects(() => QmixAgent.load(path), SyntaxError);
  });
  agent.dispose();
});
