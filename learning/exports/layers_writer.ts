/**
 * Policies as tfjs layers models, which `tf.loadLayersModel` reads.
 *
 * @module
 */
import {
  input as inputLayer,
  layers,
  model as layersModel,
  type SymbolicTensor,
} from "@tensorflow/tfjs-layers";
import { LEAKY_SLOPE } from "../activations.ts";
import * as tf from "../tensorflow.ts";
import type { Activation, NetworkWriter } from "./network_writer.ts";

/** What is computed in a layers model: shape [batch, size]. */
export type LayersRow = SymbolicTensor;

/** A layers model as files. */
export interface LayersFiles {
  /** `model.json`. */
  readonly model: string;
  /** `weights.bin`, which `model.json` names. */
  readonly weights: Uint8Array;
}

/** Writes a layers model. */
export interface LayersWriter extends NetworkWriter<LayersRow> {
  /** Layers decide nothing. */
  readonly decisions?: undefined;
  /** Names and sizes of what goes in so far. */
  readonly inputs: readonly { name: string; size: number }[];
  /** Names and sizes of what comes out so far. */
  readonly outputs: readonly { name: string; size: number }[];
  /**
   * The files.
   *
   * @param metadata What else is to be said; it comes back as the model's
   * `userDefinedMetadata`.
   */
  encode(metadata: Readonly<Record<string, unknown>>): Promise<LayersFiles>;
}

/** tfjs's names of activations; those of layers of their own are missing. */
const ACTIVATION_NAMES: Partial<
  Record<
    Activation,
    Parameters<typeof layers.activation>[0]["activation"] | "gelu"
  >
> = {
  elu: "elu",
  gelu: "gelu",
  relu: "relu",
  sigmoid: "sigmoid",
  silu: "swish",
  softplus: "softplus",
  tanh: "tanh",
};

/** A matrix with ones where a row's value goes to a column. */
function selection(rows: number, start: number, size: number): tf.Tensor2D {
  const values = new Float32Array(rows * size);
  for (let i = 0; i < size; i++) values[(start + i) * size + i] = 1;
  return tf.tensor2d(values, [rows, size]);
}

/** A diagonal matrix. */
function diagonal(values: ArrayLike<number>): tf.Tensor2D {
  const n = values.length;
  const matrix = new Float32Array(n * n);
  for (let i = 0; i < n; i++) matrix[i * n + i] = values[i];
  return tf.tensor2d(matrix, [n, n]);
}

/**
 * A writer of a layers model with nothing in it. It works on the backend that
 * runs, and holds tensors until `encode`, which can be called once.
 */
export function createLayersWriter(): LayersWriter {
  const given: SymbolicTensor[] = [];
  const inputs: { name: string; size: number }[] = [];
  const results: SymbolicTensor[] = [];
  const outputs: { name: string; size: number }[] = [];
  let count = 0;
  // By names of our own, as tfjs's count on over all models of a process.
  const named = (kind: string) => ({ name: `${kind}_${count++}` });
  const sizeOf = (value: SymbolicTensor) => value.shape[1] as number;

  function dense(
    value: SymbolicTensor,
    { weight, bias }: { weight: tf.Tensor2D; bias?: ArrayLike<number> },
  ): SymbolicTensor {
    const units = weight.shape[1];
    const weights = [
      weight,
      ...(bias ? [tf.tensor1d(Float32Array.from(bias))] : []),
    ];
    const useBias = bias !== undefined;
    const layer = layers.dense({
      ...named("dense"),
      units,
      useBias,
      weights,
      kernelInitializer: "zeros",
    });
    const result = layer.apply(value) as SymbolicTensor;
    tf.dispose(weights);
    return result;
  }

  function activate(
    value: SymbolicTensor,
    activation: Activation,
  ): SymbolicTensor {
    if (activation === "identity") return value;
    const layer = activation === "leakyRelu"
      ? layers.leakyReLU({ ...named(activation), alpha: LEAKY_SLOPE })
      : layers.activation({
        ...named(activation),
        activation: ACTIVATION_NAMES[activation] as "tanh",
      });
    return layer.apply(value) as SymbolicTensor;
  }

  function shift(value: SymbolicTensor, by: number): SymbolicTensor {
    const n = sizeOf(value);
    const ones = new Float32Array(n).fill(1);
    return dense(value, {
      weight: diagonal(ones),
      bias: new Float32Array(n).fill(by),
    });
  }

  return {
    inputs,
    outputs,
    input(name, size) {
      const value = inputLayer({ name, shape: [size] });
      given.push(value);
      inputs.push({ name, size });
      return value;
    },
    output(name, value) {
      const layer = layers.activation({ name, activation: "linear" });
      results.push(layer.apply(value) as SymbolicTensor);
      outputs.push({ name, size: sizeOf(value) });
    },
    dense: (value, { weight, bias }) =>
      dense(value, {
        weight: tf.tensor2d(
          weight.data as Float32Array,
          weight.shape as [number, number],
        ),
        bias: bias.data as Float32Array,
      }),
    activate,
    add: (a, b) => layers.add(named("add")).apply([a, b]) as SymbolicTensor,
    multiply: (a, b) =>
      layers.multiply(named("multiply")).apply([a, b]) as SymbolicTensor,
    concat: (parts) =>
      parts.length === 1
        ? parts[0]
        : layers.concatenate(named("concatenate")).apply(
          [...parts],
        ) as SymbolicTensor,
    // tfjs has no layer that cuts rows: what is wanted is multiplied by one.
    slice: (value, start, size) =>
      start === 0 && size === sizeOf(value)
        ? value
        : dense(value, { weight: selection(sizeOf(value), start, size) }),
    normalise(value, { mean, deviation, limit }) {
      const n = sizeOf(value);
      const weights = [
        tf.ones([n]),
        tf.fill([n], limit),
        tf.tensor1d(Float32Array.from(mean)),
        tf.tensor1d(Float32Array.from(deviation, (one) => one ** 2)),
      ];
      const scaled = layers.batchNormalization({
        ...named("normalise"),
        epsilon: 0,
        weights,
      }).apply(value) as SymbolicTensor;
      tf.dispose(weights);
      // Moved up by the limit, for there is a layer that cuts at 0 and above.
      const cut = layers.reLU({ ...named("limit"), maxValue: 2 * limit });
      return shift(cut.apply(scaled) as SymbolicTensor, -limit);
    },
    scale(value, { low, high }) {
      const half = Float32Array.from(high, (top, i) => (top - low[i]) / 2);
      const middle = Float32Array.from(low, (bottom, i) => bottom + half[i]);
      return dense(value, { weight: diagonal(half), bias: middle });
    },
    async encode(metadata) {
      const built = layersModel({
        inputs: given,
        outputs: results,
        name: "policy",
      });
      built.setUserDefinedMetadata({ ...metadata });
      let files: LayersFiles | undefined;
      await built.save(tf.io.withSaveHandler((artifacts) => {
        files = filesOf(artifacts);
        return Promise.resolve({
          modelArtifactsInfo: {
            dateSaved: new Date(0),
            modelTopologyType: "JSON",
          },
        });
      }));
      built.dispose();
      return files!;
    },
  };
}

/** The two files that `tf.loadLayersModel` expects side by side. */
function filesOf(artifacts: tf.io.ModelArtifacts): LayersFiles {
  const { weightData, weightSpecs: weights, ...rest } = artifacts;
  const manifest = [{ paths: ["weights.bin"], weights }];
  return {
    model: `${JSON.stringify({ ...rest, weightsManifest: manifest })}\n`,
    weights: new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData)),
  };
}
