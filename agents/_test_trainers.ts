/**
 * What the tests of learning agents share.
 *
 * @module
 */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { encodeArchive } from "../core/archive.ts";
import { selectDevice } from "../learning/devices.ts";
import * as tf from "../learning/tensorflow.ts";
import type { SavedTrainer, Trainer } from "./trainer.ts";

/** Makes a device ready; fails where there is none. */
export async function useBackend(
  name: "native" | "wasm" | "cpu" | "webgpu",
): Promise<void> {
  const { device, reason } = await selectDevice(name, {
    parameters: 1,
    batchSize: 1,
  });
  assertEquals(device, name, reason);
}

/** Whether there is an adapter that webgpu can run on. */
export async function hasWebgpu(): Promise<boolean> {
  return Boolean(await navigator.gpu?.requestAdapter());
}

/** Trains until so many steps are done. */
export async function trainTo(
  trainer: Trainer,
  timesteps: number,
): Promise<void> {
  while (trainer.timesteps < timesteps) await trainer.step();
}

/** All bytes of a saved trainer: names, shapes, values. */
export function bytesOf({ tensors, state }: SavedTrainer): Uint8Array {
  return encodeArchive({ config: {}, tensors, states: { state } });
}

/** A row of zeros with a one. */
export function row(place: number, length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => i === place ? 1 : 0);
}

/** The greedy action of each state that is seen as a row. */
export function greedyActions(
  trainer: Pick<Trainer, "policy">,
  states: number,
  actions: number,
): number[] {
  const chosen = new Int32Array(1);
  const mask = new Uint8Array(actions).fill(1);
  return Array.from({ length: states }, (_, state) => {
    trainer.policy.act(row(state, states), mask, chosen);
    return chosen[0];
  });
}

/** The weights of all arrays behind one another. */
export function weightsOf({ tensors }: SavedTrainer): number[] {
  return Object.values(tensors.weights).flatMap((
    { data },
  ) => [...data as Float32Array]);
}

function largestGap(a: readonly number[], b: readonly number[]): number {
  assert(a.length === b.length && a.every(Number.isFinite));
  return Math.max(...a.map((value, i) => Math.abs(value - b[i])));
}

/**
 * Fails where what a training comes to on native, compiled, differs from cpu's
 * by more than three times what wasm's differs from it.
 *
 * @param what The training, for the message.
 * @param train Trains on the selected device; the weights at the end.
 */
export async function assertNearEager(
  what: string,
  train: () => Promise<number[]>,
): Promise<void> {
  const on = async (device: "native" | "cpu" | "wasm") => {
    await useBackend(device);
    return await train();
  };
  const cpu = await on("cpu");
  const allowed = 3 * largestGap(cpu, await on("wasm"));
  const gap = largestGap(cpu, await on("native"));
  assert(gap <= allowed, `${what}: ${gap} is above ${allowed}`);
}

/** Euclidean norm of Adam's running mean. */
export function normOf(tensors: SavedTrainer["tensors"]): number {
  let squares = 0;
  for (const [name, { data }] of Object.entries(tensors.optimizer)) {
    if (!name.startsWith("mean.")) continue;
    for (const value of data as Float32Array) squares += value ** 2;
  }
  return Math.sqrt(squares);
}

/**
 * Fails unless a run that is saved and loaded into a fresh trainer ends with
 * the bytes of one that went on.
 */
export async function assertResumes(
  create: () => Trainer,
  steps: { save: number; end: number },
): Promise<void> {
  const whole = create();
  await trainTo(whole, steps.save);
  const saved = structuredClone(await whole.save());
  await trainTo(whole, steps.end);
  const resumed = create();
  // Leaves nothing of its own behind, either.
  await trainTo(resumed, Math.floor(steps.save / 2));
  await resumed.load(saved);
  assertEquals(resumed.timesteps, saved.state.timesteps);
  assertEquals(bytesOf(await resumed.save()), bytesOf(saved), "at once");
  await trainTo(resumed, steps.end);
  assertEquals(
    bytesOf(await resumed.save()),
    bytesOf(await whole.save()),
    "at the end",
  );
  whole.dispose();
  resumed.dispose();
}

/** Fails unless one seed gives the same bytes twice, and another others. */
export async function assertSeedDecides(
  create: (seed: number) => Trainer,
  timesteps: number,
): Promise<void> {
  const run = async (seed: number) => {
    const trainer = create(seed);
    await trainTo(trainer, timesteps);
    const bytes = bytesOf(await trainer.save());
    trainer.dispose();
    return bytes;
  };
  const first = await run(5);
  assertEquals(await run(5), first);
  assertNotEquals(await run(6), first);
}

/** Fails where training, saving or loading makes tensors pile up. */
export async function assertNoTensorLeak(
  create: () => Trainer,
  steps: { warm: number; end: number },
): Promise<void> {
  const before = tf.memory().numTensors;
  const trainer = create();
  await trainTo(trainer, steps.warm);
  const during = tf.memory().numTensors;
  await trainTo(trainer, steps.end);
  await trainer.load(await trainer.save());
  assertEquals(tf.memory().numTensors, during, "while training");
  trainer.dispose();
  assertEquals(tf.memory().numTensors, before, "after dispose()");
}
