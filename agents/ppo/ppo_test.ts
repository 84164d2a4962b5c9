import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import { multiDiscrete } from "../../core/spaces.ts";
import type { VectorEnvironment } from "../../envs/environment.ts";
import { makeEnvironment, makeVectorEnvironment } from "../../envs/registry.ts";
import { createPerceptron } from "../../learning/perceptron.ts";
import * as tf from "../../learning/tensorflow.ts";
import {
  CUT_VALUES,
  cutEnv,
  identityEnv,
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
import { evaluatePolicy } from "../evaluation.ts";
import { createPpo, PPO_DEFAULTS, ppoPolicy, type PpoSettings } from "./ppo.ts";
import type { SavedTrainer, Trainer } from "../trainer.ts";

/** Learns tiny tasks in a second. */
const QUICK: Partial<PpoSettings> = {
  learningRate: 0.01,
  nSteps: 32,
  batchSize: 64,
  nEpochs: 6,
  gamma: 0.5,
  netArch: [16],
};

/** Each option at least once. */
const VARIANTS: [string, Partial<PpoSettings>][] = [
  ["defaults", {}],
  ["clipRangeVf", { clipRangeVf: 0.5 }],
  ["normalizeObservations", { normalizeObservations: true }],
  ["normalizeRewards", { normalizeRewards: true }],
  ["normalizeAdvantage", { normalizeAdvantage: false }],
  ["all", {
    activation: "relu",
    orthoInit: false,
    entCoef: 0.01,
    clipRangeVf: 0.5,
    normalizeObservations: true,
    normalizeRewards: true,
    learningRateSchedule: "linear",
    clipRangeSchedule: "linear",
  }],
];

function ppo(
  env: VectorEnvironment,
  settings: Partial<PpoSettings> = {},
  run: { seed?: number; totalTimesteps?: number } = {},
): Trainer {
  const { seed = 1, totalTimesteps = 2048 } = run;
  return createPpo(env, {
    seed,
    totalTimesteps,
    settings: { ...QUICK, ...settings },
  });
}

for (const [name, settings] of VARIANTS) {
  Deno.test(`createPpo() learns which action each state wants (${name})`, async () => {
    await useBackend("wasm");
    const trainer = ppo(identityEnv(4), settings, { totalTimesteps: 1280 });
    await trainTo(trainer, 1280);
    assertEquals(greedyActions(trainer, 4, 4), [0, 1, 2, 3]);
    trainer.dispose();
  });

  Deno.test(`createPpo() learns which number each state wants (${name})`, async () => {
    await useBackend("wasm");
    const trainer = ppo(targetEnv(4), { ...settings, logStdInit: -0.7 }, {
      totalTimesteps: 1920,
    });
    await trainTo(trainer, 1920);
    const action = new Float32Array(1);
    for (const [state, target] of [0.5, -0.25].entries()) {
      trainer.policy.act(row(state, 2), new Uint8Array(0), action);
      assertAlmostEquals(action[0], target, 0.12);
    }
    trainer.dispose();
  });
}

/** The networks of a saved trainer on plain arrays. */
function networksOf(
  { tensors }: SavedTrainer,
  { sizes, activation }: {
    sizes: number[];
    activation: PpoSettings["activation"];
  },
) {
  const network = (prefix: string, outputs: number) =>
    createPerceptron([...sizes, outputs], activation, {
      parameters: Float32Array.from(
        Object.entries(tensors.weights).flatMap(([name, { data }]) =>
          name.startsWith(prefix) ? [...data as Float32Array] : []
        ),
      ),
    });
  return { network, logStd: tensors.weights.logStd?.data as Float32Array };
}

Deno.test("createPpo() bootstraps through a cut, from the last observation", async () => {
  await useBackend("wasm");
  for (const settings of [{}, { clipRangeVf: 0.2 }, { gaeLambda: 0.5 }]) {
    const trainer = ppo(cutEnv(4), settings, { totalTimesteps: 1e6 });
    await trainTo(trainer, 2048);
    const { network } = networksOf(await trainer.save(), {
      sizes: [2, 16],
      activation: "tanh",
    });
    const value = new Float32Array(1);
    for (const [state, expected] of CUT_VALUES.entries()) {
      network("value", 1).forward(row(state, 2), value);
      assertAlmostEquals(value[0], expected, 0.06, JSON.stringify(settings));
    }
    trainer.dispose();
  }
});

Deno.test("createPpo() never takes forbidden actions, and learns among the others", async () => {
  await useBackend("wasm");
  // The environment throws when a mask is violated.
  const trainer = ppo(maskedEnv(4), { gamma: 0.9 });
  await trainTo(trainer, 2048);
  const chosen = new Int32Array(2);
  const observations = Float32Array.of(...row(0, 2), ...row(1, 2));
  trainer.policy.act(observations, Uint8Array.of(1, 1, 1, 1, 0, 0), chosen);
  // Ending at once costs least.
  assertEquals([...chosen], [2, 0]);
  trainer.dispose();
});

type Numbers = Record<string, Float32Array>;

/** The losses of one minibatch, written out row by row in 64 bits. */
function directLosses(
  saved: SavedTrainer,
  weights: SavedTrainer,
  settings: PpoSettings & { discrete: boolean; outputs: number },
) {
  const { network, logStd } = networksOf(weights, {
    sizes: [2, ...settings.netArch],
    activation: settings.activation,
  });
  const rollout = saved.state.rollout as unknown as Numbers;
  const rows = rollout.rewards.length;
  const { outputs } = settings;
  const policy = new Float32Array(rows * outputs);
  network("policy", outputs).forward(rollout.observations, policy);
  const values = new Float32Array(rows);
  network("value", 1).forward(rollout.observations, values);
  const mean = (of: (i: number) => number) => {
    let sum = 0;
    for (let i = 0; i < rows; i++) sum += of(i);
    return sum / rows;
  };
  const advantageMean = mean((i) => rollout.advantages[i]);
  const advantageDeviation = Math.sqrt(
    mean((i) => (rollout.advantages[i] - advantageMean) ** 2) * rows /
      (rows - 1),
  );
  const probabilities = (i: number) => {
    const allowed = [...rollout.masks.subarray(i * outputs, (i + 1) * outputs)];
    const raised = allowed.map((one, j) =>
      one ? Math.exp(policy[i * outputs + j]) : 0
    );
    const total = raised.reduce((sum, one) => sum + one, 0);
    return raised.map((one) => one / total);
  };
  const logProbability = (i: number) => {
    if (settings.discrete) {
      return Math.log(probabilities(i)[rollout.actions[i]]);
    }
    const z = (rollout.actions[i] - policy[i]) / Math.exp(logStd[0]);
    return -0.5 * z ** 2 - logStd[0] - 0.5 * Math.log(2 * Math.PI);
  };
  const entropy = settings.discrete
    ? mean((i) =>
      probabilities(i).reduce(
        (sum, p) => p > 0 ? sum - p * Math.log(p) : sum,
        0,
      )
    )
    : 0.5 * Math.log(2 * Math.PI * Math.E) + logStd[0];
  const ratio = (i: number) =>
    Math.exp(logProbability(i) - rollout.logProbabilities[i]);
  const { clipRange, clipRangeVf } = settings;
  const policyLoss = -mean((i) => {
    const advantage = settings.normalizeAdvantage
      ? (rollout.advantages[i] - advantageMean) / (advantageDeviation + 1e-8)
      : rollout.advantages[i];
    const clipped = Math.min(1 + clipRange, Math.max(1 - clipRange, ratio(i)));
    return Math.min(advantage * ratio(i), advantage * clipped);
  });
  const valueLoss = mean((i) => {
    const moved = values[i] - rollout.values[i];
    const limited = clipRangeVf === null
      ? moved
      : Math.min(clipRangeVf, Math.max(-clipRangeVf, moved));
    return (rollout.returns[i] - rollout.values[i] - limited) ** 2;
  });
  return {
    policyLoss,
    valueLoss,
    entropy,
    approximateKl: mean((i) => ratio(i) - 1 - Math.log(ratio(i))),
    loss: policyLoss + settings.vfCoef * valueLoss -
      settings.entCoef * entropy,
    clipped: mean((i) => Math.abs(ratio(i) - 1) > clipRange ? 1 : 0),
    limited: mean((i) =>
      Math.abs(values[i] - rollout.values[i]) > (clipRangeVf ?? Infinity)
        ? 1
        : 0
    ),
  };
}

Deno.test("createPpo() has the losses, entropy and divergence of a direct computation", async () => {
  // The last update's numbers are those of the weights before it, which a
  // second trainer of the same seed with one pass less ends with.
  const cases: Partial<PpoSettings>[] = [
    { entCoef: 0.02 },
    { clipRangeVf: 0.05, vfCoef: 0.7, normalizeAdvantage: false },
    { activation: "relu", orthoInit: false, clipRange: 0.05 },
  ];
  for (const backend of ["wasm", "cpu"] as const) {
    await useBackend(backend);
    for (const env of [cutEnv, maskedEnv, targetEnv]) {
      for (const settings of cases) {
        const all = {
          ...settings,
          learningRate: 0.03,
          nSteps: 16,
          batchSize: 64,
          nEpochs: 4,
        };
        const whole = ppo(env(4), all);
        const less = ppo(env(4), { ...all, nEpochs: 3 });
        await trainTo(whole, 64);
        await trainTo(less, 64);
        const { clipped, limited, ...expected } = directLosses(
          await whole.save(),
          await less.save(),
          {
            ...PPO_DEFAULTS,
            ...QUICK,
            ...all,
            discrete: env !== targetEnv,
            outputs: env === cutEnv ? 2 : env === maskedEnv ? 3 : 1,
          },
        );
        const found = whole.statistics();
        for (const [name, value] of Object.entries(expected)) {
          assertAlmostEquals(found[name], value, 2e-5, `${env.name} ${name}`);
        }
        // The limits were in force, or nothing was shown about them.
        if (settings.clipRangeVf) assertGreater(limited, 0);
        if (settings.clipRange) assertGreater(clipped, 0);
        assertGreater(found.approximateKl, 1e-4);
        whole.dispose();
        less.dispose();
      }
    }
  }
});

Deno.test("createPpo() gives advantages that follow from its rollout", async () => {
  await useBackend("wasm");
  const trainer = ppo(identityEnv(2), { nSteps: 16, batchSize: 32 });
  await trainTo(trainer, 32);
  const { state } = await trainer.save();
  const rollout = state.rollout as unknown as Numbers;
  const { returns, values, advantages } = rollout;
  returns.forEach((value, i) =>
    assertAlmostEquals(value, values[i] + advantages[i], 1e-5)
  );
  const variance = (of: (i: number) => number) => {
    const all = Array.from(returns, (_, i) => of(i));
    const mean = all.reduce((sum, one) => sum + one, 0) / all.length;
    return all.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  };
  assertAlmostEquals(
    trainer.statistics().explainedVariance,
    1 - variance((i) => returns[i] - values[i]) / variance((i) => returns[i]),
    1e-6,
  );
  trainer.dispose();
});

Deno.test("createPpo() limits the norm of its gradient, and shuffles its rows", async () => {
  await useBackend("wasm");
  const trainer = ppo(identityEnv(2), {
    nSteps: 16,
    batchSize: 32,
    nEpochs: 1,
    maxGradNorm: 1e-3,
  });
  await trainTo(trainer, 32);
  const { tensors, state } = await trainer.save();
  // Adam's mean begins with a tenth of the gradient.
  assertAlmostEquals(normOf(tensors), 1e-4, 1e-6);
  const order = [...state.order as Int32Array];
  const rows = Array.from(order, (_, i) => i);
  assertNotEquals(order, rows);
  assertEquals(order.toSorted((a, b) => a - b), rows);
  trainer.dispose();
});

Deno.test("createPpo() takes the statistics of what it saw, each row once", async () => {
  await useBackend("wasm");
  const trainer = ppo(cutEnv(4), { normalizeObservations: true, nSteps: 16 });
  await trainTo(trainer, 256);
  const { tensors, state } = await trainer.save();
  const { count } = state.observationStatistics as { count: number };
  assertAlmostEquals(count, 256, 0.001);
  const { mean, variance } = tensors.normalisation;
  const means = mean.data as Float64Array;
  // The two states take turns: one of the two columns is 1.
  assertAlmostEquals(means[0] + means[1], 1, 1e-6);
  assertAlmostEquals(means[0], 0.5, 0.15);
  (variance.data as Float64Array).forEach((value, i) =>
    assertAlmostEquals(value, means[i] * (1 - means[i]), 1e-4)
  );
  trainer.dispose();
});

Deno.test("createPpo() lowers learning rate and clip range along a line", async () => {
  await useBackend("wasm");
  const settings: Partial<PpoSettings> = { learningRateSchedule: "linear" };
  const trainer = ppo(identityEnv(2), settings, { totalTimesteps: 256 });
  for (const share of [0.25, 0.5, 0.75, 1]) {
    await trainTo(trainer, 256 * share);
    const { learningRate } = trainer.statistics();
    assertAlmostEquals(learningRate, 0.01 * (1 - share), 1e-12);
  }
  trainer.dispose();
});

Deno.test("createPpo() scales rewards by the deviation of the returns", async () => {
  await useBackend("wasm");
  const rewardsOf = async (normalizeRewards: boolean) => {
    const settings = { normalizeRewards, gamma: 0.9, nSteps: 64 };
    const trainer = ppo(identityEnv(1), settings);
    await trainTo(trainer, 60);
    const { state } = await trainer.save();
    trainer.dispose();
    const { rewards } = state.rollout as unknown as Numbers;
    return rewards.subarray(0, 60);
  };
  const raw = await rewardsOf(false);
  const scaled = await rewardsOf(true);
  // Chan's merging of single values, written out: the weight of a prior of
  // variance 1 is 1e-4 rows.
  let [mean, variance, count, running] = [0, 1, 1e-4, 0];
  raw.forEach((reward, i) => {
    running = 0.9 * running + reward;
    const delta = running - mean;
    const total = count + 1;
    mean += delta / total;
    variance = (variance * count + delta ** 2 * count / total) / total;
    count = total;
    const wanted = Math.min(10, reward / Math.sqrt(variance + 1e-8));
    assertAlmostEquals(scaled[i], wanted, 1e-9, `step ${i}`);
    if (i % 10 === 9) running = 0;
  });
});

Deno.test("createPpo() gives the same bytes for the same seed", async () => {
  await useBackend("wasm");
  for (const env of [identityEnv, targetEnv]) {
    await assertSeedDecides(
      (seed) => ppo(env(2), VARIANTS[5][1], { seed }),
      150,
    );
  }
});

Deno.test("createPpo() goes on from a checkpoint as if never stopped", async () => {
  for (const backend of ["wasm", "cpu"] as const) {
    await useBackend(backend);
    for (const env of [maskedEnv, cutEnv, targetEnv]) {
      const create = () => ppo(env(2), VARIANTS[5][1], { totalTimesteps: 300 });
      // In the middle of the second rollout, which 64 steps fill.
      await assertResumes(create, { save: 90, end: 200 });
    }
  }
});

Deno.test("createPpo() refuses a checkpoint of another network", async () => {
  await useBackend("wasm");
  const small = ppo(identityEnv(2));
  const large = ppo(identityEnv(2), { netArch: [32] });
  const saved = await small.save();
  assertThrows(() => large.load(saved), TypeError, '"policy.0.weight"');
  small.dispose();
  large.dispose();
});

Deno.test("createPpo() keeps the number of tensors", async () => {
  await useBackend("wasm");
  for (const env of [identityEnv, targetEnv]) {
    const create = () => ppo(env(2), VARIANTS[5][1]);
    await assertNoTensorLeak(create, { warm: 64, end: 192 });
  }
});

const webgpu = await hasWebgpu();
Deno.test({
  name: `createPpo() learns the same on every device${
    webgpu ? "" : " [skipped: no webgpu adapter]"
  }`,
  ignore: !webgpu,
  // tfjs keeps its GPU device until the process ends.
  sanitizeResources: false,
  sanitizeOps: false,
  async fn() {
    for (const env of [maskedEnv, targetEnv]) {
      const found: number[][] = [];
      for (const backend of ["wasm", "cpu", "webgpu"] as const) {
        await useBackend(backend);
        const trainer = ppo(env(2), { nSteps: 16, batchSize: 16, nEpochs: 2 });
        await trainTo(trainer, 64);
        found.push(weightsOf(await trainer.save()));
        trainer.dispose();
      }
      found[0].forEach((weight, i) => {
        assertAlmostEquals(found[1][i], weight, 1e-3, "cpu");
        assertAlmostEquals(found[2][i], weight, 1e-3, "webgpu");
      });
    }
  },
});

Deno.test("ppoPolicy() acts as the trainer did when it was saved", async () => {
  await useBackend("wasm");
  const settings = { normalizeObservations: true };
  for (const env of [identityEnv(2), targetEnv(2)]) {
    const trainer = ppo(env, settings);
    await trainTo(trainer, 256);
    const saved = await trainer.save();
    const full = { ...PPO_DEFAULTS, ...QUICK, ...settings };
    const policy = ppoPolicy(env, full, saved);
    const size = policy.observationSize;
    const rows = Float32Array.of(...row(0, size), ...row(1, size));
    const masks = new Uint8Array(8).fill(1);
    const of = ({ act }: typeof policy) => {
      const actions = env.actionSpace.kind === "discrete"
        ? new Int32Array(2)
        : new Float32Array(2);
      act(rows, masks, actions);
      return [...actions];
    };
    assertEquals(of(policy), of(trainer.policy));
    const { normalisation: _, ...without } = saved.tensors;
    assertThrows(
      () => ppoPolicy(env, full, { tensors: without }),
      TypeError,
      "without its observation statistics",
    );
    trainer.dispose();
  }
});

Deno.test("createPpo() throws for minibatches that do not divide the rollout", async () => {
  await useBackend("wasm");
  assertThrows(
    () => ppo(identityEnv(2), { nSteps: 10, batchSize: 8 }),
    RangeError,
    "10 x 2 steps into minibatches of 8: expected a divisor of 20",
  );
});

Deno.test("createPpo() throws for actions that are neither discrete nor a box", async () => {
  await useBackend("wasm");
  const before = tf.memory().numTensors;
  const env = { ...identityEnv(2), actionSpace: multiDiscrete([2, 2]) };
  assertThrows(() => ppo(env), TypeError, "multi-discrete");
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("createPpo() learns from minibatches of one row", async () => {
  await useBackend("wasm");
  const trainer = ppo(cutEnv(1), { nSteps: 2, batchSize: 1, nEpochs: 1 });
  await trainTo(trainer, 4);
  assert(weightsOf(await trainer.save()).every(Number.isFinite));
  trainer.dispose();
});

Deno.test("createPpo() balances a pole", async () => {
  await useBackend("wasm");
  const spec = { id: "CartPole-v1", options: {} };
  const totalTimesteps = 12_288;
  const trainer = createPpo(makeVectorEnvironment(spec, 8), {
    seed: 2,
    totalTimesteps,
    settings: {
      learningRate: 2e-3,
      learningRateSchedule: "linear",
      nSteps: 64,
      batchSize: 256,
      nEpochs: 8,
      gamma: 0.98,
      gaeLambda: 0.9,
      netArch: [32, 32],
    },
  });
  await trainTo(trainer, totalTimesteps);
  const { returns } = evaluatePolicy(trainer.policy, makeEnvironment(spec), {
    episodes: 20,
    firstSeed: 100,
  });
  // Random actions earn about 22.
  const mean = returns.reduce((sum, one) => sum + one, 0) / returns.length;
  assertGreater(mean, 150);
  trainer.dispose();
});
