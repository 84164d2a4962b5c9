import { assertEquals, assertRejects } from "@std/assert";
import { encodeNpz, type NdArray } from "../../core/npz.ts";
import { readRecordedSteps } from "./offline_files.ts";

const ARRAYS: Record<string, NdArray> = {
  states: { shape: [2, 3], data: Float32Array.of(0, 1, 2, 3, 4, 5) },
  actions: { shape: [2, 1], data: Float32Array.of(-1, 1) },
  next_states: { shape: [2, 3], data: Float32Array.of(3, 4, 5, 6, 7, 8) },
  rewards: { shape: [2], data: Float32Array.of(0.5, 1) },
  terminals: { shape: [2], data: Uint8Array.of(0, 1) },
  episode_ids: { shape: [2], data: Int32Array.of(0, 0) },
  options: {
    shape: [33],
    data: new TextEncoder().encode('{"policy":"zeros","linkCount":10}'),
  },
};

async function fileOf(arrays: Record<string, NdArray>): Promise<string> {
  const path = await Deno.makeTempFile({ suffix: ".npz" });
  await Deno.writeFile(path, encodeNpz(arrays));
  return path;
}

Deno.test("readRecordedSteps() reads everything that a file tells", async () => {
  const path = await fileOf(ARRAYS);
  const { data, options, episodeIds, digest } = await readRecordedSteps(path);
  assertEquals(data.rows, 2);
  assertEquals([data.observationSize, data.actionSize], [3, 1]);
  assertEquals(data.nextObservations, ARRAYS.next_states.data);
  assertEquals(data.terminals, Uint8Array.of(0, 1));
  assertEquals(options, { linkCount: 10 });
  assertEquals(episodeIds, Int32Array.of(0, 0));
  assertEquals(digest.length, 64);
  await Deno.remove(path);
});

Deno.test("readRecordedSteps() takes states and actions alone, of doubles too", async () => {
  const { states, actions } = ARRAYS;
  const path = await fileOf({
    states: { ...states, data: Float64Array.from(states.data as Float32Array) },
    actions,
  });
  const { data, options } = await readRecordedSteps(path);
  assertEquals(data.observations, states.data);
  assertEquals(data.rewards, undefined);
  assertEquals(options, undefined);
  await Deno.remove(path);
});

Deno.test("readRecordedSteps() takes whole numbers of any size", async () => {
  const { states, actions, next_states } = ARRAYS;
  const whole = (...values: number[]) => ({
    shape: [2],
    data: BigInt64Array.from(values, BigInt),
  });
  const path = await fileOf({
    states,
    actions,
    next_states,
    rewards: whole(3, -4),
    terminals: { shape: [2], data: Int32Array.of(256, 0) },
    episode_ids: whole(7, 8),
  });
  const { data, episodeIds } = await readRecordedSteps(path);
  assertEquals(data.rewards, Float32Array.of(3, -4));
  // Anything but 0, as Python takes it.
  assertEquals(data.terminals, Uint8Array.of(1, 0));
  assertEquals(episodeIds, Int32Array.of(7, 8));
  await Deno.remove(path);
});

Deno.test("readRecordedSteps() names file and fault", async () => {
  const { states, actions, rewards } = ARRAYS;
  const faults: [Record<string, NdArray>, string][] = [
    [{ states }, '"actions" is missing, expected a matrix of floats'],
    [{ states: rewards, actions }, '"states" is of shape (2)'],
    [
      { states, actions: { shape: [1, 2], data: Float32Array.of(1, 2) } },
      "there are 2 states and 1 actions",
    ],
    [
      { ...ARRAYS, rewards: { shape: [1], data: Float32Array.of(1) } },
      "1 rewards, expected 2 rows",
    ],
    [
      { ...ARRAYS, actions: { shape: [2, 1], data: Float32Array.of(1, NaN) } },
      "actions that hold NaN in row 1",
    ],
    [
      { ...ARRAYS, episode_ids: { shape: [1], data: Int32Array.of(1) } },
      "there are 1 episode_ids and 2 states",
    ],
  ];
  for (const [arrays, message] of faults) {
    const path = await fileOf(arrays);
    const error = await assertRejects(
      () => readRecordedSteps(path),
      TypeError,
      message,
    );
    assertEquals(error.message.includes(path), true);
    await Deno.remove(path);
  }
});
