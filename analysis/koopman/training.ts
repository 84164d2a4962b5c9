/**
 * What the autoencoders' trainings have in common: networks and operator in
 * one vector of parameters, the loop over steps, and going on from a
 * checkpoint.
 *
 * @module
 */
import type { Random, RandomState } from "../../core/random.ts";
import { initialParameters, mlpLayout } from "../../learning/networks.ts";
import {
  parameterCount,
  type ParameterLayout,
} from "../../learning/parameters.ts";
import * as tf from "../../learning/tensorflow.ts";
import type { KoopmanModel } from "./model.ts";
import { sampleCount, type Trajectories } from "./trajectories.ts";

export type {
  KoopmanModel,
  ParameterLayout,
  Random,
  RandomState,
  Trajectories,
};

/** Where a training stands after a step: all that the rest depends on. */
export interface KoopmanTrainingState {
  /** Steps done. */
  readonly step: number;
  /** State of the stream of draws. */
  readonly random: RandomState;
  /** Values of each variable, in the order of the training. */
  readonly variables: readonly Float32Array[];
  /** Losses so far, as the model's will be. */
  readonly losses: readonly number[];
  /** Sum of the losses that are not yet among them. */
  readonly sum: number;
}

/** How a training is watched. */
export interface KoopmanTrainingOptions<Settings> {
  /** Settings that differ from the defaults. */
  settings?: Partial<Settings>;
  /** Seeds weights and draws. */
  seed: number;
  /** Called after each epoch or update; awaited, so that it can let others run. */
  onStep?: (step: number, loss: number) => void | Promise<void>;
  /** Ends the training early once aborted; the model so far is returned. */
  signal?: AbortSignal;
  /** Goes on from here; the seed's draws are those of the training it is of. */
  from?: KoopmanTrainingState;
  /** Called every `checkpointEvery` steps and after the last; awaited. */
  onCheckpoint?: (state: KoopmanTrainingState) => void | Promise<void>;
  /** Steps between checkpoints. Default 200. */
  checkpointEvery?: number;
}

/** What a training gives. */
export interface TrainedKoopman {
  /** The learned model. */
  readonly model: KoopmanModel;
  /** Loss of each epoch, or the mean over some updates. */
  readonly losses: Float64Array;
}

/** Encoder, decoder and operator behind one another. */
export interface AutoencoderLayout {
  /** Widths of the encoder's layers, features first. */
  readonly encoderSizes: readonly number[];
  /** Widths of the decoder's layers, features last. */
  readonly decoderSizes: readonly number[];
  /** Of all tensors: encoder, decoder, operator. */
  readonly layout: ParameterLayout;
  /** Tensors of the encoder. */
  readonly encoderTensors: number;
  /** Tensors of encoder and decoder. */
  readonly networkTensors: number;
  /** Numbers of the encoder. */
  readonly encoderSize: number;
  /** Numbers of encoder and decoder. */
  readonly networkSize: number;
}

/**
 * The layout of an autoencoder's parameters.
 *
 * @param sizes Widths of the layers of both networks.
 * @param operator What follows the networks.
 */
export function autoencoderLayout(
  sizes: Pick<AutoencoderLayout, "encoderSizes" | "decoderSizes">,
  operator: ParameterLayout,
): AutoencoderLayout {
  const encoder = mlpLayout("encoder", sizes.encoderSizes);
  const decoder = mlpLayout("decoder", sizes.decoderSizes);
  return {
    ...sizes,
    layout: [...encoder, ...decoder, ...operator],
    encoderTensors: encoder.length,
    networkTensors: encoder.length + decoder.length,
    encoderSize: parameterCount(encoder),
    networkSize: parameterCount([...encoder, ...decoder]),
  };
}

/**
 * First parameters: random networks, a given operator.
 *
 * @param networks The layout.
 * @param operator Values of the operator.
 * @param random Draws the networks.
 */
export function firstParameters(
  networks: AutoencoderLayout,
  operator: ArrayLike<number>,
  random: Random,
): Float32Array {
  const { layout, encoderTensors, networkTensors } = networks;
  const { encoderSize, networkSize } = networks;
  const values = new Float32Array(parameterCount(layout));
  const encoder = layout.slice(0, encoderTensors);
  const decoder = layout.slice(encoderTensors, networkTensors);
  values.set(initialParameters(encoder, random));
  values.set(initialParameters(decoder, random), encoderSize);
  values.set(operator, networkSize);
  return values;
}

/**
 * Samples of each series.
 *
 * @param trajectories Throws `RangeError` where one has fewer than two, and
 * where no feature ever changes.
 */
export function pairedCounts(trajectories: Trajectories): number[] {
  const counts = trajectories.series.map((_, i) =>
    sampleCount(trajectories, i)
  );
  const short = counts.findIndex((count) => count < 2);
  if (counts.length === 0 || short >= 0) {
    throw new RangeError(
      counts.length === 0
        ? "Cannot learn from no series, expected at least one"
        : `Cannot learn from series ${short + 1} of ${counts.length}: it has ${
          counts[short]
        } ${
          counts[short] === 1 ? "sample" : "samples"
        }, expected 2 or more; are samples too far apart, or does the fault leave nothing?`,
    );
  }
  const { series, features } = trajectories;
  const width = features.length;
  const varies = series.some((values) =>
    values.some((value, i) => value !== series[0][i % width])
  );
  if (!varies) {
    throw new RangeError(
      `Cannot learn how ${
        features.join(", ")
      } changes: it never does, expected at least one feature that varies`,
    );
  }
  return counts;
}

/** What {@linkcode trainSteps} takes. */
export interface TrainingLoop
  extends Omit<KoopmanTrainingOptions<unknown>, "settings" | "seed"> {
  /** Steps in all. */
  readonly steps: number;
  /** What errors call a step. */
  readonly unit: "epoch" | "update";
  /** Losses that are averaged into one number. */
  readonly lossesEvery: number;
  /** The stream of draws. */
  readonly random: Random;
  /** All that steps change. */
  readonly variables: readonly tf.Variable[];
  /** Takes a step, the first being 1, and gives its loss. */
  readonly update: (step: number) => Promise<number>;
}

/**
 * Takes steps until there are enough, or the signal is aborted.
 *
 * @param loop What a step is. Throws `Error` for a loss that is not finite,
 * and `TypeError` for a state of another training.
 * @returns Losses.
 */
export async function trainSteps(loop: TrainingLoop): Promise<Float64Array> {
  const { steps, unit, random, from, checkpointEvery = 200 } = loop;
  if (from) restore(loop, from);
  const losses = [...from?.losses ?? []];
  let sum = from?.sum ?? 0;
  let saved = from?.step;
  const checkpoint = async (step: number) => {
    saved = step;
    await loop.onCheckpoint?.({
      step,
      random: random.saveState(),
      variables: await Promise.all(
        loop.variables.map(async (variable) =>
          (await variable.data() as Float32Array).slice()
        ),
      ),
      losses: [...losses],
      sum,
    });
  };
  let step = from?.step ?? 0;
  while (step < steps && !loop.signal?.aborted) {
    step++;
    const loss = await loop.update(step);
    if (!Number.isFinite(loss)) {
      throw new Error(
        `Cannot go on training: the loss is ${loss} in ${unit} ${step}; a lower learning rate may help`,
      );
    }
    sum += loss;
    if (step % loop.lossesEvery === 0) {
      losses.push(sum / loop.lossesEvery);
      sum = 0;
    }
    if (loop.onCheckpoint && step % checkpointEvery === 0) {
      await checkpoint(step);
    }
    await loop.onStep?.(step, loss);
  }
  if (step !== saved) await checkpoint(step);
  return Float64Array.from(losses);
}

function restore(
  { variables, random }: TrainingLoop,
  state: KoopmanTrainingState,
): void {
  const sizes = (arrays: readonly { length: number }[]) =>
    arrays.map(({ length }) => length).join(", ");
  const wanted = variables.map(({ size }) => ({ length: size }));
  if (sizes(state.variables) !== sizes(wanted)) {
    throw new TypeError(
      `Cannot go on from variables of ${
        sizes(state.variables)
      } numbers, expected ${sizes(wanted)}: it is of another training`,
    );
  }
  variables.forEach((variable, i) =>
    assignValues(variable, state.variables[i])
  );
  random.loadState(state.random);
}

/**
 * Gives a variable new values.
 *
 * @param variable Shape [values].
 * @param values Copied.
 */
export function assignValues(
  variable: tf.Variable,
  values: Float32Array,
): void {
  tf.tidy(() => variable.assign(tf.tensor1d(values.slice())));
}
