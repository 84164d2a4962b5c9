/**
 * Categorical heads of the soft actor-critic: one choice, or several made
 * together.
 *
 * @module
 */
import type { Random } from "../../core/random.ts";
import { oneHot } from "../../learning/one_hot.ts";
import * as tf from "../../learning/tensorflow.ts";
import { bestAllowed } from "../policy.ts";
import type { ActionHeads } from "./_sac_heads.ts";

/** What a forbidden choice's logit loses: enough for a probability of zero. */
const FORBIDDEN = -1e9;

/**
 * One categorical head for each choice. A critic has one output for each
 * option of each head, and the value of an action is their sum over the heads,
 * so that expectations over all actions are exact (Christodoulou, 2019,
 * equations 10 to 12, for one head). Heads with fewer options than the largest
 * have forbidden ones behind their own.
 *
 * @param sizes Options of each choice. Throws `RangeError` where there is none.
 */
export function choiceHeads(sizes: readonly number[]): ActionHeads {
  const heads = sizes.length;
  if (heads === 0) {
    throw new RangeError(
      "Cannot choose among no actions, expected one at least",
    );
  }
  const options = Math.max(...sizes);
  const width = heads * options;
  const givenWidth = sizes.reduce((sum, size) => sum + size, 0);
  const byHead = (rows: tf.Tensor): tf.Tensor3D =>
    tf.reshape(rows, [-1, heads, options]);

  /** Draws one option of a head, each with weight `weightOf(option)`. */
  function drawOption(
    weightOf: (option: number) => number,
    random: Random,
  ): number {
    let total = 0;
    for (let option = 0; option < options; option++) total += weightOf(option);
    let rest = random.uniform() * total;
    let drawn = 0;
    for (let option = 0; option < options; option++) {
      const weight = weightOf(option);
      if (weight === 0) continue;
      drawn = option;
      rest -= weight;
      if (rest < 0) break;
    }
    return drawn;
  }

  return {
    actionSize: heads,
    featureSize: width,
    maskSize: width,
    noiseSize: 0,
    policyOutputs: width,
    criticInputs: 0,
    criticOutputs: width,

    encode: (actions) =>
      tf.reshape(oneHot(tf.reshape(actions, [-1]), options), [-1, width]),
    valueOf: (outputs, features) => tf.sum(tf.mul(outputs, features), 1),
    evaluate(outputs, { masks, critics }) {
      const forbidden = tf.mul(tf.sub(1, masks), FORBIDDEN);
      const logits = byHead(tf.add(outputs, forbidden));
      const logProbabilities = tf.reshape(tf.logSoftmax(logits), [-1, width]);
      const probabilities = tf.exp(logProbabilities);
      const expected = (values: tf.Tensor) =>
        tf.sum(tf.mul(probabilities, values), 1);
      const nothing = tf.zeros([outputs.shape[0], 0]);
      return {
        entropy: tf.neg(expected(logProbabilities)),
        values: critics.map((critic) => expected(critic(nothing))),
      };
    },
    targetEntropy: (masks, fraction) =>
      tf.mul(tf.sum(tf.log(tf.sum(byHead(masks), 2)), 1), fraction),

    readMasks(from, into) {
      for (let row = 0; row * width < into.length; row++) {
        let given = row * givenWidth;
        for (let head = 0; head < heads; head++) {
          for (let option = 0; option < options; option++) {
            into[row * width + head * options + option] = option < sizes[head]
              ? from[given++]
              : 0;
          }
        }
      }
    },
    draw({ outputs, masks, random }, actions) {
      for (let i = 0; i < actions.length; i++) {
        const start = i * options;
        let largest = -Infinity;
        for (let j = start; j < start + options; j++) {
          if (masks[j]) largest = Math.max(largest, outputs[j]);
        }
        actions[i] = drawOption(
          (option) =>
            masks[start + option] &&
            Math.exp(outputs[start + option] - largest),
          random,
        );
      }
    },
    drawUniform({ masks, random }, actions) {
      for (let i = 0; i < actions.length; i++) {
        actions[i] = drawOption(
          (option) => masks[i * options + option],
          random,
        );
      }
    },
    best({ outputs, masks }, actions) {
      for (let i = 0; i < actions.length; i++) {
        actions[i] = bestAllowed(outputs, masks, { index: i, length: options });
      }
    },
    writeFeatures(actions, row, into) {
      into.fill(0, 0, width);
      for (let head = 0; head < heads; head++) {
        into[head * options + actions[row * heads + head]] = 1;
      }
    },
    toSpace: (actions, into) => into.set(actions),
    fromSpace: (actions, into) => into.set(actions),
  };
}
