/**
 * A Koopman autoencoder whose timescale can be believed: a normal K with all
 * moduli below one by construction, an encoder near isometry, and a loss over
 * pairs of samples any time apart.
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
import { createPerceptron } from "../../learning/perceptron.ts";
import { scheduled } from "../../learning/schedules.ts";
import * as tf from "../../learning/tensorflow.ts";
import { monomials, networkDictionary } from "./dictionaries.ts";
import { koopmanModel } from "./model.ts";
import {
  advance,
  initialOperator,
  operatorMatrix,
  type OperatorShape,
  slowestRate,
} from "./normal_operator.ts";
import { slowMode } from "./slow_mode.ts";
import {
  assignValues,
  autoencoderLayout,
  firstParameters,
  type KoopmanTrainingOptions,
  pairedCounts,
  type TrainedKoopman,
  trainSteps,
} from "./training.ts";
import {
  featureScaling,
  scaleFeatures,
  type Trajectories,
} from "./trajectories.ts";

export type * from "./model.ts";
export type { KoopmanTrainingOptions, TrainedKoopman };

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
  /** Weight of |decode(encode(x_s) K^h) - x_(s+h)|^2. Default 5. */
  prediction: number;
  /** Weight of |encode(x_s) K^h - encode(x_(s+h))|^2. Default 1. */
  linearity: number;
  /** Weight of (|e(x) - e(y)|^2 / |x - y|^2 - 1)^2. Default 3. */
  isometry: number;
  /** How far apart neighbours of the isometry are, in scaled features. Default 0.1. */
  neighbourhood: number;
}

/** The defaults. */
export const AUTOENCODER_SETTINGS: AutoencoderSettings = {
  realModes: 6,
  pairs: 1,
  separation: 2,
  updates: 2000,
  batchSize: 1024,
  learningRate: 3e-3,
  hidden: [32, 32],
  reconstruction: 1,
  prediction: 5,
  linearity: 1,
  isometry: 3,
  neighbourhood: 0.1,
};

/** Updates whose losses are averaged into one number. */
const LOSSES_EVERY = 100;

/** Share of the updates after which the slowest mode is measured anew. */
const REMEASURED = 1 / 2;
/** Degree of the monomials that it is first measured with. */
const DEGREE = 3;

/**
 * Trains on pairs (x_s, x_(s+h)): s is any sample of any trajectory, h any
 * number of steps to its end. So every sample is a starting point, and slow
 * modes are seen over times in which they decay, where one step would show
 * nothing but noise. Features are scaled to deviation one, the latent origin
 * is the fixed point, and K is normal (see `normal_operator.ts`), so that
 * |K^t| is exactly the t-th power of the largest modulus.
 *
 * The loss hardly tells one slow mode from two that share its decay between
 * them, one slower and one faster. So the slowest rate is not left to it: it
 * is measured by least squares (see `slow_mode.ts`), first in monomials of the
 * features and, half-way, in the encoder's own coordinates (extended dynamic
 * mode decomposition with dictionary learning, Li, Dietrich, Bollt and
 * Kevrekidis, 2017), and the other rates are learned, each so many times the
 * one before.
 *
 * @param trajectories Two or more samples each. Throws `RangeError` otherwise.
 * @param options Settings, seed, progress.
 */
export async function trainAutoencoder(
  trajectories: Trajectories,
  options: KoopmanTrainingOptions<AutoencoderSettings>,
): Promise<TrainedKoopman> {
  const settings = { ...AUTOENCODER_SETTINGS, ...options.settings };
  const { batchSize, hidden, realModes, pairs } = settings;
  const width = trajectories.features.length;
  const latent = realModes + 2 * pairs;
  const counts = pairedCounts(trajectories);
  const scaling = featureScaling(trajectories);
  const scaled = scaleFeatures(trajectories, scaling);
  const random = new Random(options.seed);
  const weightStream = random.split();
  const batchStream = random.split();

  const networks = autoencoderLayout({
    encoderSizes: [width, ...hidden, latent],
    decoderSizes: [latent, width],
  }, [
    { name: "operator.logRates", shape: [realModes + pairs] },
    ...pairs > 0 ? [{ name: "operator.angles", shape: [pairs] }] : [],
  ]);
  const { layout, encoderTensors, networkTensors } = networks;
  const { encoderSize, networkSize } = networks;
  const roughly = slowMode(scaled, { dictionary: monomials(DEGREE) });
  const first = firstParameters(
    networks,
    initialOperator(settings, slowestRate(roughly, counts)),
    weightStream,
  );
  const parameters = parameterVariable(first);
  const optimizer = createAdamState(first.length);
  const learned = Float32Array.from(first, (_, i) => i === networkSize ? 0 : 1);

  const variables = [parameters, optimizer.mean, optimizer.square];
  const update = compile(({ from, to, steps, jitter, correction }) => {
    const tensors = unpack(parameters, layout);
    const { value, grads } = tf.valueAndGrads((...weights) => {
      const encoder = weights.slice(0, encoderTensors);
      const decoder = weights.slice(encoderTensors, networkTensors);
      const neighbours = tf.add(from, jitter);
      const encoded = mlp(
        encoder,
        tf.concat([from, to, neighbours] as tf.Tensor2D[]),
        "tanh",
      );
      const [start, end, near] = tf.split(encoded, 3) as tf.Tensor2D[];
      const ahead = advance(start, steps, {
        logRates: weights[networkTensors],
        angles: weights[networkTensors + 1],
        realModes,
        pairs,
        separation: settings.separation,
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
      adam(parameters, tf.mul(pack(grads), learned), {
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
    variables,
  });

  /** Holds the slowest rate at what the encoder's coordinates show. */
  async function remeasure(): Promise<void> {
    const values = (await parameters.data() as Float32Array).slice();
    const encoder = createPerceptron(networks.encoderSizes, "tanh", {
      parameters: values.subarray(0, encoderSize),
    });
    const mode = slowMode(scaled, {
      dictionary: networkDictionary(encoder),
      lags: roughly.lags,
    });
    values[networkSize] = Math.log(slowestRate(mode, counts));
    assignValues(parameters, values);
  }

  const draw = pairDrawer(scaled, counts, settings, batchStream);
  const half = Math.ceil(settings.updates * REMEASURED);
  try {
    const losses = await trainSteps({
      ...options,
      steps: settings.updates,
      unit: "update",
      lossesEvery: LOSSES_EVERY,
      random: batchStream,
      variables,
      async update(step) {
        const learningRate = scheduled(settings.learningRate, "linear", {
          progress: (step - 1) / settings.updates,
        });
        const { loss } = update({
          ...draw(),
          correction: adamCorrection(learningRate, step),
        });
        const value = (await loss.data())[0];
        if (step === half) await remeasure();
        return value;
      },
    });
    const values = await parameters.data() as Float32Array;
    return {
      model: koopmanModel({
        kind: "default",
        features: trajectories.features,
        interval: trajectories.interval,
        encoderSizes: networks.encoderSizes,
        decoderSizes: networks.decoderSizes,
        activation: "tanh",
        scaling,
        encoder: values.slice(0, encoderSize),
        decoder: values.slice(encoderSize, networkSize),
        matrix: operatorMatrix(values.subarray(networkSize), settings),
        bias: new Float64Array(latent),
      }, trajectories),
      losses,
    };
  } finally {
    update.dispose();
    tf.dispose(variables);
  }
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
  counts: readonly number[],
  { batchSize, neighbourhood }: AutoencoderSettings,
  random: Random,
) {
  const width = features.length;
  const total = counts.reduce((sum, count) => sum + count - 1, 0);
  const from = new Float32Array(batchSize * width);
  const to = new Float32Array(batchSize * width);
  const steps = new Float32Array(batchSize);
  const jitter = new Float32Array(batchSize * width);
  return () => {
    for (let row = 0; row < batchSize; row++) {
      let start = random.integer(0, total - 1);
      let which = 0;
      while (start >= counts[which] - 1) start -= counts[which++] - 1;
      const ahead = stepsAhead(counts[which] - 1 - start, row, random);
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

/**
 * How far apart a pair is: up to the end of its series, all distances equally
 * likely in even rows, all orders of magnitude in odd ones, so that fast modes
 * are seen as well.
 */
function stepsAhead(most: number, row: number, random: Random): number {
  return row % 2 === 0
    ? random.integer(1, most)
    : Math.floor(Math.exp(random.uniform(0, Math.log(most + 1))));
}
