/**
 * What learns a deterministic policy from batches of data.
 *
 * @module
 */
import type { NdArray } from "../../core/nd_array.ts";
import type { RandomState } from "../../core/random.ts";
import type { StepOutput } from "../../learning/compile/specs.ts";
import type * as tf from "../../learning/tensorflow.ts";
import type { ReplayBatch } from "../replay.ts";

/** Networks that learn from batches of transitions. */
export interface OfflineLearner {
  /** Widths of the policy's layers; a tangent follows the last. */
  readonly actorSizes: readonly number[];
  /** Parameters of the policy. */
  readonly actor: tf.Variable<tf.Rank.R1>;
  /** Updates so far. */
  updates: number;
  /**
   * One update.
   *
   * @param batch Transitions; actions lie from -1 to 1.
   * @param rateFactor What the learning rates are multiplied with.
   */
  update(
    batch: ReplayBatch,
    rateFactor: number,
  ): Readonly<Record<string, StepOutput>>;
  /** Its random stream; undefined where it draws nothing. */
  saveState?(): RandomState;
  /** Goes on from a saved stream. */
  loadState?(state: RandomState): void;
  /** Weights and optimizer as an archive takes them. */
  save(): Promise<Record<string, Record<string, NdArray>>>;
  /** Goes on from saved arrays. */
  load(
    tensors: Readonly<Record<string, Readonly<Record<string, NdArray>>>>,
  ): void;
  /** Frees the tensors. */
  dispose(): void;
}
