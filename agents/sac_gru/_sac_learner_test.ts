import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Random } from "../../core/random.ts";
import { box, discrete } from "../../core/spaces.ts";
import {
  plainArrays,
  plainLosses,
  type PlainSequence,
  type PlainStep,
} from "./_test_sac.ts";
import { type ActionHeads, createActionHeads } from "./_sac_heads.ts";
import { createSacLearner } from "./_sac_learner.ts";
import { sacColumns } from "./_sac_networks.ts";
import { assertNearEager, useBackend } from "../_test_trainers.ts";
import { fullSacSettings, type SacSettings } from "./sac_settings.ts";

const OBSERVATIONS = 2;
const UNITS = 3;

const SETTINGS: Partial<SacSettings> = {
  batchSize: 2,
  burnIn: 1,
  sequenceLength: 3,
  gruUnits: UNITS,
  encoderArch: [4],
  netArch: [5],
  temperature: 0.4,
  tau: 0.1,
  targetEntropyFraction: 0.7,
};

const DISCRETE = createActionHeads(discrete(3));
const CONTINUOUS = createActionHeads(box(-1, 1, { shape: [1] }));

/** Two sequences: begun anew within, ended, and cut where something else follows. */
function example(heads: ActionHeads, time: number): PlainSequence[] {
  const random = new Random(11);
  const draw = (n: number) => Array.from({ length: n }, () => random.normal());
  const anAction = () => {
    if (heads.criticInputs > 0) return [Math.tanh(random.normal())];
    const chosen = random.integer(0, 2);
    return [0, 1, 2].map((i) => i === chosen ? 1 : 0);
  };
  const allowed = () =>
    heads.maskSize === 0 ? [] : [1, 1, random.integer(0, 1)];
  return [0, 1].map((sequence) => ({
    steps: Array.from({ length: time }, (_, t): PlainStep => ({
      observation: draw(OBSERVATIONS),
      previous: anAction(),
      first: sequence === 0 ? t === 2 : t === 0,
      action: anAction(),
      reward: random.normal(),
      discount: sequence === 0 && t === 1 ? 0 : 0.9,
      nextObservation: draw(OBSERVATIONS),
      mask: allowed(),
      nextMask: allowed(),
      noise: draw(heads.noiseSize),
      nextNoise: draw(heads.noiseSize),
    })),
    states: [0, 1, 2].map(() => draw(UNITS)),
  }));
}

/** The sequences as the learner takes them. */
function batchOf(
  sequences: PlainSequence[],
  { heads, settings }: { heads: ActionHeads; settings: SacSettings },
) {
  const steps = sequences.flatMap(({ steps }) => steps);
  const learned = sequences.flatMap(({ steps }) =>
    steps.slice(settings.burnIn)
  );
  const floats = (read: (step: PlainStep) => number[], from = steps) =>
    Float32Array.from(from.flatMap(read));
  const raw = (action: number[]) =>
    heads.criticInputs > 0 ? action : [action.indexOf(1)];
  return {
    observations: floats((step) => step.observation),
    previousActions: floats((step) => raw(step.previous)),
    continues: floats((step) => [step.first ? 0 : 1]),
    masks: floats((step) => step.mask),
    actions: floats((step) => raw(step.action)),
    rewards: floats((step) => [step.reward]),
    discounts: floats((step) => [step.discount]),
    nextObservations: floats((step) => step.nextObservation),
    nextMasks: floats((step) => step.nextMask),
    noise: floats((step) => step.noise, learned),
    nextNoise: floats((step) => step.nextNoise, learned),
    states: settings.recurrent
      ? Float32Array.from(sequences.flatMap(({ states }) => states.flat()))
      : new Float32Array(0),
  };
}

const CASES: [string, ActionHeads, Partial<SacSettings>][] = [
  ["discrete", DISCRETE, {}],
  ["continuous", CONTINUOUS, {}],
  ["no burn-in, no encoder", DISCRETE, { burnIn: 0, encoderArch: [] }],
  ["discrete, without memory", DISCRETE, { recurrent: false }],
  ["continuous, without memory", CONTINUOUS, { recurrent: false }],
];

Deno.test("createSacLearner() has the losses and gradients of plain numbers", async () => {
  for (const device of ["native", "wasm"] as const) {
    await useBackend(device);
    for (const [what, heads, changes] of CASES) {
      const settings = fullSacSettings({ ...SETTINGS, ...changes });
      const learner = createSacLearner({
        observationSize: OBSERVATIONS,
        heads,
        settings,
        random: new Random(5),
      });
      // Targets that are not the critics: two updates with a large share.
      const sequences = example(
        heads,
        settings.burnIn + settings.sequenceLength,
      );
      const batch = batchOf(sequences, { heads, settings });
      learner.update(batch, 0.02);
      const before = await learner.save();
      const means = plainArrays(before.optimizer);
      const results = learner.update(batch, 0.02);
      const after = await learner.save();

      const weights = plainArrays(before.weights);
      const [logTemperature] = weights.logTemperature.data;
      const agent = {
        weights,
        targets: plainArrays(before.target),
        temperature: Math.exp(logTemperature),
        burnIn: settings.burnIn,
        continuous: heads === CONTINUOUS,
      };
      const expected = plainLosses(agent, sequences);
      const found = (name: keyof typeof results) => results[name].dataSync()[0];
      for (const name of ["loss", "actorLoss", "entropy"] as const) {
        assertAlmostEquals(
          found(name),
          expected[name],
          2e-5,
          `${what} ${name}`,
        );
      }
      assertAlmostEquals(found("temperature"), agent.temperature, 1e-6);

      // The gradient, from Adam's mean: m' = 0.9 m + 0.1 g.
      const gradientOf = (name: string, i: number) =>
        (Number(after.optimizer[`mean.${name}`].data[i]) -
          0.9 * means[`mean.${name}`].data[i]) / 0.1;
      for (const [name, array] of Object.entries(weights)) {
        if (name === "logTemperature") continue;
        const part = name.startsWith("actor") ? "actor" : "critics";
        const loss = part === "actor" ? "actorLoss" : "loss";
        array.data.forEach((value, i) => {
          // Some of each array, for time's sake.
          if ((i + name.length) % 5 > 0) return;
          const at = (by: number) => {
            const data = array.data.with(i, value + by);
            const moved = { ...weights, [name]: { ...array, data } };
            return plainLosses(agent, sequences, { [part]: moved })[loss];
          };
          const slope = (at(1e-5) - at(-1e-5)) / 2e-5;
          assertAlmostEquals(
            gradientOf(name, i),
            slope,
            1e-4 * Math.max(1, Math.abs(slope)),
            `${device}, ${what}: ${name} ${i}`,
          );
        });
      }
      assertAlmostEquals(
        gradientOf("logTemperature", 0),
        expected.entropy - found("targetEntropy"),
        1e-4,
      );
      for (const [name, { data }] of Object.entries(after.target)) {
        data.forEach((value, i) => {
          const old = Number(before.target[name].data[i]);
          const critic = Number(after.weights[name].data[i]);
          assertAlmostEquals(Number(value), 0.9 * old + 0.1 * critic, 1e-6);
        });
      }
      learner.dispose();
    }
  }
});

Deno.test("compiled SAC updates stay as near to cpu's as wasm's do", async () => {
  const cases: [string, ActionHeads, Partial<SacSettings>][] = [
    ["discrete", DISCRETE, { sequenceLength: 2, encoderArch: [] }],
    ["continuous, without memory", CONTINUOUS, { recurrent: false }],
  ];
  for (const [what, heads, changes] of cases) {
    const settings = fullSacSettings({ ...SETTINGS, ...changes });
    const time = settings.burnIn + settings.sequenceLength;
    const batch = batchOf(example(heads, time), { heads, settings });
    await assertNearEager(what, async () => {
      const learner = createSacLearner({
        observationSize: OBSERVATIONS,
        heads,
        settings,
        random: new Random(5),
      });
      for (let i = 0; i < 200; i++) learner.update(batch, 1e-3);
      const { weights } = await learner.save();
      learner.dispose();
      return Object.values(weights).flatMap(({ data }) =>
        [...data].map(Number)
      );
    });
  }
});

Deno.test("createSacLearner() moves the temperature towards its entropy", async () => {
  await useBackend("native");
  // With a learning rate of zero for all else, the entropy stays above or
  // below its aim; the temperature falls or rises.
  for (const [fraction, sign] of [[0.05, -1], [0.999, 1]]) {
    const settings = fullSacSettings({
      ...SETTINGS,
      targetEntropyFraction: fraction,
    });
    const learner = createSacLearner({
      observationSize: OBSERVATIONS,
      heads: DISCRETE,
      settings,
      random: new Random(5),
    });
    const batch = batchOf(example(DISCRETE, 4), { heads: DISCRETE, settings });
    const temperatures = [1, 2, 3, 4].map(() =>
      learner.update(batch, 1e-3).temperature.dataSync()[0]
    );
    for (let i = 1; i < 4; i++) {
      assertEquals(Math.sign(temperatures[i] - temperatures[i - 1]), sign);
    }
    learner.dispose();
    const fixed = createSacLearner({
      observationSize: OBSERVATIONS,
      heads: DISCRETE,
      settings: { ...settings, tuneTemperature: false },
      random: new Random(5),
    });
    fixed.update(batch, 1e-3);
    assertAlmostEquals(
      fixed.update(batch, 1e-3).temperature.dataSync()[0],
      0.4,
      1e-6,
    );
    fixed.dispose();
  }
});

Deno.test("createSacLearner() loads what it saved, and nothing else", async () => {
  await useBackend("native");
  const settings = fullSacSettings(SETTINGS);
  const make = (changes: Partial<SacSettings> = {}) =>
    createSacLearner({
      observationSize: OBSERVATIONS,
      heads: DISCRETE,
      settings: { ...settings, ...changes },
      random: new Random(9),
    });
  const learner = make();
  const batch = batchOf(example(DISCRETE, 4), { heads: DISCRETE, settings });
  learner.update(batch, 1e-2);
  const saved = await learner.save();
  const other = make();
  other.load(saved);
  assertEquals(await other.save(), saved);
  const larger = make({ gruUnits: 4 });
  assertThrows(() => larger.load(saved), TypeError, "critic1");
  assertThrows(() => larger.load({}), TypeError, "found none");
  for (const each of [learner, other, larger]) each.dispose();
});

Deno.test("sacColumns() counts floats of a step", () => {
  assertEquals(sacColumns(2, DISCRETE), {
    observations: 2,
    previousActions: 1,
    continues: 1,
    masks: 3,
    actions: 1,
    rewards: 1,
    discounts: 1,
    nextObservations: 2,
    nextMasks: 3,
  });
});
