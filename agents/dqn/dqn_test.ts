import {
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import type { VectorEnvironment } from "../../envs/environment.ts";
import { createPerceptron } from "../../learning/perceptron.ts";
import {
  chainEnv,
  chainValues,
  CUT_VALUES,
  cutEnv,
  identityEnv,
  MASKED_CUT_VALUE,
  MASKED_VALUE,
  maskedCutEnv,
  maskedEnv,
  targetEnv,
} from "../_test_envs.ts";
import {
  assertNoTensorLeak,
  assertResumes,
  assertSeedDecides,
  greedyActions,
  hasWebgpu,
  normOf,
  row,
  trainTo,
  useBackend,
  weightsOf,
} from "../_test_trainers.ts";
import {
  createDqn,
  DQN_DEFAULTS,
  dqnPolicy,
  type DqnSettings,
  qNetworkSizes,
} from "./dqn.ts";
import type { Trainer } from "../trainer.ts";

/** Learns tiny tasks in a second. */
const QUICK: Partial<DqnSettings> = {
  learningRate: 0.01,
  learningStarts: 50,
  batchSize: 32,
  trainFreq: 2,
  targetUpdateInterval: 20,
  explorationFraction: 1,
  explorationFinalEps: 0.5,
  netArch: [16],
};

/** Each option at least once, and all together. */
const VARIANTS: [string, Partial<DqnSettings>][] = [
  ["defaults", {}],
  ["doubleQ", { doubleQ: true }],
  ["dueling", { dueling: true }],
  ["nSteps", { nSteps: 3 }],
  ["prioritizedReplay", { prioritizedReplay: true }],
  ["tau", { tau: 0.1, targetUpdateInterval: 2 }],
  ["gradientSteps", { gradientSteps: -1, trainFreq: 4 }],
  ["all", {
    doubleQ: true,
    dueling: true,
    nSteps: 3,
    prioritizedReplay: true,
    tau: 0.1,
    targetUpdateInterval: 2,
    gradientSteps: -1,
    trainFreq: 4,
  }],
];

function dqn(
  env: VectorEnvironment,
  settings: Partial<DqnSettings> = {},
  run: { seed?: number; totalTimesteps?: number } = {},
): Trainer {
  const { seed = 1, totalTimesteps = 800 } = run;
  return createDqn(env, {
    seed,
    totalTimesteps,
    settings: { ...QUICK, ...settings },
  });
}

/** Q-values of the states of a tiny environment, by the saved weights. */
async function qTable(
  trainer: Trainer,
  [states, actions]: [number, number],
  settings: Partial<DqnSettings> = {},
  part = "weights",
): Promise<number[][]> {
  const full = { ...DQN_DEFAULTS, ...QUICK, ...settings };
  const { tensors } = await trainer.save();
  const network = createPerceptron(
    qNetworkSizes(states, actions, full),
    "relu",
    {
      parameters: Float32Array.from(
        weightsOf({ tensors: { weights: tensors[part] }, state: {} }),
      ),
    },
  );
  return Array.from({ length: states }, (_, state) => {
    const outputs = new Float32Array(network.outputs);
    network.forward(row(state, states), outputs);
    if (!full.dueling) return [...outputs];
    const [value, ...advantages] = outputs;
    const mean = advantages.reduce((sum, one) => sum + one, 0) / actions;
    return advantages.map((advantage) => value + advantage - mean);
  });
}

for (const [name, settings] of VARIANTS) {
  Deno.test(`createDqn() learns which action each state wants (${name})`, async () => {
    await useBackend("wasm");
    const trainer = dqn(identityEnv(), { ...settings, gamma: 0.5 });
    await trainTo(trainer, 500);
    assertEquals(greedyActions(trainer, 4, 4), [0, 1, 2, 3]);
    trainer.dispose();
  });

  Deno.test(`createDqn() finds the known values of a chain (${name})`, async () => {
    await useBackend("wasm");
    const trainer = dqn(chainEnv(), {
      ...settings,
      gamma: 0.9,
      explorationFinalEps: 1,
    }, { totalTimesteps: 1000 });
    await trainTo(trainer, 1000);
    const values = await qTable(trainer, [2, 2], settings);
    // Sums over random actions vary from memory to memory. The values of one
    // step and those of three differ by 0.13 and more.
    const { nSteps = 1 } = settings;
    const tolerance = nSteps === 1 ? 0.03 : 0.09;
    chainValues(nSteps).forEach((expected, i) =>
      assertAlmostEquals(values.flat()[i], expected, tolerance, `${values}`)
    );
    trainer.dispose();
  });
}

Deno.test("createDqn() bootstraps through a cut, from the last observation", async () => {
  await useBackend("wasm");
  for (const settings of [{}, { nSteps: 3 }, { doubleQ: true }]) {
    const trainer = dqn(cutEnv(), { ...settings, gamma: 0.5 });
    await trainTo(trainer, 800);
    const values = await qTable(trainer, [2, 2], settings);
    for (const [state, expected] of CUT_VALUES.entries()) {
      for (const value of values[state]) {
        assertAlmostEquals(value, expected, 0.05, JSON.stringify(settings));
      }
    }
    trainer.dispose();
  }
});

Deno.test("createDqn() neither takes nor believes in forbidden actions", async () => {
  await useBackend("wasm");
  for (const settings of [{}, { doubleQ: true }, { dueling: true }]) {
    // The environment throws when a mask is violated.
    const trainer = dqn(maskedEnv(3), { ...settings, gamma: 0.5 });
    await trainTo(trainer, 900);
    const values = await qTable(trainer, [2, 3], settings);
    const found = values[1][0];
    assertAlmostEquals(found, MASKED_VALUE, 0.2, JSON.stringify(settings));
    trainer.dispose();
  }
});

Deno.test("createDqn() minds the mask of where an episode was cut", async () => {
  await useBackend("wasm");
  for (const settings of [{}, { doubleQ: true }, { nSteps: 3 }]) {
    const trainer = dqn(maskedCutEnv(3), { ...settings, gamma: 0.5 });
    await trainTo(trainer, 900);
    const values = await qTable(trainer, [2, 3], settings);
    const text = JSON.stringify(settings);
    assertAlmostEquals(values[1][0], MASKED_CUT_VALUE, 0.2, text);
    trainer.dispose();
  }
});

Deno.test("createDqn() has the loss of a direct computation", async () => {
  // A memory of one transition makes every batch that transition.
  const cases: Partial<DqnSettings>[] = [
    {},
    { doubleQ: true },
    { dueling: true, nSteps: 3 },
    { dueling: true, doubleQ: true, prioritizedReplay: true },
  ];
  for (const backend of ["wasm", "cpu"] as const) {
    await useBackend(backend);
    for (const settings of cases) {
      const trainer = dqn(identityEnv(), {
        ...settings,
        bufferSize: 1,
        learningStarts: 0,
        trainFreq: 1,
        targetUpdateInterval: 25,
        learningRate: 0.1,
        gamma: 0.9,
      });
      let disagreements = 0;
      for (let step = 1; step <= 40; step++) {
        const online = await qTable(trainer, [4, 4], settings);
        await trainer.step();
        const target = await qTable(trainer, [4, 4], settings, "target");
        const { columns } = (await trainer.save()).state.replay as unknown as {
          columns: Record<string, Float32Array>;
        };
        if (columns.rewards.length === 0) continue; // waits for n steps
        const next = columns.nextObservations.indexOf(1);
        const largest = (values: number[]) =>
          values.indexOf(Math.max(...values));
        // Copied to in step 25, before its update.
        const chooser = settings.doubleQ ? online[next] : target[next];
        if (largest(online[next]) !== largest(target[next])) disagreements++;
        const q = online[columns.observations.indexOf(1)][columns.actions[0]];
        const goal = columns.rewards[0] +
          columns.discounts[0] * target[next][largest(chooser)];
        const size = Math.abs(q - goal);
        const loss = size < 1 ? size ** 2 / 2 : size - 0.5;
        const found = trainer.statistics();
        assertAlmostEquals(found.loss, loss, 1e-4, JSON.stringify(settings));
        assertAlmostEquals(found.meanQ, q, 1e-4);
      }
      // Or the two ways to choose would have been the same.
      assertGreater(disagreements, 5);
      trainer.dispose();
    }
  }
});

Deno.test("createDqn() leaves the target as it was until its copy is due", async () => {
  for (const backend of ["wasm", "cpu"] as const) {
    await useBackend(backend);
    const trainer = dqn(identityEnv(), {
      learningStarts: 0,
      targetUpdateInterval: 30,
    });
    const read = (part: string) => qTable(trainer, [4, 4], {}, part);
    const first = await read("weights");
    assertEquals(await read("target"), first);
    await trainTo(trainer, 29);
    assertNotEquals(await read("weights"), first);
    assertEquals(await read("target"), first, backend);
    await trainTo(trainer, 30);
    assertNotEquals(await read("target"), first);
    trainer.dispose();
  }
});

Deno.test("createDqn() moves the target by the share tau", async () => {
  await useBackend("wasm");
  const trainer = dqn(identityEnv(), {
    learningStarts: 0,
    targetUpdateInterval: 4,
    trainFreq: 3,
    tau: 0.25,
  });
  await trainTo(trainer, 3);
  const { tensors: before } = await trainer.save();
  await trainTo(trainer, 4);
  const { tensors: after } = await trainer.save();
  assertEquals(after.weights, before.weights);
  for (const [name, { data }] of Object.entries(after.target)) {
    (data as Float32Array).forEach((value, i) => {
      const [online, target] = [before.weights, before.target]
        .map((part) => (part[name].data as Float32Array)[i]);
      assertAlmostEquals(value, 0.25 * online + 0.75 * target, 1e-6);
    });
  }
  trainer.dispose();
});

Deno.test("createDqn() updates as often as steps over all copies ask for", async () => {
  await useBackend("wasm");
  const cases: [number, Partial<DqnSettings>, number][] = [
    [1, { trainFreq: 4 }, 25],
    [1, { trainFreq: 4, gradientSteps: 2 }, 50],
    [1, { trainFreq: 20, gradientSteps: -1 }, 100],
    [4, { trainFreq: 4 }, 25],
    // Two updates fall due within one step of eight copies.
    [8, { trainFreq: 4 }, 26],
    [8, { trainFreq: 4, gradientSteps: -1 }, 104],
    [1, { trainFreq: 4, learningStarts: 60 }, 10],
  ];
  for (const [copies, settings, expected] of cases) {
    const trainer = dqn(identityEnv(copies), {
      learningStarts: 0,
      batchSize: 2,
      ...settings,
    });
    await trainTo(trainer, 100);
    assertEquals(trainer.stepsPerCall, copies);
    assertEquals(trainer.statistics().updates, expected);
    trainer.dispose();
  }
});

Deno.test("createDqn() explores less and less", async () => {
  await useBackend("wasm");
  const settings = {
    explorationInitialEps: 0.8,
    explorationFinalEps: 0.2,
    explorationFraction: 0.5,
    learningStarts: 1000,
  };
  const trainer = dqn(identityEnv(), settings, { totalTimesteps: 400 });
  const found: number[] = [];
  for (const steps of [0, 100, 200, 300]) {
    await trainTo(trainer, steps);
    found.push(trainer.statistics().epsilon);
  }
  [0.8, 0.5, 0.2, 0.2].forEach((expected, i) =>
    assertAlmostEquals(found[i], expected, 1e-12)
  );
  trainer.dispose();
  const atOnce = dqn(identityEnv(), { ...settings, explorationFraction: 0 });
  assertAlmostEquals(atOnce.statistics().epsilon, 0.2, 1e-12);
  atOnce.dispose();
});

Deno.test("createDqn() acts at random before learning starts, then as it may", async () => {
  await useBackend("wasm");
  // 400 actions in four states. Chi-square with 12 degrees of freedom exceeds
  // 52 with probability 1e-6; half of them greedy would give about 300.
  const trainer = dqn(identityEnv(), {
    learningStarts: 400,
    explorationInitialEps: 0,
    explorationFinalEps: 0,
    gamma: 0.5,
    trainFreq: 1,
  });
  await trainTo(trainer, 400);
  assertEquals(trainer.statistics().updates, 0);
  const { state } = await trainer.save();
  const { columns } = state.replay as unknown as {
    columns: Record<string, Float32Array>;
  };
  const counts = Array.from({ length: 4 }, () => [0, 0, 0, 0]);
  columns.actions.forEach((action, i) =>
    counts[columns.observations.subarray(4 * i, 4 * i + 4).indexOf(1)][action]++
  );
  let chiSquare = 0;
  for (const row of counts) {
    const expected = row.reduce((sum, count) => sum + count, 0) / 4;
    for (const count of row) chiSquare += (count - expected) ** 2 / expected;
  }
  assertLess(chiSquare, 52);
  // With no exploration left, all of its last ten episodes are flawless.
  await trainTo(trainer, 800);
  const { kept } = (await trainer.save()).state.episodes as unknown as {
    kept: { returns: number[] };
  };
  assertEquals(kept.returns.slice(-10), new Array(10).fill(10));
  trainer.dispose();
});

Deno.test("createDqn() limits the norm of its gradient", async () => {
  await useBackend("wasm");
  const trainer = dqn(identityEnv(), {
    learningStarts: 0,
    trainFreq: 1,
    maxGradNorm: 1e-3,
  });
  await trainer.step();
  // Adam's mean begins with a tenth of the gradient.
  assertAlmostEquals(normOf((await trainer.save()).tensors), 1e-4, 1e-6);
  trainer.dispose();
});

Deno.test("createDqn() gives the same bytes for the same seed", async () => {
  await useBackend("wasm");
  await assertSeedDecides(
    (seed) => dqn(identityEnv(2), VARIANTS[7][1], { seed }),
    150,
  );
});

Deno.test("createDqn() goes on from a checkpoint as if never stopped", async () => {
  const settings: Partial<DqnSettings> = {
    ...VARIANTS[7][1],
    bufferSize: 90,
  };
  for (const backend of ["wasm", "cpu"] as const) {
    await useBackend(backend);
    // 87 steps: within an episode, three of which wait for their n steps.
    const create = () => dqn(maskedEnv(), settings, { totalTimesteps: 200 });
    await assertResumes(create, { save: 87, end: 190 });
  }
  await useBackend("wasm");
  const create = () => dqn(chainEnv(3), {}, { totalTimesteps: 300 });
  await assertResumes(create, { save: 120, end: 240 });
});

Deno.test("createDqn() refuses a checkpoint of another network", async () => {
  await useBackend("wasm");
  const small = dqn(identityEnv());
  const large = dqn(identityEnv(), { netArch: [32] });
  const saved = await small.save();
  assertThrows(() => large.load(saved), TypeError, '"q.0.weight"');
  assertThrows(
    () => small.load({ ...saved, tensors: {} }),
    TypeError,
    '"q.0.weight": found none',
  );
  small.dispose();
  large.dispose();
});

Deno.test("createDqn() keeps the number of tensors", async () => {
  await useBackend("wasm");
  for (const [, settings] of [VARIANTS[0], VARIANTS[7]]) {
    await assertNoTensorLeak(
      () => dqn(identityEnv(), settings),
      { warm: 60, end: 120 },
    );
  }
});

const webgpu = await hasWebgpu();
Deno.test({
  name: `createDqn() learns the same on every device${
    webgpu ? "" : " [skipped: no webgpu adapter]"
  }`,
  ignore: !webgpu,
  // tfjs keeps its GPU device until the process ends.
  sanitizeResources: false,
  sanitizeOps: false,
  async fn() {
    const found: number[][] = [];
    for (const backend of ["wasm", "cpu", "webgpu"] as const) {
      await useBackend(backend);
      const trainer = dqn(identityEnv(), {
        ...VARIANTS[7][1],
        learningStarts: 20,
      });
      await trainTo(trainer, 40);
      found.push(weightsOf(await trainer.save()));
      trainer.dispose();
    }
    found[0].forEach((weight, i) => {
      assertAlmostEquals(found[1][i], weight, 1e-4, "cpu");
      assertAlmostEquals(found[2][i], weight, 1e-4, "webgpu");
    });
  },
});

Deno.test("dqnPolicy() acts as the trainer did when it was saved", async () => {
  await useBackend("wasm");
  for (const settings of [{}, { dueling: true }]) {
    const env = identityEnv();
    const trainer = dqn(env, { ...settings, gamma: 0.5 });
    await trainTo(trainer, 300);
    const full = { ...DQN_DEFAULTS, ...QUICK, ...settings };
    const policy = dqnPolicy(env, full, await trainer.save());
    assertEquals(
      greedyActions({ policy }, 4, 4),
      greedyActions(trainer, 4, 4),
    );
    // Several rows at once, with masks.
    const chosen = new Int32Array(2);
    const observations = Float32Array.of(...row(1, 4), ...row(2, 4));
    policy.act(observations, Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 1), chosen);
    assertEquals([...chosen], [0, 3]);
    trainer.dispose();
  }
});

Deno.test("dqnPolicy() and createDqn() throw where actions are not discrete", async () => {
  await useBackend("wasm");
  const env = targetEnv();
  assertThrows(
    () => dqn(env),
    TypeError,
    "Cannot train DQN on Target: expected discrete actions",
  );
  assertThrows(
    () => dqnPolicy(env, DQN_DEFAULTS, { tensors: {} }),
    TypeError,
    "not discrete",
  );
  assertThrows(
    () => dqnPolicy(identityEnv(), DQN_DEFAULTS, { tensors: {} }),
    TypeError,
    "found none",
  );
});

Deno.test("createDqn() throws for settings that mean nothing", async () => {
  await useBackend("wasm");
  assertThrows(() => dqn(identityEnv(), { nSteps: 0 }), RangeError, "0 steps");
  assertThrows(() => dqn(identityEnv(), { netArch: [0] }), RangeError, "4-0-4");
  assertThrows(() => dqn(identityEnv(), { bufferSize: 0 }), RangeError);
});
