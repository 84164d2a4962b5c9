/**
 * Deep Q-networks (Mnih et al., "Human-level control through deep
 * reinforcement learning", Nature 2015), with double estimates (van Hasselt
 * et al., 2016), duelling heads (Wang et al., 2016), n-step returns and
 * prioritised replay (Schaul et al., 2016) by option.
 *
 * @module
 */
import { Random } from "../../core/random.ts";
import { type Space, spaceSize } from "../../core/spaces.ts";
import type { NdArray } from "../../core/nd_array.ts";
import type { VectorEnvironment } from "../../envs/environment.ts";
import { vectorBuffers } from "../../envs/vector.ts";
import { createActingNetwork } from "../../learning/acting_network.ts";
import { compile } from "../../learning/compile/compile.ts";
import { huber } from "../../learning/losses.ts";
import { initialParameters, mlp, mlpLayout } from "../../learning/networks.ts";
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
  parameterVariable,
  readArrays,
  unpack,
  vectorOf,
} from "../../learning/parameters.ts";
import { oneHot } from "../../learning/one_hot.ts";
import {
  createPerceptron,
  type Perceptron,
} from "../../learning/perceptron.ts";
import { type Schedule, scheduled } from "../../learning/schedules.ts";
import * as tf from "../../learning/tensorflow.ts";
import { savedParts } from "../_saved_parts.ts";
import { createNStep } from "./n_step.ts";
import { bestAllowed, type Policy } from "../policy.ts";
import { createReplay, createReplayBatch, type Transition } from "../replay.ts";
import {
  createEpisodeRecord,
  type SavedTrainer,
  type Trainer,
} from "../trainer.ts";

/** Settings of DQN; names and defaults are Stable-Baselines3's. */
export interface DqnSettings {
  /** Adam's learning rate. Default 1e-4. */
  learningRate: number;
  /** How the learning rate changes. Default constant. */
  learningRateSchedule: Schedule;
  /** Transitions that are remembered. Default 1,000,000. */
  bufferSize: number;
  /** Steps of random actions before learning begins. Default 100. */
  learningStarts: number;
  /** Transitions an update. Default 32. */
  batchSize: number;
  /** Share of the new weights in the target at each copy. Default 1. */
  tau: number;
  /** Discount factor. Default 0.99. */
  gamma: number;
  /** Steps between updates, over all copies. Default 4. */
  trainFreq: number;
  /** Updates at a time; -1 for as many as steps were taken. Default 1. */
  gradientSteps: number;
  /** Steps between updates of the target network. Default 10,000. */
  targetUpdateInterval: number;
  /** Share of the training over which exploration falls. Default 0.1. */
  explorationFraction: number;
  /** First share of random actions. Default 1. */
  explorationInitialEps: number;
  /** Last share of random actions. Default 0.05. */
  explorationFinalEps: number;
  /** Largest norm of a gradient. Default 10. */
  maxGradNorm: number;
  /** Widths of the hidden layers. Default 64, 64. */
  netArch: readonly number[];
  /** Steps of a return. Default 1. */
  nSteps: number;
  /** The online network chooses the target's action. Default false. */
  doubleQ: boolean;
  /** Separate outputs for the state's value and the advantages. Default false. */
  dueling: boolean;
  /** Draws transitions by their last error. Default false. */
  prioritizedReplay: boolean;
  /** alpha of prioritised replay. Default 0.6. */
  priorityAlpha: number;
  /** First beta of prioritised replay, which rises to 1. Default 0.4. */
  priorityBeta: number;
}

/** Stable-Baselines3's defaults, with its [64, 64] network. */
export const DQN_DEFAULTS: DqnSettings = {
  learningRate: 1e-4,
  learningRateSchedule: "constant",
  bufferSize: 1_000_000,
  learningStarts: 100,
  batchSize: 32,
  tau: 1,
  gamma: 0.99,
  trainFreq: 4,
  gradientSteps: 1,
  targetUpdateInterval: 10_000,
  explorationFraction: 0.1,
  explorationInitialEps: 1,
  explorationFinalEps: 0.05,
  maxGradNorm: 10,
  netArch: [64, 64],
  nSteps: 1,
  doubleQ: false,
  dueling: false,
  prioritizedReplay: false,
  priorityAlpha: 0.6,
  priorityBeta: 0.4,
};

/** What a DQN run needs beside its settings. */
export interface DqnOptions {
  /** Settings that differ from {@linkcode DQN_DEFAULTS}. */
  settings?: Partial<DqnSettings>;
  /** Seeds weights, exploration, replay and environment. */
  seed: number;
  /** Steps over which schedules run. */
  totalTimesteps: number;
}

/** Value that keeps a forbidden action from being the largest. */
const FORBIDDEN = -1e9;

/**
 * The Q-values of a network's outputs: themselves, or with duelling heads
 * value + advantage - mean advantage.
 *
 * @param outputs Shape [rows, actions], or [rows, 1 + actions] with the value
 * in front. Overwritten.
 * @param actions Number of actions.
 * @param rows Number of rows.
 */
function combineHeads(
  outputs: Float32Array,
  actions: number,
  rows: number,
): Float32Array {
  if (outputs.length / rows === actions) return outputs;
  // All Q-values of a row share value and mean: only the advantages compare.
  for (let row = 0; row < rows; row++) {
    const start = row * (actions + 1) + 1;
    outputs.copyWithin(row * actions, start, start + actions);
  }
  return outputs;
}

/**
 * The greedy policy of a Q-network.
 *
 * @param network Its outputs are those of {@linkcode qNetworkSizes}.
 * @param actions Number of actions.
 */
export function createQPolicy(network: Perceptron, actions: number): Policy {
  let outputs = new Float32Array(network.outputs);
  return {
    observationSize: network.inputs,
    actionSize: 1,
    act(observations, masks, chosen) {
      const rows = chosen.length;
      if (outputs.length !== rows * network.outputs) {
        outputs = new Float32Array(rows * network.outputs);
      }
      network.forward(observations, outputs);
      const values = combineHeads(outputs, actions, rows);
      for (let row = 0; row < rows; row++) {
        chosen[row] = bestAllowed(values, masks, {
          index: row,
          length: actions,
        });
      }
    },
  };
}

/**
 * Widths of a Q-network's layers.
 *
 * @param observationSize Values of an observation.
 * @param actions Number of actions.
 * @param settings Hidden widths, and whether there are duelling heads.
 */
export function qNetworkSizes(
  observationSize: number,
  actions: number,
  settings: Pick<DqnSettings, "netArch" | "dueling">,
): number[] {
  return [
    observationSize,
    ...settings.netArch,
    settings.dueling ? 1 + actions : actions,
  ];
}

/**
 * The greedy policy of a saved DQN agent.
 *
 * @param spaces Where observations and actions lie. Throws `TypeError` where
 * actions are not discrete.
 * @param settings Those it was trained with.
 * @param saved Its weights. Throws `TypeError` where an array is missing.
 */
export function dqnPolicy(
  spaces: { observationSpace: Space; actionSpace: Space },
  settings: DqnSettings,
  saved: {
    tensors: Readonly<Record<string, Readonly<Record<string, NdArray>>>>;
  },
): Policy {
  const { actionSpace } = spaces;
  if (actionSpace.kind !== "discrete") {
    throw new TypeError(
      "Cannot load a DQN agent for actions that are not discrete",
    );
  }
  const inputs = spaceSize(spaces.observationSpace);
  const sizes = qNetworkSizes(inputs, actionSpace.n, settings);
  const parameters = vectorOf(
    saved.tensors.weights ?? {},
    mlpLayout("q", sizes),
  );
  const network = createPerceptron(sizes, "relu", { parameters });
  return createQPolicy(network, actionSpace.n);
}

/**
 * A DQN agent that learns in an environment with discrete actions.
 *
 * @param env Stepped by the trainer alone; reset here.
 * @param options Throws `TypeError` for an environment whose actions are not
 * discrete.
 */
export function createDqn(
  env: VectorEnvironment,
  options: DqnOptions,
): Trainer {
  const settings = { ...DQN_DEFAULTS, ...options.settings };
  if (env.actionSpace.kind !== "discrete") {
    throw new TypeError(
      `Cannot train DQN on ${env.id}: expected discrete actions`,
    );
  }
  const actionCount = env.actionSpace.n;
  const observationSize = spaceSize(env.observationSpace);
  const sizes = qNetworkSizes(observationSize, actionCount, settings);
  const layout = mlpLayout("q", sizes);

  // Streams: one for each purpose, so that changing one leaves the others.
  const root = new Random(options.seed);
  const weightStream = root.split();
  const exploration = root.split();
  const replayStream = root.split();
  const environmentSeed = root.integer(0, 2 ** 32 - 1);

  const acting = initialParameters(layout, weightStream);
  const parameters = parameterVariable(acting);
  const target = parameterVariable(acting);
  const optimizer = createAdamState(acting.length);
  let updates = 0;

  const memoryOptions = {
    capacity: Math.min(settings.bufferSize, options.totalTimesteps),
    observationSize,
    actionSize: 1,
    actionCount,
    priorityExponent: settings.prioritizedReplay
      ? settings.priorityAlpha
      : undefined,
  };
  const replay = createReplay(memoryOptions);
  const batch = createReplayBatch(settings.batchSize, memoryOptions);
  const nStep = createNStep(env.count, settings.nSteps, settings);

  const buffers = vectorBuffers(env);
  const previous = new Float32Array(buffers.observations.length);
  const actions = new Int32Array(env.count);
  const episodes = createEpisodeRecord(env.count);
  const parts = savedParts({
    exploration,
    replayStream,
    replay,
    nStep,
    episodes,
    environment: env,
    observations: buffers.observations,
    actionMasks: buffers.actionMasks,
  });
  const network = createActingNetwork(sizes, {
    activation: "relu",
    variable: parameters,
    parameters: acting,
    rows: env.count,
  });
  const policy = createQPolicy(network, actionCount);
  env.reset(buffers, { seed: environmentSeed });
  let timesteps = 0;
  let lastLoss = NaN;
  let lastMeanQ = NaN;

  function qValues(tensors: tf.Tensor[], observations: tf.Tensor): tf.Tensor2D {
    const outputs = mlp(tensors, observations, "relu");
    if (!settings.dueling) return outputs;
    const [value, advantages] = tf.split(outputs, [1, actionCount], 1);
    const centred = tf.sub(advantages, tf.mean(advantages, 1, true));
    return tf.add(value, centred);
  }

  // A pure function of its inputs and the variables, so that it compiles.
  const rows = settings.batchSize;
  const update = compile((inputs) => {
    const tensors = unpack(parameters, layout);
    const allowed = (q: tf.Tensor2D) =>
      tf.add(q, tf.mul(tf.sub(1, inputs.nextMasks), FORBIDDEN));
    const nextTarget = qValues(unpack(target, layout), inputs.nextObservations);
    const nextChooser = settings.doubleQ
      ? allowed(qValues(tensors, inputs.nextObservations))
      : allowed(nextTarget);
    const nextValue = settings.doubleQ
      ? tf.sum(
        tf.mul(
          nextTarget,
          oneHot(tf.argMax(nextChooser, 1), actionCount),
        ),
        1,
      )
      : tf.max(nextChooser, 1);
    const goal = tf.add(inputs.rewards, tf.mul(inputs.discounts, nextValue));
    const chosen = oneHot(inputs.actions, actionCount);
    let errors: tf.Tensor = goal;
    let meanQ: tf.Tensor = goal;
    const { value, grads } = tf.valueAndGrads((...weights: tf.Tensor[]) => {
      const q = tf.sum(
        tf.mul(qValues(weights, inputs.observations), chosen),
        1,
      );
      // Kept, for differentiation frees what it does not return.
      errors = tf.keep(tf.sub(q, goal));
      meanQ = tf.keep(tf.mean(q));
      return tf.mean(tf.mul(inputs.weights, huber(errors))) as tf.Scalar;
    })(tensors);
    const gradient = pack(grads);
    parameters.assign(
      adam(
        parameters,
        clipByNorm(gradient, settings.maxGradNorm),
        { state: optimizer, correction: inputs.correction },
      ) as tf.Tensor1D,
    );
    return { loss: value, meanQ, errors };
  }, {
    inputs: {
      observations: [rows, observationSize],
      actions: [rows],
      rewards: [rows],
      discounts: [rows],
      nextObservations: [rows, observationSize],
      nextMasks: [rows, actionCount],
      weights: [rows],
      correction: [2],
    },
    variables: [parameters, target, optimizer.mean, optimizer.square],
  });

  async function learn(count: number): Promise<void> {
    const { indices, ...sampled } = batch;
    for (let i = 0; i < count; i++) {
      replay.sample(batch, replayStream, {
        importanceExponent: importanceExponent(),
      });
      updates++;
      const { loss, meanQ, errors } = update({
        ...sampled,
        correction: adamCorrection(learningRate(), updates),
      });
      if (settings.prioritizedReplay) {
        replay.updatePriorities(
          indices,
          await errors.data() as Float32Array,
        );
      }
      if (i === count - 1) {
        lastLoss = (await loss.data())[0];
        lastMeanQ = (await meanQ.data())[0];
      }
    }
    await network.refresh();
  }

  function importanceExponent(): number {
    if (!settings.prioritizedReplay) return 0;
    const done = Math.min(1, timesteps / options.totalTimesteps);
    return settings.priorityBeta + (1 - settings.priorityBeta) * done;
  }

  function learningRate(): number {
    return scheduled(settings.learningRate, settings.learningRateSchedule, {
      progress: timesteps / options.totalTimesteps,
    });
  }

  function epsilon(): number {
    const steps = settings.explorationFraction * options.totalTimesteps;
    const done = steps > 0 ? timesteps / steps : 1;
    return settings.explorationInitialEps +
      (settings.explorationFinalEps - settings.explorationInitialEps) *
        Math.min(1, done);
  }

  function chooseActions(): void {
    policy.act(buffers.observations, buffers.actionMasks, actions);
    const share = timesteps < settings.learningStarts ? 1 : epsilon();
    for (let copy = 0; copy < env.count; copy++) {
      if (exploration.uniform() < share) {
        actions[copy] = randomAllowed(copy);
      }
    }
  }

  function randomAllowed(copy: number): number {
    const start = copy * actionCount;
    for (;;) {
      const action = exploration.integer(0, actionCount - 1);
      if (buffers.actionMasks[start + action] === 1) return action;
    }
  }

  function remember(copy: number): void {
    const start = copy * observationSize;
    const end = start + observationSize;
    const over = buffers.terminated[copy] + buffers.truncated[copy] > 0;
    const following = over ? buffers.finalObservations : buffers.observations;
    const followingMasks = over
      ? buffers.finalActionMasks
      : buffers.actionMasks;
    nStep.add(copy, {
      observation: previous.subarray(start, end),
      action: Float32Array.of(actions[copy]),
      reward: buffers.rewards[copy],
      terminated: buffers.terminated[copy] === 1,
      truncated: buffers.truncated[copy] === 1,
      nextObservation: following.subarray(start, end),
      nextMask: followingMasks.subarray(
        copy * actionCount,
        (copy + 1) * actionCount,
      ),
    }, (transition: Transition) => replay.add(transition));
    episodes.add(copy, buffers.rewards[copy], over);
  }

  function step(): void | Promise<void> {
    chooseActions();
    previous.set(buffers.observations);
    env.step(actions, buffers);
    for (let copy = 0; copy < env.count; copy++) remember(copy);
    const before = timesteps;
    timesteps += env.count;
    // Several intervals may end within one step of many copies.
    const ended = (interval: number) =>
      Math.floor(timesteps / interval) - Math.floor(before / interval);
    if (ended(settings.targetUpdateInterval) > 0) updateTarget();
    const { gradientSteps, trainFreq } = settings;
    const count = ended(trainFreq) *
      (gradientSteps < 0 ? trainFreq : gradientSteps);
    if (count > 0 && timesteps > settings.learningStarts && replay.size > 0) {
      return learn(count);
    }
  }

  function updateTarget(): void {
    tf.tidy(() =>
      target.assign(
        settings.tau === 1 ? tf.clone(parameters) : tf.add(
          tf.mul(target, 1 - settings.tau),
          tf.mul(parameters, settings.tau),
        ),
      )
    );
  }

  async function save(): Promise<SavedTrainer> {
    return {
      tensors: {
        weights: await readArrays(parameters, layout),
        target: await readArrays(target, layout),
        optimizer: await readOptimizerState(optimizer, layout),
      },
      state: {
        timesteps,
        updates,
        lastLoss,
        lastMeanQ,
        ...parts.saveState(),
      },
    };
  }

  function load({ tensors, state }: SavedTrainer): Promise<void> {
    assignArrays(parameters, tensors.weights, layout);
    assignArrays(target, tensors.target, layout);
    assignOptimizerState(optimizer, tensors.optimizer, layout);
    timesteps = state.timesteps as number;
    updates = state.updates as number;
    lastLoss = state.lastLoss as number;
    lastMeanQ = state.lastMeanQ as number;
    parts.loadState(state);
    return Promise.resolve(network.refresh());
  }

  return {
    get timesteps() {
      return timesteps;
    },
    stepsPerCall: env.count,
    step,
    statistics: () => ({
      loss: lastLoss,
      meanQ: lastMeanQ,
      epsilon: epsilon(),
      updates,
    }),
    episodes,
    policy,
    save,
    load,
    dispose() {
      update.dispose();
      network.dispose();
      tf.dispose([parameters, target, optimizer.mean, optimizer.square]);
    },
  };
}
