/**
 * Sequences as the soft actor-critic's memories go through them, on tensors.
 *
 * @module
 */
import * as tf from "../../learning/tensorflow.ts";
import type { MemoryNetwork } from "./memory_networks.ts";
import type { ActionHeads } from "./_sac_heads.ts";
import type { SacColumn } from "./_sac_networks.ts";
import type { SacSettings } from "./sac_settings.ts";

/** Whose sequences they are. */
export interface ExperienceOptions {
  /** Of the actions. */
  heads: ActionHeads;
  /** Lengths, and whether there are memories. */
  settings: SacSettings;
}

/**
 * A batch of sequences: steps to refresh the memories by, and behind them the
 * steps that are learned from, which are rows of their own in all but `seen`
 * and `mask`; row i is step i modulo `sequenceLength` of its sequence.
 */
export interface Experience {
  /** Lengths. */
  readonly settings: SacSettings;
  /** What memories take in. Shape [batch, time, inputs]. */
  readonly seen: tf.Tensor3D;
  /** 0 where an episode begins. Shape [batch, time]. */
  readonly mask: tf.Tensor2D;
  /** What they take in after each step. Shape [rows, 1, inputs]. */
  readonly next: tf.Tensor3D;
  /** Shape [rows, observation]. */
  readonly observations: tf.Tensor2D;
  /** Shape [rows, masks]. */
  readonly masks: tf.Tensor2D;
  /** As networks see them. Shape [rows, features]. */
  readonly actions: tf.Tensor2D;
  /** Shape [rows]. */
  readonly rewards: tf.Tensor;
  /** Factors of the values that follow. Shape [rows]. */
  readonly discounts: tf.Tensor;
  /** Shape [rows, observation]. */
  readonly nextObservations: tf.Tensor2D;
  /** Shape [rows, masks]. */
  readonly nextMasks: tf.Tensor2D;
}

/**
 * Reads a batch of a replay.
 *
 * @param batch Each part of shape [batch, time, part].
 * @param options Whose it is.
 */
export function readExperience(
  batch: Readonly<Record<SacColumn, tf.Tensor>>,
  { heads, settings }: ExperienceOptions,
): Experience {
  const { batchSize, burnIn, sequenceLength } = settings;
  const time = burnIn + sequenceLength;
  const rows = batchSize * sequenceLength;

  function learned(sequence: tf.Tensor): tf.Tensor2D {
    const width = sequence.shape[2]!;
    const kept = tf.slice(sequence, [0, burnIn, 0], [
      batchSize,
      sequenceLength,
      width,
    ]);
    return tf.reshape(kept, [rows, width]);
  }

  function featuresOf(actions: tf.Tensor): tf.Tensor3D {
    const flat: tf.Tensor2D = tf.reshape(actions, [
      batchSize * time,
      heads.actionSize,
    ]);
    return tf.reshape(heads.encode(flat), [
      batchSize,
      time,
      heads.featureSize,
    ]);
  }

  const actions = learned(featuresOf(batch.actions));
  const nextObservations = learned(batch.nextObservations);
  const next = tf.concat([nextObservations, actions], 1);
  return {
    settings,
    seen: tf.concat([
      batch.observations,
      tf.mul(featuresOf(batch.previousActions), batch.continues),
    ], 2) as tf.Tensor3D,
    mask: tf.reshape(batch.continues, [batchSize, time]),
    next: tf.reshape(next, [rows, 1, next.shape[1]!]),
    observations: learned(batch.observations),
    masks: learned(batch.masks),
    actions,
    rewards: tf.reshape(learned(batch.rewards), [-1]),
    discounts: tf.reshape(learned(batch.discounts), [-1]),
    nextObservations,
    nextMasks: learned(batch.nextMasks),
  };
}

/** What a memory goes through, and the state that it does so from. */
export interface Recall {
  /** The sequences. */
  past: Experience;
  /** Shape [batch, units]. */
  state: tf.Tensor2D;
}

/**
 * What a memory holds as learning begins, refreshed by the burn-in.
 *
 * @param network Whose memory.
 * @param tensors Its parameters.
 * @param recall From the stored state.
 * @returns Shape [batch, units].
 */
export function refreshed(
  network: MemoryNetwork,
  tensors: tf.Tensor[],
  { past: { settings, seen, mask }, state }: Recall,
): tf.Tensor2D {
  const { recurrent, burnIn, batchSize } = settings;
  if (!recurrent || burnIn === 0) return state;
  return network.remember(
    tensors,
    tf.slice(seen, [0, 0, 0], [batchSize, burnIn, seen.shape[2]]),
    { state, mask: tf.slice(mask, [0, 0], [batchSize, burnIn]) },
  ).state;
}

/**
 * What is remembered at each step that is learned from. Differentiable.
 *
 * @param network Whose memory.
 * @param tensors Its parameters.
 * @param recall From the refreshed state.
 * @returns Shape [rows, units].
 */
export function memories(
  network: MemoryNetwork,
  tensors: tf.Tensor[],
  { past: { settings, seen, mask }, state }: Recall,
): tf.Tensor2D {
  const { recurrent, burnIn, batchSize, sequenceLength } = settings;
  const rows = batchSize * sequenceLength;
  if (!recurrent) return tf.zeros([rows, 0]);
  const { outputs } = network.remember(
    tensors,
    tf.slice(seen, [0, burnIn, 0], [
      batchSize,
      sequenceLength,
      seen.shape[2],
    ]),
    { state, mask: tf.slice(mask, [0, burnIn], [batchSize, sequenceLength]) },
  );
  return tf.reshape(outputs, [rows, outputs.shape[2]]);
}

/**
 * What is remembered one step after each: having seen what followed it, also
 * where an episode was cut and the sequence goes on with another.
 *
 * @param network Whose memory.
 * @param tensors Its parameters.
 * @param recall From the refreshed state.
 * @returns Shape [rows, units].
 */
export function nextMemories(
  network: MemoryNetwork,
  tensors: tf.Tensor[],
  recall: Recall,
): tf.Tensor2D {
  const state = memories(network, tensors, recall);
  const { settings, next } = recall.past;
  return settings.recurrent
    ? network.remember(tensors, next, { state }).state
    : state;
}
