/**
 * Implicit Q-learning (Kostrikov, Nair and Levine, "Offline Reinforcement
 * Learning with Implicit Q-Learning", ICLR 2022): values from data alone,
 * without asking what actions outside it are worth. The policy is
 * deterministic: a Gaussian of fixed width, whose log likelihood is a squared
 * distance.
 *
 * @module
 */
import type { NdArray } from "../../core/nd_array.ts";
import type { Random } from "../../core/random.ts";
import { compile } from "../../learning/compile/compile.ts";
import { initialParameters, mlp, mlpLayout } from "../../learning/networks.ts";
import { adamCorrection, polyakAverage } from "../../learning/optimizers.ts";
import {
  assignArrays,
  pack,
  parameterVariable,
  readArrays,
  unpack,
  vectorOf,
} from "../../learning/parameters.ts";
import * as tf from "../../learning/tensorflow.ts";
import { createNetworkParts } from "../_network_parts.ts";
import { actorLayout, actorSizes } from "../ddpg/ddpg_learner.ts";
import type { OfflineLearner } from "./offline_learner.ts";

/** Settings of IQL; defaults are the paper's for locomotion. */
export interface IqlSettings {
  /** Adam's learning rate of all networks. Default 3e-4. */
  learningRate: number;
  /** Transitions an update. Default 256. */
  batchSize: number;
  /** Share of the new weights in the target after each update. Default 0.005. */
  tau: number;
  /** Discount factor. Default 0.99. */
  gamma: number;
  /**
   * tau of the paper: which expectile of the actions' values a state is worth;
   * 0.5 is the mean over the data, nearer 1 the best of it. Default 0.7.
   */
  expectile: number;
  /** beta of the paper: how much better actions outweigh others. Default 3. */
  inverseTemperature: number;
  /** Largest weight of an action. Default 100. */
  largestWeight: number;
  /** Widths of the hidden layers. Default 256, 256. */
  netArch: readonly number[];
}

/** The paper's settings. */
export const IQL_DEFAULTS: IqlSettings = {
  learningRate: 3e-4,
  batchSize: 256,
  tau: 0.005,
  gamma: 0.99,
  expectile: 0.7,
  inverseTemperature: 3,
  largestWeight: 100,
  netArch: [256, 256],
};

/**
 * Settings with the defaults filled in.
 *
 * @param given Throws `RangeError` for those that mean nothing.
 */
export function iqlSettings(given: Partial<IqlSettings> = {}): IqlSettings {
  const settings = { ...IQL_DEFAULTS, ...given };
  const { expectile, inverseTemperature, largestWeight } = settings;
  if (!(expectile > 0 && expectile < 1)) {
    throw new RangeError(
      `Cannot take the expectile ${expectile}, expected a number between 0 and 1`,
    );
  }
  if (!(inverseTemperature >= 0 && inverseTemperature < Infinity)) {
    throw new RangeError(
      `Cannot weigh advantages by ${inverseTemperature}, expected a number from 0`,
    );
  }
  if (!(largestWeight > 0)) {
    throw new RangeError(
      `Cannot limit weights to ${largestWeight}, expected a number above 0`,
    );
  }
  return settings;
}

/** What {@linkcode createIqlLearner} needs to know. */
export interface IqlLearnerOptions {
  /** Floats of an observation. */
  observationSize: number;
  /** Floats of an action. */
  actionSize: number;
  /** With nothing left out. */
  settings: IqlSettings;
  /** Draws first weights. */
  random: Random;
}

/**
 * Networks with fresh weights, and their compiled update.
 *
 * @param options What they are for.
 */
export function createIqlLearner(options: IqlLearnerOptions): OfflineLearner {
  const { observationSize, actionSize, settings, random } = options;
  const { batchSize, netArch, expectile } = settings;
  const sizes = actorSizes(observationSize, actionSize, settings);
  const criticSizes = [observationSize + actionSize, ...netArch, 1];
  const critic = mlpLayout("critic1", criticSizes);
  const layouts = {
    actor: actorLayout(sizes),
    critics: [...critic, ...mlpLayout("critic2", criticSizes)],
    value: mlpLayout("value", [observationSize, ...netArch, 1]),
  };
  const fresh = (layout: typeof critic) => initialParameters(layout, random);
  const firstCritics = Float32Array.from([...fresh(critic), ...fresh(critic)]);
  const networks = createNetworkParts({
    actor: { layout: layouts.actor, first: fresh(layouts.actor) },
    critics: { layout: layouts.critics, first: firstCritics },
    value: { layout: layouts.value, first: fresh(layouts.value) },
  });
  const { variables, move } = networks;
  const targets = parameterVariable(firstCritics);

  const worth = (tensors: tf.Tensor[], input: tf.Tensor) =>
    tf.reshape(mlp(tensors, input, "relu"), [-1]);
  const twins = (tensors: tf.Tensor[], input: tf.Tensor) => [
    worth(tensors.slice(0, critic.length), input),
    worth(tensors.slice(critic.length), input),
  ];

  // A pure function of its inputs and the variables, so that it compiles.
  const step = compile((inputs) => {
    const { observations, actions, correction } = inputs;
    const pairs = tf.concat([observations, actions], 1);
    const [first, second] = twins(unpack(targets, layouts.critics), pairs);
    const dataValue = tf.minimum(first, second);
    const valueNow = unpack(variables.value, layouts.value);
    const nextValue = worth(valueNow, inputs.nextObservations);

    // Equation 5: errors below the value count less.
    const valueStep = tf.valueAndGrads((...tensors: tf.Tensor[]) => {
      const error = tf.sub(dataValue, worth(tensors, observations));
      const above = tf.mul(tf.square(tf.relu(error)), expectile);
      const below = tf.mul(tf.square(tf.relu(tf.neg(error))), 1 - expectile);
      return tf.mean(tf.add(above, below)) as tf.Scalar;
    })(valueNow);
    const value = move("value", pack(valueStep.grads), { correction });

    // Equation 6: what follows is worth V(s'), whatever was done there.
    const goal = tf.add(inputs.rewards, tf.mul(inputs.discounts, nextValue));
    let meanQ: tf.Tensor = goal;
    const criticStep = tf.valueAndGrads((...tensors: tf.Tensor[]) => {
      const values = twins(tensors, pairs);
      // Kept, for differentiation frees what it does not return.
      meanQ = tf.keep(tf.mean(values[0]));
      return values
        .map((each) => tf.mean(tf.square(tf.sub(each, goal))))
        .reduce((a, b) => tf.add(a, b)) as tf.Scalar;
    })(unpack(variables.critics, layouts.critics));
    const critics = move("critics", pack(criticStep.grads), { correction });

    // Equation 7: the data's actions, weighed by their advantages.
    const advantage = tf.sub(
      dataValue,
      worth(unpack(value, layouts.value), observations),
    );
    const weights = tf.minimum(
      tf.exp(tf.mul(advantage, settings.inverseTemperature)),
      settings.largestWeight,
    );
    const actorStep = tf.valueAndGrads((...tensors: tf.Tensor[]) => {
      const chosen = tf.tanh(mlp(tensors, observations, "relu"));
      const distance = tf.sum(tf.square(tf.sub(chosen, actions)), 1);
      return tf.mean(tf.mul(weights, distance)) as tf.Scalar;
    })(unpack(variables.actor, layouts.actor));
    move("actor", pack(actorStep.grads), { correction });

    targets.assign(
      polyakAverage(targets, critics, settings.tau) as tf.Tensor1D,
    );
    return {
      loss: criticStep.value,
      valueLoss: valueStep.value,
      actorLoss: actorStep.value,
      meanQ,
    };
  }, {
    inputs: {
      observations: [batchSize, observationSize],
      actions: [batchSize, actionSize],
      rewards: [batchSize],
      discounts: [batchSize],
      nextObservations: [batchSize, observationSize],
      correction: [2],
    },
    variables: [
      ...networks.variablesOf("actor", "critics", "value"),
      targets,
    ],
  });

  let updates = 0;

  return {
    actorSizes: sizes,
    actor: variables.actor,
    get updates() {
      return updates;
    },
    set updates(count) {
      updates = count;
    },
    update(batch, rateFactor) {
      updates++;
      const { observations, actions, rewards, discounts, nextObservations } =
        batch;
      return step({
        observations,
        actions,
        rewards,
        discounts,
        nextObservations,
        correction: adamCorrection(settings.learningRate * rateFactor, updates),
      });
    },
    async save() {
      const target: Record<string, NdArray> = await readArrays(
        targets,
        layouts.critics,
      );
      return { ...await networks.save(), target };
    },
    load(tensors) {
      vectorOf(tensors.target ?? {}, layouts.critics);
      networks.load(tensors);
      assignArrays(targets, tensors.target, layouts.critics);
    },
    dispose() {
      step.dispose();
      networks.dispose();
      targets.dispose();
    },
  };
}
