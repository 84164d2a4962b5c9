/**
 * Training steps, compiled and on tfjs's wasm backend, side by side.
 *
 * @module
 */
import { createDqn } from "../agents/dqn.ts";
import { createPpo } from "../agents/ppo.ts";
import type { Trainer } from "../agents/trainer.ts";
import { Random } from "../core/random.ts";
import { makeVectorEnvironment } from "../envs/registry.ts";
import { compile } from "../learning/compile/compile.ts";
import { type Device, selectDevice } from "../learning/devices.ts";
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

async function trainerTime(
  trainer: Trainer,
  updates: number,
): Promise<number> {
  // The first steps fill the memory.
  for (let i = 0; i < 100; i++) await trainer.step();
  const time = await medianTime(updates, () => trainer.step());
  trainer.dispose();
  return time;
}

/** A DQN update on CartPole, its sample from the memory included. */
function dqnUpdate(width: number): Promise<number> {
  const updates = 40;
  return trainerTime(
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
    }),
    updates,
  );
}

/** A PPO update on a minibatch of 64, with its share of one step. */
async function ppoUpdate(): Promise<number> {
  const epochs = 40;
  const trainer = createPpo(makeVectorEnvironment(CARTPOLE, 64), {
    seed: 0,
    totalTimesteps: 1_000_000,
    settings: { nSteps: 1, batchSize: 64, nEpochs: epochs },
  });
  const time = await medianTime(epochs, () => trainer.step());
  trainer.dispose();
  return time;
}

const GRU = { batch: 32, time: 16, inputs: 16, units: 64 };

/** An update of a recurrent layer through time. */
async function gruUpdate(): Promise<number> {
  const { batch, time, inputs, units } = GRU;
  const layout = gruLayout("gru", inputs, units);
  const initial = initialGruParameters(layout, new Random(0));
  const parameters = parameterVariable(initial);
  const state = createAdamState(initial.length);
  const step = compile(({ sequence, before, wanted, correction }) => {
    const { value, grads } = tf.valueAndGrads((...weights) => {
      const { outputs } = gru(weights, sequence, { state: before });
      return tf.mean(tf.square(tf.sub(outputs, wanted))) as tf.Scalar;
    })(unpack(parameters, layout));
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
  const result = await medianTime(updates, () => {
    for (let i = 0; i < updates; i++) step(values);
  });
  step.dispose();
  tf.dispose([parameters, state.mean, state.square]);
  return result;
}

const STEPS: Record<string, { run: () => Promise<number>; wanted: number }> = {
  "DQN update, 64-64, batch 64": { run: () => dqnUpdate(64), wanted: 12 },
  "DQN update, 256-256, batch 64": { run: () => dqnUpdate(256), wanted: 12 },
  "PPO update, two of 64-64, batch 64": { run: ppoUpdate, wanted: 12 },
  "GRU update, 16 steps, 64 units, batch 32": { run: gruUpdate, wanted: 20 },
};

/** Milliseconds of compiled updates, and how often as fast as wasm's. */
export async function measureCompiledSteps(): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  for (const [name, { run, wanted }] of Object.entries(STEPS)) {
    const times: Partial<Record<Device, number>> = {};
    for (const device of ["wasm", "native"] as const) {
      await selectDevice(device, { parameters: 1, batchSize: 1 });
      times[device] = await run();
    }
    const { wasm = NaN, native = NaN } = times;
    measurements.push(
      { name: `${name}, wasm`, value: 1000 * wasm, unit: "microseconds" },
      { name: `${name}, native`, value: 1000 * native, unit: "microseconds" },
      {
        name: `${name}, times as fast`,
        value: wasm / native,
        unit: "",
        target: wanted,
      },
    );
  }
  return measurements;
}
