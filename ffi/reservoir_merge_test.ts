import { assert, assertEquals, assertThrows } from "@std/assert";
import type { State } from "../core/state.ts";
import { chiSquare, chiSquareBound, KINDS } from "./_reservoir_test_tools.ts";
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

// The same 20,000 draws by weight from one stream and from two that are
// merged, 2 of 4 items: the counts of an item differ by 5.5 deviations with
// probability 2e-7 for all four. Merging without keys would keep the items of
// the lighter stream too often: 1 of weights 1 and 9 apart, 30 deviations off.
Deno.test("merge() of weighted reservoirs is as if one had seen all", () => {
  const weights = [1, 2, 9, 4];
  const runs = 20_000;
  const counts = [weights.map(() => 0), weights.map(() => 0)];
  const sample = (seed: number, items: number[]) => {
    const options = { kind: "weighted", size: 2, seed } as const;
    const reservoir = new SingleMetricReservoir(options);
    for (const i of items) {
      reservoir.updateWeighted(i, { weight: weights[i] });
    }
    return reservoir;
  };
  for (let run = 0; run < runs; run++) {
    const whole = sample(3 * run, [0, 1, 2, 3]);
    const merged = sample(3 * run + 1, [0, 1, 2]);
    merged.merge(sample(3 * run + 2, [3]));
    [whole, merged].forEach((reservoir, i) => {
      for (const value of reservoir.getSample()) counts[i][value]++;
    });
  }
  weights.forEach((_, i) => {
    const p = counts[0][i] / runs;
    const deviation = Math.sqrt(2 * runs * p * (1 - p));
    const difference = Math.abs(counts[0][i] - counts[1][i]);
    assert(difference <= 5.5 * deviation, `item ${i}: ${counts}`);
  });
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
  const three = new MultiMetricReservoir({ servers: 3, size: 4 });
  assertThrows(() => all.merge(three), TypeError, "3 servers");
});
