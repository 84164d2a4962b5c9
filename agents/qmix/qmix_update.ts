/**
 * What QMIX learns from a batch of episodes.
 *
 * @module
 */
import type { Random } from "../../core/random.ts";
import { compile } from "../../learning/compile/compile.ts";
import { oneHot } from "../../learning/one_hot.ts";
import {
  adam,
  adamCorrection,
  assignOptimizerState,
  clipByNorm,
  createAdamState,
  createRmsPropState,
  type OptimizerState,
  polyakAverage,
  readOptimizerState,
  rmsProp,
} from "../../learning/optimizers.ts";
import {
  assignArrays,
  pack,
  type ParameterLayout,
  parameterVariable,
  readArrays,
  unpack,
} from "../../learning/parameters.ts";
import * as tf from "../../learning/tensorflow.ts";
import type {
  EpisodeBatch,
  EpisodeColumn,
  EpisodeReplayOptions,
} from "./episode_replay.ts";
import {
  initialMixerParameters,
  mix,
  mixedValues,
  mixerLayout,
} from "./mixing.ts";
import {
  mixerShape,
  type QmixSettings,
  utilityShape,
} from "./qmix_settings.ts";
import type { Team } from "../team.ts";
import { lambdaReturns } from "./td_lambda.ts";
import type { SavedTrainer } from "../trainer.ts";
import {
  initialUtilityParameters,
  utilities,
  utilityLayout,
} from "./utility_network.ts";

/** What QMIX keeps of an episode. */
export type QmixColumns = Readonly<
  Record<
    | "inputs"
    | "states"
    | "masks"
    | "actions"
    | "rewards"
    | "discounts"
    | "memory",
    EpisodeColumn
  >
>;

/**
 * The columns of QMIX's memory of episodes: what the agents' networks take
 * [agents, inputs], the global state, allowed actions [agents, entries,
 * actions], the actions taken [agents, entries], rewards (the team's, or each
 * agent's without a mixer), discounts (gamma, or 0 where the task ended), and
 * what the agents remembered before the first step [agents, hidden].
 *
 * @param team Who acts.
 * @param settings Widths and options.
 */
export function qmixColumns(team: Team, settings: QmixSettings): QmixColumns {
  const { numAgents, entries, actions } = team;
  const { inputs, hiddenSize } = utilityShape(team, settings);
  const rewards = settings.mixer === "none" ? numAgents : 1;
  return {
    inputs: { width: numAgents * inputs, rows: "steps-and-last" },
    states: { width: team.stateSize, rows: "steps-and-last" },
    masks: { width: numAgents * entries * actions, rows: "steps-and-last" },
    actions: { width: numAgents * entries, rows: "steps" },
    rewards: { width: rewards, rows: "steps" },
    discounts: { width: 1, rows: "steps" },
    memory: { width: numAgents * hiddenSize, rows: "episode" },
  };
}

/** Value that keeps a forbidden action from being the largest. */
const FORBIDDEN = -1e9;

/** Numbers of an update's last batch. */
export interface QmixLosses {
  /** Mean squared error of the values. */
  loss: number;
  /** Mean value of the actions taken. */
  meanQ: number;
  /** Mean of the targets. */
  meanTarget: number;
  /** Norm of the gradient before it is clipped. */
  gradientNorm: number;
}

/** The networks of QMIX and how they learn. */
export interface QmixUpdate {
  /** All parameters: the agents' networks, then the mixer. */
  readonly parameters: tf.Variable<tf.Rank.R1>;
  /** Their arrays. */
  readonly layout: ParameterLayout;
  /** Updates so far. */
  readonly updates: number;
  /**
   * Takes one step of the optimizer.
   *
   * @param batch Episodes.
   * @param learningRate The schedule's current value.
   */
  step(batch: EpisodeBatch<QmixColumns>, learningRate: number): void;
  /** Moves the target networks towards the online ones. */
  followTarget(): void;
  /** Reads the numbers of the last step; NaN before the first. */
  losses(): Promise<QmixLosses>;
  /** Arrays and counters. */
  save(): Promise<SavedTrainer>;
  /** Goes on from what {@linkcode save} returned. */
  load(saved: SavedTrainer): void;
  /** Frees the tensors. */
  dispose(): void;
}

/**
 * The networks of a team and how they learn: the squared error between the
 * value of the actions taken and its lambda return, whose later values are
 * those of the target networks for the best actions.
 *
 * @param team Who acts.
 * @param options Settings, sizes of batches, and the stream that draws the
 * first weights.
 */
export function createQmixUpdate(
  team: Team,
  options: {
    settings: QmixSettings;
    episodes: EpisodeReplayOptions<QmixColumns>;
    random: Random;
  },
): QmixUpdate {
  const { settings, episodes, random } = options;
  const { time, batchSize: batch, columns } = episodes;
  const agents = utilityShape(team, settings);
  const mixer = mixerShape(team, settings);
  const agentLayout = utilityLayout(agents);
  const layout = [...agentLayout, ...mixerLayout(mixer)];
  const values = mixedValues(mixer);
  // Utilities of one moment, over all episodes of the batch.
  const each = batch * mixer.utilities;
  const moments = time + 1;

  const ofAgents = initialUtilityParameters(agents, random);
  const ofMixer = initialMixerParameters(mixer, random);
  const first = new Float32Array(ofAgents.length + ofMixer.length);
  first.set(ofAgents);
  first.set(ofMixer, ofAgents.length);
  const parameters = parameterVariable(first);
  const target = parameterVariable(first);
  const adamState = createAdamState(
    settings.optimizer === "adam" ? first.length : 0,
  );
  const rmsState = createRmsPropState(
    settings.optimizer === "rmsprop" ? first.length : 0,
  );
  const optimizer: OptimizerState = settings.optimizer === "adam"
    ? adamState
    : rmsState;
  let updates = 0;

  type Batch = Readonly<Record<string, tf.Tensor>>;

  /** Utilities of every choice. Shape [moments x each, actions]. */
  function utilitiesOf(weights: tf.Tensor[], batched: Batch): tf.Tensor2D {
    const own = weights.slice(0, agentLayout.length);
    const { values } = utilities(own, batched.inputs as tf.Tensor2D, {
      shape: agents,
      memory: batched.memory as tf.Tensor2D,
      time: moments,
    });
    return tf.reshape(values, [moments * each, team.actions]);
  }

  /** The team's values of chosen utilities, from the first moment on. */
  function mixed(
    weights: tf.Tensor[],
    chosen: tf.Tensor,
    states: tf.Tensor,
  ): tf.Tensor2D {
    const rows = chosen.size / mixer.utilities;
    return mix(
      weights.slice(agentLayout.length),
      tf.reshape(chosen, [rows, mixer.utilities]),
      {
        shape: mixer,
        states: tf.slice(states as tf.Tensor2D, 0, rows),
      },
    );
  }

  /** Values of the actions taken. Shape [time x batch, values]. */
  function taken(
    weights: tf.Tensor[],
    every: tf.Tensor2D,
    batched: Batch,
  ): tf.Tensor2D {
    const actions = oneHot(batched.actions, team.actions);
    const steps = tf.slice(every, 0, time * each);
    return mixed(weights, tf.sum(tf.mul(steps, actions), 1), batched.states);
  }

  /** What the values should be. Shape [time, batch x values]. */
  function goalsOf(online: tf.Tensor2D, batched: Batch): tf.Tensor2D {
    const followed = unpack(target, layout);
    const later = utilitiesOf(followed, batched);
    const judged = settings.doubleQ ? online : later;
    const forbidden = tf.mul(tf.sub(1, batched.masks), FORBIDDEN);
    const best = oneHot(
      tf.argMax(tf.add(judged, forbidden), 1),
      team.actions,
    );
    const followedBest = tf.sum(tf.mul(later, best), 1);
    const ahead = mixed(followed, followedBest, batched.states);
    const wide = (column: tf.Tensor): tf.Tensor2D =>
      tf.reshape(
        tf.tile(tf.reshape(column, [time, batch, 1]), [1, 1, values]),
        [time, batch * values],
      );
    const rewards = tf.reshape(batched.rewards, [
      time * batch * columns.rewards.width,
      1,
    ]);
    return lambdaReturns(tf.reshape(ahead, [moments, batch * values]), {
      rewards: tf.reshape(
        tf.tile(rewards, [1, values / columns.rewards.width]),
        [time, batch * values],
      ),
      discounts: wide(batched.discounts),
      ends: wide(batched.ends),
      lambda: settings.tdLambda,
    });
  }

  function optimized(gradient: tf.Tensor1D, rate: tf.Tensor1D): tf.Tensor {
    return settings.optimizer === "adam"
      ? adam(parameters, gradient, { state: adamState, correction: rate })
      : rmsProp(parameters, gradient, {
        state: rmsState,
        learningRate: rate,
        epsilon: RMSPROP_EPSILON,
      });
  }

  // A pure function of its inputs and the variables, so that it compiles.
  const update = compile((batched) => {
    const weights = unpack(parameters, layout);
    const filled = tf.reshape(batched.filled, [time * batch, 1]);
    const count = tf.mul(tf.sum(filled), values);
    const meanOf = (rows: tf.Tensor) =>
      tf.div(tf.sum(tf.mul(rows, filled)), count) as tf.Scalar;
    const online = utilitiesOf(weights, batched);
    const goals = tf.reshape(goalsOf(online, batched), [time * batch, values]);
    // The online utilities again, on the tape this time: compiled, they are
    // the same expressions and computed once.
    const { value, grads } = tf.valueAndGrads((...weights: tf.Tensor[]) => {
      const found = taken(weights, utilitiesOf(weights, batched), batched);
      return meanOf(tf.square(tf.sub(found, goals)));
    })(weights);
    const gradient = pack(grads);
    parameters.assign(
      optimized(
        clipByNorm(gradient, settings.maxGradNorm) as tf.Tensor1D,
        batched.rate as tf.Tensor1D,
      ) as tf.Tensor1D,
    );
    return {
      loss: value,
      meanQ: meanOf(taken(weights, online, batched)),
      meanTarget: meanOf(goals),
      gradientNorm: tf.norm(gradient),
    };
  }, {
    inputs: {
      inputs: [moments * batch * team.numAgents, agents.inputs],
      states: [moments * batch, team.stateSize],
      masks: [moments * each, team.actions],
      actions: [time * each],
      rewards: [time * batch * columns.rewards.width],
      discounts: [time * batch],
      memory: [batch * team.numAgents, agents.hiddenSize],
      filled: [time * batch],
      ends: [time * batch],
      rate: [settings.optimizer === "adam" ? 2 : 1],
    },
    variables: [parameters, target, ...Object.values(optimizer)],
  });
  let last: ReturnType<typeof update> | undefined;

  return {
    parameters,
    layout,
    get updates() {
      return updates;
    },
    step({ arrays, filled, ends }, learningRate) {
      updates++;
      const rate = settings.optimizer === "adam"
        ? adamCorrection(learningRate, updates)
        : Float32Array.of(learningRate);
      last = update({ ...arrays, filled, ends, rate });
    },
    followTarget() {
      tf.tidy(() =>
        target.assign(
          settings.tau === 1
            ? tf.clone(parameters)
            : polyakAverage(target, parameters, settings.tau) as tf.Tensor1D,
        )
      );
    },
    async losses() {
      const read = async (name: keyof QmixLosses) =>
        last ? (await last[name].data())[0] : NaN;
      return {
        loss: await read("loss"),
        meanQ: await read("meanQ"),
        meanTarget: await read("meanTarget"),
        gradientNorm: await read("gradientNorm"),
      };
    },
    async save() {
      return {
        tensors: {
          weights: await readArrays(parameters, layout),
          target: await readArrays(target, layout),
          optimizer: await readOptimizerState(optimizer, layout),
        },
        state: { updates },
      };
    },
    load({ tensors, state }) {
      assignArrays(parameters, tensors.weights, layout);
      assignArrays(target, tensors.target, layout);
      assignOptimizerState(optimizer, tensors.optimizer, layout);
      updates = state.updates as number;
      last = undefined;
    },
    dispose() {
      update.dispose();
      tf.dispose([
        parameters,
        target,
        ...Object.values(adamState),
        ...Object.values(rmsState),
      ]);
    },
  };
}

/** PyMARL's `optim_eps`. */
const RMSPROP_EPSILON = 1e-5;
