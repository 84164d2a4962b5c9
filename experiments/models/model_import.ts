/**
 * Models from the weights of others' networks.
 *
 * @module
 */
import { agentOf, type ModelConfig } from "../../agents/model.ts";
import type { ArchiveContent } from "../../core/archive.ts";
import { type NdArray, numbersOf } from "../../core/array_file.ts";
import { describeSpace, type Space, spaceSize } from "../../core/spaces.ts";
import type { JsonRecord } from "../../core/state_json.ts";
import { type EnvironmentSpec, makeEnvironment } from "../../envs/registry.ts";
import type { Activation } from "../../learning/activations.ts";

export type { Activation, ArchiveContent, EnvironmentSpec, NdArray };

/** Agents whose policies are perceptrons, and what their networks are called. */
const PREFIXES = { dqn: "q", ppo: "policy", td3: "actor" } as const;

/** Agents that weights can be imported as. */
export const IMPORTED_AGENTS = ["dqn", "ppo", "td3"] as const;

/** Name of such an agent. */
export type ImportedAgent = typeof IMPORTED_AGENTS[number];

/** What weights are for. */
export interface ImportOptions {
  /** What the policy is: Q-values, logits or means, squashed actions. */
  readonly agent: ImportedAgent;
  /** What the model is called. */
  readonly name: string;
  /** Where it acts. */
  readonly environment: EnvironmentSpec;
  /** Of the hidden layers, with `ppo`; `relu` for the others. Default `relu`. */
  readonly activation?: Activation;
}

interface Layer {
  readonly weight: NdArray;
  readonly bias: NdArray;
}

/** The matrix with its axes exchanged. */
function transposed({ shape: [rows, columns], data }: NdArray): NdArray {
  const values = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      values[column * rows + row] = (data as Float32Array)[
        row * columns + column
      ];
    }
  }
  return { shape: [columns, rows], data: values };
}

function floats(array: NdArray): NdArray {
  return { shape: array.shape, data: Float32Array.from(numbersOf(array)) };
}

/**
 * Layers of arrays called `w0`, `b0`, `w1`, ... with weights [inputs, outputs],
 * or as PyTorch calls them, `….weight` [outputs, inputs] and `….bias`, in the
 * order of the file.
 */
function layersOf(arrays: Readonly<Record<string, NdArray>>): Layer[] {
  const pairs: [weight: string, bias: string][] = [];
  for (let i = 0; `w${i}` in arrays; i++) pairs.push([`w${i}`, `b${i}`]);
  const isTorch = pairs.length === 0;
  if (isTorch) {
    for (const name of Object.keys(arrays)) {
      const stem = name.match(/^(.*\.)?weight$/)?.[1];
      if (stem !== undefined) pairs.push([name, `${stem}bias`]);
    }
  }
  const used = new Set(pairs.flat());
  const other = Object.keys(arrays).find((name) => !used.has(name));
  if (pairs.length === 0 || other !== undefined) {
    throw new TypeError(
      `it holds ${
        other === undefined ? "no arrays" : JSON.stringify(other)
      }, expected w0, b0, w1, ... or names that end in .weight and .bias`,
    );
  }
  return pairs.map(([weightName, biasName]) => {
    const weight = arrays[weightName];
    const bias = arrays[biasName];
    if (weight.shape.length !== 2 || bias?.shape.length !== 1) {
      throw new TypeError(
        `"${weightName}" has the shape (${
          weight.shape.join(", ")
        }) and "${biasName}" ${
          bias ? `(${bias.shape.join(", ")})` : "is missing"
        }, expected a matrix and a row`,
      );
    }
    const matrix = floats(weight);
    return {
      weight: isTorch ? transposed(matrix) : matrix,
      bias: floats(bias),
    };
  });
}

function outputsOf(space: Space, agent: ImportedAgent): number {
  const isBox = space.kind === "box";
  if (agent === "dqn" ? space.kind !== "discrete" : agent === "td3" && !isBox) {
    throw new TypeError(
      `${agent} cannot act in ${describeSpace(space)}`,
    );
  }
  return space.kind === "discrete" ? space.n : spaceSize(space);
}

function checkWidths(
  layers: readonly Layer[],
  { inputs, outputs }: { inputs: number; outputs: number },
): void {
  const widths = [inputs];
  layers.forEach(({ weight, bias }, i) => {
    const [from, to] = weight.shape;
    if (from !== widths[i] || to !== bias.shape[0]) {
      throw new TypeError(
        `layer ${i} goes from ${from} to ${to} values with a bias of ${
          bias.shape[0]
        }, expected from ${widths[i]}`,
      );
    }
    widths.push(to);
  });
  if (widths.at(-1) !== outputs) {
    throw new TypeError(
      `the last layer gives ${widths.at(-1)} values, expected ${outputs}`,
    );
  }
}

/**
 * A model with the weights of a perceptron that was trained elsewhere. It acts;
 * training does not go on from it.
 *
 * @param arrays Of the network alone: `w0` [inputs, outputs], `b0`, `w1`, ...,
 * or PyTorch's `….weight` [outputs, inputs] and `….bias` in the order of the
 * layers. Throws `TypeError` for others, and where the widths do not fit the
 * environment; `RangeError` for weights that are not finite.
 * @param options What they are for.
 */
export function importModel(
  arrays: Readonly<Record<string, NdArray>>,
  options: ImportOptions,
): ArchiveContent {
  const { agent, name, environment, activation = "relu" } = options;
  const { observationSpace, actionSpace } = makeEnvironment(environment);
  const layers = layersOf(arrays);
  checkWidths(layers, {
    inputs: spaceSize(observationSpace),
    outputs: outputsOf(actionSpace, agent),
  });
  const weights: Record<string, NdArray> = {};
  layers.forEach(({ weight, bias }, i) => {
    for (const [part, array] of Object.entries({ weight, bias })) {
      if (!(array.data as Float32Array).every(Number.isFinite)) {
        throw new RangeError(
          `layer ${i} has a ${part} that is not finite in 32 bits`,
        );
      }
      weights[`${PREFIXES[agent]}.${i}.${part}`] = array;
    }
  });
  const netArch = layers.slice(0, -1).map(({ bias }) => bias.shape[0]);
  const config: ModelConfig = {
    agent,
    name,
    environment,
    observationSpace: describeSpace(observationSpace),
    actionSpace: describeSpace(actionSpace),
    settings: { netArch, ...(agent === "ppo" && { activation }) },
    timesteps: 0,
    seed: 0,
    device: "elsewhere",
  };
  const content = {
    config: { ...config } as unknown as JsonRecord,
    tensors: { weights },
  };
  agentOf(content);
  return content;
}
