/**
 * A Koopman autoencoder whose timescale can be believed: a normal K with all
 * moduli below one by construction, an encoder near isometry, and a loss over
 * pairs of samples any time apart.
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
import { scheduled } from "../../learning/schedules.ts";
import * as tf from "../../learning/tensorflow.ts";
import { koopmanModel } from "./model.ts";
import {
  advance,
  initialOperator,
  operatorMatrix,
  type OperatorShape,
} from "./normal_operator.ts";
import type {
  KoopmanTrainingOptions,
  TrainedKoopman,
} from "./reference_autoencoder.ts";
import {
  featureScaling,
  sampleCount,
  scaleFeatures,
  type Trajectories,
} from "./trajectories.ts";

export type * from "./model.ts";
export type {
  KoopmanTrainingOptions,
  TrainedKoopman,
} from "./reference_autoencoder.ts";

/** Settings of {@linkcode trainAutoencoder}. */
export interface AutoencoderSettings extends OperatorShape {
  /** Gradient steps. Default 2000. */
  updates: number;
  /** Pairs of samples of a step. Default 1024. */
  batchSize: number;
  /** Adam's first learning rate, which falls linearly to zero. Default 3e-3. */
  learningRate: number;
  /** Widths of the encoder's hidden layers; the decoder's in reverse. Default 32, 32. */
  hidden: readonly number[];
  /** Weight of |decode(encode(x)) - x|^2. Default 1. */
  reconstruction: number;
  /** Weight of |decode(encode(x_s) K^h) - x_(s+h)|^2. Default 1. */
  prediction: number;
  /** Weight of |encode(x_s) K^h - encode(x_(s+h))|^2. Default 1. */
  linearity: number;
  /** Weight of (|e(x) - e(y)|^2 / |x - y|^2 - 1)^2. Default 3. */
  isometry: number;
  /** How far apart neighbours of the isometry are, in scaled features. Default 0.1. */
  neighbourhood: number;
}

/** What {@linkcode trainAutoencoder} takes. */
export interface AutoencoderOptions
  extends KoopmanTrainingOptions<AutoencoderSettings> {
  /** Parameters to begin with, from a training with the same settings. */
  initial?: Float32Array;
}

/** What {@linkcode trainAutoencoder} gives. */
export interface TrainedAutoencoder extends TrainedKoopman {
  /** All parameters, to begin another training with. */
  readonly values: Float32Array;
}

/** The defaults. */
export const AUTOENCODER_SETTINGS: AutoencoderSettings = {
  realModes: 6,
  pairs: 1,
  updates: 2000,
  batchSize: 1024,
  learningRate: 3e-3,
  hidden: [32, 32],
  reconstruction: 1,
  prediction: 1,
  linearity: 1,
  isometry: 3,
  neighbourhood: 0.1,
};

/** Updates whose losses are averaged into one number. */
const LOSSES_EVERY = 100;

/**
 * Trains on pairs (x_s, x_(s+h)): s is any sample of any trajectory, h any
 * number of steps to its end. So every sample is a starting point, and slow
 * modes are seen over times in which they decay, where one step would show
 * nothing but noise. Features are scaled to deviation one, the latent origin
 * is the fixed point, and K is normal (see `normal_operator.ts`), so that
 * |K^t| is exactly the t-th power of the largest modulus.
 *
 * @param trajectories Two or more samples each. Throws `RangeError` otherwise.
 * @param options Settings, seed, progress.
 */
export async function trainAutoencoder(
  trajectories: Trajectories,
  options: AutoencoderOptions,
): Promise<TrainedAutoencoder> {
  const settings = { ...AUTOENCODER_SETTINGS, ...options.settings };
  const { batchSize, hidden, realModes, pairs } = settings;
  const width = trajectories.features.length;
  const latent = realModes + 2 * pairs;
  const scaling = featureScaling(trajectories);
  const scaled = scaleFeatures(trajectories, scaling);
  const random = new Random(options.seed);
  const weightStream = random.split();
  const batchStream = random.split();

  const encoderLayout = mlpLayout("encoder", [width, ...hidden, latent]);
  const decoderLayout = mlpLayout("decoder", [
    latent,
    ...hidden.toReversed(),
    width,
  ]);
  const layout: ParameterLayout = [
    ...encoderLayout,
    ...decoderLayout,
    { name: "operator.logRates", shape: [realModes + pairs] },
    ...pairs > 0 ? [{ name: "operator.angles", shape: [pairs] }] : [],
  ];
  const operatorStart = encoderLayout.length + decoderLayout.length;
  const encoderSize = parameterCount(encoderLayout);
  const networksSize = encoderSize + parameterCount(decoderLayout);
  const first = new Float32Array(parameterCount(layout));
  first.set(initialParameters(encoderLayout, weightStream));
  first.set(initialParameters(decoderLayout, weightStream), encoderSize);
  first.set(initialOperator(settings, scaled), networksSize);
  if (options.initial) first.set(initialValues(options.initial, first.length));
  const parameters = parameterVariable(first);
  const optimizer = createAdamState(first.length);

  const update = compile(({ from, to, steps, jitter, correction }) => {
    const tensors = unpack(parameters, layout);
    const { value, grads } = tf.valueAndGrads((...weights) => {
      const encoder = weights.slice(0, encoderLayout.length);
      const decoder = weights.slice(encoderLayout.length, operatorStart);
      const neighbours = tf.add(from, jitter);
      const encoded = mlp(
        encoder,
        tf.concat([from, to, neighbours] as tf.Tensor2D[]),
        "tanh",
      );
      const [start, end, near] = tf.split(encoded, 3) as tf.Tensor2D[];
      const ahead = advance(start, steps, {
        logRates: weights[operatorStart],
        angles: weights[operatorStart + 1],
        realModes,
        pairs,
      });
      const decoded = mlp(decoder, tf.concat([start, end, ahead]), "tanh");
      const [again, endAgain, predicted] = tf.split(decoded, 3);
      const squared = (a: tf.Tensor, b: tf.Tensor) =>
        tf.mean(tf.square(tf.sub(a, b)));
      const isometry = tf.add(
        stretching(tf.sub(start, end), tf.sub(from, to)),
        stretching(tf.sub(start, near), jitter),
      );
      return tf.addN([
        tf.mul(
          settings.reconstruction / 2,
          tf.add(squared(again, from), squared(endAgain, to)),
        ),
        tf.mul(settings.prediction, squared(predicted, to)),
        tf.mul(settings.linearity, squared(ahead, end)),
        tf.mul(settings.isometry, isometry),
      ]) as tf.Scalar;
    })(tensors);
    parameters.assign(
      adam(parameters, pack(grads), {
        state: optimizer,
        correction,
      }) as tf.Tensor1D,
    );
    return { loss: value };
  }, {
    inputs: {
      from: [batchSize, width],
      to: [batchSize, width],
      steps: [batchSize, 1],
      jitter: [batchSize, width],
      correction: [2],
    },
    variables: [parameters, optimizer.mean, optimizer.square],
  });

  const draw = pairDrawer(scaled, settings, batchStream);
  const losses: number[] = [];
  let sum = 0;
  try {
    for (let step = 1; step <= settings.updates; step++) {
      if (options.signal?.aborted) break;
      const learningRate = scheduled(settings.learningRate, "linear", {
        progress: (step - 1) / settings.updates,
      });
      const outputs = update({
        ...draw(),
        correction: adamCorrection(learningRate, step),
      });
      const loss = (await outputs.loss.data())[0];
      if (!Number.isFinite(loss)) {
        throw new Error(
          `Cannot go on training: the loss is ${loss} in update ${step}; a lower learning rate may help`,
        );
      }
      sum += loss;
      if (step % LOSSES_EVERY === 0) {
        losses.push(sum / LOSSES_EVERY);
        sum = 0;
      }
      await options.onStep?.(step, loss);
    }
    const values = await parameters.data() as Float32Array;
    return {
      model: koopmanModel({
        kind: "default",
        features: trajectories.features,
        interval: trajectories.interval,
        encoderSizes: [width, ...hidden, latent],
        activation: "tanh",
        scaling,
        encoder: values.slice(0, encoderSize),
        decoder: values.slice(encoderSize, networksSize),
        matrix: operatorMatrix(values.subarray(networksSize), settings),
        bias: new Float64Array(latent),
      }, trajectories),
      losses: Float64Array.from(losses),
      values: values.slice(),
    };
  } finally {
    update.dispose();
    tf.dispose([parameters, optimizer.mean, optimizer.square]);
  }
}

function initialValues(values: Float32Array, wanted: number): Float32Array {
  if (values.length === wanted) return values;
  throw new TypeError(
    `Cannot begin with ${values.length} parameters, expected ${wanted}, of the same settings`,
  );
}

/** Mean of (|latent|^2 / |features|^2 - 1)^2 over rows; close pairs count less. */
function stretching(latent: tf.Tensor, features: tf.Tensor): tf.Tensor {
  const norms = (rows: tf.Tensor) => tf.sum(tf.square(rows), 1);
  const difference = tf.sub(norms(latent), norms(features));
  return tf.mean(tf.square(tf.div(difference, tf.add(norms(features), 1e-3))));
}

/** Draws pairs of one series; each sample is as likely to be the first. */
function pairDrawer(
  { series, features }: Trajectories,
  { batchSize, neighbourhood }: AutoencoderSettings,
  random: Random,
) {
  const width = features.length;
  const counts = series.map((_, i) =>
    sampleCount({ series, features, interval: 1 }, i)
  );
  const total = counts.reduce((sum, count) => sum + count - 1, 0);
  if (counts.some((count) => count < 2)) {
    throw new RangeError(
      `Cannot learn from series of ${
        counts.join(", ")
      } samples, expected 2 or more in each`,
    );
  }
  const from = new Float32Array(batchSize * width);
  const to = new Float32Array(batchSize * width);
  const steps = new Float32Array(batchSize);
  const jitter = new Float32Array(batchSize * width);
  return () => {
    for (let row = 0; row < batchSize; row++) {
      let start = random.integer(0, total - 1);
      let which = 0;
      while (start >= counts[which] - 1) start -= counts[which++] - 1;
      const ahead = random.integer(1, counts[which] - 1 - start);
      const values = series[which];
      for (let j = 0; j < width; j++) {
        from[row * width + j] = values[start * width + j];
        to[row * width + j] = values[(start + ahead) * width + j];
        jitter[row * width + j] = random.normal(0, neighbourhood);
      }
      steps[row] = ahead;
    }
    return { from, to, steps, jitter };
  };
}
