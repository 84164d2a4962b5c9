/**
 * The Koopman autoencoder that metastable queues were first learned with: its
 * architecture, its loss and its optimizer, defects included, so that earlier
 * results can be compared. `autoencoder.ts` is the better one.
 *
 * @module
 */
import { Random } from "../../core/random.ts";
import { compile } from "../../learning/compile/compile.ts";
import { mlp } from "../../learning/networks.ts";
import {
  adam,
  adamCorrection,
  createAdamState,
} from "../../learning/optimizers.ts";
import { pack, parameterVariable, unpack } from "../../learning/parameters.ts";
import * as tf from "../../learning/tensorflow.ts";
import { koopmanModel } from "./model.ts";
import {
  autoencoderLayout,
  firstParameters,
  type KoopmanTrainingOptions,
  pairedCounts,
  type TrainedKoopman,
  trainSteps,
} from "./training.ts";
import type { Trajectories } from "./trajectories.ts";

export type * from "./model.ts";
export type { KoopmanTrainingOptions, TrainedKoopman };

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
  const counts = pairedCounts(trajectories);
  const random = new Random(options.seed);
  const networks = autoencoderLayout({
    encoderSizes: [width, ...hidden, latent],
    decoderSizes: [latent, ...hidden.toReversed(), width],
  }, [
    { name: "operator.weight", shape: [latent, latent] },
    { name: "operator.bias", shape: [latent] },
  ]);
  const { layout, encoderTensors, encoderSize, networkSize } = networks;
  const operator = new Float32Array(latent * (latent + 1));
  for (let i = 0; i < latent; i++) {
    operator[i * (latent + 1)] = settings.initialModulus;
  }
  const first = firstParameters(networks, operator, random);
  const parameters = parameterVariable(first);
  const best = parameterVariable(first);
  const leastLoss = parameterVariable(Float32Array.of(Infinity));
  const optimizer = createAdamState(first.length);

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
    const encoder = weights.slice(0, encoderTensors);
    const decoder = weights.slice(encoderTensors, -2);
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

  const variables = [
    parameters,
    best,
    leastLoss,
    optimizer.mean,
    optimizer.square,
  ];
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
    variables,
  });

  try {
    const losses = await trainSteps({
      ...options,
      steps: settings.epochs,
      unit: "epoch",
      lossesEvery: 1,
      random,
      variables,
      async update(epoch) {
        const { loss } = update({
          correction: adamCorrection(settings.learningRate, epoch),
          direction: Float32Array.from(
            { length: latent },
            () => random.normal(),
          ),
        });
        return (await loss.data())[0];
      },
    });
    const values = await best.data() as Float32Array;
    return {
      model: koopmanModel({
        kind: "reference",
        features: trajectories.features,
        interval: trajectories.interval,
        encoderSizes: networks.encoderSizes,
        decoderSizes: networks.decoderSizes,
        activation: "relu",
        scaling: {
          shift: new Float64Array(width),
          scale: new Float64Array(width).fill(1),
        },
        encoder: values.slice(0, encoderSize),
        decoder: values.slice(encoderSize, networkSize),
        matrix: Float64Array.from(values.subarray(networkSize, -latent)),
        bias: Float64Array.from(values.subarray(-latent)),
      }, trajectories),
      losses,
    };
  } finally {
    update.dispose();
    tf.dispose([...variables, starts, ...targets]);
  }
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
