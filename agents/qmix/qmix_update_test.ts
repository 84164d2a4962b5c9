import { assertAlmostEquals, assertEquals, assertGreater } from "@std/assert";
import { Random } from "../../core/random.ts";
import { box, discrete, multiDiscrete } from "../../core/spaces.ts";
import { unpack, vectorOf } from "../../learning/parameters.ts";
import * as tf from "../../learning/tensorflow.ts";
import { createEpisodeBatch, type EpisodeBatch } from "./episode_replay.ts";
import { mix, mixedValues, mixerLayout, MIXERS } from "./mixing.ts";
import {
  mixerShape,
  type QmixSettings,
  qmixSettings,
  utilityShape,
} from "./qmix_settings.ts";
import {
  createQmixUpdate,
  type QmixColumns,
  qmixColumns,
  type QmixUpdate,
} from "./qmix_update.ts";
import { teamOf } from "../team.ts";
import { assertNearEager, useBackend } from "../_test_trainers.ts";
import type { SavedTrainer } from "../trainer.ts";
import { createUtilityNetwork, utilityLayout } from "./utility_network.ts";

/** Two agents with two entries of three and two choices. */
const TEAM = teamOf({
  id: "Test",
  observationSpaces: [0, 1].map(() => box(-9, 9, { shape: [3] })),
  actionSpaces: [0, 1].map(() => multiDiscrete([3, 2])),
  stateSpace: box(-9, 9, { shape: [4] }),
});

const LENGTHS = [1, 3, 4, 2];

const SMALL: Partial<QmixSettings> = {
  netArch: [5],
  hiddenSize: 4,
  mixingEmbedDim: 3,
  hypernetEmbedDim: 5,
  batchSize: LENGTHS.length,
  maxGradNorm: Infinity,
  gamma: 0.9,
};

function settingsOf(changes: Partial<QmixSettings>): QmixSettings {
  return qmixSettings({ ...SMALL, ...changes });
}

function create(settings: QmixSettings, time: number): QmixUpdate {
  return createQmixUpdate(TEAM, {
    settings,
    episodes: {
      capacity: 10,
      time,
      batchSize: LENGTHS.length,
      columns: qmixColumns(TEAM, settings),
    },
    random: new Random(3),
  });
}

/** Random episodes; `behind` fills what lies behind their ends. */
function randomBatch(
  settings: QmixSettings,
  { time, behind = 0 }: { time: number; behind?: number },
): EpisodeBatch<QmixColumns> {
  const columns = qmixColumns(TEAM, settings);
  const batchSize = LENGTHS.length;
  const batch = createEpisodeBatch({ capacity: 1, time, batchSize, columns });
  const random = new Random(5);
  const { arrays } = batch;
  for (const name of ["inputs", "states", "rewards", "actions"] as const) {
    arrays[name].fill(behind);
  }
  arrays.actions.fill(behind === 0 ? 0 : 1);
  LENGTHS.forEach((length, place) => {
    const write = (
      name: keyof QmixColumns,
      rows: number,
      draw: (i: number) => number,
    ) => {
      const { width } = columns[name];
      for (let t = 0; t < rows; t++) {
        for (let i = 0; i < width; i++) {
          arrays[name][(t * batchSize + place) * width + i] = draw(i);
        }
      }
    };
    const normal = () => random.normal();
    write("inputs", length + 1, normal);
    write("states", length + 1, normal);
    write("memory", 1, normal);
    write("rewards", length, normal);
    write("actions", length, () => random.integer(0, 1));
    // The last of three choices is there in every first entry, at times.
    write(
      "masks",
      length + 1,
      (i) => i % 3 < 2 ? 1 : i % 6 === 2 ? random.integer(0, 1) : 0,
    );
    write("discounts", length, () => 0.9);
    if (place % 2 === 0) {
      arrays.discounts[(length - 1) * batchSize + place] = 0;
    }
    for (let t = 0; t < length; t++) batch.filled[t * batchSize + place] = 1;
    batch.ends[(length - 1) * batchSize + place] = 1;
  });
  return batch;
}

type Tensors = SavedTrainer["tensors"]["weights"];

/** Loss of a batch, number by number. */
function expectedLosses(
  { weights, target }: { weights: Tensors; target: Tensors },
  settings: QmixSettings,
  batch: EpisodeBatch<QmixColumns>,
): { loss: number; meanQ: number; meanTarget: number } {
  const shape = utilityShape(TEAM, settings);
  const mixer = mixerShape(TEAM, settings);
  const columns = qmixColumns(TEAM, settings);
  const values = mixedValues(mixer);
  const { entries, actions } = TEAM;
  const each = mixer.utilities;
  const row = (name: keyof QmixColumns, t: number, place: number) => {
    const { width } = columns[name];
    const start = (t * LENGTHS.length + place) * width;
    return batch.arrays[name].slice(start, start + width);
  };
  const networks = [weights, target].map((arrays) =>
    createUtilityNetwork(shape, vectorOf(arrays, utilityLayout(shape)))
  );
  const layout = mixerLayout(mixer);
  const total = (arrays: Tensors, chosen: number[], state: Float32Array) =>
    tf.tidy(() => [
      ...mix(
        layout.length === 0
          ? []
          : unpack(tf.tensor1d(vectorOf(arrays, layout)), layout),
        tf.tensor2d([chosen]),
        { shape: mixer, states: tf.tensor2d([[...state]]) },
      ).dataSync(),
    ]);
  const sums = { loss: 0, meanQ: 0, meanTarget: 0 };
  let count = 0;
  LENGTHS.forEach((length, place) => {
    const memories = networks.map(() => row("memory", 0, place));
    const taken: number[][] = [];
    const ahead: number[][] = [];
    for (let t = 0; t <= length; t++) {
      const [online, later] = networks.map((network, i) => {
        const outputs = new Float32Array(each * actions);
        network.forward(row("inputs", t, place), memories[i], outputs);
        return outputs;
      });
      const masks = row("masks", t, place);
      const judged = settings.doubleQ ? online : later;
      const best = Array.from({ length: each }, (_, u) => {
        let place = -1;
        for (let a = u * actions; a < (u + 1) * actions; a++) {
          if (masks[a] && (place < 0 || judged[a] > judged[place])) place = a;
        }
        return later[place];
      });
      const state = row("states", t, place);
      ahead.push(total(target, best, state));
      if (t === length) break;
      const done = row("actions", t, place);
      taken.push(
        total(weights, [...done].map((a, u) => online[u * actions + a]), state),
      );
    }
    for (let k = 0; k < values; k++) {
      // Without a mixer a value belongs to the agent whose entry it is.
      const own = values === 1 ? 0 : Math.floor(k / entries);
      let goal = ahead[length][k];
      for (let t = length - 1; t >= 0; t--) {
        const lambda = t === length - 1 ? 1 : settings.tdLambda;
        const next = (1 - lambda) * ahead[t + 1][k] + lambda * goal;
        goal = row("rewards", t, place)[own] +
          row("discounts", t, place)[0] * next;
        sums.loss += (taken[t][k] - goal) ** 2;
        sums.meanQ += taken[t][k];
        sums.meanTarget += goal;
        count++;
      }
    }
  });
  return {
    loss: sums.loss / count,
    meanQ: sums.meanQ / count,
    meanTarget: sums.meanTarget / count,
  };
}

const VARIANTS: [string, Partial<QmixSettings>][] = [
  ...MIXERS.map((mixer): [string, Partial<QmixSettings>] => [mixer, { mixer }]),
  ["one step", { tdLambda: 0 }],
  ["single estimates", { doubleQ: false, tdLambda: 0.9 }],
  ["own networks", { shareParameters: false, hypernetEmbedDim: 0 }],
  ["no memory", { recurrent: false }],
];

for (const [name, changes] of VARIANTS) {
  Deno.test(`createQmixUpdate() has the loss that is computed number by number (${name})`, async () => {
    for (const device of ["cpu", "native"] as const) {
      await useBackend(device);
      const settings = settingsOf(changes);
      const update = create(settings, 4);
      const batch = randomBatch(settings, { time: 4 });
      // Apart from its target, so that the two are told apart.
      for (let i = 0; i < 3; i++) update.step(batch, 0.05);
      const { tensors } = await update.save();
      const expected = expectedLosses(
        { weights: tensors.weights, target: tensors.target },
        settings,
        batch,
      );
      update.step(batch, 0.05);
      const found = await update.losses();
      for (const name of ["loss", "meanQ", "meanTarget"] as const) {
        assertAlmostEquals(found[name], expected[name], 2e-5, name);
      }
      update.dispose();
    }
  });
}

/** Parameters after some updates. */
async function trained(
  settings: QmixSettings,
  options: { time: number; behind?: number },
): Promise<Float32Array> {
  const update = create(settings, options.time);
  const batch = randomBatch(settings, options);
  for (let i = 0; i < 3; i++) update.step(batch, 0.01);
  const values = await update.parameters.data() as Float32Array;
  update.dispose();
  return values;
}

Deno.test("compiled QMIX updates stay as near to cpu's as wasm's do", async () => {
  const settings = settingsOf({ maxGradNorm: 1 });
  const batch = randomBatch(settings, { time: 4 });
  await assertNearEager("QMIX", async () => {
    const update = create(settings, 4);
    for (let i = 1; i <= 200; i++) {
      update.step(batch, 1e-3);
      if (i % 50 === 0) update.followTarget();
    }
    const weights = [...await update.parameters.data()];
    update.dispose();
    return weights;
  });
});

Deno.test("createQmixUpdate() learns nothing from what lies behind an end", async () => {
  await useBackend("native");
  for (const mixer of MIXERS) {
    const settings = settingsOf({ mixer });
    const plain = await trained(settings, { time: 4 });
    assertEquals(await trained(settings, { time: 4, behind: 7 }), plain);
    // More rows are added up in another order, so that the last bits change.
    const longer = await trained(settings, { time: 9 });
    longer.forEach((value, i) => assertAlmostEquals(value, plain[i], 1e-5));
  }
});

Deno.test("createQmixUpdate() gives agents with networks of their own nothing to learn from others", async () => {
  await useBackend("native");
  // Independent learners: only the first agent's rewards differ.
  const settings = settingsOf({ mixer: "none", shareParameters: false });
  const found: Record<string, number[]>[] = [];
  for (const extra of [0, 1]) {
    const update = create(settings, 4);
    const batch = randomBatch(settings, { time: 4 });
    for (let i = 0; i < batch.arrays.rewards.length; i += 2) {
      batch.arrays.rewards[i] += extra;
    }
    update.step(batch, 0.01);
    const { tensors } = await update.save();
    found.push(Object.fromEntries(
      Object.entries(tensors.weights).map(([name, { data }]) => [
        name,
        [...data as Float32Array],
      ]),
    ));
    update.dispose();
  }
  let changed = 0;
  for (const [name, values] of Object.entries(found[0])) {
    if (name.startsWith("agent1.")) assertEquals(found[1][name], values, name);
    else if (`${found[1][name]}` !== `${values}`) changed++;
  }
  assertGreater(changed, 10);
});

Deno.test("createQmixUpdate() limits the gradient and follows its target", async () => {
  await useBackend("native");
  for (const [tau, optimizer] of [[1, "adam"], [0.25, "rmsprop"]] as const) {
    const settings = settingsOf({ tau, optimizer, maxGradNorm: 1e-3 });
    const update = create(settings, 4);
    const before = (await update.parameters.data()).slice();
    update.step(randomBatch(settings, { time: 4 }), 0.01);
    assertGreater((await update.losses()).gradientNorm, 1e-2);
    assertEquals(update.updates, 1);
    const after = await update.parameters.data();
    update.followTarget();
    const { tensors } = await update.save();
    const target = Object.values(tensors.target).flatMap(({ data }) => [
      ...data as Float32Array,
    ]);
    target.forEach((value, i) =>
      assertAlmostEquals(value, before[i] + tau * (after[i] - before[i]), 1e-6)
    );
    // The running mean of Adam, and the root of RMSprop's square, keep the
    // gradient's length.
    const kept = Object.entries(tensors.optimizer).flatMap(([name, { data }]) =>
      optimizer === "adam" && !name.startsWith("mean.")
        ? []
        : [...data as Float32Array]
    );
    const length = optimizer === "adam"
      ? Math.hypot(...kept) / 0.1
      : Math.sqrt(kept.reduce((sum, value) => sum + value, 0) / 0.01);
    assertAlmostEquals(length, 1e-3, 1e-5);
    update.dispose();
  }
});

Deno.test("qmixColumns() keep one reward of the team, or one of each agent", () => {
  const simple = teamOf({
    id: "Simple",
    observationSpaces: [0, 1, 2].map(() => box(0, 1, { shape: [2] })),
    actionSpaces: [0, 1, 2].map(() => discrete(4)),
    stateSpace: box(0, 1, { shape: [6] }),
  });
  const widths = (mixer: QmixSettings["mixer"]) =>
    Object.entries(qmixColumns(simple, settingsOf({ mixer }))).map((
      [name, { width }],
    ) => `${name} ${width}`);
  assertEquals(widths("qmix"), [
    "inputs 27",
    "states 6",
    "masks 12",
    "actions 3",
    "rewards 1",
    "discounts 1",
    "memory 12",
  ]);
  assertEquals(widths("none")[4], "rewards 3");
});

Deno.test("createQmixUpdate() takes networks of more weights than a call takes arguments", async () => {
  await useBackend("wasm");
  const update = create(settingsOf({ netArch: [256], hiddenSize: 256 }), 2);
  assertGreater(update.parameters.size, 390_000);
  update.dispose();
});
