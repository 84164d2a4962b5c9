/**
 * A perceptron that acts while it is trained.
 *
 * @module
 */
import { compile } from "./compile/compile.ts";
import { NATIVE_BACKEND } from "./compile/native_backend.ts";
import { type Activation, mlp, mlpLayout } from "./networks.ts";
import { parameterCount, unpack } from "./parameters.ts";
import { createPerceptron, type Perceptron } from "./perceptron.ts";
import * as tf from "./tensorflow.ts";

/** What {@linkcode createActingNetwork} needs to know. */
export interface ActingNetworkOptions {
  /** Of the hidden layers. */
  activation: Activation;
  /** Parameters that are trained, the network's among them. */
  variable: tf.Variable<tf.Rank.R1>;
  /** Place of the network's first parameter in the variable. Default 0. */
  start?: number;
  /** Holds the network's parameters as they were last read. */
  parameters: Float32Array;
  /** Rows that it acts on at a time. */
  rows: number;
}

/** A perceptron that follows a variable. */
export interface ActingNetwork extends Perceptron {
  /**
   * Takes over the variable's values: to be called after each update. Costs
   * nothing where the forward pass reads the variable itself.
   */
  refresh(): void | Promise<void>;
  /** Ends the compiled forward pass, if there is one. */
  dispose(): void;
}

/**
 * The forward pass of a network in training: compiled over its variable on the
 * device `native`, on plain arrays elsewhere, as a call of tfjs takes longer
 * than a small network. Other numbers of rows go over plain arrays too.
 *
 * @param sizes Width of each layer, inputs first.
 * @param options Its parameters and rows.
 */
export function createActingNetwork(
  sizes: readonly number[],
  options: ActingNetworkOptions,
): ActingNetwork {
  const { activation, variable, start = 0, parameters, rows } = options;
  const plain = createPerceptron(sizes, activation, { parameters });
  const end = start + parameters.length;
  if (tf.getBackend() !== NATIVE_BACKEND) {
    return {
      ...plain,
      async refresh() {
        const values = await variable.data() as Float32Array;
        parameters.set(values.subarray(start, end));
      },
      dispose: () => {},
    };
  }
  const layout = mlpLayout("", sizes);
  const forward = compile(({ input }) => {
    const own = tf.slice(variable, [start], [parameterCount(layout)]);
    return mlp(unpack(own, layout), input, activation);
  }, { inputs: { input: [rows, sizes[0]] }, variables: [variable] });
  return {
    ...plain,
    forward(input, output) {
      if (input.length !== rows * plain.inputs) {
        const values = variable.dataSync() as Float32Array;
        parameters.set(values.subarray(start, end));
        plain.forward(input, output);
      } else {
        output.set(forward({ input }).dataSync());
      }
    },
    refresh: () => {},
    dispose: forward.dispose,
  };
}
