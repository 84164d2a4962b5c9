/**
 * Squashed Gaussian heads of the soft actor-critic.
 *
 * @module
 */
import type { Box } from "../../core/spaces.ts";
import { squashedGaussian } from "../../learning/gaussian.ts";
import * as tf from "../../learning/tensorflow.ts";
import { boxActions } from "../_box_actions.ts";
import type { ActionHeads } from "./_sac_heads.ts";

// Log standard deviations lie between these, by a hyperbolic tangent, whose
// gradient never ends as that of a cut would.
const LOWEST_LOG_STD = -5;
const HIGHEST_LOG_STD = 2;
const MIDDLE = (HIGHEST_LOG_STD + LOWEST_LOG_STD) / 2;
const HALF = (HIGHEST_LOG_STD - LOWEST_LOG_STD) / 2;

/**
 * One squashed Gaussian value for each entry of a box (Haarnoja et al., 2018,
 * appendix C). Within the agent all entries lie from -1 to 1. The policy's
 * outputs are means and, through a tangent, log standard deviations from -5 to
 * 2; a critic sees the action and has one output.
 *
 * @param space With finite bounds.
 */
export function gaussianHeads(space: Box): ActionHeads {
  const { size, toSpace, fromSpace } = boxActions(space);
  return {
    actionSize: size,
    featureSize: size,
    maskSize: 0,
    noiseSize: size,
    policyOutputs: 2 * size,
    criticInputs: size,
    criticOutputs: 1,

    encode: (actions) => actions,
    valueOf: (outputs) => tf.reshape(outputs, [-1]),
    evaluate(outputs, { noise, critics }) {
      const [mean, spread] = tf.split(outputs, 2, 1);
      const logStd = tf.add(tf.mul(tf.tanh(spread), HALF), MIDDLE);
      const { actions, logProbabilities } = squashedGaussian(noise, {
        mean,
        logStd,
      });
      return {
        entropy: tf.neg(logProbabilities),
        values: critics.map((critic) => tf.reshape(critic(actions), [-1])),
      };
    },
    targetEntropy: (masks) => tf.fill([masks.shape[0]], -size),

    readMasks: () => {},
    draw({ outputs, random }, actions) {
      for (let i = 0; i < actions.length; i++) {
        const row = Math.floor(i / size);
        const mean = outputs[i + row * size];
        const spread = outputs[i + (row + 1) * size];
        const deviation = Math.exp(MIDDLE + HALF * Math.tanh(spread));
        actions[i] = Math.tanh(mean + deviation * random.normal());
      }
    },
    drawUniform({ random }, actions) {
      for (let i = 0; i < actions.length; i++) {
        actions[i] = random.uniform(-1, 1);
      }
    },
    best({ outputs }, actions) {
      for (let i = 0; i < actions.length; i++) {
        actions[i] = Math.tanh(outputs[i + Math.floor(i / size) * size]);
      }
    },
    writeFeatures(actions, row, into) {
      for (let i = 0; i < size; i++) into[i] = actions[row * size + i];
    },
    toSpace,
    fromSpace,
  };
}
