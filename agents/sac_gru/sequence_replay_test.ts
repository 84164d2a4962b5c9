import { assertEquals, assertThrows } from "@std/assert";
import { encodeArchive } from "../../core/archive.ts";
import { Random } from "../../core/random.ts";
import {
  createSequenceBatch,
  createSequenceReplay,
  type SequenceReplayOptions,
} from "./sequence_replay.ts";

type Part = "seen" | "flag";

function optionsOf(
  changes: Partial<SequenceReplayOptions<Part>> = {},
): SequenceReplayOptions<Part> {
  return {
    capacity: 24,
    copies: 2,
    length: 5,
    stride: 3,
    stateSize: 2,
    columns: { seen: 2, flag: 1 },
    flags: ["flag"],
    ...changes,
  };
}

/** What copy `copy` sees at its step `step`: two numbers that tell both. */
const seenAt = (copy: number, step: number) => [copy + 1, step];
const flagAt = (copy: number, step: number) => (copy + step) % 3 === 0 ? 1 : 0;
const stateAt = (copy: number, step: number) => [100 + copy, -step];

function fill(
  replay: ReturnType<typeof createSequenceReplay<Part>>,
  steps: { from: number; to: number },
): void {
  for (let step = steps.from; step < steps.to; step++) {
    const ofCopies = (value: (copy: number, step: number) => number[]) =>
      Float32Array.from([0, 1].flatMap((copy) => value(copy, step)));
    replay.add({
      seen: ofCopies(seenAt),
      flag: ofCopies((copy, step) => [flagAt(copy, step)]),
    }, ofCopies(stateAt));
  }
}

/** First steps of all sequences that a memory of so many steps may give. */
function slowStarts(steps: number, ring: number): number[] {
  const starts: number[] = [];
  for (let start = 0; start + 5 <= steps; start++) {
    if (start % 3 === 0 && start >= steps - ring) starts.push(start);
  }
  return starts;
}

Deno.test("createSequenceReplay() gives the sequences of a slow reference, all of them", () => {
  // 12 steps a copy; from 13 on the oldest are overwritten.
  for (const steps of [5, 7, 11, 12, 13, 14, 17, 24, 25, 40]) {
    const replay = createSequenceReplay(optionsOf());
    fill(replay, { from: 0, to: steps });
    const starts = slowStarts(steps, 12);
    assertEquals(replay.sequences, 2 * starts.length, `${steps} steps`);
    assertEquals(replay.size, 2 * Math.min(12, steps));
    const batch = createSequenceBatch(200, optionsOf());
    replay.sample(batch, new Random(steps));
    const found = new Set<string>();
    for (let row = 0; row < 200; row++) {
      const [first, start] = batch.seen.subarray(row * 10);
      const copy = first - 1;
      found.add(`${copy} ${start}`);
      const times = [0, 1, 2, 3, 4].map((t) => start + t);
      assertEquals(
        [...batch.seen.subarray(row * 10, row * 10 + 10)],
        times.flatMap((step) => seenAt(copy, step)),
      );
      assertEquals(
        [...batch.flag.subarray(row * 5, row * 5 + 5)],
        times.map((step) => flagAt(copy, step)),
      );
      assertEquals(
        [...batch.states.subarray(row * 2, row * 2 + 2)],
        stateAt(copy, start),
      );
    }
    // Eight sequences at most: one is missed by 200 draws with probability
    // below 8 (7 / 8)^200 = 2e-11.
    const expected = starts.flatMap((start) => [`0 ${start}`, `1 ${start}`]);
    assertEquals([...found].sort(), expected.sort());
  }
});

Deno.test("createSequenceReplay() draws all sequences alike", () => {
  const replay = createSequenceReplay(optionsOf());
  fill(replay, { from: 0, to: 24 });
  const batch = createSequenceBatch(6000, optionsOf());
  replay.sample(batch, new Random(1));
  const counts = new Map<string, number>();
  for (let row = 0; row < 6000; row++) {
    const key = batch.seen.subarray(row * 10, row * 10 + 2).join();
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  // 6 sequences, 5 degrees of freedom: above 36.8 with probability 6.6e-7.
  // Drawing one of them twice as often as others gives about 730.
  assertEquals(counts.size, 6);
  let chiSquare = 0;
  for (const count of counts.values()) chiSquare += (count - 1000) ** 2 / 1000;
  assertEquals(chiSquare < 36.8, true, `${chiSquare}`);
});

Deno.test("createSequenceReplay() copies long sequences too, around the ring's end", () => {
  const options = optionsOf({ length: 30, capacity: 84, stride: 1 });
  const replay = createSequenceReplay(options);
  fill(replay, { from: 0, to: 100 });
  const batch = createSequenceBatch(50, options);
  replay.sample(batch, new Random(2));
  for (let row = 0; row < 50; row++) {
    const [first, start] = batch.seen.subarray(row * 60);
    assertEquals(start >= 58 && start <= 70, true);
    assertEquals(
      [...batch.seen.subarray(row * 60, row * 60 + 60)],
      Array.from({ length: 30 }, (_, t) => seenAt(first - 1, start + t)).flat(),
    );
  }
});

Deno.test("createSequenceReplay() goes on from a saved state", () => {
  for (const steps of [3, 9, 12, 29]) {
    const replay = createSequenceReplay(optionsOf());
    fill(replay, { from: 0, to: steps });
    const saved = structuredClone(replay.saveState());
    const other = createSequenceReplay(optionsOf());
    fill(other, { from: 0, to: 40 });
    other.loadState(saved);
    const bytes = (state: typeof saved) =>
      encodeArchive({ config: {}, states: { state } });
    assertEquals(bytes(other.saveState()), bytes(saved));
    for (const each of [replay, other]) fill(each, { from: steps, to: 31 });
    const batches = [replay, other].map((each) => {
      const batch = createSequenceBatch(20, optionsOf());
      each.sample(batch, new Random(3));
      return batch;
    });
    assertEquals(batches[1], batches[0]);
    assertEquals(bytes(other.saveState()), bytes(replay.saveState()));
  }
});

Deno.test("createSequenceReplay() takes single steps without state", () => {
  const options = {
    capacity: 4,
    copies: 1,
    length: 1,
    columns: { seen: 1 },
  };
  const replay = createSequenceReplay(options);
  for (let step = 0; step < 6; step++) replay.add({ seen: [step] });
  const batch = createSequenceBatch(100, options);
  replay.sample(batch, new Random(4));
  assertEquals([...new Set(batch.seen)].sort(), [2, 3, 4, 5]);
  assertEquals(batch.states.length, 0);
});

Deno.test("createSequenceReplay() throws for what holds no sequence", () => {
  const cases: [Partial<SequenceReplayOptions<Part>>, string][] = [
    [{ capacity: 9 }, "sequences of 5 steps of 2 copies in 9 steps"],
    [{ length: 0 }, "in sequences of 0"],
    [{ stride: 1.5 }, "every 1.5"],
    [{ copies: 0 }, "of 0 copies"],
    [{ capacity: NaN }, "NaN steps"],
  ];
  for (const [changes, message] of cases) {
    assertThrows(
      () => createSequenceReplay(optionsOf(changes)),
      RangeError,
      message,
    );
  }
  const replay = createSequenceReplay(optionsOf());
  fill(replay, { from: 0, to: 4 });
  assertThrows(
    () => replay.sample(createSequenceBatch(1, optionsOf()), new Random(1)),
    RangeError,
    "Cannot draw sequences of 5 steps from 4",
  );
  const larger = createSequenceReplay(optionsOf({ capacity: 60 }));
  fill(replay, { from: 4, to: 20 });
  assertThrows(
    () => larger.loadState(replay.saveState()),
    TypeError,
    "Cannot restore a memory of 24 steps of 2 copies, expected 60 of 2",
  );
});

Deno.test("createSequenceReplay() goes on in a larger ring where nothing was overwritten", () => {
  const small = createSequenceReplay(optionsOf());
  const larger = createSequenceReplay(optionsOf({ capacity: 60 }));
  const fresh = createSequenceReplay(optionsOf({ capacity: 60 }));
  fill(small, { from: 0, to: 10 });
  larger.loadState(small.saveState());
  fill(larger, { from: 10, to: 29 });
  fill(fresh, { from: 0, to: 29 });
  assertEquals(larger.saveState(), fresh.saveState());
  small.loadState(
    createSequenceReplay(optionsOf({ capacity: 60 })).saveState(),
  );
  assertEquals(small.size, 0);
});
