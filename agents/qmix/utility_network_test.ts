import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import { Random } from "../../core/random.ts";
import {
  parameterCount,
  type ParameterLayout,
  unpack,
} from "../../learning/parameters.ts";
import * as tf from "../../learning/tensorflow.ts";
import {
  createUtilityNetwork,
  initialUtilityParameters,
  utilities,
  utilityLayout,
  type UtilityShape,
} from "./utility_network.ts";
import { useBackend } from "../_test_trainers.ts";

const SHAPE: UtilityShape = {
  numAgents: 3,
  shareParameters: false,
  inputs: 4,
  netArch: [5],
  hiddenSize: 6,
  recurrent: true,
  outputs: 2,
};

const SHAPES: [string, UtilityShape][] = [
  ["own networks", SHAPE],
  ["one network", { ...SHAPE, shareParameters: true }],
  ["no layer before the memory", { ...SHAPE, netArch: [] }],
  ["two layers before the memory", { ...SHAPE, netArch: [3, 5] }],
  ["no memory", { ...SHAPE, recurrent: false }],
  ["one network without memory", {
    ...SHAPE,
    shareParameters: true,
    recurrent: false,
    netArch: [],
  }],
];

const BATCH = 2;
const TIME = 4;

function numbers(length: number, random: Random): Float32Array {
  return Float32Array.from({ length }, () => random.normal());
}

/** A sequence for every agent of a batch. */
function sequence(shape: UtilityShape, random: Random) {
  const rows = BATCH * shape.numAgents;
  return {
    inputs: numbers(TIME * rows * shape.inputs, random),
    memory: numbers(rows * shape.hiddenSize, random),
  };
}

/** Utilities over the sequence, on tensors. */
function onTensors(
  shape: UtilityShape,
  parameters: Float32Array,
  { inputs, memory }: ReturnType<typeof sequence>,
): { values: Float32Array; memory: Float32Array } {
  const rows = BATCH * shape.numAgents;
  return tf.tidy(() => {
    const found = utilities(
      unpack(tf.tensor1d(parameters), utilityLayout(shape)),
      tf.tensor2d(inputs, [TIME * rows, shape.inputs]),
      {
        shape,
        memory: tf.tensor2d(memory, [rows, shape.hiddenSize]),
        time: TIME,
      },
    );
    return {
      values: found.values.dataSync() as Float32Array,
      memory: found.memory.dataSync() as Float32Array,
    };
  });
}

for (const [name, shape] of SHAPES) {
  Deno.test(`utilities() over time are createUtilityNetwork()'s step by step (${name})`, async () => {
    await useBackend("cpu");
    const random = new Random(1);
    const parameters = initialUtilityParameters(shape, random);
    const given = sequence(shape, random);
    const found = onTensors(shape, parameters, given);
    const network = createUtilityNetwork(shape, parameters);
    const rows = BATCH * shape.numAgents;
    const memory = given.memory.slice();
    for (let t = 0; t < TIME; t++) {
      const outputs = new Float32Array(rows * shape.outputs);
      const width = rows * shape.inputs;
      network.forward(
        given.inputs.subarray(t * width, (t + 1) * width),
        memory,
        outputs,
      );
      outputs.forEach((value, i) =>
        assertAlmostEquals(found.values[t * outputs.length + i], value, 1e-5)
      );
    }
    memory.forEach((value, i) =>
      assertAlmostEquals(found.memory[i], value, 1e-5)
    );
    assertEquals(memory.some((v, i) => v !== given.memory[i]), shape.recurrent);
  });
}

/** Whether an agent's utilities change with each array of the parameters. */
function influences(
  shape: UtilityShape,
  layout: ParameterLayout,
): Map<string, boolean[]> {
  const random = new Random(2);
  const parameters = initialUtilityParameters(shape, random);
  const given = sequence(shape, random);
  const before = onTensors(shape, parameters, given).values;
  let offset = 0;
  return new Map(layout.map((array) => {
    const changed = parameters.slice();
    const size = parameterCount([array]);
    for (let i = 0; i < size; i++) changed[offset + i] += 0.1;
    offset += size;
    const after = onTensors(shape, changed, given).values;
    const touched = new Array(shape.numAgents).fill(false);
    after.forEach((value, i) => {
      const agent = Math.floor(i / shape.outputs) % shape.numAgents;
      if (value !== before[i]) touched[agent] = true;
    });
    return [array.name, touched];
  }));
}

Deno.test("utilities() of an agent do not depend on another's parameters", async () => {
  await useBackend("cpu");
  for (const recurrent of [true, false]) {
    const shape = { ...SHAPE, recurrent };
    const found = influences(shape, utilityLayout(shape));
    for (const [name, touched] of found) {
      const owner = Number(name.match(/^agent(\d)\./)![1]);
      assertEquals(touched, [0, 1, 2].map((agent) => agent === owner), name);
    }
  }
});

Deno.test("utilities() pass an agent's gradient to its own parameters alone", async () => {
  await useBackend("cpu");
  const random = new Random(3);
  const layout = utilityLayout(SHAPE);
  const given = sequence(SHAPE, random);
  const rows = BATCH * SHAPE.numAgents;
  const tensors = unpack(
    tf.tensor1d(initialUtilityParameters(SHAPE, random)),
    layout,
  );
  for (let agent = 0; agent < SHAPE.numAgents; agent++) {
    const gradients = tf.grads((...weights: tf.Tensor[]) => {
      const { values } = utilities(
        weights,
        tf.tensor2d(given.inputs, [TIME * rows, SHAPE.inputs]),
        {
          shape: SHAPE,
          memory: tf.tensor2d(given.memory, [rows, SHAPE.hiddenSize]),
          time: TIME,
        },
      );
      const byAgent = tf.reshape(values, [-1, SHAPE.numAgents, SHAPE.outputs]);
      return tf.sum(tf.slice(byAgent, [0, agent, 0], [-1, 1, -1]));
    })(tensors);
    gradients.forEach((gradient, i) => {
      const own = layout[i].name.startsWith(`agent${agent}.`);
      const touched = gradient.dataSync().some((value) => value !== 0);
      assertEquals(touched, own, `${layout[i].name} by agent ${agent}`);
    });
  }
});

Deno.test("utilities() of shared networks depend on all parameters", async () => {
  await useBackend("cpu");
  const shape = { ...SHAPE, shareParameters: true };
  for (const [name, touched] of influences(shape, utilityLayout(shape))) {
    assertEquals(touched, [true, true, true], name);
  }
});

Deno.test("initialUtilityParameters() draws each agent's own", () => {
  const parameters = initialUtilityParameters(SHAPE, new Random(4));
  assertEquals(parameters.length, parameterCount(utilityLayout(SHAPE)));
  assert(parameters.every((value) => Math.abs(value) <= 0.5 && value !== 0));
  const size = parameters.length / 3;
  assertNotEquals(parameters.slice(0, size), parameters.slice(size, 2 * size));
});

Deno.test("createUtilityNetwork() throws for parameters that do not fit", () => {
  assertThrows(
    () => createUtilityNetwork(SHAPE, new Float32Array(3)),
    TypeError,
    "from 3 parameters: expected ",
  );
  assertThrows(
    () => utilityLayout({ ...SHAPE, hiddenSize: 0 }),
    RangeError,
    "Cannot lay out 0 recurrent units",
  );
});
