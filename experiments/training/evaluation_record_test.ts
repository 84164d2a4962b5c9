import { assertEquals, assertStrictEquals } from "@std/assert";
import { join } from "@std/path";
import { readNpz } from "../../core/npz.ts";
import { withFolder } from "../_test_folder.ts";
import { createEvaluationRecord } from "./evaluation_record.ts";

const FIRST = {
  returns: Float64Array.of(-1.5, 2.5),
  lengths: Int32Array.of(7, 9),
};
const SECOND = { returns: Float64Array.of(4, 8), lengths: Int32Array.of(3, 5) };

Deno.test("createEvaluationRecord() keeps evaluations in order", () => {
  const record = createEvaluationRecord();
  assertStrictEquals(record.latest, undefined);
  assertStrictEquals(record.latestTimesteps, undefined);
  assertEquals(record.add(100, FIRST), 0.5);
  assertEquals(record.add(200, SECOND), 6);
  assertEquals(record.timesteps, [100, 200]);
  assertEquals(record.means, [0.5, 6]);
  assertEquals([record.latest, record.latestTimesteps], [6, 200]);
});

Deno.test("createEvaluationRecord() writes the arrays of Stable-Baselines3", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "evaluations.npz");
    const record = createEvaluationRecord();
    record.add(100, FIRST);
    record.add(2 ** 33, SECOND);
    await record.write(path);
    assertEquals(await readNpz(path), {
      timesteps: { shape: [2], data: BigInt64Array.of(100n, 8589934592n) },
      results: { shape: [2, 2], data: Float64Array.of(-1.5, 2.5, 4, 8) },
      ep_lengths: { shape: [2, 2], data: BigInt64Array.of(7n, 9n, 3n, 5n) },
    });
    await createEvaluationRecord().write(path);
    assertEquals((await readNpz(path)).results.shape, [0, 0]);
  });
});

Deno.test("createEvaluationRecord() goes on from a saved state of its own", () => {
  const record = createEvaluationRecord();
  record.add(100, FIRST);
  const state = record.saveState();
  const other = createEvaluationRecord();
  other.loadState(state);
  assertEquals(other.add(200, SECOND), 6);
  assertEquals(other.means, [0.5, 6]);
  assertEquals(other.timesteps, [100, 200]);
  // Neither the first record nor the state has changed.
  assertEquals(record.timesteps, [100]);
  assertEquals(state, record.saveState());
});
