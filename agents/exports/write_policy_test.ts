import { assert, assertEquals, assertThrows } from "@std/assert";
import { loadLayersModel } from "@tensorflow/tfjs-layers";
import { join } from "@std/path";
import { findPython } from "../../core/_test_python.ts";
import { writeNpz } from "../../core/npz.ts";
import type { NdArray } from "../../core/nd_array.ts";
import { Random } from "../../core/random.ts";
import type { JsonRecord } from "../../core/state_json.ts";
import { createLayersWriter } from "../../learning/exports/layers_writer.ts";
import { createOnnxWriter } from "../../learning/exports/onnx_writer.ts";
import * as tf from "../../learning/tensorflow.ts";
import { AGENT_NAMES, agentOf } from "../model.ts";
import { useBackend } from "../_test_trainers.ts";
import { testSteps } from "./_test_expectations.ts";
import { contentOf, TEST_MODELS, testAgent } from "./_test_models.ts";
import { writePolicy } from "./write_policy.ts";
import script from "./check_onnx.py" with { type: "text" };

/** What layers may differ by from acting, relative to max(1, |value|). */
const TOLERANCE = 1e-5;
/** The same of ONNX. */
const ONNX_TOLERANCE = 1e-6;

const python = await findPython("numpy", "onnxruntime");

Deno.test("the models of these tests are of every agent", () => {
  assertEquals(
    [...new Set(TEST_MODELS.map(({ agent }) => agent))].sort(),
    [...AGENT_NAMES].sort(),
  );
});

Deno.test({
  name: `onnxruntime acts as every model does${
    python ? "" : " [skipped: no onnxruntime]"
  }`,
  ignore: !python,
  async fn() {
    await useBackend("cpu");
    const folder = await Deno.makeTempDir();
    const random = new Random(17);
    const outputs: Record<string, string[]> = {};
    try {
      for (const given of TEST_MODELS) {
        const agent = await testAgent(given);
        const writer = createOnnxWriter();
        const { memory } = writePolicy(agent, writer);
        const bytes = writer.encode({
          name: given.name,
          description: "A test",
          metadata: { memory: JSON.stringify(memory) },
        });
        await Deno.writeFile(join(folder, `${given.name}.onnx`), bytes);
        const arrays: Record<string, NdArray> = {};
        for (const rows of [1, 7]) {
          const steps = testSteps(agent, { rows, steps: 5, random });
          steps.forEach((step, number) => {
            for (const way of ["in", "out"] as const) {
              for (const [name, array] of Object.entries(step[way])) {
                arrays[`${rows}/${number}/${way}/${name}`] = array;
              }
            }
          });
          outputs[given.name] = Object.keys(steps[0].out).sort();
        }
        await writeNpz(join(folder, `${given.name}.npz`), arrays);
      }
      const found = JSON.parse(await python!.run(script, folder));
      for (const { name } of TEST_MODELS) {
        assertEquals(Object.keys(found[name]).sort(), outputs[name]);
        for (const [output, gap] of Object.entries(found[name])) {
          assert(gap as number <= ONNX_TOLERANCE, `${name} ${output}: ${gap}`);
        }
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

/** A file as `tf.loadLayersModel` takes it. */
function handlerOf(model: string, weights: Uint8Array): tf.io.IOHandler {
  const { modelTopology, weightsManifest } = JSON.parse(model);
  return tf.io.fromMemory({
    modelTopology,
    weightSpecs: weightsManifest[0].weights,
    weightData: weights.buffer as ArrayBuffer,
  });
}

for (const given of TEST_MODELS.filter(({ agent }) => agent !== "qlearning")) {
  Deno.test(`tf.loadLayersModel reads what ${given.name} gives`, async () => {
    await useBackend("cpu");
    const agent = await testAgent(given);
    const before = tf.memory().numTensors;
    const writer = createLayersWriter();
    const { memory } = writePolicy(agent, writer);
    const files = await writer.encode({});
    assertEquals(tf.memory().numTensors, before);
    const model = await loadLayersModel(
      handlerOf(files.model, files.weights),
    );
    const names = writer.outputs.map(({ name }) => name);
    const random = new Random(23);
    for (const rows of [1, 7]) {
      const steps = testSteps(agent, { rows, steps: 3, random });
      const state: Record<string, tf.Tensor> = {};
      let compared = 0;
      for (const step of steps) {
        const inputs = model.inputs.map(({ shape }, i) => {
          const name = model.inputNames[i];
          return name === "observation"
            ? tf.tensor2d(
              step.in.observation.data as Float32Array,
              step.in.observation.shape as [number, number],
            )
            : state[name] ?? tf.zeros([rows, shape[1] as number]);
        });
        const results = [model.predict(inputs)].flat() as tf.Tensor[];
        names.forEach((name, i) => {
          const expected = step.out[name];
          if (expected === undefined) return;
          assertEquals(results[i].shape, expected.shape);
          results[i].dataSync().forEach((value, place) => {
            const wanted = Number(expected.data[place]);
            const gap = Math.abs(value - wanted) /
              Math.max(1, Math.abs(wanted));
            assert(gap <= TOLERANCE, `${name}: ${value}, not ${wanted}`);
          });
          compared++;
        });
        for (const [input, output] of Object.entries(memory)) {
          state[input] = results[names.indexOf(output)];
        }
        // Layers choose no actions: whoever uses them tells what was done.
        if (!("last_action" in memory)) {
          const place = model.inputNames.indexOf("last_action");
          if (place >= 0) {
            state.last_action = lastActions(
              step.out.action,
              model.inputs[place],
            );
          }
        }
      }
      assert(compared > 0);
    }
    model.dispose();
  });
}

/** Choices as zeros with a one, all heads of equal width. */
function lastActions(
  { data, shape }: NdArray,
  input: { shape: (number | null)[] },
): tf.Tensor {
  const rows = shape[0];
  const heads = shape[1] ?? 1;
  const width = input.shape[1] as number;
  const values = new Float32Array(rows * width);
  for (let i = 0; i < rows * heads; i++) {
    values[i * width / heads + Number(data[i])] = 1;
  }
  return tf.tensor2d(values, [rows, width]);
}

Deno.test("writePolicy() says that a table is no layers", async () => {
  await useBackend("cpu");
  const table = TEST_MODELS.find(({ name }) => name === "table")!;
  const agent = await testAgent(table);
  assertThrows(
    () => writePolicy(agent, createLayersWriter()),
    TypeError,
    "expected a network",
  );
});

Deno.test("writePolicy() takes masks where they are asked for", async () => {
  await useBackend("cpu");
  const given = TEST_MODELS.find(({ name }) => name === "dqn")!;
  const agent = await testAgent(given);
  const inputsOf = (mask?: boolean) => {
    const writer = createOnnxWriter();
    writePolicy(agent, writer, { mask });
    return writer.inputs.map(({ name }) => name);
  };
  assertEquals(inputsOf(), ["observation"]);
  assertEquals(inputsOf(true), ["observation", "action_mask"]);
  const masked = await testAgent(
    TEST_MODELS.find(({ name }) => name === "dqn-masked")!,
  );
  const writer = createOnnxWriter();
  writePolicy(masked, writer, { mask: false });
  assertEquals(writer.inputs.map(({ name }) => name), ["observation"]);
});

Deno.test("writePolicy() writes the layers that a model acts by, and no others", async () => {
  await useBackend("cpu");
  const given = TEST_MODELS.find(({ name }) => name === "dqn")!;
  const content = await contentOf(given);
  const bytesOf = (weights: Record<string, NdArray>) => {
    const writer = createOnnxWriter();
    writePolicy(agentOf({ ...content, tensors: { weights } }), writer);
    return writer.encode({ name: "a", description: "", metadata: {} });
  };
  const { weights } = content.tensors;
  const stray = {
    "q.3.weight": { shape: [3, 1], data: new Float32Array(3) },
    "q.3.bias": { shape: [1], data: new Float32Array(1) },
  };
  assertEquals(bytesOf({ ...weights, ...stray }), bytesOf(weights));
});

/** What `SacGruAgent` and `QmixAgent` save that name no environment. */
const SIZES: Readonly<Record<string, JsonRecord>> = {
  qmix: { sizes: { numAgents: 2, obsDim: 15, actionDim: 3, stateDim: 30 } },
  "sac-gru": {
    sizes: { obsDim: 15, actionDim: 1 },
    space: { kind: "discrete", n: 3 },
  },
};

for (const [name, sizes] of Object.entries(SIZES)) {
  Deno.test(`writePolicy() writes ${name} alike where no environment is named`, async () => {
    await useBackend("cpu");
    const content = await contentOf(
      TEST_MODELS.find((given) => given.name === name)!,
    );
    const { environment: _, ...config } = content.config;
    const unnamed = { ...content, config: { ...config, ...sizes } };
    const [named, other] = await Promise.all(
      [content, unnamed].map(async (content) => {
        const layers = createLayersWriter();
        writePolicy(agentOf(content), layers);
        const onnx = createOnnxWriter();
        const { memory } = writePolicy(agentOf(content), onnx, { mask: false });
        // The description of what is seen names the environment.
        const inputs = onnx.inputs.map(({ name, shape }) => ({ name, shape }));
        const { outputs } = onnx;
        return { layers: await layers.encode({}), memory, inputs, outputs };
      }),
    );
    assertEquals(other, named);
  });
}
