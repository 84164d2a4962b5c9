/**
 * What a team does once it has learned: each agent by its own utilities.
 *
 * @module
 */
import type { NdArray } from "../../core/nd_array.ts";
import { compile } from "../../learning/compile/compile.ts";
import { NATIVE_BACKEND } from "../../learning/compile/native_backend.ts";
import {
  parameterCount,
  parameterVariable,
  unpack,
  vectorOf,
} from "../../learning/parameters.ts";
import * as tf from "../../learning/tensorflow.ts";
import { bestAllowed, type Policy } from "../policy.ts";
import { type QmixSettings, utilityShape } from "./qmix_settings.ts";
import {
  type Team,
  type TeamInputs,
  teamOf,
  type TeamSpaces,
  writeInputs,
  writeMasks,
} from "../team.ts";
import {
  createUtilityNetwork,
  utilities,
  utilityLayout,
  type UtilityNetwork,
  type UtilityShape,
} from "./utility_network.ts";

/** Agents' networks that may have to be ended. */
export interface ActingTeam extends UtilityNetwork {
  /** Ends the compiled forward pass, if there is one. */
  dispose(): void;
}

/**
 * The agents' networks while they are trained: compiled over their variable on
 * the device `native`, on plain arrays elsewhere and for several rows at a
 * time.
 *
 * @param shape Of the networks.
 * @param options `variable` begins with their parameters; `parameters` are
 * these as they are read after each update.
 */
export function createActingTeam(
  shape: UtilityShape,
  options: { variable: tf.Variable<tf.Rank.R1>; parameters: Float32Array },
): ActingTeam {
  const { variable, parameters } = options;
  const plain = createUtilityNetwork(shape, parameters);
  if (tf.getBackend() !== NATIVE_BACKEND) {
    return { ...plain, dispose: () => {} };
  }
  const layout = utilityLayout(shape);
  const { numAgents, inputs: width, hiddenSize } = shape;
  const forward = compile(({ inputs, memory }) => {
    const own = tf.slice(variable, [0], [parameterCount(layout)]);
    const tensors = unpack(own, layout);
    return { ...utilities(tensors, inputs, { shape, memory, time: 1 }) };
  }, {
    inputs: { inputs: [numAgents, width], memory: [numAgents, hiddenSize] },
    variables: [variable],
  });
  return {
    ...plain,
    forward(inputs, memory, outputs) {
      if (inputs.length !== numAgents * width) {
        plain.forward(inputs, memory, outputs);
        return;
      }
      const found = forward({ inputs, memory });
      outputs.set(found.values.dataSync());
      memory.set(found.memory.dataSync());
    },
    dispose: forward.dispose,
  };
}

/** Cuts a row of the joint environment into what each agent has. */
function parts<T extends Float32Array | Uint8Array>(
  row: T,
  sizes: readonly number[],
): T[] {
  let start = 0;
  return sizes.map((size) => row.subarray(start, start += size) as T);
}

/**
 * The greedy policy of a team, as the one agent of `jointEnvironment`: a row
 * holds all agents' observations. It remembers what was seen, row by row; call
 * `reset` when episodes begin.
 *
 * @param team Who acts.
 * @param network Tells utilities.
 * @param told What agents are told beside observations.
 */
export function createTeamPolicy(
  team: Team,
  network: UtilityNetwork,
  told: TeamInputs,
): Policy {
  const { shape } = network;
  const { numAgents, entries, actions: choices } = team;
  const chosenSize = numAgents * entries;
  const maskSizes = team.choices.map((sizes) =>
    sizes.reduce((sum, size) => sum + size, 0)
  );
  const rowSizes = {
    observation: team.observationSizes.reduce((sum, size) => sum + size, 0),
    mask: maskSizes.reduce((sum, size) => sum + size, 0),
    inputs: numAgents * shape.inputs,
    memory: numAgents * shape.hiddenSize,
  };
  const mask = new Uint8Array(chosenSize * choices);
  let rows = 0;
  let memory = new Float32Array(0);
  let lastActions = new Int32Array(0);
  let inputs = new Float32Array(0);
  let outputs = new Float32Array(0);

  function makeRoom(count: number): void {
    if (count === rows) return;
    rows = count;
    memory = new Float32Array(rows * rowSizes.memory);
    lastActions = new Int32Array(rows * chosenSize).fill(-1);
    inputs = new Float32Array(rows * rowSizes.inputs);
    outputs = new Float32Array(rows * chosenSize * choices);
  }

  const ofRow = <T extends Float32Array | Int32Array | Uint8Array>(
    all: T,
    row: number,
    size: number,
  ) => all.subarray(row * size, (row + 1) * size) as T;

  return {
    observationSize: rowSizes.observation,
    actionSize: chosenSize,
    act(observations, masks, chosen) {
      makeRoom(chosen.length / chosenSize);
      for (let row = 0; row < rows; row++) {
        writeInputs(team, told, {
          observations: parts(
            ofRow(observations, row, rowSizes.observation),
            team.observationSizes,
          ),
          lastActions: ofRow(lastActions, row, chosenSize),
          into: ofRow(inputs, row, rowSizes.inputs),
        });
      }
      network.forward(inputs, memory, outputs);
      for (let row = 0; row < rows; row++) {
        writeMasks(
          team,
          parts(ofRow(masks, row, rowSizes.mask), maskSizes),
          mask,
        );
        const values = ofRow(outputs, row, chosenSize * choices);
        for (let index = 0; index < chosenSize; index++) {
          chosen[row * chosenSize + index] = bestAllowed(values, mask, {
            index,
            length: choices,
          });
        }
      }
      lastActions.set(chosen);
    },
    reset(row) {
      const [start, end] = row === undefined ? [0, rows] : [row, row + 1];
      memory.fill(0, start * rowSizes.memory, end * rowSizes.memory);
      lastActions.fill(-1, start * chosenSize, end * chosenSize);
    },
  };
}

/**
 * The greedy policy of a saved team, whose rows are those of
 * `jointEnvironment`.
 *
 * @param env The spaces it was trained with. Throws `TypeError` for others.
 * @param settings Those it was trained with.
 * @param saved Its weights, and whether single rows go through a compiled step
 * on the device that runs. Throws `TypeError` where an array is missing.
 */
export function qmixPolicy(
  env: TeamSpaces,
  settings: QmixSettings,
  saved: {
    tensors: Readonly<Record<string, Readonly<Record<string, NdArray>>>>;
    compiled?: boolean;
  },
): Policy {
  const team = teamOf(env);
  const shape = utilityShape(team, settings);
  const parameters = vectorOf(
    saved.tensors.weights ?? {},
    utilityLayout(shape),
  );
  const network = saved.compiled
    ? createActingTeam(shape, {
      variable: parameterVariable(parameters),
      parameters,
    })
    : createUtilityNetwork(shape, parameters);
  return createTeamPolicy(team, network, settings);
}
