/**
 * A learned Koopman model: an encoder, a decoder, and a linear step between
 * the encodings of successive samples.
 *
 * @module
 */
import { LuDecomposition, Matrix } from "ml-matrix";
import type { Activation } from "../../learning/activations.ts";
import { createPerceptron } from "../../learning/perceptron.ts";
import { impliedTimescale, type Spectrum, spectrum } from "./spectrum.ts";
import type { FeatureScaling, Trajectories } from "./trajectories.ts";

export type { Activation } from "../../learning/activations.ts";
export type * from "./spectrum.ts";
export type * from "./trajectories.ts";

/** Everything that a model's file holds but the data. */
export interface KoopmanParameters {
  /** How it was trained. */
  readonly kind: "reference" | "default";
  /** Names of the features. */
  readonly features: readonly string[];
  /** Time of a step. */
  readonly interval: number;
  /** Widths of the encoder's layers, features first. */
  readonly encoderSizes: readonly number[];
  /** Widths of the decoder's layers. Default the encoder's in reverse. */
  readonly decoderSizes?: readonly number[];
  /** Of the hidden layers. */
  readonly activation: Activation;
  /** Brings features to the scale that the encoder takes. */
  readonly scaling: FeatureScaling;
  /** Weights and biases, layer by layer. */
  readonly encoder: Float32Array;
  /** Weights and biases, layer by layer. */
  readonly decoder: Float32Array;
  /** K of z' = z K + b, for rows z. Shape [latent, latent]. */
  readonly matrix: Float64Array;
  /** b. Shape [latent]. */
  readonly bias: Float64Array;
}

/** A model that predicts. */
export interface KoopmanModel extends KoopmanParameters {
  /** Widths of the decoder's layers, features last. */
  readonly decoderSizes: readonly number[];
  /** What it was trained on. */
  readonly data: Trajectories;
  /** Values of a latent state. */
  readonly latent: number;
  /** Eigenvalues of K, and the condition of its eigenvectors. */
  readonly spectrum: Spectrum;
  /**
   * -interval / ln |lambda| of the slowest mode, in units of the interval's;
   * Infinity where a modulus is 1 or more.
   */
  readonly timescale: number;
  /** z* = z* K + b. Shape [latent]. */
  readonly fixedPoint: Float64Array;
  /**
   * Encodes states.
   *
   * @param states In the features' units. Shape [rows, features].
   * @returns Shape [rows, latent].
   */
  encode(states: Float64Array): Float64Array;
  /**
   * Decodes latent states.
   *
   * @param latents Shape [rows, latent].
   * @returns In the features' units. Shape [rows, features].
   */
  decode(latents: Float64Array): Float64Array;
  /**
   * Latent states 0 to steps - 1 from a first one.
   *
   * @param start Shape [latent].
   * @param steps How many.
   * @returns Shape [steps, latent].
   */
  rollout(start: Float64Array, steps: number): Float64Array;
}

/**
 * A model from its parameters.
 *
 * @param parameters Throws `TypeError` where sizes do not go together.
 * @param data What it was trained on.
 */
export function koopmanModel(
  parameters: KoopmanParameters,
  data: Trajectories,
): KoopmanModel {
  const { encoderSizes, activation, scaling } = parameters;
  const { decoderSizes = encoderSizes.toReversed() } = parameters;
  const { matrix, bias } = parameters;
  const latent = encoderSizes.at(-1)!;
  const width = parameters.features.length;
  if (
    encoderSizes[0] !== width || matrix.length !== latent * latent ||
    bias.length !== latent || scaling.shift.length !== width
  ) {
    throw new TypeError(
      `Cannot make a Koopman model of ${width} features and ${matrix.length} values of K: expected layers ${
        encoderSizes.join("-")
      }`,
    );
  }
  const encoder = createPerceptron(encoderSizes, activation, {
    parameters: parameters.encoder,
  });
  const decoder = createPerceptron(decoderSizes, activation, {
    parameters: parameters.decoder,
  });
  const found = spectrum({ size: latent, values: matrix });
  return {
    ...parameters,
    decoderSizes,
    data,
    latent,
    spectrum: found,
    timescale: impliedTimescale(
      found.eigenvalues[0].modulus,
      parameters.interval,
    ),
    fixedPoint: fixedPoint(matrix, bias),
    encode(states) {
      const rows = states.length / width;
      const scaled = Float32Array.from(
        states,
        (x, i) => (x - scaling.shift[i % width]) / scaling.scale[i % width],
      );
      const encoded = new Float32Array(rows * latent);
      encoder.forward(scaled, encoded);
      return Float64Array.from(encoded);
    },
    decode(latents) {
      const rows = latents.length / latent;
      const decoded = new Float32Array(rows * width);
      decoder.forward(Float32Array.from(latents), decoded);
      return Float64Array.from(
        decoded,
        (x, i) => x * scaling.scale[i % width] + scaling.shift[i % width],
      );
    },
    rollout(start, steps) {
      const states = new Float64Array(steps * latent);
      states.set(start);
      for (let t = 1; t < steps; t++) {
        const from = states.subarray((t - 1) * latent, t * latent);
        for (let j = 0; j < latent; j++) {
          let sum = bias[j];
          for (let i = 0; i < latent; i++) {
            sum += from[i] * matrix[i * latent + j];
          }
          states[t * latent + j] = sum;
        }
      }
      return states;
    },
  };
}

/** z* (I - K) = b; NaN where K has the eigenvalue 1. */
function fixedPoint(matrix: Float64Array, bias: Float64Array): Float64Array {
  const size = bias.length;
  const rows = Matrix.from1DArray(size, size, matrix).transpose();
  const decomposition = new LuDecomposition(Matrix.eye(size).sub(rows));
  return decomposition.isSingular()
    ? new Float64Array(size).fill(NaN)
    : Float64Array.from(
      decomposition.solve(Matrix.columnVector(bias)).to1DArray(),
    );
}
