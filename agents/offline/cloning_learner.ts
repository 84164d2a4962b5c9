/**
 * Behaviour cloning: a policy that does what the data's actor did (Pomerleau,
 * "ALVINN", NIPS 1988), by the squared distance of actions.
 *
 * @module
 */
import type { Random } from "../../core/random.ts";
import { compile } from "../../learning/compile/compile.ts";
import { initialParameters, mlp } from "../../learning/networks.ts";
import { adamCorrection } from "../../learning/optimizers.ts";
import { pack, unpack } from "../../learning/parameters.ts";
import * as tf from "../../learning/tensorflow.ts";
import { createNetworkParts } from "../_network_parts.ts";
import { actorLayout, actorSizes } from "../ddpg/ddpg_learner.ts";
import type { OfflineLearner } from "./offline_learner.ts";

/** Settings of behaviour cloning. */
export interface CloningSettings {
  /** Adam's learning rate. Default 1e-4. */
  learningRate: number;
  /** Rows an update. Default 64. */
  batchSize: number;
  /** Widths of the hidden layers. Default 256, 256. */
  netArch: readonly number[];
}

/** The settings of the original. */
export const CLONING_DEFAULTS: CloningSettings = {
  learningRate: 1e-4,
  batchSize: 64,
  netArch: [256, 256],
};

/**
 * A policy with fresh weights, and its compiled update.
 *
 * @param options Sizes, settings, and the stream of the first weights.
 */
export function createCloningLearner(options: {
  observationSize: number;
  actionSize: number;
  settings: CloningSettings;
  random: Random;
}): OfflineLearner {
  const { observationSize, actionSize, settings, random } = options;
  const { batchSize, learningRate } = settings;
  const sizes = actorSizes(observationSize, actionSize, settings);
  const layout = actorLayout(sizes);
  const networks = createNetworkParts({
    actor: { layout, first: initialParameters(layout, random) },
  });
  const { actor } = networks.variables;

  // A pure function of its inputs and the variables, so that it compiles.
  const step = compile(({ observations, actions, correction }) => {
    const { value: loss, grads } = tf.valueAndGrads(
      (...tensors: tf.Tensor[]) => {
        const chosen = tf.tanh(mlp(tensors, observations, "relu"));
        return tf.mean(tf.square(tf.sub(chosen, actions))) as tf.Scalar;
      },
    )(unpack(actor, layout));
    networks.move("actor", pack(grads), { correction });
    return { loss };
  }, {
    inputs: {
      observations: [batchSize, observationSize],
      actions: [batchSize, actionSize],
      correction: [2],
    },
    variables: networks.variablesOf("actor"),
  });

  let updates = 0;

  return {
    actorSizes: sizes,
    actor,
    get updates() {
      return updates;
    },
    set updates(count) {
      updates = count;
    },
    update({ observations, actions }, rateFactor) {
      updates++;
      const correction = adamCorrection(learningRate * rateFactor, updates);
      return step({ observations, actions, correction });
    },
    save: networks.save,
    load: networks.load,
    dispose() {
      step.dispose();
      networks.dispose();
    },
  };
}
