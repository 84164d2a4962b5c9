import { assertAlmostEquals, assertEquals } from "@std/assert";
import { Random } from "../../core/random.ts";
import { parameterVariable, unpack } from "../../learning/parameters.ts";
import * as tf from "../../learning/tensorflow.ts";
import {
  createActingMemory,
  createMemoryStepper,
  memoryNetwork,
  type MemoryNetworkSizes,
} from "./memory_networks.ts";
import { useBackend } from "../_test_trainers.ts";

const SIZES: MemoryNetworkSizes = {
  inputs: 3,
  encoder: [5],
  units: 4,
  beside: 2,
  hidden: [6],
  outputs: 2,
};

const KINDS: [string, MemoryNetworkSizes][] = [
  ["encoder and memory", SIZES],
  ["memory", { ...SIZES, encoder: [] }],
  ["no memory", { ...SIZES, encoder: [], units: 0 }],
];

function drawn(length: number, random: Random): Float32Array {
  return Float32Array.from({ length }, () => random.normal());
}

Deno.test("networks with memory answer the same on tensors and step by step", async () => {
  const rows = 2;
  const steps = 4;
  for (const device of ["wasm", "native"] as const) {
    await useBackend(device);
    for (const [kind, sizes] of KINDS) {
      const random = new Random(1);
      const network = memoryNetwork("test", sizes);
      const parameters = network.initial(random);
      const variable = parameterVariable(
        Float32Array.of(9, ...parameters, 9),
      );
      const plain = createMemoryStepper(sizes, parameters);
      const acting = createActingMemory(network, {
        variable,
        start: 1,
        parameters,
        rows,
      });
      const states = [plain, acting, acting].map(() =>
        new Float32Array(rows * sizes.units)
      );
      const seen: Float32Array[] = [];
      for (let t = 0; t < steps; t++) {
        const inputs = drawn(rows * sizes.inputs, random);
        const beside = drawn(rows * sizes.beside, random);
        seen.push(inputs);
        const outputs = [plain, acting].map((stepper, i) => {
          const outputs = new Float32Array(rows * sizes.outputs);
          stepper.step(inputs, states[i], { beside, outputs });
          return outputs;
        });
        acting.remember(inputs, states[2]);
        const expected = tf.tidy(() => {
          const tensors = unpack(tf.tensor1d(parameters), network.layout);
          const memory: tf.Tensor2D = sizes.units === 0
            ? tf.zeros([rows, 0])
            : network.remember(
              tensors,
              tf.transpose(
                tf.tensor3d(seen.flatMap((each) => [...each]), [
                  seen.length,
                  rows,
                  sizes.inputs,
                ]),
                [1, 0, 2],
              ),
              { state: tf.zeros([rows, sizes.units]) },
            ).state;
          return network.respond(
            tensors,
            memory,
            tf.tensor2d(beside, [rows, sizes.beside]),
          ).dataSync();
        });
        for (const found of outputs) {
          found.forEach((value, i) =>
            assertAlmostEquals(value, expected[i], 1e-5, `${device} ${kind}`)
          );
        }
        states[0].forEach((value, i) => {
          assertAlmostEquals(states[1][i], value, 1e-5);
          assertAlmostEquals(states[2][i], value, 1e-5);
        });
      }
      acting.dispose();
      variable.dispose();
    }
  }
});

Deno.test("memoryNetwork() lays out encoder, memory and head", () => {
  const names = (sizes: MemoryNetworkSizes) =>
    memoryNetwork("n", sizes).layout.map(({ name, shape }) =>
      `${name} ${shape}`
    );
  assertEquals(names(KINDS[2][1]), [
    "n.head.0.weight 2,6",
    "n.head.0.bias 6",
    "n.head.1.weight 6,2",
    "n.head.1.bias 2",
  ]);
  const all = names(SIZES);
  assertEquals(all.length, 2 + 12 + 4);
  assertEquals(all[0], "n.encoder.0.weight 3,5");
  assertEquals(all[2], "n.memory.reset.input.weight 5,4");
  assertEquals(all[14], "n.head.0.weight 6,6");
});

Deno.test("createMemoryStepper() keeps rows apart", () => {
  const network = memoryNetwork("n", SIZES);
  const stepper = createMemoryStepper(SIZES, network.initial(new Random(2)));
  const random = new Random(3);
  const inputs = drawn(6, random);
  const beside = drawn(4, random);
  const both = new Float32Array(4);
  stepper.step(inputs, new Float32Array(8), { beside, outputs: both });
  const second = new Float32Array(2);
  stepper.step(inputs.subarray(3), new Float32Array(4), {
    beside: beside.subarray(2),
    outputs: second,
  });
  assertEquals([...both.subarray(2)], [...second]);
});
