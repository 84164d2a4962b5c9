import {
  assertAlmostEquals,
  assertEquals,
  assertLess,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import { Random } from "../core/random.ts";
import {
  createReplay,
  createReplayBatch,
  type Replay,
  type ReplayOptions,
} from "./replay.ts";

const OPTIONS: ReplayOptions = {
  capacity: 5,
  observationSize: 2,
  actionSize: 1,
  actionCount: 3,
};
const PRIORITISED = { ...OPTIONS, priorityExponent: 0.5 };

/** Adds a transition all of whose numbers tell which one it is. */
function add(replay: Replay, number: number): void {
  replay.add({
    observation: Float32Array.of(number, number + 0.25),
    action: Float32Array.of(number % 3),
    reward: -number,
    discount: number / 100,
    nextObservation: Float32Array.of(number + 0.5, number + 0.75),
    nextMask: Uint8Array.of(1, number % 2, 0),
  });
}

function filled(options: ReplayOptions, count: number): Replay {
  const replay = createReplay(options);
  for (let i = 1; i <= count; i++) add(replay, i);
  return replay;
}

function draw(
  replay: Replay,
  count: number,
  { seed = 1, importanceExponent = 0 } = {},
) {
  const batch = createReplayBatch(count, OPTIONS);
  replay.sample(batch, new Random(seed), { importanceExponent });
  return batch;
}

Deno.test("createReplay() gives back what it took in, field by field", () => {
  for (const options of [OPTIONS, PRIORITISED]) {
    const batch = draw(filled(options, 4), 50);
    for (let i = 0; i < 50; i++) {
      const number = batch.observations[2 * i];
      assertEquals(batch.indices[i], number - 1);
      assertEquals(batch.observations[2 * i + 1], number + 0.25);
      assertEquals(batch.actions[i], number % 3);
      assertEquals(batch.rewards[i], -number);
      assertEquals(batch.discounts[i], Math.fround(number / 100));
      assertEquals(
        [...batch.nextObservations.subarray(2 * i, 2 * i + 2)],
        [number + 0.5, number + 0.75],
      );
      assertEquals(
        [...batch.nextMasks.subarray(3 * i, 3 * i + 3)],
        [1, number % 2, 0],
      );
      assertEquals(batch.weights[i], 1);
    }
  }
});

Deno.test("createReplay() overwrites the oldest", () => {
  for (const options of [OPTIONS, PRIORITISED]) {
    const replay = filled(options, 3);
    assertEquals(replay.size, 3);
    for (let i = 4; i <= 12; i++) add(replay, i);
    assertEquals(replay.size, 5);
    const { rewards } = draw(replay, 300);
    // That one of five is missed 300 times has probability 4e-29.
    assertEquals(
      [...new Set(rewards)].sort((a, b) => b - a),
      [-8, -9, -10, -11, -12],
    );
  }
});

Deno.test("createReplay() copies what it is given", () => {
  const replay = createReplay(OPTIONS);
  const observation = Float32Array.of(1, 2);
  replay.add({
    observation,
    action: new Float32Array(1),
    reward: 0,
    discount: 0,
    nextObservation: observation,
    nextMask: new Uint8Array(3),
  });
  observation.fill(9);
  assertEquals([...draw(replay, 1).observations], [1, 2]);
});

Deno.test("createReplay() draws all alike without priorities", () => {
  // 50,000 draws of five: chi-square with 4 degrees of freedom exceeds 33.4
  // with probability 1e-6. A place that is never drawn gives 12,500.
  const { indices } = draw(filled(OPTIONS, 5), 50_000);
  assertLess(chiSquare(indices, [1, 1, 1, 1, 1]), 33.4);
});

function chiSquare(indices: Int32Array, weights: number[]): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.reduce((sum, weight, place) => {
    const expected = indices.length * weight / total;
    const count = indices.filter((index) => index === place).length;
    return sum + (count - expected) ** 2 / expected;
  }, 0);
}

Deno.test("createReplay() draws in proportion to priority^alpha", () => {
  // As above. Priorities without the exponent would give about 7,000.
  const replay = filled(PRIORITISED, 5);
  const errors = [0.25, -1, 4, -9, 16];
  replay.updatePriorities(
    Int32Array.of(0, 1, 2, 3, 4),
    Float32Array.from(errors),
  );
  const { indices } = draw(replay, 50_000);
  const weights = errors.map((error) => Math.sqrt(Math.abs(error) + 1e-6));
  assertLess(chiSquare(indices, weights), 33.4);
});

Deno.test("createReplay() weighs what it draws too often less", () => {
  const replay = filled(PRIORITISED, 4);
  const errors = Float32Array.of(1, 4, 9, 16);
  replay.updatePriorities(Int32Array.of(0, 1, 2, 3), errors);
  for (const beta of [0.4, 1]) {
    const batch = draw(replay, 200, { importanceExponent: beta });
    const raw = [...batch.indices].map((place) =>
      // w = (N P)^-beta, P = sqrt(error) / 10.
      (4 * Math.sqrt(errors[place] + 1e-6) / 10.0000007) ** -beta
    );
    const largest = Math.max(...raw);
    raw.forEach((weight, i) =>
      assertAlmostEquals(batch.weights[i], weight / largest, 1e-6)
    );
    assertEquals(Math.max(...batch.weights), 1);
  }
});

Deno.test("createReplay() gives new transitions the largest priority so far", () => {
  const replay = createReplay({ ...PRIORITISED, capacity: 3 });
  add(replay, 1);
  replay.updatePriorities(Int32Array.of(0), Float32Array.of(-99));
  add(replay, 2);
  replay.updatePriorities(Int32Array.of(0), Float32Array.of(0.5));
  add(replay, 3);
  const priorities = replay.saveState().priorities as Float64Array;
  [0.5, 99, 99].forEach((priority, i) =>
    assertAlmostEquals(priorities[i], Math.sqrt(priority + 1e-6), 1e-9)
  );
});

Deno.test("createReplay() can draw again what had no error", () => {
  const replay = filled(PRIORITISED, 2);
  replay.updatePriorities(Int32Array.of(0, 1), Float32Array.of(0, 0));
  assertEquals(new Set(draw(replay, 100).indices).size, 2);
});

Deno.test("createReplay() goes on from a saved state, whatever it held", () => {
  for (const options of [OPTIONS, PRIORITISED]) {
    for (const held of [0, 2, 9]) {
      for (const count of [0, 3, 7]) {
        const replay = filled(options, count);
        if (count > 0) {
          replay.updatePriorities(Int32Array.of(0), Float32Array.of(7));
        }
        const state = structuredClone(replay.saveState());
        const restored = filled(options, held);
        restored.loadState(state);
        assertEquals(restored.saveState(), state);
        add(replay, 50);
        add(restored, 50);
        assertEquals(
          draw(restored, 64, { importanceExponent: 0.5 }),
          draw(replay, 64, { importanceExponent: 0.5 }),
        );
        assertEquals(restored.saveState(), replay.saveState());
      }
    }
  }
});

Deno.test("createReplay() goes on in another capacity as if all had come to it", () => {
  for (const options of [OPTIONS, PRIORITISED]) {
    for (const count of [0, 3, 5, 7]) {
      for (const capacity of [5, 6, 10]) {
        const larger = { ...options, capacity };
        const restored = filled(larger, 9);
        restored.loadState(filled(options, count).saveState());
        const expected = createReplay(larger);
        const kept = Math.min(count, 5);
        for (let i = count - kept + 1; i <= count; i++) add(expected, i);
        if (capacity === 5) assertEquals(restored.size, expected.size);
        else assertEquals(restored.saveState(), expected.saveState());
        add(restored, 50);
        assertEquals(restored.size, Math.min(kept + 1, capacity));
      }
    }
  }
});

Deno.test("createReplay() saves only what is filled, as copies", () => {
  const replay = filled(OPTIONS, 2);
  const state = replay.saveState();
  const { observations } = state.columns as Record<string, Float32Array>;
  assertEquals([...observations], [1, 1.25, 2, 2.25]);
  add(replay, 3);
  observations.fill(0);
  assertNotEquals(draw(replay, 1).observations[0], 0);
});

Deno.test("createReplay() throws for what it cannot hold or restore", () => {
  for (const capacity of [0, -1, 1.5, NaN]) {
    assertThrows(
      () => createReplay({ ...OPTIONS, capacity }),
      RangeError,
      `Cannot remember ${capacity} transitions`,
    );
  }
  assertThrows(
    () =>
      createReplay({ ...OPTIONS, capacity: 2 }).loadState(
        filled(OPTIONS, 3).saveState(),
      ),
    TypeError,
    "a memory of 5 transitions without priorities, expected a memory of 2",
  );
  assertThrows(
    () => createReplay(PRIORITISED).loadState(filled(OPTIONS, 2).saveState()),
    TypeError,
    "expected a memory of 5 transitions with priorities",
  );
  assertThrows(
    () => createReplay(OPTIONS).loadState(filled(PRIORITISED, 2).saveState()),
    TypeError,
    "with priorities, expected",
  );
});
