/**
 * Networks that tell an agent's utilities: how good each of its choices is, by
 * what it has seen and done so far.
 *
 * @module
 */
import type { Random } from "../../core/random.ts";
import { createGruCell } from "../../learning/gru_cell.ts";
import { gruLayout, initialGruParameters } from "../../learning/gru_layout.ts";
import { initialParameters, mlp, mlpLayout } from "../../learning/networks.ts";
import {
  parameterCount,
  type ParameterLayout,
} from "../../learning/parameters.ts";
import { createPerceptron } from "../../learning/perceptron.ts";
import { gru } from "../../learning/recurrent.ts";
import * as tf from "../../learning/tensorflow.ts";

/** Shape of the agents' networks. */
export interface UtilityShape {
  /** Number of agents. */
  readonly numAgents: number;
  /** One network for all agents, or one for each. */
  readonly shareParameters: boolean;
  /** Values that go in. */
  readonly inputs: number;
  /** Widths of the layers before the memory. */
  readonly netArch: readonly number[];
  /** Width of the memory. */
  readonly hiddenSize: number;
  /** Whether the memory is one: gated units, or else an ordinary layer. */
  readonly recurrent: boolean;
  /** Values that come out. */
  readonly outputs: number;
}

/** The parts of one network, in the order of its parameters. */
function partsOf(shape: UtilityShape, prefix: string): ParameterLayout[] {
  const { inputs, netArch, hiddenSize, outputs } = shape;
  if (!shape.recurrent) {
    return [
      mlpLayout(`${prefix}.q`, [inputs, ...netArch, hiddenSize, outputs]),
    ];
  }
  return [
    netArch.length === 0 ? [] : mlpLayout(`${prefix}.in`, [inputs, ...netArch]),
    gruLayout(`${prefix}.gru`, netArch.at(-1) ?? inputs, hiddenSize),
    mlpLayout(`${prefix}.out`, [hiddenSize, outputs]),
  ];
}

/** Names of the networks: one, or one for each agent. */
function prefixes({ numAgents, shareParameters }: UtilityShape): string[] {
  return shareParameters
    ? ["agent"]
    : Array.from({ length: numAgents }, (_, agent) => `agent${agent}`);
}

/**
 * The arrays of all networks: `agent.*`, or where parameters are not shared
 * `agent0.*` and so on. `in` are the layers before the memory, `gru` is the
 * memory, `out` gives the utilities; without memory all layers are `q`.
 *
 * @param shape Throws `RangeError` for widths that are no whole numbers from 1.
 */
export function utilityLayout(shape: UtilityShape): ParameterLayout {
  return prefixes(shape).flatMap((prefix) => partsOf(shape, prefix).flat());
}

/**
 * First values of all networks' parameters, as PyTorch draws them.
 *
 * @param shape Of the networks.
 * @param random The stream to draw from.
 */
export function initialUtilityParameters(
  shape: UtilityShape,
  random: Random,
): Float32Array {
  const parts = prefixes(shape).flatMap((prefix) =>
    partsOf(shape, prefix).map((part, i) =>
      shape.recurrent && i === 1
        ? initialGruParameters(part, random)
        : initialParameters(part, random)
    )
  );
  return Float32Array.from(parts.flatMap((part) => [...part]));
}

/** What {@linkcode utilities} takes beside parameters and inputs. */
export interface UtilityOptions {
  /** Of the networks. */
  shape: UtilityShape;
  /** What is remembered before the first step. Shape [batch x agents, hidden]. */
  memory: tf.Tensor2D;
  /** Number of steps. */
  time: number;
}

/** What {@linkcode utilities} gives. */
export interface Utilities {
  /** Shape [time x batch x agents, outputs]. */
  values: tf.Tensor2D;
  /** What is remembered after the last step. Shape [batch x agents, hidden]. */
  memory: tf.Tensor2D;
}

/** One network over time. */
function utilitiesOfOne(
  tensors: readonly tf.Tensor[],
  inputs: tf.Tensor2D,
  { shape, memory, time }: UtilityOptions,
): Utilities {
  if (!shape.recurrent) return { values: mlp(tensors, inputs, "relu"), memory };
  const [before, units] = partsOf(shape, "").map(({ length }) => length);
  const rows = memory.shape[0];
  const seen: tf.Tensor2D = before === 0
    ? inputs
    : tf.relu(mlp(tensors.slice(0, before), inputs, "relu"));
  const { outputs, state } = gru(
    tensors.slice(before, before + units),
    tf.transpose(tf.reshape(seen, [time, rows, -1]), [1, 0, 2]),
    { state: memory },
  );
  const remembered: tf.Tensor2D = tf.reshape(
    tf.transpose(outputs, [1, 0, 2]),
    [time * rows, shape.hiddenSize],
  );
  const values = mlp(tensors.slice(before + units), remembered, "relu");
  return { values, memory: state };
}

/**
 * The utilities of all agents over a sequence. Differentiable in the
 * parameters.
 *
 * @param tensors The arrays of {@linkcode utilityLayout}, from `unpack`.
 * @param inputs Shape [time x batch x agents, inputs], time by time.
 * @param options Networks, memory and number of steps.
 */
export function utilities(
  tensors: readonly tf.Tensor[],
  inputs: tf.Tensor2D,
  options: UtilityOptions,
): Utilities {
  const { shape, memory } = options;
  const { numAgents } = shape;
  if (shape.shareParameters) return utilitiesOfOne(tensors, inputs, options);
  const each = tensors.length / numAgents;
  const rowsOf = (all: tf.Tensor2D, agent: number): tf.Tensor2D => {
    const [rows, width] = all.shape;
    const teams = tf.reshape(all, [rows / numAgents, numAgents, width]);
    const own = tf.slice(teams, [0, agent, 0], [-1, 1, -1]);
    return tf.reshape(own, [rows / numAgents, width]);
  };
  const own = Array.from({ length: numAgents }, (_, agent) =>
    utilitiesOfOne(
      tensors.slice(agent * each, (agent + 1) * each),
      rowsOf(inputs, agent),
      { ...options, memory: rowsOf(memory, agent) },
    ));
  const together = (parts: tf.Tensor2D[], like: tf.Tensor2D, width: number) =>
    tf.reshape(tf.stack(parts, 1), [like.shape[0], width]) as tf.Tensor2D;
  return {
    values: together(own.map(({ values }) => values), inputs, shape.outputs),
    memory: together(own.map(({ memory }) => memory), memory, shape.hiddenSize),
  };
}

/** The networks of a team, one step at a time. */
export interface UtilityNetwork {
  /** Shape of the networks. */
  readonly shape: UtilityShape;
  /**
   * Takes rows of agents one step on.
   *
   * @param inputs Shape [rows, agents, inputs].
   * @param memory Overwritten by what is remembered next. Shape [rows, agents,
   * hidden]; left as it is where nothing is remembered.
   * @param outputs Written to. Shape [rows, agents, outputs].
   */
  forward(
    inputs: Float32Array,
    memory: Float32Array,
    outputs: Float32Array,
  ): void;
}

type AgentStep = (
  inputs: Float32Array,
  memory: Float32Array,
  outputs: Float32Array,
) => void;

/** One network on plain arrays; its parameters are the part from `start` on. */
function agentStep(
  shape: UtilityShape,
  parameters: Float32Array,
  start: number,
): AgentStep {
  const { inputs, netArch, hiddenSize, outputs } = shape;
  let taken = start;
  const parts = partsOf(shape, "").map((part) => {
    const own = parameters.subarray(taken, taken += parameterCount(part));
    return { parameters: own };
  });
  if (!shape.recurrent) {
    const sizes = [inputs, ...netArch, hiddenSize, outputs];
    const network = createPerceptron(sizes, "relu", parts[0]);
    return (input, _memory, output) => network.forward(input, output);
  }
  const width = netArch.at(-1) ?? inputs;
  const before = netArch.length === 0
    ? undefined
    : createPerceptron([inputs, ...netArch], "relu", parts[0]);
  const cell = createGruCell(width, hiddenSize, parts[1]);
  const after = createPerceptron([hiddenSize, outputs], "relu", parts[2]);
  const seen = new Float32Array(width);
  return (input, memory, output) => {
    if (before) {
      before.forward(input, seen);
      for (let i = 0; i < width; i++) seen[i] = Math.max(0, seen[i]);
    } else seen.set(input);
    cell.forward(seen, memory);
    after.forward(memory, output);
  };
}

/**
 * The networks on plain arrays, for acting on few rows.
 *
 * @param shape Of the networks.
 * @param parameters As {@linkcode utilityLayout} has them; read in every call,
 * not copied. Throws `TypeError` for another number of them.
 */
export function createUtilityNetwork(
  shape: UtilityShape,
  parameters: Float32Array,
): UtilityNetwork {
  const size = parameterCount(utilityLayout(shape));
  if (parameters.length !== size) {
    throw new TypeError(
      `Cannot make agents' networks from ${parameters.length} parameters: expected ${size}`,
    );
  }
  const { length } = prefixes(shape);
  const steps = Array.from(
    { length },
    (_, i) => agentStep(shape, parameters, i * size / length),
  );
  const row = (all: Float32Array, i: number, width: number) =>
    all.subarray(i * width, (i + 1) * width);
  return {
    shape,
    forward(inputs, memory, outputs) {
      const rows = inputs.length / shape.inputs;
      for (let i = 0; i < rows; i++) {
        steps[i % length](
          row(inputs, i, shape.inputs),
          row(memory, i, shape.hiddenSize),
          row(outputs, i, shape.outputs),
        );
      }
    },
  };
}
