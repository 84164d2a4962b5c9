import { assertEquals } from "@std/assert";
import { createEpisodeRecord } from "./trainer.ts";

Deno.test("createEpisodeRecord() sums rewards of each copy up to its end", () => {
  const record = createEpisodeRecord(2);
  assertEquals(
    [record.finished, record.meanReturn, record.meanLength],
    [0, NaN, NaN],
  );
  record.add(0, 1, false);
  record.add(1, 10, false);
  assertEquals(record.meanReturn, NaN);
  record.add(0, 2, true);
  assertEquals(
    [record.finished, record.meanReturn, record.meanLength],
    [1, 3, 2],
  );
  record.add(0, 0, false);
  record.add(1, 20, false);
  record.add(1, 30, true);
  assertEquals(
    [record.finished, record.meanReturn, record.meanLength],
    [2, (3 + 60) / 2, (2 + 3) / 2],
  );
  record.add(0, 5, true);
  assertEquals(record.meanReturn, (3 + 60 + 5) / 3);
});

Deno.test("createEpisodeRecord() remembers the last hundred episodes", () => {
  const record = createEpisodeRecord(1);
  for (let i = 1; i <= 250; i++) record.add(0, i, true);
  assertEquals(record.finished, 250);
  assertEquals(record.meanReturn, (151 + 250) / 2);
  assertEquals(record.meanLength, 1);
});

Deno.test("createEpisodeRecord() goes on from a saved state", () => {
  const first = createEpisodeRecord(2);
  for (let i = 0; i < 150; i++) first.add(i % 2, i, i % 3 === 0);
  const state = structuredClone(first.saveState());
  const second = createEpisodeRecord(2);
  second.add(1, 99, true);
  second.loadState(state);
  for (const record of [first, second]) {
    for (let i = 0; i < 80; i++) record.add(i % 2, -i, i % 4 === 0);
  }
  assertEquals(second.saveState(), first.saveState());
  assertEquals(second.meanReturn, first.meanReturn);
});
