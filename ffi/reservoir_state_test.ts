import { assert, assertEquals, assertThrows } from "@std/assert";
import { Random } from "../core/random.ts";
import type { State } from "../core/state.ts";
import { KINDS, stateOf } from "./_reservoir_test_tools.ts";
import { type ReservoirOptions, SingleMetricReservoir } from "./reservoir.ts";

const SIDES = [true, false];

function offer(
  options: ReservoirOptions,
  values: Float64Array<ArrayBuffer>,
): SingleMetricReservoir {
  const reservoir = new SingleMetricReservoir(options);
  for (const value of values) reservoir.update(value);
  return reservoir;
}

function indices(count: number): Float64Array<ArrayBuffer> {
  return Float64Array.from({ length: count }, (_, i) => i);
}

Deno.test("SingleMetricReservoir goes on from a saved state", () => {
  for (const options of KINDS) {
    for (const count of [0, 1, 20, 31, 32, 1000, 1300]) {
      const first = offer({ ...options, size: 32, seed: 5 }, indices(count));
      const second = new SingleMetricReservoir({ ...options, size: 32 });
      second.update(7);
      second.loadState(first.saveState());
      assertEquals(second.count, count);
      assertEquals(second.getSample(), first.getSample());
      for (let i = 0; i < 1700; i++) {
        first.update(i);
        second.update(i);
      }
      assertEquals(stateOf(second), stateOf(first));
    }
  }
});

// Taking items at once, one at a time, in batches or with a look between them
// must not matter: whatever waits has to be taken before.
Deno.test("SingleMetricReservoir gives the same however it is asked between", () => {
  const random = new Random(11);
  const SIZES = [1, 2, 3, 100, 128, 256, 300];
  for (const options of KINDS) {
    for (const size of SIZES) {
      for (const timed of [false, true]) {
        const plain = new SingleMetricReservoir({ ...options, size });
        const asked = new SingleMetricReservoir({ ...options, size });
        let count = 0;
        while (count < 3000) {
          const length = random.integer(1, 2 ** random.integer(0, 9));
          const values = Float64Array.from(
            { length },
            () => random.exponential(),
          );
          const times = values.map((_, i) => Math.floor((count + i) / 3));
          const isBatch = random.uniform() < 0.4;
          const time = timed ? times : undefined;
          if (isBatch) asked.updateBatch(values, { time });
          values.forEach((value, i) => {
            plain.update(value, time?.[i]);
            if (!isBatch) asked.update(value, time?.[i]);
          });
          count += length;
          assertEquals(asked.count, count);
          const question = random.integer(0, 4);
          if (question === 0) asked.features();
          if (question === 1) asked.loadState(asked.saveState());
          if (question === 2) assert(asked.length <= size);
          if (question === 3) {
            assertEquals(
              asked.lastTime,
              timed ? times.at(-1) : count - 1,
            );
          }
        }
        assertEquals(stateOf(asked), stateOf(plain), `${options.kind} ${size}`);
      }
    }
  }
});

/** A state's parts, with changes by place. */
function changed(
  state: { words: Uint32Array; numbers: Float64Array },
  words: readonly [number, number][],
  numbers: readonly [number, number][] = [],
) {
  const copy = { words: state.words.slice(), numbers: state.numbers.slice() };
  for (const [index, value] of words) copy.words[index] = value;
  for (const [index, value] of numbers) copy.numbers[index] = value;
  return copy;
}

Deno.test("loadState() refuses what no reservoir saved, and changes nothing", () => {
  for (const options of KINDS) {
    const reservoir = offer({ ...options, size: 4 }, indices(200));
    const before = reservoir.saveState() as {
      words: Uint32Array<ArrayBuffer>;
      numbers: Float64Array<ArrayBuffer>;
    };
    const { words, numbers } = before;
    const due = numbers[0];
    const last = numbers.length - 1;
    // Kind, size, samples, items to skip, cursor, version, what has no use.
    const wrongWords: [number, number][] = [
      ...[[4, 9], [4, 0], [5, 5], [5, 0], [6, 5], [6, 2 ** 31], [7, 0]],
      ...[[7, 2 ** 29 + 1], [8, 4], [8, 2 ** 32 - 1], [9, 0], [9, 2], [9, 4]],
      [13, 1],
    ] as [number, number][];
    const wrongNumbers: [number, number][] = [
      // Counts, the last time, levels, what has no use.
      ...[[0, -1], [0, NaN], [0, 0.5], [0, 2 ** 60], [1, NaN], [1, -Infinity]],
      ...[[2, NaN], [2, -1], [3, NaN], [3, 1], [4, -1], [4, NaN], [4, 0.5]],
      ...[[5, -1], [5, NaN], [6, 1], [7, NaN]],
      // The first sample's time and value.
      ...[[8, Infinity], [8, NaN], [8, 1e9], [8, -1], [8, 0.5]],
      ...[[12, Infinity], [12, NaN]],
      // Keys that are no heap.
      ...(options.kind === "weighted"
        ? [[last, 1e9], [last, NaN], [last - 3, -1]]
        : []),
    ] as [number, number][];
    const states = [
      {},
      { words: [], numbers: [] },
      { words: numbers, numbers: words },
      { words: words.slice(1), numbers },
      { words, numbers: numbers.slice(1) },
      changed(before, [[0, 0], [1, 0], [2, 0], [3, 0]]),
      ...wrongWords.map((change) => changed(before, [change])),
      ...wrongNumbers.map((change) => changed(before, [], [change])),
    ] as State[];
    for (const state of states) {
      assertThrows(
        () => reservoir.loadState(state),
        TypeError,
        "Cannot restore a reservoir from a state with",
      );
    }
    // Fewer samples than items, where none is lost.
    if (options.kind === "uniform" || options.kind === "window") {
      const fewer = changed(before, [[6, 3]], [[2, 0]]);
      assertThrows(() => reservoir.loadState(fewer), TypeError, "state with");
    }
    if (options.kind === "uniform" && options.algorithm === "L") {
      for (const level of [0, 1.5]) {
        const other = changed(before, [], [[2, level]]);
        assertThrows(() => reservoir.loadState(other), TypeError, "the level");
      }
    } else if (!("probability" in options)) {
      const skips = changed(before, [[7, 2]], [[0, due + 1]]);
      assertThrows(() => reservoir.loadState(skips), TypeError, "2 items to");
    }
    assertEquals(reservoir.saveState(), before);
  }
});

Deno.test("loadState() refuses states of other options", () => {
  const all = [
    ...KINDS.map((options) => ({ ...options, size: 4 })),
    { kind: "uniform", algorithm: "L", size: 5 },
    { kind: "biased", probability: 0.06, size: 4 },
  ] as const;
  for (const from of all) {
    const state = offer(from, indices(50)).saveState();
    for (const to of all) {
      const reservoir = new SingleMetricReservoir({ ...to, seed: 3 });
      if (from === to) reservoir.loadState(state);
      else {
        assertThrows(
          () => reservoir.loadState(state),
          TypeError,
          "Cannot restore",
        );
      }
      assertEquals(reservoir.count, from === to ? 50 : 0);
    }
  }
});

Deno.test("loadState() of whatever passes its checks makes no fault", () => {
  const random = new Random(3);
  let taken = 0;
  for (const options of KINDS) {
    for (const native of SIDES) {
      const settings = { ...options, size: 4, native };
      const state = offer(settings, indices(200)).saveState() as {
        words: Uint32Array<ArrayBuffer>;
        numbers: Float64Array<ArrayBuffer>;
      };
      for (let i = 0; i < 300; i++) {
        const reservoir = new SingleMetricReservoir(settings);
        const word = random.nextUint32() >>> random.integer(0, 31);
        const bits = new Float64Array(
          Uint32Array.of(random.nextUint32(), random.nextUint32()).buffer,
        )[0];
        const place = random.integer(0, state.numbers.length - 1);
        const other = i % 2 === 0
          ? changed(state, [[random.integer(0, 15), word]])
          : changed(state, [], [[place, bits]]);
        try {
          reservoir.loadState(other);
          taken++;
        } catch (error) {
          assert(error instanceof TypeError);
        }
        try {
          reservoir.updateBatch(indices(20));
          reservoir.update(3);
        } catch (error) {
          // Another last time may be one of a stream with times.
          assert(error instanceof RangeError, `${error}`);
        }
        reservoir.features({ now: Number.MAX_VALUE });
      }
    }
  }
  assert(taken > 300, `${taken}`);
});

Deno.test("weighted reservoirs restore keys of next to no weight", () => {
  const reservoir = new SingleMetricReservoir({ kind: "weighted", size: 2 });
  for (let i = 0; i < 5; i++) reservoir.updateWeighted(i, { weight: 5e-324 });
  const other = new SingleMetricReservoir({ kind: "weighted", size: 2 });
  other.loadState(reservoir.saveState());
  for (const each of [reservoir, other]) {
    for (const weight of [1, 1e300, 5e-324]) each.updateWeighted(9, { weight });
  }
  assertEquals(other.saveState(), reservoir.saveState());
  assertEquals([...other.getSample()], [9, 9]);
});
