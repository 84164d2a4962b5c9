import { assertEquals, assertLess, assertThrows } from "@std/assert";
import { Random } from "../core/random.ts";
import { BACKENDS, largestDifference, useBackend } from "./_test_backends.ts";
import {
  type GruExample,
  plainGru,
  TORCH_GRU,
  torchGruParameters,
  vectorOfTorch,
} from "./_test_gru.ts";
import { countUp, numbers, TORCH, wave } from "./_torch_values.ts";
import { gruLayout } from "./gru_layout.ts";
import { pack, parameterCount, unpack } from "./parameters.ts";
import { gru } from "./recurrent.ts";
import * as tf from "./tensorflow.ts";

const TORCH_MASK = [0, 1, 1, 1, 1, 1, 0, 1];

Deno.test("gru() has PyTorch's outputs and gradients, with and without starts", async () => {
  const { batch, time, inputs, units } = TORCH_GRU;
  const layout = gruLayout("gru", inputs, units);
  for (const backend of BACKENDS) {
    await useBackend(backend);
    for (const name of ["plain", "masked"] as const) {
      const expected = TORCH.gru[name];
      const { numTensors } = tf.memory();
      tf.tidy(() => {
        const mask = name === "masked"
          ? { mask: tf.tensor2d(TORCH_MASK, [batch, time]) }
          : {};
        const sequence = tf.tensor3d(wave(batch * time * inputs, 5.1), [
          batch,
          time,
          inputs,
        ]);
        const state = tf.tensor2d(wave(batch * units, 6.2), [batch, units]);
        const tensors = unpack(tf.tensor1d(torchGruParameters()), layout);
        const weights = tf.tensor3d(countUp(batch * time * units), [
          batch,
          time,
          units,
        ]);
        const result = gru(tensors, sequence, { state, ...mask });
        assertLess(
          largestDifference(
            result.outputs.dataSync(),
            numbers(expected.outputs),
          ),
          1e-6,
          `${backend} ${name}`,
        );
        assertEquals(
          result.state.arraySync(),
          result.outputs.arraySync().map((row) => row.at(-1)!),
        );
        const [bySequence, byState, ...byTensors] = tf.grads(
          (sequence, state, ...tensors) => {
            // What is computed within is freed before the gradient is.
            const result = gru(tensors, tf.mul(sequence, 1), {
              state,
              ...mask,
            });
            return tf.sub(
              tf.sum(tf.mul(result.outputs, weights)),
              tf.mul(tf.sum(tf.square(result.state)), 3),
            );
          },
        )([sequence, state, ...tensors]);
        const gradients: [tf.Tensor, number[]][] = [
          [bySequence, numbers(expected.sequence)],
          [byState, numbers(expected.state)],
          [pack(byTensors), vectorOfTorch(expected.parameters)],
        ];
        gradients.forEach(([gradient, wanted], i) =>
          assertLess(
            largestDifference(gradient.dataSync(), wanted),
            3e-5,
            `${backend} ${name} ${i}`,
          )
        );
      });
      assertEquals(tf.memory().numTensors, numTensors);
    }
  }
});

function randomExample(
  sizes: Pick<GruExample, "batch" | "time" | "inputs" | "units">,
): GruExample {
  const { batch, time, inputs, units } = sizes;
  const random = new Random(7);
  // Rounded as tensors are, so that both see the same numbers.
  const draw = (count: number) =>
    Float64Array.from({ length: count }, () => Math.fround(random.normal()));
  return {
    ...sizes,
    parameters: draw(parameterCount(gruLayout("gru", inputs, units))),
    sequence: draw(batch * time * inputs),
    state: draw(batch * units),
    mask: Float64Array.from(
      { length: batch * time },
      () => random.uniform(0, 1) < 0.7 ? 1 : 0,
    ),
  };
}

Deno.test("gru() has the gradients of finite differences in 64 bits", async () => {
  const shapes = [
    { batch: 3, time: 5, inputs: 4, units: 6 },
    { batch: 1, time: 1, inputs: 1, units: 1 },
    { batch: 4, time: 3, inputs: 2, units: 1 },
    { batch: 1, time: 4, inputs: 3, units: 5 },
  ];
  for (const sizes of shapes) {
    const example = randomExample(sizes);
    const { batch, time, inputs, units } = sizes;
    const weights = wave(batch * time * units, 0.7);
    const loss = (changed: Partial<GruExample>) =>
      plainGru({ ...example, ...changed }).reduce(
        (sum, output, i) => sum + weights[i] * output,
        0,
      );
    const slopes = (name: "sequence" | "state" | "parameters") =>
      Float64Array.from(example[name], (_, i) => {
        const [low, high] = [-1e-5, 1e-5].map((step) =>
          loss({
            [name]: example[name].map((x, j) => i === j ? x + step : x),
          })
        );
        return (high - low) / 2e-5;
      });
    const expected = [
      slopes("sequence"),
      slopes("state"),
      slopes("parameters"),
    ];
    const layout = gruLayout("gru", inputs, units);
    for (const backend of BACKENDS) {
      await useBackend(backend);
      tf.tidy(() => {
        const [sequence, state, mask] = [
          tf.tensor3d(Float32Array.from(example.sequence), [
            batch,
            time,
            inputs,
          ]),
          tf.tensor2d(Float32Array.from(example.state), [batch, units]),
          tf.tensor2d(Float32Array.from(example.mask), [batch, time]),
        ];
        const tensors = unpack(
          tf.tensor1d(Float32Array.from(example.parameters)),
          layout,
        );
        const [bySequence, byState, ...byTensors] = tf.grads((
          sequence,
          state,
          ...tensors
        ) =>
          tf.sum(tf.mul(
            gru(tensors, sequence, { state, mask }).outputs,
            tf.tensor3d(weights, [batch, time, units]),
          ))
        )([sequence, state, ...tensors]);
        [bySequence, byState, pack(byTensors)].forEach((gradient, i) =>
          assertLess(
            largestDifference(gradient.dataSync(), expected[i]),
            2e-5,
            `${backend} ${JSON.stringify(sizes)} ${i}`,
          )
        );
      });
    }
  }
});

Deno.test("gru() goes on from the state it gave", async () => {
  await useBackend("wasm");
  const { batch, time, inputs, units } = TORCH_GRU;
  tf.tidy(() => {
    const tensors = unpack(
      tf.tensor1d(torchGruParameters()),
      gruLayout("gru", inputs, units),
    );
    const sequence = tf.tensor3d(wave(batch * time * inputs, 5.1), [
      batch,
      time,
      inputs,
    ]);
    const state = tf.zeros([batch, units]);
    const [early, late] = tf.split(sequence, 2, 1);
    const first = gru(tensors, early, { state });
    const second = gru(tensors, late, { state: first.state });
    assertEquals(
      tf.concat([first.outputs, second.outputs], 1).arraySync(),
      gru(tensors, sequence, { state }).outputs.arraySync(),
    );
  });
});

Deno.test("gru() may be used twice in one gradient", async () => {
  await useBackend("wasm");
  const { batch, time, inputs, units } = TORCH_GRU;
  tf.tidy(() => {
    const tensors = unpack(
      tf.tensor1d(torchGruParameters()),
      gruLayout("gru", inputs, units),
    );
    const sequence = tf.ones([batch, time, inputs]);
    const state = tf.zeros([batch, units]);
    const gradients = (uses: number) =>
      pack(
        tf.grads((...tensors) =>
          tf.addN(
            Array.from(
              { length: uses },
              () => tf.sum(gru(tensors, sequence, { state }).outputs),
            ),
          )
        )(tensors),
      ).dataSync();
    const once = gradients(1);
    const twice = gradients(2).map((value) => value / 2);
    assertLess(largestDifference(once, twice), 1e-5);
  });
});

Deno.test("gru() throws for shapes that do not go together", async () => {
  await useBackend("cpu");
  const tensors = unpack(tf.zeros([42]), gruLayout("gru", 3, 2));
  const [state, sequence] = [tf.zeros([5, 2]), tf.zeros([5, 4, 3])];
  const cases: [tf.Tensor, tf.Tensor, tf.Tensor, string][] = [
    [
      tf.zeros([5, 4, 2]),
      state,
      tf.ones([5, 4]),
      "a sequence of shape [5,4,2]",
    ],
    [tf.zeros([5, 3]), state, tf.ones([5, 4]), "a sequence of shape [5,3]"],
    [
      tf.zeros([5, 0, 3]),
      state,
      tf.ones([5, 0]),
      "a sequence of shape [5,0,3]",
    ],
    [sequence, tf.zeros([4, 2]), tf.ones([5, 4]), "a state of shape [4,2]"],
    [sequence, tf.zeros([5, 3]), tf.ones([5, 4]), "a state of shape [5,3]"],
    [sequence, state, tf.ones([4, 5]), "a mask of shape [4,5]"],
    [sequence, state, tf.ones([5, 4, 1]), "a mask of shape [5,4,1]"],
  ];
  for (const [sequence, state, mask, message] of cases) {
    assertThrows(
      () => gru(tensors, sequence, { state, mask }),
      TypeError,
      message,
    );
  }
  tf.dispose([
    ...tensors,
    state,
    sequence,
    ...cases.flatMap((c) => [c[0], c[1], c[2]]),
  ]);
});
