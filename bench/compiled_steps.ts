/**
 * Training steps, compiled and on tfjs's wasm backend, side by side.
 *
 * @module
 */
import { createDqn } from "../agents/dqn/dqn.ts";
import { createPpo } from "../agents/ppo/ppo.ts";
import type { Trainer } from "../agents/trainer.ts";
import { Random } from "../core/random.ts";
import { makeVectorEnvironment } from "../envs/registry.ts";
import { compile } from "../learning/compile/compile.ts";
import { selectDevice } from "../learning/devices.ts";
import { gruLayout, initialGruParameters } from "../learning/gru_layout.ts";
import {
  adam,
  adamCorrection,
  createAdamState,
} from "../learning/optimizers.ts";
import { pack, parameterVariable, unpack } from "../learning/parameters.ts";
import { gru } from "../learning/recurrent.ts";
import * as tf from "../learning/tensorflow.ts";
import type { Measurement } from "./measure.ts";

const CARTPOLE = { id: "CartPole-v1", options: {} };
const REPEATS = 9;

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

/** Milliseconds of one of many updates, the median of several goes. */
async function medianTime(
  updates: number,
  run: () => void | Promise<void>,
): Promise<number> {
  await run();
  const times: number[] = [];
  for (let i = 0; i < REPEATS; i++) {
    const started = performance.now();
    await run();
    times.push((performance.now() - started) / updates);
  }
  return median(times);
}

async function trainerTimes(
  create: () => Trainer,
  options: { updates: number; before: number },
): Promise<Times> {
  const started = performance.now();
  const trainer = create();
  const compiling = performance.now() - started;
  for (let i = 0; i < options.before; i++) await trainer.step();
  const update = await medianTime(options.updates, () => trainer.step());
  trainer.dispose();
  return { update, compiling };
}

/** A DQN update on CartPole, its sample from the memory included. */
function dqnUpdate(width: number): Promise<Times> {
  const updates = 40;
  const create = () =>
    createDqn(makeVectorEnvironment(CARTPOLE, 1), {
      seed: 0,
      totalTimesteps: 10_000,
      settings: {
        batchSize: 64,
        netArch: [width, width],
        trainFreq: 1,
        gradientSteps: updates,
        learningStarts: 90,
      },
    });
  // The first steps fill the memory.
  return trainerTimes(create, { updates, before: 100 });
}

/** A PPO update on a minibatch of 64, with its share of one step. */
function ppoUpdate(): Promise<Times> {
  const updates = 40;
  const create = () =>
    createPpo(makeVectorEnvironment(CARTPOLE, 64), {
      seed: 0,
      totalTimesteps: 1_000_000,
      settings: { nSteps: 1, batchSize: 64, nEpochs: updates },
    });
  return trainerTimes(create, { updates, before: 3 });
}

const GRU = { batch: 32, time: 16, inputs: 16, units: 64 };

/** A layer over a sequence, [batch, time, units]. */
type Layer = (
  tensors: tf.Tensor[],
  sequence: tf.Tensor3D,
  before: tf.Tensor2D,
) => tf.Tensor;

/** Loadstar's own layer, whose gradient is written out. */
const ownGru: Layer = (tensors, sequence, state) =>
  gru(tensors, sequence, { state }).outputs;

/** The same as one writes it in plain tfjs, which differentiates it. */
const plainGru: Layer = (tensors, sequence, before) => {
  const [wr, br, ur, cr, wz, bz, uz, cz, wn, bn, un, cn] =
    tensors as tf.Tensor2D[];
  const dense = (x: tf.Tensor2D, weight: tf.Tensor2D, bias: tf.Tensor) =>
    tf.add(tf.matMul(x, weight), bias);
  let state = before;
  const outputs = tf.unstack(sequence, 1).map((step) => {
    const x = step as tf.Tensor2D;
    const reset = tf.sigmoid(tf.add(dense(x, wr, br), dense(state, ur, cr)));
    const update = tf.sigmoid(tf.add(dense(x, wz, bz), dense(state, uz, cz)));
    const recalled = tf.mul(reset, dense(state, un, cn));
    const candidate = tf.tanh(tf.add(dense(x, wn, bn), recalled));
    state = tf.add(
      tf.mul(tf.sub(1, update), candidate),
      tf.mul(update, state),
    );
    return state;
  });
  return tf.stack(outputs, 1);
};

/** An update of a recurrent layer through time, and what compiling it took. */
async function gruUpdate(layer: Layer): Promise<Times> {
  const { batch, time, inputs, units } = GRU;
  const layout = gruLayout("gru", inputs, units);
  const initial = initialGruParameters(layout, new Random(0));
  const parameters = parameterVariable(initial);
  const state = createAdamState(initial.length);
  const started = performance.now();
  const step = compile(({ sequence, before, wanted, correction }) => {
    const { value, grads } = tf.valueAndGrads((...weights) =>
      tf.mean(
        tf.square(tf.sub(layer(weights, sequence, before), wanted)),
      ) as tf.Scalar
    )(unpack(parameters, layout));
    parameters.assign(
      adam(parameters, pack(grads), { state, correction }) as tf.Tensor1D,
    );
    return value;
  }, {
    inputs: {
      sequence: [batch, time, inputs],
      before: [batch, units],
      wanted: [batch, time, units],
      correction: [2],
    },
    variables: [parameters, state.mean, state.square],
  });
  const compiling = performance.now() - started;
  const random = new Random(1);
  const normal = (length: number) =>
    Float32Array.from({ length }, () => random.normal());
  const values = {
    sequence: normal(batch * time * inputs),
    before: normal(batch * units),
    wanted: normal(batch * time * units),
    correction: adamCorrection(1e-3, 1000),
  };
  const updates = 5;
  const update = await medianTime(updates, () => {
    for (let i = 0; i < updates; i++) step(values);
  });
  step.dispose();
  tf.dispose([parameters, state.mean, state.square]);
  return { update, compiling };
}

/** What a step takes, milliseconds. */
interface Times {
  /** One update. */
  update: number;
  /** Making the step. */
  compiling: number;
}

const STEPS: Record<
  string,
  { run: () => Promise<Times>; wanted?: number; compiling: number }
> = {
  "DQN update, 64-64, batch 64": {
    run: () => dqnUpdate(64),
    wanted: 12,
    compiling: 0.3,
  },
  "DQN update, 256-256, batch 64": {
    run: () => dqnUpdate(256),
    wanted: 12,
    compiling: 0.3,
  },
  "PPO update, two of 64-64, batch 64": {
    run: ppoUpdate,
    wanted: 12,
    compiling: 0.3,
  },
  "plain GRU update, 16 steps, 64 units, batch 32": {
    run: () => gruUpdate(plainGru),
    wanted: 20,
    compiling: 1.5,
  },
  "own GRU update, 16 steps, 64 units, batch 32": {
    run: () => gruUpdate(ownGru),
    compiling: 1.5,
  },
};

/** Milliseconds of compiled updates, and how often as fast as wasm's. */
export async function measureCompiledSteps(): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  for (const [name, { run, wanted, compiling }] of Object.entries(STEPS)) {
    const times: Times[] = [];
    for (const device of ["wasm", "native"] as const) {
      await selectDevice(device, { parameters: 1, batchSize: 1 });
      times.push(await run());
    }
    const [wasm, native] = times;
    const microseconds = { unit: "microseconds", moreIsBetter: false };
    measurements.push(
      { name: `${name}, wasm`, value: 1000 * wasm.update, ...microseconds },
      { name: `${name}, native`, value: 1000 * native.update, ...microseconds },
      {
        name: `${name}, times as fast`,
        value: wasm.update / native.update,
        unit: "",
        target: wanted,
      },
      {
        name: `${name}, compiling`,
        value: native.compiling / 1000,
        unit: "s",
        target: compiling,
        moreIsBetter: false,
      },
    );
  }
  return measurements;
}
