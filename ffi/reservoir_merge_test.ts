import { assert, assertEquals, assertThrows } from "@std/assert";
import type { State } from "../core/state.ts";
import { Random } from "../core/random.ts";
import {
  chiSquare,
  chiSquareBound,
  KINDS,
  subsetProbabilities,
  subsets,
  subsetStatistic,
} from "./_reservoir_test_tools.ts";
import { MultiMetricReservoir } from "./multi_metric_reservoir.ts";
import { type ReservoirOptions, SingleMetricReservoir } from "./reservoir.ts";

function offer(
  options: ReservoirOptions,
  range: [number, number],
): SingleMetricReservoir {
  const reservoir = new SingleMetricReservoir(options);
  for (let i = range[0]; i < range[1]; i++) reservoir.update(i, i);
  return reservoir;
}

// 10 items in one stream, 5 in another, merged, then 6 more: 6000 samples of 4
// of 21, so 1142.9 expected of each item; false alarms below 1e-6. Taking as
// many from each stream favours the shorter one (statistic above 500), and a
// threshold kept from one stream favours the last items.
Deno.test("merge() of uniform reservoirs is uniform over both, and goes on so", () => {
  for (const algorithm of ["L", "R"] as const) {
    const counts = new Float64Array(21);
    for (let seed = 0; seed < 6000; seed++) {
      const options = { size: 4, algorithm };
      const merged = offer({ ...options, seed: 2 * seed }, [0, 10]);
      merged.merge(offer({ ...options, seed: 2 * seed + 1 }, [10, 15]));
      assertEquals(merged.count, 15);
      for (let i = 15; i < 21; i++) merged.update(i, i);
      for (const value of merged.getSample()) counts[value]++;
    }
    const expected = new Float64Array(21).fill(6000 * 4 / 21);
    const statistic = chiSquare(counts, expected);
    assert(statistic < chiSquareBound(20), `${algorithm}: ${statistic}`);
  }
});

// All subsets of 2 or 3 of two streams of unequal lengths, one of them shorter
// than the size in some, and of one more stream or of items after the merge:
// 4000 samples of at most 35 subsets, 114 expected of each; false alarms below
// 1e-6. Keeping each stream's share exactly, rather than drawing it, gives
// statistics above 1000 even where each item is as likely.
Deno.test("merge() of uniform reservoirs keeps each subset as often", () => {
  const cases = [
    { size: 2, lengths: [3, 2], after: 0 },
    { size: 2, lengths: [1, 4], after: 0 },
    { size: 2, lengths: [4, 1], after: 1 },
    { size: 3, lengths: [2, 2], after: 2 },
    { size: 3, lengths: [1, 1], after: 4 },
    { size: 2, lengths: [2, 2, 2], after: 0 },
    { size: 3, lengths: [4, 1, 2], after: 0 },
  ];
  for (const algorithm of ["L", "R"] as const) {
    for (const { size, lengths, after } of cases) {
      const total = lengths.reduce((a, b) => a + b) + after;
      const keys = subsets(total, size);
      const expected = new Map(keys.map((key) => [key, 1 / keys.length]));
      const statistic = subsetStatistic(4000, expected, (run) => {
        let start = 0;
        const parts = lengths.map((length, part) => {
          const seed = run * lengths.length + part;
          const range: [number, number] = [start, start + length];
          start += length;
          return offer({ size, algorithm, seed }, range);
        });
        const [merged, ...others] = parts;
        for (const other of others) merged.merge(other);
        for (let i = start; i < total; i++) merged.update(i, i);
        return merged.getSample();
      });
      assert(
        statistic < chiSquareBound(keys.length - 1),
        `${algorithm}, ${size} of ${lengths} and ${after}: ${statistic}`,
      );
    }
  }
});

// All subsets of 2 of weighted items of two streams, with items after the merge
// or without, by their exact probabilities: 8000 samples, the least likely
// 21 times; false alarms below 1e-6. A merge that drew from the two samples by
// weight again gives statistics above 800.
Deno.test("merge() of weighted reservoirs keeps each subset with its probability", () => {
  const weights = [1, 2, 9, 4, 0.5, 3];
  const expected = subsetProbabilities(weights, 2);
  for (const [first, second] of [[4, 6], [1, 6], [3, 5]]) {
    const statistic = subsetStatistic(8000, expected, (run) => {
      const part = (seed: number, start: number, end: number) => {
        const options = { kind: "weighted", size: 2, seed } as const;
        const reservoir = new SingleMetricReservoir(options);
        for (let i = start; i < end; i++) {
          reservoir.updateWeighted(i, { weight: weights[i] });
        }
        return reservoir;
      };
      const merged = part(2 * run, 0, first);
      merged.merge(part(2 * run + 1, first, second));
      for (let i = second; i < weights.length; i++) {
        merged.updateWeighted(i, { weight: weights[i] });
      }
      return merged.getSample();
    });
    const bound = chiSquareBound(expected.size - 1);
    assert(statistic < bound, `${first}, ${second}: ${statistic}`);
  }
});

Deno.test("merge() of windows is the window over both, however they interleave", () => {
  const random = new Random(6);
  for (let round = 0; round < 200; round++) {
    const size = random.integer(1, 9);
    const options = { kind: "window", size } as const;
    const windows = [0, 1].map(() => new SingleMetricReservoir(options));
    const both = new SingleMetricReservoir(options);
    const count = random.integer(0, 30);
    for (let i = 0; i < count; i++) {
      windows[random.uniform() < 0.3 ? 0 : 1].update(i, i / 8);
      both.update(i, i / 8);
    }
    windows[0].merge(windows[1]);
    for (let i = count; i < count + 3; i++) {
      assertEquals(windows[0].getTimedSample(), both.getTimedSample());
      assertEquals(windows[0].count, both.count);
      for (const each of [windows[0], both]) each.update(i, i / 8);
    }
  }
});

Deno.test("merge() refuses streams of the same random numbers", () => {
  for (const kind of ["uniform", "weighted"] as const) {
    const [first, second] = [0, 1].map(() => offer({ kind, size: 4 }, [0, 20]));
    assertThrows(() => first.merge(second), TypeError, "another seed");
    const restored = new SingleMetricReservoir({ kind, size: 4, seed: 9 });
    restored.loadState(second.saveState());
    assertThrows(() => first.merge(restored), TypeError, "another seed");
    first.merge(new SingleMetricReservoir({ kind, size: 4 }));
    assertEquals(first.count, 20);
  }
});

Deno.test("merge() of windows keeps the last of both by time", () => {
  const options = { kind: "window", size: 4 } as const;
  const first = new SingleMetricReservoir(options);
  const second = new SingleMetricReservoir(options);
  for (const time of [1, 2, 5, 6, 9]) first.update(time, time);
  for (const time of [3, 4, 7, 8]) second.update(time, time);
  first.merge(second);
  assertEquals([...first.getSample()], [6, 7, 8, 9]);
  first.update(10, 10);
  assertEquals([...first.getSample()], [7, 8, 9, 10]);
  assertEquals([...second.getSample()], [3, 4, 7, 8]);
  assertEquals(first.count, 10);
});

Deno.test("merge() with few or no samples keeps all of them", () => {
  for (const kind of ["uniform", "weighted", "window"] as const) {
    const some = offer({ kind, size: 8 }, [0, 3]);
    some.merge(new SingleMetricReservoir({ kind, size: 8 }));
    some.merge(offer({ kind, size: 8, seed: 1 }, [3, 6]));
    assertEquals([...some.getSample()].sort(), [0, 1, 2, 3, 4, 5]);
    const empty = new SingleMetricReservoir({ kind, size: 8 });
    empty.merge(some);
    assertEquals(empty.count, 6);
    assertEquals(empty.lastTime, 5);
  }
});

Deno.test("merge() refuses what cannot be merged, and changes nothing", () => {
  for (const options of KINDS) {
    const own = offer({ ...options, size: 8 }, [0, 20]);
    const before = own.saveState();
    const others = [
      own,
      offer({ ...options, size: 9 }, [0, 20]),
      offer({ kind: "biased", probability: 0.5, size: 8 }, [0, 20]),
    ];
    const untimed = new SingleMetricReservoir({ ...options, size: 8 });
    untimed.update(1);
    for (const other of [...others, untimed]) {
      assertThrows(() => own.merge(other), TypeError, "Cannot merge");
    }
    assertEquals(own.saveState(), before);
  }
});

Deno.test("MultiMetricReservoir merges, saves and restores all", () => {
  const make = (seed: number) => {
    const all = new MultiMetricReservoir({ servers: 2, size: 4, seed });
    for (let i = 0; i < 3; i++) {
      all.update({ fct: seed + i, flow_duration: i }, { server: 1, time: i });
    }
    return all;
  };
  const all = make(0);
  all.merge(make(10));
  assertEquals(all.of(1, "fct").count, 6);
  assertEquals(all.of(0, "fct").count, 0);
  const other = new MultiMetricReservoir({ servers: 2, size: 4 });
  other.loadState(all.saveState());
  assertEquals(other.saveState(), all.saveState());
  const states: State[] = [
    {},
    { reservoirs: [] },
    { reservoirs: [1, 2, 3, 4] },
  ];
  for (const state of states) {
    assertThrows(() => other.loadState(state), TypeError, "Cannot restore");
  }
  const before = other.saveState();
  const { reservoirs } = all.saveState() as { reservoirs: State[] };
  const broken = { reservoirs: [...reservoirs.slice(0, 3), {}] };
  other.update({ fct: 1 });
  const changed = other.saveState();
  assertThrows(() => other.loadState(broken), TypeError, "Cannot restore");
  assertEquals(other.saveState(), changed);
  other.loadState(before);
  // The last pair does not fit: the others are not merged either.
  const untimed = make(20);
  const last = new MultiMetricReservoir({ servers: 2, size: 4, seed: 30 });
  last.of(1, "flow_duration").update(1);
  assertThrows(() => untimed.merge(last), TypeError, "Cannot merge");
  assertEquals(untimed.saveState(), make(20).saveState());
  assertThrows(() => all.merge(make(0)), TypeError, "another seed");
  const three = new MultiMetricReservoir({ servers: 3, size: 4 });
  assertThrows(() => all.merge(three), TypeError, "3 servers");
});
