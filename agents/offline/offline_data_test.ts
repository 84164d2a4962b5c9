import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Random } from "../../core/random.ts";
import {
  checkOfflineData,
  holdOut,
  type OfflineData,
  sampleOffline,
} from "./offline_data.ts";
import { createReplayBatch } from "../replay.ts";

const DATA: OfflineData = {
  rows: 3,
  observationSize: 2,
  actionSize: 1,
  observations: Float32Array.of(0, 1, 10, 11, 20, 21),
  actions: Float32Array.of(0, 1, 2),
  rewards: Float32Array.of(5, 6, 7),
  nextObservations: Float32Array.of(10, 11, 20, 21, 30, 31),
  terminals: Uint8Array.of(0, 0, 1),
};

Deno.test("sampleOffline() draws whole rows, all alike", () => {
  const rows = 3000;
  const batch = createReplayBatch(rows, {
    capacity: 3,
    observationSize: 2,
    actionSize: 1,
    actionCount: 0,
  });
  sampleOffline(DATA, batch, {
    random: new Random(1),
    gamma: 0.9,
    fromSpace: (actions, into) => into.set(actions),
  });
  const counts = [0, 0, 0];
  for (let i = 0; i < rows; i++) {
    const row = batch.actions[i];
    counts[row]++;
    assertEquals([...batch.observations.subarray(2 * i, 2 * i + 2)], [
      10 * row,
      10 * row + 1,
    ]);
    assertEquals(batch.nextObservations[2 * i], 10 * row + 10);
    assertEquals(batch.rewards[i], 5 + row);
    assertAlmostEquals(batch.discounts[i], row === 2 ? 0 : 0.9, 1e-6);
  }
  // Off by 5 standard deviations once in 600,000; rows drawn in turn would be.
  for (const count of counts) assertAlmostEquals(count, 1000, 130);
});

Deno.test("holdOut() parts whole episodes", () => {
  const { training, validation } = holdOut(DATA, 0.4);
  assertEquals(training.rows, 1);
  assertEquals([...validation!.actions], [1, 2]);
  assertEquals([...validation!.nextObservations!], [20, 21, 30, 31]);
  assertEquals([...validation!.terminals!], [0, 1]);
  const ids = Int32Array.of(0, 0, 1);
  assertEquals(holdOut(DATA, 0.2, ids).training.rows, 2);
  assertEquals(holdOut(DATA, 0).validation, undefined);
  const refused: [number, Int32Array | undefined, string][] = [
    [1, undefined, "a share of 1, expected"],
    [0.5, ids, "of 3 rows in whole episodes"],
    [0.9, undefined, "of 3 rows, expected more"],
  ];
  for (const [share, episodeIds, message] of refused) {
    assertThrows(
      () => holdOut(DATA, share, episodeIds),
      RangeError,
      message,
    );
  }
});

Deno.test("checkOfflineData() names what does not fit", () => {
  checkOfflineData(DATA);
  assertThrows(
    () => checkOfflineData({ ...DATA, rewards: Float32Array.of(1) }),
    TypeError,
    "Cannot learn from 1 rewards, expected 3 rows of 1",
  );
  const observations = DATA.observations.slice();
  observations[3] = NaN;
  assertThrows(
    () => checkOfflineData({ ...DATA, observations }),
    RangeError,
    "Cannot learn from observations that hold NaN in row 1",
  );
});
