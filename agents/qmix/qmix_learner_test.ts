import {
  assertAlmostEquals,
  assertEquals,
  assertLess,
  assertNotEquals,
} from "@std/assert";
import { Random } from "../../core/random.ts";
import { box, discrete } from "../../core/spaces.ts";
import {
  createQmixLearner,
  type QmixLearner,
  qmixStreams,
  type TeamMoment,
} from "./qmix_learner.ts";
import { type QmixSettings, qmixSettings } from "./qmix_settings.ts";
import { teamOf } from "../team.ts";
import { useBackend } from "../_test_trainers.ts";

const TEAM = teamOf({
  id: "Test",
  observationSpaces: [0, 1].map(() => box(-9, 9, { shape: [2] })),
  actionSpaces: [0, 1].map(() => discrete(4)),
  stateSpace: box(-9, 9, { shape: [1] }),
});

async function create(
  changes: Partial<QmixSettings> = {},
  sequenceLength = 3,
): Promise<QmixLearner> {
  await useBackend("native");
  return createQmixLearner(TEAM, {
    settings: qmixSettings({
      netArch: [4],
      hiddenSize: 3,
      batchSize: 2,
      bufferSize: 4,
      ...changes,
    }),
    sequenceLength,
    totalTimesteps: 1000,
    streams: qmixStreams(1),
  });
}

function moment(time: number, masks?: readonly Uint8Array[]): TeamMoment {
  return {
    observations: [0, 1].map((agent) => Float32Array.of(time, agent)),
    state: Float32Array.of(time),
    actionMasks: masks,
  };
}

/** Steps an episode of some length; returns the actions. */
async function play(
  learner: QmixLearner,
  steps: number,
  over: "terminated" | "truncated" | "none" = "terminated",
): Promise<number[][]> {
  learner.begin(moment(0));
  const actions: number[][] = [];
  for (let t = 1; t <= steps; t++) {
    actions.push([...learner.chooseActions()]);
    await learner.observe({
      reward: t,
      rewards: [t, -t],
      terminated: t === steps && over === "terminated",
      truncated: t === steps && over === "truncated",
      next: moment(t),
    });
  }
  return actions;
}

/** Columns of what is remembered, of all episodes. */
async function remembered(learner: QmixLearner) {
  const { state } = await learner.save();
  const { lengths, arrays } = state.replay as {
    lengths: Int32Array;
    arrays: Record<string, Float32Array>;
  };
  return { lengths: [...lengths], arrays };
}

Deno.test("createQmixLearner() remembers an episode step by step", async () => {
  const learner = await create();
  const actions = await play(learner, 2);
  const { lengths, arrays } = await remembered(learner);
  assertEquals(lengths, [2]);
  assertEquals([...arrays.states], [0, 1, 2]);
  assertEquals([...arrays.actions], actions.flat());
  assertEquals([...arrays.rewards], [1, 2]);
  assertEquals([...arrays.discounts], [Math.fround(0.99), 0]);
  assertEquals([...arrays.memory], new Array(6).fill(0));
  // Observation, last action as zeros and a one, and id.
  const last = (action: number) =>
    [0, 1, 2, 3].map((a) => a === action ? 1 : 0);
  const rows = [0, 1, 2].flatMap((time) =>
    [0, 1].flatMap((agent) => [
      ...[time, agent],
      ...last(time === 0 ? -1 : actions[time - 1][agent]),
      ...last(agent).slice(0, 2),
    ])
  );
  assertEquals([...arrays.inputs], rows);
  learner.dispose();
});

Deno.test("createQmixLearner() bootstraps at a cut, and remembers each agent's rewards without a mixer", async () => {
  const learner = await create({ mixer: "none" });
  await play(learner, 2, "truncated");
  const { arrays } = await remembered(learner);
  assertEquals([...arrays.rewards], [1, -1, 2, -2]);
  assertEquals([...arrays.discounts], [0.99, 0.99].map(Math.fround));
  learner.dispose();
});

Deno.test("createQmixLearner() cuts long episodes into pieces that begin with the agents' memory", async () => {
  const learner = await create();
  const actions = await play(learner, 7, "truncated");
  const { lengths, arrays } = await remembered(learner);
  assertEquals(lengths, [3, 3, 1]);
  assertEquals([...arrays.states], [0, 1, 2, 3, 3, 4, 5, 6, 6, 7]);
  assertEquals([...arrays.actions], actions.flat());
  assertEquals([...arrays.discounts], new Array(7).fill(Math.fround(0.99)));
  const memories = [0, 1, 2].map((i) => [
    ...arrays.memory.subarray(6 * i, 6 * i + 6),
  ]);
  assertEquals(memories[0], new Array(6).fill(0));
  assertNotEquals(memories[1], memories[0]);
  assertNotEquals(memories[2], memories[1]);
  // The first input of a piece is the last of the one before.
  const width = 16;
  const row = (i: number) => [
    ...arrays.inputs.subarray(i * width, (i + 1) * width),
  ];
  assertEquals(row(4), row(3));
  assertEquals(row(8), row(7));
  assertEquals(learner.timesteps, 7);
  learner.dispose();
});

Deno.test("createQmixLearner() draws allowed actions alike while it explores", async () => {
  // 4000 draws of two allowed actions: a share beyond 0.5 +- 0.04 has
  // probability 4e-7. One of the four would have a quarter.
  const learner = await create({ epsilonStart: 1, epsilonFinish: 1 });
  const masks = [Uint8Array.of(0, 1, 0, 1), Uint8Array.of(1, 0, 1, 0)];
  const counts = [0, 1].map(() => new Array(4).fill(0));
  learner.begin(moment(0, masks));
  for (let i = 0; i < 4000; i++) {
    learner.chooseActions().forEach((action, agent) => counts[agent][action]++);
  }
  counts.forEach((of, agent) =>
    of.forEach((count, action) =>
      assertAlmostEquals(count / 4000, masks[agent][action] / 2, 0.04)
    )
  );
  learner.dispose();
});

Deno.test("createQmixLearner() explores as often as epsilon says", async () => {
  // The greedy actions are one pair; others are drawn with probability
  // 0.4 x 3/4 = 0.3. 4000 draws: beyond 0.3 +- 0.036 with probability 7e-7.
  const learner = await create({ epsilonStart: 0.4, epsilonFinish: 0.4 });
  const greedy = new Int32Array(2);
  learner.begin(moment(0));
  learner.policy.act(
    Float32Array.of(0, 0, 0, 1),
    new Uint8Array(8).fill(1),
    greedy,
  );
  let others = 0;
  for (let i = 0; i < 4000; i++) {
    learner.begin(moment(0));
    if (learner.chooseActions()[0] !== greedy[0]) others++;
  }
  assertAlmostEquals(others / 4000, 0.3, 0.036);
  learner.dispose();
});

Deno.test("createQmixLearner() takes others' actions for its own", async () => {
  const learner = await create();
  learner.begin(moment(0));
  learner.chooseActions();
  learner.replaceActions([3, 1]);
  await learner.observe({
    reward: 1,
    rewards: [1, 1],
    terminated: true,
    truncated: false,
    next: moment(1),
  });
  const { arrays } = await remembered(learner);
  assertEquals([...arrays.actions], [3, 1]);
  assertEquals([...arrays.inputs.subarray(16, 24)], [1, 0, 0, 0, 0, 1, 1, 0]);
  learner.dispose();
});

Deno.test("qmixStreams() are unlike one another and follow the seed", () => {
  const draws = (seed: number) => {
    const { weights, exploration, replay, environmentSeed } = qmixStreams(seed);
    return [
      ...[weights, exploration, replay].map((stream) => stream.uniform()),
      environmentSeed,
    ];
  };
  assertEquals(draws(1), draws(1));
  assertNotEquals(draws(1), draws(2));
  assertEquals(new Set(draws(1)).size, 4);
  assertLess(new Random(1).uniform(), 1);
});
