import { assert, assertEquals } from "@std/assert";
import { Random } from "../core/random.ts";
import { largestDifference } from "./_test_backends.ts";
import { createActingNetwork } from "./acting_network.ts";
import { selectDevice } from "./devices.ts";
import { initialParameters, mlpLayout } from "./networks.ts";
import { parameterVariable } from "./parameters.ts";
import { createPerceptron } from "./perceptron.ts";
import * as tf from "./tensorflow.ts";

const SIZES = [5, 16, 3];
const ROWS = 4;

Deno.test("createActingNetwork() gives the outputs of its variable's network", async () => {
  for (const device of ["native", "wasm"] as const) {
    await selectDevice(device, { parameters: 1, batchSize: 1 });
    const random = new Random(7);
    const own = initialParameters(mlpLayout("", SIZES), random);
    // Others' parameters lie around the network's.
    const all = new Float32Array(own.length + 20).fill(9);
    all.set(own, 13);
    const variable = parameterVariable(all);
    const parameters = own.slice();
    const network = createActingNetwork(SIZES, {
      activation: "tanh",
      variable,
      start: 13,
      parameters,
      rows: ROWS,
    });
    // Before it is refreshed it knows nothing but the variable.
    network.parameters.fill(NaN);
    await network.refresh();
    const plain = createPerceptron(SIZES, "tanh", { parameters: own });
    for (const rows of [ROWS, 1, 9]) {
      const input = Float32Array.from(
        { length: rows * SIZES[0] },
        () => random.normal(),
      );
      const [output, expected] = [0, 0].map(() => new Float32Array(3 * rows));
      network.forward(input, output);
      plain.forward(input, expected);
      assert(largestDifference(output, expected) < 1e-6, `${device} ${rows}`);
    }
    network.dispose();
    variable.dispose();
  }
});

Deno.test("createActingNetwork() follows what is assigned to the variable", async () => {
  await selectDevice("native", { parameters: 1, batchSize: 1 });
  const parameters = new Float32Array(2);
  const variable = parameterVariable(parameters);
  const network = createActingNetwork([1, 1], {
    activation: "relu",
    variable,
    parameters,
    rows: 1,
  });
  const output = new Float32Array(1);
  for (const [weight, bias] of [[2, 1], [-3, 0.5]]) {
    tf.tidy(() => variable.assign(tf.tensor1d([weight, bias])));
    network.forward(Float32Array.of(10), output);
    assertEquals(output[0], 10 * weight + bias);
  }
  network.dispose();
  variable.dispose();
});
