/**
 * The Koopman autoencoder that metastable queues were first learned with: its
 * architecture, its loss and its optimizer, defects included, so that earlier
 * results can be compared. `autoencoder.ts` is the better one.
 *
 * @module
 */
import { Random } from "../../core/random.ts";
import { compile } from "../../learning/compile/compile.ts";
import { initialParameters, mlp, mlpLayout } from "../../learning/networks.ts";
import {
  adam,
  adamCorrection,
  createAdamState,
} from "../../learning/optimizers.ts";
import {
  pack,
  parameterCount,
  type ParameterLayout,
  parameterVariable,
  unpack,
} from "../../learning/parameters.ts";
import * as tf from "../../learning/tensorflow.ts";
import { type KoopmanModel, koopmanModel } from "./model.ts";
import { sampleCount, type Trajectories } from "./trajectories.ts";

export type * from "./model.ts";

/** Settings of the reference; defaults are the original's. */
export interface ReferenceSettings {
  /** Passes over all trajectories. Default 1000. */
  epochs: number;
  /** Adam's learning rate. Default 1e-4. */
  learningRate: number;
  /** Widths of the encoder's hidden layers; the decoder's in reverse. Default 100, 500. */
  hidden: readonly number[];
  /** Values of a latent state. Default 20. */
  latent: number;
  /** K begins as this times the identity. Default 0.8. */
  initialModulus: number;
  /** The clip's limit of the largest singular value. Default 0.99. */
  clip: number;
}

/** The original's settings. */
export const REFERENCE_SETTINGS: ReferenceSettings = {
  epochs: 1000,
  learningRate: 1e-4,
  hidden: [100, 500],
  latent: 20,
  initialModulus: 0.8,
  clip: 0.99,
};

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
}

/** What a training gives. */
export interface TrainedKoopman {
  /** The learned model. */
  readonly model: KoopmanModel;
  /** Loss of each epoch, or the mean over some updates. */
  readonly losses: Float64Array;
}

/**
 * Trains on whole rollouts: from the encoding of a trajectory's first sample,
 * z' = z K + b is taken to its end, decoded and compared; all trajectories are
 * one batch. The loss is the sum over trajectories of the mean squared error,
 * without reconstruction or linearity, and the i-th prediction is compared with
 * sample i + 1 (the original's shift, by which it is fitted to the sample after
 * its own). After each step K is scaled down where two power iterations from a
 * random vector find a singular value above 0.99; being so few, they
 * underestimate, and nothing keeps moduli below one. The weights of the least
 * loss are kept. Features are not scaled.
 *
 * The rollout is the original's to rounding, but takes log2(samples) products:
 * with K^m at hand, samples 0 to m - 1 give samples m to 2 m - 1 at once.
 *
 * @param trajectories Two or more samples each. Throws `RangeError` otherwise.
 * @param options Settings, seed, progress.
 */
export async function trainReferenceAutoencoder(
  trajectories: Trajectories,
  options: KoopmanTrainingOptions<ReferenceSettings>,
): Promise<TrainedKoopman> {
  const settings = { ...REFERENCE_SETTINGS, ...options.settings };
  const width = trajectories.features.length;
  const { latent, hidden } = settings;
  const random = new Random(options.seed);
  const encoderLayout = mlpLayout("encoder", [width, ...hidden, latent]);
  const decoderLayout = mlpLayout("decoder", [
    latent,
    ...hidden.toReversed(),
    width,
  ]);
  const layout: ParameterLayout = [
    ...encoderLayout,
    ...decoderLayout,
    { name: "operator.weight", shape: [latent, latent] },
    { name: "operator.bias", shape: [latent] },
  ];
  const first = new Float32Array(parameterCount(layout));
  const encoderSize = parameterCount(encoderLayout);
  const networksSize = encoderSize + parameterCount(decoderLayout);
  first.set(initialParameters(encoderLayout, random));
  first.set(initialParameters(decoderLayout, random), encoderSize);
  for (let i = 0; i < latent; i++) {
    first[networksSize + i * (latent + 1)] = settings.initialModulus;
  }
  const parameters = parameterVariable(first);
  const best = parameterVariable(first);
  const leastLoss = parameterVariable(Float32Array.of(Infinity));
  const optimizer = createAdamState(first.length);

  const counts = trajectories.series.map((_, i) =>
    sampleCount(trajectories, i)
  );
  if (counts.some((count) => count < 2)) {
    throw new RangeError(
      `Cannot learn from series of ${
        counts.join(", ")
      } samples, expected 2 or more in each`,
    );
  }
  const starts = tf.tensor2d(
    trajectories.series.flatMap((values) => [...values.subarray(0, width)]),
    [counts.length, width],
  );
  const targets = trajectories.series.map((values) =>
    tf.tensor2d(Float32Array.from(values.subarray(width)), [
      values.length / width - 1,
      width,
    ])
  );

  function loss(weights: readonly tf.Tensor[]): tf.Scalar {
    const [matrix, bias] = weights.slice(-2) as [tf.Tensor2D, tf.Tensor1D];
    const encoder = weights.slice(0, encoderLayout.length);
    const decoder = weights.slice(encoderLayout.length, -2);
    const encoded = mlp(encoder, starts, "relu");
    const states = rollout(encoded, { matrix, bias }, counts.map((n) => n - 1));
    const decoded = mlp(decoder, tf.concat(states), "relu");
    let row = 0;
    const errors = targets.map((target) => {
      const rows = target.shape[0];
      const predicted = tf.slice(decoded, [row, 0], [rows, width]);
      row += rows;
      return tf.mean(tf.square(tf.sub(predicted, target)));
    });
    return tf.addN(errors) as tf.Scalar;
  }

  const update = compile(({ correction, direction }) => {
    const tensors = unpack(parameters, layout);
    const { value, grads } = tf.valueAndGrads((...weights) => loss(weights))(
      tensors,
    );
    const better = tf.less(value, leastLoss);
    best.assign(tf.where(better, parameters, best) as tf.Tensor1D);
    leastLoss.assign(tf.minimum(leastLoss, value) as tf.Tensor1D);
    const stepped = adam(parameters, pack(grads), {
      state: optimizer,
      correction,
    }) as tf.Tensor1D;
    const parts = unpack(stepped, layout);
    const matrix = parts.at(-2) as tf.Tensor2D;
    const sigma = powerIterations(matrix, direction as tf.Tensor2D);
    const scale = tf.minimum(1, tf.div(settings.clip, sigma));
    parts[parts.length - 2] = tf.mul(matrix, scale);
    parameters.assign(pack(parts) as tf.Tensor1D);
    return { loss: value };
  }, {
    inputs: { correction: [2], direction: [1, latent] },
    variables: [
      parameters,
      best,
      leastLoss,
      optimizer.mean,
      optimizer.square,
    ],
  });

  const losses: number[] = [];
  try {
    for (let epoch = 1; epoch <= settings.epochs; epoch++) {
      if (options.signal?.aborted) break;
      const outputs = update({
        correction: adamCorrection(settings.learningRate, epoch),
        direction: Float32Array.from({ length: latent }, () => random.normal()),
      });
      losses.push((await outputs.loss.data())[0]);
      checkFinite(losses.at(-1)!, epoch);
      await options.onStep?.(epoch, losses.at(-1)!);
    }
    const values = await best.data() as Float32Array;
    return {
      model: koopmanModel({
        kind: "reference",
        features: trajectories.features,
        interval: trajectories.interval,
        encoderSizes: [width, ...hidden, latent],
        activation: "relu",
        scaling: {
          shift: new Float64Array(width),
          scale: new Float64Array(width).fill(1),
        },
        encoder: values.slice(0, encoderSize),
        decoder: values.slice(encoderSize, networksSize),
        matrix: Float64Array.from(values.subarray(networksSize, -latent)),
        bias: Float64Array.from(values.subarray(-latent)),
      }, trajectories),
      losses: Float64Array.from(losses),
    };
  } finally {
    update.dispose();
    tf.dispose([
      parameters,
      best,
      leastLoss,
      optimizer.mean,
      optimizer.square,
      starts,
      ...targets,
    ]);
  }
}

function checkFinite(loss: number, epoch: number): void {
  if (Number.isFinite(loss)) return;
  throw new Error(
    `Cannot go on training: the loss is ${loss} in epoch ${epoch}; a lower learning rate may help`,
  );
}

/**
 * States 0 to lengths[i] - 1 of each start under z' = z K + b.
 *
 * @param starts Shape [series, latent].
 * @returns One tensor a series, of shape [lengths[i], latent].
 */
function rollout(
  starts: tf.Tensor2D,
  { matrix, bias }: { matrix: tf.Tensor2D; bias: tf.Tensor1D },
  lengths: readonly number[],
): tf.Tensor2D[] {
  const latent = matrix.shape[0];
  const longest = Math.max(...lengths);
  let power = matrix;
  let shift = tf.reshape(bias, [1, latent]) as tf.Tensor2D;
  let states = lengths.map((_, i) => tf.slice(starts, [i, 0], [1, latent]));
  for (let have = 1; have < longest; have *= 2) {
    states = states.map((known, i) => {
      const more = Math.min(have, lengths[i] - have);
      if (more <= 0) return known;
      const from = tf.slice(known, [0, 0], [more, latent]);
      return tf.concat([known, tf.add(tf.matMul(from, power), shift)]);
    });
    shift = tf.add(tf.matMul(shift, power), shift);
    power = tf.matMul(power, power);
  }
  return states;
}

/** The largest singular value, from below, by two rounds from a direction. */
function powerIterations(
  matrix: tf.Tensor2D,
  direction: tf.Tensor2D,
): tf.Tensor {
  const unit = (row: tf.Tensor) =>
    tf.div(row, tf.add(tf.sqrt(tf.sum(tf.square(row))), 1e-12)) as tf.Tensor2D;
  const transposed = tf.transpose(matrix);
  let right = unit(direction);
  let left = right;
  for (let i = 0; i < 2; i++) {
    left = unit(tf.matMul(right, transposed));
    right = unit(tf.matMul(left, matrix));
  }
  return tf.sum(tf.mul(tf.matMul(left, matrix), right));
}
