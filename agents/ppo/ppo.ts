/**
 * Proximal policy optimisation (Schulman et al., "Proximal Policy
 * Optimization Algorithms", 2017), with discrete or Gaussian actions.
 *
 * @module
 */
import { Random } from "../../core/random.ts";
import type { NdArray } from "../../core/nd_array.ts";
import { type Space, spaceSize } from "../../core/spaces.ts";
import type { VectorEnvironment } from "../../envs/environment.ts";
import { vectorBuffers } from "../../envs/vector.ts";
import { createActingNetwork } from "../../learning/acting_network.ts";
import { compile } from "../../learning/compile/compile.ts";
import type { StepOutput } from "../../learning/compile/specs.ts";
import {
  type Activation,
  initialParameters,
  mlp,
  mlpLayout,
} from "../../learning/networks.ts";
import { oneHot } from "../../learning/one_hot.ts";
import {
  adam,
  adamCorrection,
  assignOptimizerState,
  clipByNorm,
  createAdamState,
  readOptimizerState,
} from "../../learning/optimizers.ts";
import {
  assignArrays,
  pack,
  parameterCount,
  type ParameterLayout,
  parameterVariable,
  readArrays,
  unpack,
  vectorOf,
} from "../../learning/parameters.ts";
import { createPerceptron } from "../../learning/perceptron.ts";
import { type Schedule, scheduled } from "../../learning/schedules.ts";
import * as tf from "../../learning/tensorflow.ts";
import { savedParts } from "../_saved_parts.ts";
import {
  type Actor,
  checkActionSpace,
  createActor,
  createActorPolicy,
} from "./actor.ts";
import {
  createRunningStatistics,
  normaliseRows,
} from "./running_statistics.ts";
import type { Policy } from "../policy.ts";
import {
  createMinibatch,
  createRollout,
  estimateAdvantages,
  fillMinibatch,
} from "./rollout.ts";
import {
  createEpisodeRecord,
  type SavedTrainer,
  type Trainer,
} from "../trainer.ts";

/** Settings of PPO; names and defaults are Stable-Baselines3's. */
export interface PpoSettings {
  /** Adam's learning rate. Default 3e-4. */
  learningRate: number;
  /** How the learning rate changes. Default constant. */
  learningRateSchedule: Schedule;
  /** Steps of each copy of the environment between updates. Default 2048. */
  nSteps: number;
  /** Rows of a minibatch; divides steps x copies. Default 64. */
  batchSize: number;
  /** Passes over each rollout. Default 10. */
  nEpochs: number;
  /** Discount factor. Default 0.99. */
  gamma: number;
  /** lambda of the advantage estimate. Default 0.95. */
  gaeLambda: number;
  /** How far the policy's ratio may move. Default 0.2. */
  clipRange: number;
  /** How the clip range changes. Default constant. */
  clipRangeSchedule: Schedule;
  /** How far the value may move; null for no clipping. Default null. */
  clipRangeVf: number | null;
  /** Whether advantages are scaled in each minibatch. Default true. */
  normalizeAdvantage: boolean;
  /** Weight of the entropy bonus. Default 0. */
  entCoef: number;
  /** Weight of the value's loss. Default 0.5. */
  vfCoef: number;
  /** Largest norm of a gradient. Default 0.5. */
  maxGradNorm: number;
  /** Widths of the hidden layers of policy and value each. Default 64, 64. */
  netArch: readonly number[];
  /** Of the hidden layers. Default tanh. */
  activation: Activation;
  /** Whether weights begin orthogonal. Default true. */
  orthoInit: boolean;
  /** First log standard deviation of Gaussian actions. Default 0. */
  logStdInit: number;
  /** Whether observations are scaled by their running statistics. Default false. */
  normalizeObservations: boolean;
  /** Whether rewards are scaled by their return's deviation. Default false. */
  normalizeRewards: boolean;
}

/** Stable-Baselines3's defaults. */
export const PPO_DEFAULTS: PpoSettings = {
  learningRate: 3e-4,
  learningRateSchedule: "constant",
  nSteps: 2048,
  batchSize: 64,
  nEpochs: 10,
  gamma: 0.99,
  gaeLambda: 0.95,
  clipRange: 0.2,
  clipRangeSchedule: "constant",
  clipRangeVf: null,
  normalizeAdvantage: true,
  entCoef: 0,
  vfCoef: 0.5,
  maxGradNorm: 0.5,
  netArch: [64, 64],
  activation: "tanh",
  orthoInit: true,
  logStdInit: 0,
  normalizeObservations: false,
  normalizeRewards: false,
};

/** What a PPO run needs beside its settings. */
export interface PpoOptions {
  /** Settings that differ from {@linkcode PPO_DEFAULTS}. */
  settings?: Partial<PpoSettings>;
  /** Seeds weights, actions, minibatches and environment. */
  seed: number;
  /** Steps over which schedules run. */
  totalTimesteps: number;
}

/** Adam's epsilon, as PPO's reference code has it. */
const ADAM = { epsilon: 1e-5 };
/** Log-probability that a forbidden action loses. */
const FORBIDDEN = -1e8;
/** Normalised observations and rewards are clipped here. */
export const NORMAL_LIMIT = 10;

/** Widths and arrays of PPO's two networks. */
interface PpoNetworks {
  policySizes: number[];
  valueSizes: number[];
  policyLayout: ParameterLayout;
  valueLayout: ParameterLayout;
  layout: ParameterLayout;
}

function ppoNetworks(
  spaces: { observationSpace: Space; actionSpace: Space },
  settings: Pick<PpoSettings, "netArch">,
): PpoNetworks {
  const { actionSpace } = spaces;
  checkActionSpace(actionSpace);
  const inputs = spaceSize(spaces.observationSpace);
  const discrete = actionSpace.kind === "discrete";
  const actionSize = spaceSize(actionSpace);
  const outputs = discrete ? actionSpace.n : actionSize;
  const policySizes = [inputs, ...settings.netArch, outputs];
  const valueSizes = [inputs, ...settings.netArch, 1];
  const policyLayout = mlpLayout("policy", policySizes);
  const valueLayout = mlpLayout("value", valueSizes);
  const logStd = discrete ? [] : [{ name: "logStd", shape: [actionSize] }];
  const layout = [...policyLayout, ...valueLayout, ...logStd];
  return { policySizes, valueSizes, policyLayout, valueLayout, layout };
}

/**
 * The greedy policy of a saved PPO agent.
 *
 * @param spaces Where observations and actions lie.
 * @param settings Those it was trained with.
 * @param saved Its weights, and the statistics that scale what it sees.
 * Throws `TypeError` where an array is missing.
 */
export function ppoPolicy(
  spaces: { observationSpace: Space; actionSpace: Space },
  settings: PpoSettings,
  saved: {
    tensors: Readonly<Record<string, Readonly<Record<string, NdArray>>>>;
  },
): Policy {
  const { policySizes, policyLayout } = ppoNetworks(spaces, settings);
  const actor = createActor(spaces.actionSpace, {
    network: createPerceptron(policySizes, settings.activation, {
      parameters: vectorOf(saved.tensors.weights ?? {}, policyLayout),
    }),
    logStd: new Float32Array(spaceSize(spaces.actionSpace)),
  });
  if (!settings.normalizeObservations) {
    return createActorPolicy(actor, (from, into) => into.set(from));
  }
  const { mean, variance } = saved.tensors.normalisation ?? {};
  const size = actor.observationSize;
  if (mean?.data.length !== size || variance?.data.length !== size) {
    throw new TypeError(
      `Cannot load a PPO agent without its observation statistics: expected mean and variance of shape [${size}]`,
    );
  }
  const statistics = {
    mean: mean.data as Float64Array,
    variance: variance.data as Float64Array,
  };
  return createActorPolicy(
    actor,
    (from, into) =>
      normaliseRows(from, into, { statistics, clip: NORMAL_LIMIT }),
  );
}

/**
 * A PPO agent that learns in an environment with discrete or box actions.
 *
 * @param env Stepped by the trainer alone; reset here.
 * @param options Throws `RangeError` where the minibatch does not divide the
 * rollout, `TypeError` for actions that are neither discrete nor a box.
 */
export function createPpo(
  env: VectorEnvironment,
  options: PpoOptions,
): Trainer {
  const settings = { ...PPO_DEFAULTS, ...options.settings };
  const rows = settings.nSteps * env.count;
  if (rows % settings.batchSize !== 0) {
    throw new RangeError(
      `Cannot cut a rollout of ${settings.nSteps} x ${env.count} steps into minibatches of ${settings.batchSize}: expected a divisor of ${rows}`,
    );
  }
  const discrete = env.actionSpace.kind === "discrete";
  const observationSize = spaceSize(env.observationSpace);
  const actionSize = spaceSize(env.actionSpace);
  const actionCount = env.actionSpace.kind === "discrete"
    ? env.actionSpace.n
    : 0;
  const { policySizes, valueSizes, policyLayout, valueLayout, layout } =
    ppoNetworks(env, settings);
  const policySize = parameterCount(policyLayout);
  const valueSize = parameterCount(valueLayout);

  const root = new Random(options.seed);
  const weightStream = root.split();
  const actionStream = root.split();
  const shuffleStream = root.split();
  const environmentSeed = root.integer(0, 2 ** 32 - 1);

  const acting = new Float32Array(parameterCount(layout)).fill(
    settings.logStdInit,
  );
  const initialisation = settings.orthoInit ? "orthogonal" : "torch";
  acting.set(initialParameters(policyLayout, weightStream, {
    initialisation,
    outputGain: 0.01,
  }));
  acting.set(
    initialParameters(valueLayout, weightStream, { initialisation }),
    policySize,
  );
  const parameters = parameterVariable(acting);
  const network = (sizes: readonly number[], start: number, end: number) =>
    createActingNetwork(sizes, {
      activation: settings.activation,
      variable: parameters,
      start,
      parameters: acting.subarray(start, end),
      rows: env.count,
    });
  const policyNetwork = network(policySizes, 0, policySize);
  const critic = network(valueSizes, policySize, policySize + valueSize);
  const actor: Actor = createActor(env.actionSpace, {
    network: policyNetwork,
    logStd: acting.subarray(policySize + valueSize),
  });
  const optimizer = createAdamState(acting.length);
  let updates = 0;

  const observationStatistics = createRunningStatistics(observationSize);
  const returnStatistics = createRunningStatistics(1);
  const runningReturns = new Float64Array(env.count);

  const buffers = vectorBuffers(env);
  const widths = { observationSize, actionSize, actionCount };
  const rollout = createRollout({
    steps: settings.nSteps,
    copies: env.count,
    ...widths,
  });
  const minibatch = createMinibatch(settings.batchSize, widths);
  const seen = new Float32Array(buffers.observations.length);
  const finallySeen = new Float32Array(buffers.observations.length);
  const values = new Float32Array(env.count);
  const finalValues = new Float32Array(env.count);
  const chosen = new Float32Array(env.count * actionSize);
  const logProbabilities = new Float32Array(env.count);
  const stepActions = discrete
    ? new Int32Array(env.count)
    : new Float32Array(env.count * actionSize);
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  const episodes = createEpisodeRecord(env.count);
  const parts = savedParts({
    actionStream,
    shuffleStream,
    order,
    observationStatistics,
    returnStatistics,
    runningReturns,
    rollout: savedParts({ ...rollout }),
    episodes,
    environment: env,
    observations: buffers.observations,
    actionMasks: buffers.actionMasks,
  });
  env.reset(buffers, { seed: environmentSeed });
  let timesteps = 0;
  let filledSteps = 0;
  const latest: Record<string, number> = {
    loss: NaN,
    policyLoss: NaN,
    valueLoss: NaN,
    entropy: NaN,
    approximateKl: NaN,
    explainedVariance: NaN,
    learningRate: settings.learningRate,
  };

  const progress = () => Math.min(1, timesteps / options.totalTimesteps);

  /** The observations that the networks see. */
  function look(from: Float32Array, into: Float32Array): void {
    if (!settings.normalizeObservations) {
      into.set(from);
      return;
    }
    normaliseRows(from, into, {
      statistics: observationStatistics,
      clip: NORMAL_LIMIT,
    });
  }

  function step(): void | Promise<void> {
    if (settings.normalizeObservations) {
      observationStatistics.update(buffers.observations);
    }
    look(buffers.observations, seen);
    critic.forward(seen, values);
    actor.sample(seen, buffers.actionMasks, {
      random: actionStream,
      actions: chosen,
      logProbabilities,
    });
    const row = filledSteps * env.count;
    rollout.observations.set(seen, row * observationSize);
    rollout.actions.set(chosen, row * actionSize);
    rollout.logProbabilities.set(logProbabilities, row);
    rollout.values.set(values, row);
    if (discrete) rollout.masks.set(buffers.actionMasks, row * actionCount);
    actor.clip(chosen, stepActions);
    env.step(stepActions, buffers);
    for (let copy = 0; copy < env.count; copy++) {
      const over = buffers.terminated[copy] + buffers.truncated[copy] > 0;
      episodes.add(copy, buffers.rewards[copy], over);
      rollout.ends[row + copy] = over ? 1 : 0;
    }
    rollout.rewards.set(learningRewards(), row);
    timesteps += env.count;
    filledSteps++;
    if (filledSteps === settings.nSteps) return learn();
  }

  /** Rewards as the losses see them; cut episodes carry on by their value. */
  function learningRewards(): Float64Array {
    const rewards = buffers.rewards.slice();
    if (settings.normalizeRewards) {
      for (let copy = 0; copy < env.count; copy++) {
        runningReturns[copy] = runningReturns[copy] * settings.gamma +
          rewards[copy];
      }
      returnStatistics.update(runningReturns);
      const scale = Math.sqrt(returnStatistics.variance[0] + 1e-8);
      for (let copy = 0; copy < env.count; copy++) {
        const scaled = rewards[copy] / scale;
        rewards[copy] = Math.min(NORMAL_LIMIT, Math.max(-NORMAL_LIMIT, scaled));
        if (buffers.terminated[copy] || buffers.truncated[copy]) {
          runningReturns[copy] = 0;
        }
      }
    }
    if (buffers.truncated.includes(1)) {
      look(buffers.finalObservations, finallySeen);
      critic.forward(finallySeen, finalValues);
      for (let copy = 0; copy < env.count; copy++) {
        if (buffers.truncated[copy] && !buffers.terminated[copy]) {
          rewards[copy] += settings.gamma * finalValues[copy];
        }
      }
    }
    return rewards;
  }

  /** Log-probability of each row's action, and the entropy of its policy. */
  function evaluateActions(
    outputs: tf.Tensor2D,
    actions: tf.Tensor2D,
    masks: tf.Tensor2D,
    logStd: tf.Tensor | undefined,
  ): { logProbability: tf.Tensor; entropy: tf.Tensor } {
    if (logStd) {
      const scaled = tf.div(tf.sub(actions, outputs), tf.exp(logStd));
      const constant = 0.5 * Math.log(2 * Math.PI);
      const each = tf.sub(
        tf.mul(tf.square(scaled), -0.5),
        tf.add(logStd, constant),
      );
      return {
        logProbability: tf.sum(each, 1),
        entropy: tf.sum(tf.add(logStd, 0.5 + constant)),
      };
    }
    const logits = tf.add(outputs, tf.mul(tf.sub(1, masks), FORBIDDEN));
    const all = tf.logSoftmax(logits) as tf.Tensor2D;
    const picked = tf.mul(all, oneHot(tf.reshape(actions, [-1]), actionCount));
    const entropy = tf.neg(tf.sum(tf.mul(tf.exp(all), all), 1));
    return { logProbability: tf.sum(picked, 1), entropy: tf.mean(entropy) };
  }

  // A pure function of its inputs and the variables, so that it compiles.
  const { batchSize } = settings;
  const update = compile((inputs) => {
    const tensors = unpack(parameters, layout);
    const advantages = settings.normalizeAdvantage && settings.batchSize > 1
      ? standardise(inputs.advantages)
      : inputs.advantages;
    const kept: Record<string, tf.Tensor> = {};
    const { value: loss, grads } = tf.valueAndGrads((...weights) => {
      const policyWeights = weights.slice(0, policyLayout.length);
      const valueWeights = weights.slice(
        policyLayout.length,
        policyLayout.length + valueLayout.length,
      );
      const { logProbability, entropy } = evaluateActions(
        mlp(policyWeights, inputs.observations, settings.activation),
        inputs.actions,
        inputs.masks,
        discrete ? undefined : weights[weights.length - 1],
      );
      const logRatio = tf.sub(logProbability, inputs.oldLogProbabilities);
      const ratio = tf.exp(logRatio);
      const clipped = tf.minimum(
        tf.maximum(ratio, tf.sub(1, inputs.clipRange)),
        tf.add(1, inputs.clipRange),
      );
      const policyLoss = tf.neg(
        tf.mean(
          tf.minimum(tf.mul(advantages, ratio), tf.mul(advantages, clipped)),
        ),
      );
      const predicted = tf.reshape(
        mlp(valueWeights, inputs.observations, settings.activation),
        [-1],
      );
      const valueLoss = tf.mean(
        tf.square(
          tf.sub(inputs.returns, limitValue(predicted, inputs.oldValues)),
        ),
      );
      kept.policyLoss = tf.keep(policyLoss);
      kept.valueLoss = tf.keep(valueLoss);
      kept.entropy = tf.keep(entropy);
      // Schulman's estimate of the divergence: low variance, never negative.
      kept.approximateKl = tf.keep(
        tf.mean(tf.sub(tf.sub(ratio, 1), logRatio)),
      );
      return tf.sub(
        tf.add(policyLoss, tf.mul(valueLoss, settings.vfCoef)),
        tf.mul(entropy, settings.entCoef),
      ) as tf.Scalar;
    })(tensors);
    const gradient = pack(grads);
    parameters.assign(
      adam(
        parameters,
        clipByNorm(gradient, settings.maxGradNorm),
        { state: optimizer, correction: inputs.correction },
      ) as tf.Tensor1D,
    );
    return { loss, ...kept } as Record<keyof typeof kept | "loss", tf.Tensor>;
  }, {
    inputs: {
      observations: [batchSize, observationSize],
      actions: [batchSize, actionSize],
      masks: [batchSize, actionCount],
      oldLogProbabilities: [batchSize],
      oldValues: [batchSize],
      advantages: [batchSize],
      returns: [batchSize],
      clipRange: [],
      correction: [2],
    },
    variables: [parameters, optimizer.mean, optimizer.square],
  });

  function limitValue(predicted: tf.Tensor, old: tf.Tensor): tf.Tensor {
    const range = settings.clipRangeVf;
    return range === null
      ? predicted
      : tf.add(old, tf.clipByValue(tf.sub(predicted, old), -range, range));
  }

  async function learn(): Promise<void> {
    look(buffers.observations, seen);
    critic.forward(seen, values);
    estimateAdvantages(rollout, values, settings);
    const learningRate = scheduled(
      settings.learningRate,
      settings.learningRateSchedule,
      { progress: progress() },
    );
    const clipRange = scheduled(
      settings.clipRange,
      settings.clipRangeSchedule,
      { progress: progress() },
    );
    for (let epoch = 0; epoch < settings.nEpochs; epoch++) {
      shuffleStream.shuffle(order);
      for (let start = 0; start < rows; start += batchSize) {
        updates++;
        fillMinibatch(minibatch, rollout, order.subarray(start));
        const results = update({
          ...minibatch,
          clipRange,
          correction: adamCorrection(learningRate, updates, ADAM),
        });
        const last = epoch === settings.nEpochs - 1 &&
          start + batchSize === rows;
        if (last) Object.assign(latest, await read(results));
      }
    }
    latest.learningRate = learningRate;
    latest.explainedVariance = explainedVariance(rollout);
    acting.set(await parameters.data() as Float32Array);
    filledSteps = 0;
  }

  /** What the policy needs to see as it was trained to. */
  function normalisationArrays() {
    const { mean, variance } = observationStatistics;
    const shape = [observationSize];
    return {
      mean: { shape, data: mean.slice() },
      variance: { shape, data: variance.slice() },
    };
  }

  async function save(): Promise<SavedTrainer> {
    return {
      tensors: {
        weights: await readArrays(parameters, layout),
        ...(settings.normalizeObservations
          ? { normalisation: normalisationArrays() }
          : {}),
        optimizer: await readOptimizerState(optimizer, layout),
      },
      state: {
        timesteps,
        updates,
        filledSteps,
        latest: { ...latest },
        ...parts.saveState(),
      },
    };
  }

  function load({ tensors, state }: SavedTrainer): Promise<void> {
    assignArrays(parameters, tensors.weights, layout);
    assignOptimizerState(optimizer, tensors.optimizer, layout);
    acting.set(vectorOf(tensors.weights, layout));
    timesteps = state.timesteps as number;
    updates = state.updates as number;
    filledSteps = state.filledSteps as number;
    Object.assign(latest, state.latest);
    parts.loadState(state);
    return Promise.resolve();
  }

  return {
    get timesteps() {
      return timesteps;
    },
    stepsPerCall: env.count,
    step,
    statistics: () => ({ ...latest, updates }),
    episodes,
    policy: createActorPolicy(actor, look),
    save,
    load,
    dispose() {
      for (const each of [update, policyNetwork, critic]) each.dispose();
      tf.dispose([parameters, optimizer.mean, optimizer.square]);
    },
  };
}

/** Values less their mean, over their standard deviation (n - 1). */
function standardise(values: tf.Tensor1D): tf.Tensor1D {
  const centred = tf.sub(values, tf.mean(values));
  const variance = tf.div(tf.sum(tf.square(centred)), values.size - 1);
  return tf.div(centred, tf.add(tf.sqrt(variance), 1e-8));
}

async function read(
  tensors: Record<string, StepOutput>,
): Promise<Record<string, number>> {
  const numbers: Record<string, number> = {};
  for (const [name, tensor] of Object.entries(tensors)) {
    numbers[name] = (await tensor.data())[0];
  }
  return numbers;
}

/** Share of the returns' variance that the values explain. */
function explainedVariance(
  { returns, values }: { returns: Float32Array; values: Float64Array },
): number {
  const variance = (of: (row: number) => number) => {
    let mean = 0;
    for (let row = 0; row < returns.length; row++) mean += of(row);
    mean /= returns.length;
    let sum = 0;
    for (let row = 0; row < returns.length; row++) sum += (of(row) - mean) ** 2;
    return sum;
  };
  const total = variance((row) => returns[row]);
  return total === 0
    ? NaN
    : 1 - variance((row) => returns[row] - values[row]) / total;
}
