/**
 * Networks with memory: an encoder, gated recurrent units, and a head that sees
 * what is remembered beside what is seen now.
 *
 * @module
 */
import type { Random } from "../../core/random.ts";
import { compile } from "../../learning/compile/compile.ts";
import { NATIVE_BACKEND } from "../../learning/compile/native_backend.ts";
import { createGruCell } from "../../learning/gru_cell.ts";
import { gruLayout, initialGruParameters } from "../../learning/gru_layout.ts";
import { initialParameters, mlp, mlpLayout } from "../../learning/networks.ts";
import {
  parameterCount,
  type ParameterLayout,
  unpack,
} from "../../learning/parameters.ts";
import { createPerceptron } from "../../learning/perceptron.ts";
import {
  gru,
  type GruOptions,
  type GruOutputs,
} from "../../learning/recurrent.ts";
import { activate } from "../../learning/tensor_activations.ts";
import * as tf from "../../learning/tensorflow.ts";

/** Widths of a network with memory. */
export interface MemoryNetworkSizes {
  /** What its memory takes in at each step. */
  readonly inputs: number;
  /** Layers before the memory. */
  readonly encoder: readonly number[];
  /** What it remembers; 0 for a network without memory. */
  readonly units: number;
  /** What its head sees beside its memory. */
  readonly beside: number;
  /** Hidden layers of its head. */
  readonly hidden: readonly number[];
  /** What it gives. */
  readonly outputs: number;
}

/** A network with memory on tensors; parameters are passed in. */
export interface MemoryNetwork {
  /** Widths. */
  readonly sizes: MemoryNetworkSizes;
  /** Its arrays: encoder, memory, head. */
  readonly layout: ParameterLayout;
  /** First values of its parameters. */
  initial(random: Random): Float32Array;
  /**
   * What it remembers after each step.
   *
   * @param tensors Of the layout.
   * @param sequence Shape [batch, time, inputs].
   * @param options State before, and where episodes begin.
   */
  remember(
    tensors: readonly tf.Tensor[],
    sequence: tf.Tensor,
    options: GruOptions,
  ): GruOutputs;
  /**
   * What it gives.
   *
   * @param tensors Of the layout.
   * @param memory Shape [rows, units].
   * @param beside Shape [rows, beside].
   * @returns Shape [rows, outputs].
   */
  respond(
    tensors: readonly tf.Tensor[],
    memory: tf.Tensor2D,
    beside: tf.Tensor2D,
  ): tf.Tensor2D;
}

function widthsOf(sizes: MemoryNetworkSizes) {
  const { inputs, encoder, units, beside, hidden, outputs } = sizes;
  const encoderSizes = [inputs, ...encoder];
  return {
    encoderSizes,
    encoded: encoderSizes.at(-1)!,
    headSizes: [units + beside, ...hidden, outputs],
  };
}

/** Layouts of a network's parts; empty where it lacks one. */
function layoutsOf(prefix: string, sizes: MemoryNetworkSizes) {
  const { encoderSizes, encoded, headSizes } = widthsOf(sizes);
  const hasEncoder = sizes.units > 0 && sizes.encoder.length > 0;
  return {
    encoder: hasEncoder ? mlpLayout(`${prefix}.encoder`, encoderSizes) : [],
    memory: sizes.units > 0
      ? gruLayout(`${prefix}.memory`, encoded, sizes.units)
      : [],
    head: mlpLayout(`${prefix}.head`, headSizes),
  };
}

/**
 * A network with memory. Hidden layers are rectified.
 *
 * @param prefix What its arrays are called.
 * @param sizes Widths. Throws `RangeError` for those that no network has.
 */
export function memoryNetwork(
  prefix: string,
  sizes: MemoryNetworkSizes,
): MemoryNetwork {
  const { encoder, memory, head } = layoutsOf(prefix, sizes);
  const afterEncoder = encoder.length;
  const afterMemory = afterEncoder + memory.length;
  return {
    sizes,
    layout: [...encoder, ...memory, ...head],
    initial(random) {
      const parts = [
        initialParameters(encoder, random),
        memory.length > 0 ? initialGruParameters(memory, random) : [],
        initialParameters(head, random),
      ];
      return Float32Array.from(parts.flatMap((part) => [...part]));
    },
    remember(tensors, sequence, options) {
      const own = tensors.slice(afterEncoder, afterMemory);
      if (afterEncoder === 0) return gru(own, sequence, options);
      const [batch, time, width] = sequence.shape;
      const rows = tf.reshape(sequence, [batch * time, width]);
      const sums = mlp(tensors.slice(0, afterEncoder), rows, "relu");
      const encoded = tf.reshape(activate(sums, "relu"), [batch, time, -1]);
      return gru(own, encoded, options);
    },
    respond: (tensors, memory, beside) =>
      mlp(tensors.slice(afterMemory), tf.concat([memory, beside], 1), "relu"),
  };
}

/** A network with memory that takes one step at a time, on plain arrays. */
export interface MemoryStepper {
  /** Widths. */
  readonly sizes: MemoryNetworkSizes;
  /**
   * Takes in what is seen.
   *
   * @param inputs Shape [rows, inputs].
   * @param state Overwritten by what is remembered next. Shape [rows, units].
   */
  remember(inputs: Float32Array, state: Float32Array): void;
  /**
   * Takes in what is seen, and answers.
   *
   * @param inputs Shape [rows, inputs].
   * @param state As for `remember`.
   * @param into What the head sees beside its memory, shape [rows, beside], and
   * what it gives, shape [rows, outputs], which is written to.
   */
  step(
    inputs: Float32Array,
    state: Float32Array,
    into: { beside: Float32Array; outputs: Float32Array },
  ): void;
}

/**
 * A network with memory over plain arrays; needs no device.
 *
 * @param sizes Widths.
 * @param parameters In the layout's order; live, not copied.
 */
export function createMemoryStepper(
  sizes: MemoryNetworkSizes,
  parameters: Float32Array,
): MemoryStepper {
  const { units, beside } = sizes;
  const { encoderSizes, encoded, headSizes } = widthsOf(sizes);
  const layouts = layoutsOf("network", sizes);
  let offset = 0;
  const take = (layout: ParameterLayout) =>
    parameters.subarray(offset, offset += parameterCount(layout));
  const encoder = layouts.encoder.length > 0
    ? createPerceptron(encoderSizes, "relu", {
      parameters: take(layouts.encoder),
    })
    : undefined;
  const memory = units > 0
    ? createGruCell(encoded, units, { parameters: take(layouts.memory) })
    : undefined;
  const head = createPerceptron(headSizes, "relu", {
    parameters: take(layouts.head),
  });
  let joined = new Float32Array(0);

  function remember(inputs: Float32Array, state: Float32Array): void {
    if (!memory) return;
    let rows = inputs;
    if (encoder) {
      rows = new Float32Array(inputs.length / sizes.inputs * encoded);
      encoder.forward(inputs, rows);
      for (let i = 0; i < rows.length; i++) rows[i] = Math.max(0, rows[i]);
    }
    memory.forward(rows, state);
  }

  return {
    sizes,
    remember,
    step(inputs, state, into) {
      remember(inputs, state);
      const rows = into.beside.length / beside;
      const width = units + beside;
      if (joined.length !== rows * width) {
        joined = new Float32Array(rows * width);
      }
      for (let row = 0; row < rows; row++) {
        const start = row * width;
        for (let i = 0; i < units; i++) {
          joined[start + i] = state[row * units + i];
        }
        for (let i = 0; i < beside; i++) {
          joined[start + units + i] = into.beside[row * beside + i];
        }
      }
      head.forward(joined, into.outputs);
    },
  };
}

/** What {@linkcode createActingMemory} needs to know. */
export interface ActingMemoryOptions {
  /** Parameters that are trained, the network's among them. */
  variable: tf.Variable<tf.Rank.R1>;
  /** Place of the network's first parameter in the variable. Default 0. */
  start?: number;
  /** The network's parameters as they are read after each update. */
  parameters: Float32Array;
  /** Rows that it acts on at a time. */
  rows: number;
}

/** A stepper that may have to be ended. */
export interface ActingMemory extends MemoryStepper {
  /** Ends the compiled steps, if there are any. */
  dispose(): void;
}

/**
 * A network with memory that acts while it is trained: compiled over its
 * variable on the device `native`, on plain arrays elsewhere and for other
 * numbers of rows.
 *
 * @param network Which.
 * @param options Its parameters and rows.
 */
export function createActingMemory(
  network: MemoryNetwork,
  options: ActingMemoryOptions,
): ActingMemory {
  const { variable, start = 0, parameters, rows } = options;
  const { sizes, layout } = network;
  const plain = createMemoryStepper(sizes, parameters);
  if (tf.getBackend() !== NATIVE_BACKEND) {
    return { ...plain, dispose: () => {} };
  }
  const { inputs, units, beside } = sizes;
  const tensors = () =>
    unpack(tf.slice(variable, [start], [parameterCount(layout)]), layout);
  const next = (
    own: tf.Tensor[],
    { seen, state }: { seen: tf.Tensor2D; state: tf.Tensor2D },
  ): tf.Tensor2D =>
    units === 0 ? state : network.remember(
      own,
      tf.reshape(seen, [rows, 1, inputs]),
      { state },
    ).state;
  const rememberStep = compile(
    (given) => next(tensors(), given),
    {
      inputs: { seen: [rows, inputs], state: [rows, units] },
      variables: [variable],
    },
  );
  const actStep = compile((given) => {
    const own = tensors();
    const state = next(own, given);
    return { outputs: network.respond(own, state, given.beside), state };
  }, {
    inputs: {
      seen: [rows, inputs],
      state: [rows, units],
      beside: [rows, beside],
    },
    variables: [variable],
  });
  return {
    ...plain,
    remember(seen, state) {
      if (seen.length !== rows * inputs) plain.remember(seen, state);
      else if (units > 0) state.set(rememberStep({ seen, state }).dataSync());
    },
    step(seen, state, into) {
      if (seen.length !== rows * inputs) return plain.step(seen, state, into);
      const results = actStep({ seen, state, beside: into.beside });
      into.outputs.set(results.outputs.dataSync());
      if (units > 0) state.set(results.state.dataSync());
    },
    dispose() {
      rememberStep.dispose();
      actStep.dispose();
    },
  };
}
