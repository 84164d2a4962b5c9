/**
 * What models should give, from the functions that act and learn.
 *
 * @module
 */
import type { NdArray } from "../../core/nd_array.ts";
import type { Random } from "../../core/random.ts";
import { type Space, spaceSize } from "../../core/spaces.ts";
import type { JsonRecord } from "../../core/state_json.ts";
import { makeMultiAgentEnvironment } from "../../envs/registry.ts";
import { actionMaskSize } from "../../envs/vector.ts";
import type { Activation } from "../../learning/activations.ts";
import { vectorOf } from "../../learning/parameters.ts";
import { createPerceptron } from "../../learning/perceptron.ts";
import type { LoadedAgent, ModelContent } from "../model.ts";
import { normaliseRows } from "../ppo/running_statistics.ts";
import { qmixSettings, utilityShape } from "../qmix/qmix_settings.ts";
import {
  createUtilityNetwork,
  utilityLayout,
} from "../qmix/utility_network.ts";
import { createMemoryStepper } from "../sac_gru/memory_networks.ts";
import { tensorsOfLearner } from "../sac_gru/independent_sac.ts";
import { teamOf, writeInputs } from "../team.ts";
import { randomMasks, randomRows } from "./_test_models.ts";

type Agent = LoadedAgent<ModelContent>;
type Weights = Readonly<Record<string, NdArray>>;

/** One step of some rows: what goes in, and what should come out. */
export interface TestStep {
  /** By name. */
  readonly in: Record<string, NdArray>;
  /** By name. */
  readonly out: Record<string, NdArray>;
}

/** Arrays of a network, in their order. */
function networkOf(weights: Weights, prefix: string): NdArray[] {
  return Object.entries(weights)
    .filter(([name]) => name.startsWith(`${prefix}.`))
    .map(([, array]) => array);
}

function joined(arrays: readonly NdArray[]): Float32Array {
  return Float32Array.from(
    arrays.flatMap(({ data }) => [...data as Float32Array]),
  );
}

function perceptron(
  weights: Weights,
  prefix: string,
  { input, activation = "relu" }: {
    input: Float32Array;
    activation?: Activation;
  },
): Float32Array {
  const arrays = networkOf(weights, prefix);
  const sizes = [
    arrays[0].shape[0],
    ...arrays.filter(({ shape }) => shape.length === 1).map(({ shape }) =>
      shape[0]
    ),
  ];
  const network = createPerceptron(sizes, activation, {
    parameters: joined(arrays),
  });
  const output = new Float32Array(
    input.length / network.inputs * network.outputs,
  );
  network.forward(input, output);
  return output;
}

/** One row of many. */
function rowOf(all: Float32Array, row: number, width: number): Float32Array {
  return all.subarray(row * width, (row + 1) * width);
}

/** Writes values before they are chosen from, by name. */
type Values = (
  observations: Float32Array,
  lastActions: Int32Array | Float32Array | undefined,
) => Record<string, Float32Array>;

function dqnValues({ archive, makeEnvironment }: Agent): Values {
  const { actionSpace } = makeEnvironment();
  const n = actionSpace.kind === "discrete" ? actionSpace.n : 0;
  return (observations) => {
    const outputs = perceptron(archive.tensors.weights, "q", {
      input: observations,
    });
    const width = networkOf(archive.tensors.weights, "q").at(-1)!.shape[0];
    if (width === n) return { q_values: outputs };
    const values: number[] = [];
    for (let start = 0; start < outputs.length; start += width) {
      const [value, ...advantages] = outputs.subarray(start, start + width);
      const mean = advantages.reduce((sum, a) => sum + a, 0) / n;
      values.push(...advantages.map((a) => value + a - mean));
    }
    return { q_values: Float32Array.from(values) };
  };
}

function ppoValues({ archive, config, makeEnvironment }: Agent): Values {
  const { weights, normalisation } = archive.tensors;
  const activation = config.settings.activation as Activation;
  const name = makeEnvironment().actionSpace.kind === "box" ? "mean" : "logits";
  return (observations) => {
    const input = observations.slice();
    if (normalisation) {
      const { mean, variance } = normalisation;
      const statistics = {
        mean: mean.data as Float64Array,
        variance: variance.data as Float64Array,
      };
      normaliseRows(observations, input, { statistics, clip: 10 });
    }
    return {
      [name]: perceptron(weights, "policy", { input, activation }),
      value: perceptron(weights, "value", { input, activation }),
    };
  };
}

/** The head's outputs of one agent of SAC, whose actions are single choices. */
function sacOutputs(
  saved: Weights,
  { settings, beside, actionSpace }: {
    settings: JsonRecord;
    beside: number;
    actionSpace: Space;
  },
): (
  observations: Float32Array,
  last: Int32Array | Float32Array | undefined,
) => Float32Array {
  const { netArch, gruUnits, encoderArch, recurrent } = settings;
  const weights = networkOf(saved, "actor");
  const options = actionSpace.kind === "discrete" ? actionSpace.n : 0;
  const features = options || spaceSize(actionSpace);
  const outputs = options || 2 * features;
  const units = recurrent === false ? 0 : gruUnits as number;
  const stepper = createMemoryStepper({
    inputs: beside + features,
    encoder: encoderArch as number[],
    units,
    beside,
    hidden: netArch as number[],
    outputs,
  }, joined(weights));
  let state = new Float32Array(0);
  return (observations, last) => {
    const rows = observations.length / beside;
    if (!last) state = new Float32Array(rows * units);
    const width = beside + features;
    const inputs = new Float32Array(rows * width);
    for (let row = 0; row < rows; row++) {
      inputs.set(rowOf(observations, row, beside), row * width);
      const place = row * width + beside;
      if (last && options) inputs[place + last[row]] = 1;
      // Pendulum's torque lies from -2 to 2.
      else if (last) inputs[place] = last[row] / 2;
    }
    const into = {
      beside: observations,
      outputs: new Float32Array(rows * outputs),
    };
    stepper.step(inputs, state, into);
    return into.outputs;
  };
}

function sacValues(
  { archive, config, policy, makeEnvironment }: Agent,
): Values {
  const { actionSpace } = makeEnvironment();
  const outputsOf = sacOutputs(archive.tensors.weights, {
    settings: config.settings,
    beside: policy.observationSize,
    actionSpace,
  });
  const size = spaceSize(actionSpace);
  return (observations, last): Record<string, Float32Array> => {
    const outputs = outputsOf(observations, last);
    return actionSpace.kind === "box"
      ? { mean: outputs.filter((_, i) => i % (2 * size) < size) }
      : { logits: outputs };
  };
}

function independentValues({ archive, config }: Agent): Values {
  const { settings, environment } = config;
  const { observationSpaces, actionSpaces } = makeMultiAgentEnvironment(
    environment,
  );
  const sizes = observationSpaces.map(spaceSize);
  const width = sizes.reduce((sum, size) => sum + size, 0);
  const agents = actionSpaces.map((actionSpace, i) => {
    const { weights } = tensorsOfLearner(archive.tensors, i);
    return sacOutputs(weights, { settings, beside: sizes[i], actionSpace });
  });
  return (observations, last) => {
    const rows = observations.length / width;
    let start = 0;
    const each = agents.map((outputsOf, i) => {
      const [from, to] = [start, start += sizes[i]];
      const own = observations.filter((_, place) =>
        place % width >= from && place % width < to
      );
      return outputsOf(
        own,
        last?.filter((_, place) => place % agents.length === i),
      );
    });
    const logits = Array.from(
      { length: rows },
      (_, row) =>
        each.flatMap((all) => [...rowOf(all, row, all.length / rows)]),
    );
    return { logits: Float32Array.from(logits.flat()) };
  };
}

function teamValues({ archive, config }: Agent): Values {
  const team = teamOf(makeMultiAgentEnvironment(config.environment));
  const settings = qmixSettings(config.settings);
  const shape = utilityShape(team, settings);
  const network = createUtilityNetwork(
    shape,
    vectorOf(archive.tensors.weights, utilityLayout(shape)),
  );
  const { numAgents, entries, actions, observationSizes } = team;
  const width = observationSizes.reduce((sum, size) => sum + size, 0);
  let memory = new Float32Array(0);
  return (observations, lastActions) => {
    const rows = observations.length / width;
    if (!lastActions) {
      memory = new Float32Array(rows * numAgents * shape.hiddenSize);
    }
    const inputs = new Float32Array(rows * numAgents * shape.inputs);
    const acted = numAgents * entries;
    for (let row = 0; row < rows; row++) {
      let start = row * width;
      writeInputs(team, settings, {
        observations: observationSizes.map((size) =>
          observations.subarray(start, start += size)
        ),
        lastActions: lastActions
          ? Int32Array.from(
            lastActions.subarray(row * acted, (row + 1) * acted),
          )
          : new Int32Array(acted).fill(-1),
        into: inputs.subarray(
          row * numAgents * shape.inputs,
          (row + 1) * numAgents * shape.inputs,
        ),
      });
    }
    const utilities = new Float32Array(rows * acted * actions);
    network.forward(inputs, memory, utilities);
    return { utilities };
  };
}

function valuesOf(agent: Agent): Values {
  switch (agent.config.agent) {
    case "dqn":
      return dqnValues(agent);
    case "ppo":
      return ppoValues(agent);
    case "qmix":
      return teamValues(agent);
    case "independent-sac":
      return independentValues(agent);
    case "sac-gru":
      return sacValues(agent);
    default:
      return () => ({});
  }
}

/**
 * Steps of one episode, with observations and masks of chance.
 *
 * @param agent Forgets what it saw, and acts.
 * @param options How many rows and steps.
 */
export function testSteps(
  agent: Agent,
  options: { rows: number; steps: number; random: Random },
): TestStep[] {
  const { rows, steps, random } = options;
  const { policy } = agent;
  const { observationSpace, actionSpace } = agent.makeEnvironment();
  const maskSize = actionMaskSize(actionSpace);
  const masked = agent.makeEnvironment().reset({ seed: 0 }).info.actionMask;
  const values = valuesOf(agent);
  policy.reset?.();
  let last: Int32Array | Float32Array | undefined;
  return Array.from({ length: steps }, () => {
    const observations = randomRows(observationSpace, rows, random);
    const masks = masked
      ? randomMasks(actionSpace, rows, random)
      : new Uint8Array(rows * maskSize).fill(1);
    const actions = actionSpace.kind === "box"
      ? new Float32Array(rows * policy.actionSize)
      : new Int32Array(rows * policy.actionSize);
    policy.act(observations, masks, actions);
    const found = values(observations, last);
    last = actions;
    const out: Record<string, NdArray> = {
      action: {
        shape: actionSpace.kind === "discrete"
          ? [rows]
          : [rows, policy.actionSize],
        data: actions instanceof Int32Array
          ? BigInt64Array.from(actions, BigInt)
          : actions,
      },
    };
    for (const [name, data] of Object.entries(found)) {
      out[name] = { shape: [rows, data.length / rows], data };
    }
    return {
      in: {
        observation: {
          shape: [rows, policy.observationSize],
          data: observations,
        },
        action_mask: { shape: [rows, maskSize], data: masks, boolean: true },
      },
      out,
    };
  });
}
