import {
  assertEquals,
  assertGreater,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { join } from "@std/path";
import { Random } from "../../core/random.ts";
import { discrete, multiDiscrete } from "../../core/spaces.ts";
import { writeArchive } from "../../core/archive.ts";
import { recall } from "../../envs/reference/recall.ts";
import { loadAgent } from "../model.ts";
import { SacGruAgent, type SacGruAgentOptions } from "./sac_gru_agent.ts";
import { useBackend } from "../_test_trainers.ts";

const SETTINGS: SacGruAgentOptions["settings"] = {
  netArch: [12],
  gruUnits: 8,
  batchSize: 8,
  sequenceLength: 4,
  burnIn: 1,
  learningRate: 5e-3,
  gamma: 0.9,
  learningStarts: 20,
  targetEntropyFraction: 0.3,
};

/** Numbers that a seed gives. */
function drawn(length: number, seed: number): Float32Array {
  const random = new Random(seed);
  return Float32Array.from({ length }, () => random.normal());
}

async function take(agent: SacGruAgent, from: number, to: number) {
  const { obsDim } = agent.options;
  for (let step = from; step < to; step++) {
    const obs = drawn(obsDim, step);
    const action = agent.selectAction(obs);
    assertEquals(agent.selectAction(obs), action, "asked again");
    const next = drawn(obsDim, step + 1);
    await agent.update(obs, action, Math.sin(step), next, step % 7 === 6, {
      truncated: step % 5 === 4,
    });
  }
}

Deno.test("SacGruAgent has the interface of the README's example", async () => {
  await useBackend("native");
  const agent = new SacGruAgent({ obsDim: 20, actionDim: 4 });
  const obs = drawn(20, 1);
  const action = agent.selectAction(obs) as Float32Array;
  assertEquals(action.length, 4);
  assertEquals(action.every((value) => Math.abs(value) <= 1), true);
  await agent.update(obs, action, 1, drawn(20, 2), false);
  const path = join(await Deno.makeTempDir(), "sac_gru.zip");
  await agent.save(path);
  agent.dispose();
  assertEquals((await Deno.stat(path)).isFile, true);
  await Deno.remove(join(path, ".."), { recursive: true });
});

Deno.test("SacGruAgent goes on from what it saved", async () => {
  await useBackend("native");
  const folder = await Deno.makeTempDir();
  const [early, late, other] = ["early", "late", "other"].map((name) =>
    join(folder, `${name}.zip`)
  );
  const spaces = [undefined, discrete(3), multiDiscrete([3, 2])];
  for (const actionSpace of spaces) {
    const whole = new SacGruAgent({
      obsDim: 3,
      actionDim: 2,
      actionSpace,
      seed: 4,
      settings: SETTINGS,
    });
    await take(whole, 0, 40);
    // Between an action and what became of it.
    whole.selectAction(drawn(3, 40));
    await whole.save(early);
    const resumed = await SacGruAgent.load(early);
    assertEquals(resumed.timesteps, 40);
    for (const agent of [whole, resumed]) await take(agent, 40, 60);
    assertGreater(whole.statistics().updates, 30);
    await whole.save(late);
    await resumed.save(other);
    assertEquals(await Deno.readFile(other), await Deno.readFile(late));
    whole.dispose();
    resumed.dispose();
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("SacGruAgent learns to recall, also what another chose", async () => {
  await useBackend("native");
  const length = 3;
  const agent = new SacGruAgent({
    obsDim: 3,
    actionDim: 1,
    actionSpace: discrete(2),
    settings: { ...SETTINGS, batchSize: 16, trainFreq: 3, tau: 0.05 },
  });
  const env = recall({ steps: length });
  const random = new Random(1);
  const play = async (act: (obs: Float32Array) => number, learn: boolean) => {
    let obs = env.reset().observation as Float32Array;
    agent.resetPolicy();
    for (;;) {
      const action = act(obs);
      const step = env.step(action);
      const next = step.observation as Float32Array;
      if (learn) {
        await agent.update(obs, action, step.reward, next, step.terminated);
      }
      if (step.terminated) return step.reward;
      obs = next;
    }
  };
  // Half of its experience are actions of chance.
  for (let episode = 0; episode < 700; episode++) {
    const own = episode % 2 === 0;
    await play(
      (obs) => own ? agent.selectAction(obs) as number : random.integer(0, 1),
      true,
    );
  }
  let right = 0;
  for (let episode = 0; episode < 40; episode++) {
    right += await play((obs) => agent.bestAction(obs) as number, false);
  }
  // 40 fair coins are all heads with probability 9e-13.
  assertEquals(right, 40);
  agent.dispose();
});

Deno.test("loadAgent() acts with the memory of a saved SacGruAgent", async () => {
  await useBackend("native");
  const agent = new SacGruAgent({
    obsDim: 2,
    actionDim: 1,
    settings: SETTINGS,
    environment: { id: "PendulumPosition-v1", options: {} },
  });
  await take(agent, 0, 40);
  const folder = await Deno.makeTempDir();
  const path = join(folder, "model.zip");
  await agent.save(path);
  // The environment's torque goes from -2 to 2; the shape is the same.
  const loaded = await loadAgent(path);
  const angles = [0.1, 0.4, -0.3];
  const episode = () => {
    loaded.reset();
    return angles.map((angle) =>
      (loaded.act(
        Float32Array.of(Math.cos(angle), Math.sin(angle)),
      ) as Float32Array)[0]
    );
  };
  const first = episode();
  assertEquals(episode(), first);
  agent.resetPolicy();
  angles.forEach((angle, i) => {
    const own = agent.bestAction([Math.cos(angle), Math.sin(angle)]);
    const [value] = own as Float32Array;
    assertEquals(Math.abs(2 * value - first[i]) < 1e-4, true);
  });
  agent.dispose();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("SacGruAgent throws for what does not fit", async () => {
  await useBackend("native");
  assertThrows(
    () => new SacGruAgent({ obsDim: 0, actionDim: 1 }),
    RangeError,
    "Cannot make a SAC-GRU agent with obsDim 0",
  );
  assertThrows(
    () =>
      new SacGruAgent({
        obsDim: 1,
        actionDim: 1,
        settings: { learningRateSchedule: "linear" },
      }),
    RangeError,
    'learningRateSchedule "linear", expected constant',
  );
  const agent = new SacGruAgent({
    obsDim: 2,
    actionDim: 1,
    actionSpace: discrete(2),
    settings: SETTINGS,
  });
  assertThrows(
    () => agent.selectAction([1]),
    TypeError,
    "Cannot take 1 values as an observation, expected 2",
  );
  await assertRejects(
    () => agent.update([0, 0], 2, 0, [0, 0], false),
    RangeError,
    "Cannot learn from the action 2, expected one of Discrete(2)",
  );
  await assertRejects(
    () => agent.update([0, 0], 1, 0, [0], false),
    TypeError,
    "Cannot take 1 values",
  );
  agent.dispose();
  const folder = await Deno.makeTempDir();
  const path = join(folder, "foreign.zip");
  await writeArchive(path, { config: { agent: "dqn" } });
  await assertRejects(
    () => SacGruAgent.load(path),
    SyntaxError,
    "expected one that SacGruAgent saved",
  );
  await Deno.remove(folder, { recursive: true });
});
