/**
 * What the soft actor-critic asks of a space of actions: how its networks'
 * outputs are drawn from, valued, and how uncertain they are.
 *
 * @module
 */
import type { Random } from "../../core/random.ts";
import type { Space } from "../../core/spaces.ts";
import type * as tf from "../../learning/tensorflow.ts";
import { choiceHeads } from "./_sac_choices.ts";
import { gaussianHeads } from "./_sac_gaussian.ts";

/** What {@linkcode ActionHeads.evaluate} looks at. */
export interface PolicyContext {
  /** Allowed choices, 1 or 0. Shape [rows, masks]. */
  masks: tf.Tensor;
  /** Standard normal. Shape [rows, noise]. */
  noise: tf.Tensor;
  /**
   * The critics, given what they see of an action, shape [rows, critic
   * inputs]; they give shape [rows, critic outputs].
   */
  critics: readonly ((action: tf.Tensor) => tf.Tensor2D)[];
}

/** A policy in some states. */
export interface EvaluatedPolicy {
  /** Entropies; of squashed Gaussian actions, estimates. Shape [rows]. */
  entropy: tf.Tensor;
  /** Its value under each critic. Shape [rows] each. */
  values: tf.Tensor[];
}

/** Rows of outputs to draw actions from, on plain arrays. */
export interface DrawFrom {
  /** The policy network's outputs. Shape [rows, policy outputs]. */
  outputs: Float32Array;
  /** Allowed choices. Shape [rows, masks]. */
  masks: Uint8Array;
  /** The stream to draw from. */
  random: Random;
}

/**
 * A space of actions. Within the agent an action is a row of `actionSize`
 * floats: the numbers of its choices, or values from -1 to 1.
 */
export interface ActionHeads {
  /** Floats of an action. */
  readonly actionSize: number;
  /** Floats of an action as networks see it. */
  readonly featureSize: number;
  /** Floats of a mask as networks see it; 0 where nothing is masked. */
  readonly maskSize: number;
  /** Numbers that {@linkcode evaluate} takes as noise in each row. */
  readonly noiseSize: number;
  /** Outputs of the policy's network. */
  readonly policyOutputs: number;
  /** What a critic sees of an action; 0 where it values all of them. */
  readonly criticInputs: number;
  /** Outputs of a critic. */
  readonly criticOutputs: number;

  /** Actions as networks see them. Shape [rows, features]. */
  encode(actions: tf.Tensor2D): tf.Tensor2D;
  /**
   * Values of given actions.
   *
   * @param outputs Of a critic. Shape [rows, critic outputs].
   * @param features The actions, encoded. Shape [rows, features].
   * @returns Shape [rows].
   */
  valueOf(outputs: tf.Tensor2D, features: tf.Tensor2D): tf.Tensor;
  /** Entropy and values of a policy. Differentiable in its outputs. */
  evaluate(outputs: tf.Tensor2D, context: PolicyContext): EvaluatedPolicy;
  /**
   * The entropy to aim at. Shape [rows].
   *
   * @param masks Shape [rows, masks].
   * @param fraction Of the largest entropy, where there is one.
   */
  targetEntropy(masks: tf.Tensor2D, fraction: number): tf.Tensor;

  /** The environment's masks as networks see them. */
  readMasks(from: Uint8Array, into: Uint8Array): void;
  /** Draws an action for each row. Shape [rows, action]. */
  draw(from: DrawFrom, actions: Float32Array): void;
  /** Draws actions without regard to outputs. Shape [rows, action]. */
  drawUniform(from: Omit<DrawFrom, "outputs">, actions: Float32Array): void;
  /** The likeliest actions. Shape [rows, action]. */
  best(from: Omit<DrawFrom, "random">, actions: Float32Array): void;
  /**
   * An action as networks see it.
   *
   * @param actions Shape [rows, action].
   * @param row Which one.
   * @param into Its first `featureSize` entries are written.
   */
  writeFeatures(actions: Float32Array, row: number, into: Float32Array): void;
  /** Actions as the environment takes them. */
  toSpace(actions: Float32Array, into: Int32Array | Float32Array): void;
  /** Actions of the environment as the agent remembers them. */
  fromSpace(actions: ArrayLike<number>, into: Float32Array): void;
}

/**
 * The heads of a space: categorical ones where it is discrete or
 * multi-discrete, squashed Gaussian ones where it is a box. Throws `RangeError`
 * for a box without bounds.
 *
 * @param space Where actions lie.
 */
export function createActionHeads(space: Space): ActionHeads {
  switch (space.kind) {
    case "discrete":
      return choiceHeads([space.n]);
    case "multi-discrete":
      return choiceHeads(space.sizes);
    case "box":
      return gaussianHeads(space);
  }
}
