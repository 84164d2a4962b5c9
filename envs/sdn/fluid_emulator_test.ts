import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { type EmulatorOptions, emulatorSettings } from "./emulator_options.ts";
import { FluidEmulator } from "./fluid_emulator.ts";
import { makeNetworkStats } from "./routing_controller.ts";

function emulator(options: EmulatorOptions = {}): FluidEmulator {
  return new FluidEmulator(emulatorSettings(options));
}

function statsOf(network: FluidEmulator) {
  const stats = makeNetworkStats(network.linkCount);
  network.readStats(stats);
  return stats;
}

const FLOW = {
  source: "h1",
  destination: "h3",
  startSeconds: 0,
  durationSeconds: 10,
  rate: 40,
};

Deno.test("time moves by a step with each change of weights", () => {
  const network = emulator({ stepSeconds: 0.1 });
  network.restoreBaseline(1);
  assertEquals(network.uptimeSeconds, 0);
  for (let i = 0; i < 1000; i++) network.changeWeights(new Float64Array(10));
  assertEquals(network.uptimeSeconds, 100);
});

Deno.test("by the wall clock time moves when it is told to", () => {
  const network = emulator({ clock: "wall" });
  network.restoreBaseline(1);
  network.changeWeights(new Float64Array(10));
  assertEquals(network.uptimeSeconds, 0);
  network.advance(250_000);
  assertEquals(network.uptimeSeconds, 0.25);
});

Deno.test("a step carries the traffic of the interval that reset showed", () => {
  const network = emulator();
  network.restoreBaseline(5);
  const now = statsOf(network);
  network.changeWeights(new Float64Array(10));
  const stepped = statsOf(network);
  now.linkUtilisations.forEach((utilisation, l) =>
    assertAlmostEquals(stepped.linkUtilisations[l], utilisation, 1e-12)
  );
  assertAlmostEquals(stepped.throughputMbps, now.throughputMbps, 1e-9);
  assertAlmostEquals(stepped.averageDelayMs, now.averageDelayMs, 1e-9);
  network.changeWeights(new Float64Array(10));
  assert(statsOf(network).throughputMbps !== stepped.throughputMbps);
});

Deno.test("weights move traffic", () => {
  const network = emulator({ flows: [FLOW] });
  network.restoreBaseline(0);
  const before = statsOf(network).linkUtilisations;
  // h1 is on s1, h3 on s5: the shortest ways lead through s2, s6 or s7.
  assertAlmostEquals(before[5] * 200, 40 / 3, 1e-3);
  assertAlmostEquals(before[6] * 100, 40 / 3, 1e-3);
  network.changeWeights(Float64Array.from([0, 0, 0, 0, 0, 0.5, 0, 0, 0, 0]));
  const after = statsOf(network).linkUtilisations;
  assertAlmostEquals(after[5], 0, 1e-12);
  assertAlmostEquals(after[6] * 100, 20, 1e-3);
});

Deno.test("counters integrate what links carry", () => {
  const network = emulator({ flows: [FLOW] });
  network.restoreBaseline(0);
  for (let i = 0; i < 150; i++) network.changeWeights(new Float64Array(10));
  // Ten seconds of 40 Mbit/s, over two hops, in 15 seconds.
  const { counters, topology } = network;
  let total = 0;
  for (let arc = 0; arc < topology.arcCount; arc++) {
    total += counters.carried(arc);
  }
  assertAlmostEquals(total, 800, 1e-3);
  assertAlmostEquals(counters.sent(0), 400, 1e-6);
  assertAlmostEquals(counters.received(4), 400, 1e-3);
});

Deno.test("a step that traffic changes in tells its mean", () => {
  const network = emulator({
    flows: [{ ...FLOW, startSeconds: 0.04, durationSeconds: 0.02 }],
  });
  network.restoreBaseline(0);
  network.changeWeights(new Float64Array(10));
  assertAlmostEquals(statsOf(network).demandMbps!, 40 * 0.2, 1e-9);
});

Deno.test("flows between hosts on one switch arrive without delay", () => {
  const network = emulator({
    topology: "seed2",
    flows: [{ ...FLOW, destination: "h2", rate: 7 }],
  });
  network.restoreBaseline(0);
  const { throughputMbps, averageDelayMs, linkUtilisations } = statsOf(network);
  assertEquals([throughputMbps, averageDelayMs, linkUtilisations[0]], [
    7,
    0,
    0,
  ]);
});

Deno.test("deltas stop at the ends of the range; weights beyond it are refused", () => {
  const network = emulator();
  network.restoreBaseline(0);
  const down = new Float64Array(10).fill(-5);
  network.changeWeights(down);
  assert(network.weights.every((weight) => weight === 0.1));
  for (const weight of [0.05, 11, NaN, -1, Infinity]) {
    const weights = new Float64Array(10).fill(1);
    weights[3] = weight;
    assertThrows(() => network.setWeights(weights), RangeError, `${weight}`);
  }
  for (const delta of [10, NaN, -Infinity]) {
    const deltas = new Float64Array(10);
    deltas[9] = delta;
    assertThrows(() => network.changeWeights(deltas), RangeError, "link 9");
  }
  assertThrows(() => network.changeWeights([1, 2]), TypeError, "expected 10");
  assertThrows(() => network.setWeights([1, 2]), TypeError, "expected 10");
  assert(network.weights.every((weight) => weight === 0.1));
});

Deno.test("a seed says where traffic begins; without one it begins elsewhere", () => {
  const network = emulator();
  network.restoreBaseline(3);
  const first = network.interval;
  network.restoreBaseline();
  const second = network.interval;
  assert(first !== second);
  network.changeWeights(new Float64Array(10).fill(0.3));
  network.restoreBaseline(3);
  assertEquals(network.interval, first);
  assert(network.weights.every((weight) => weight === 1));
  network.restoreBaseline();
  assertEquals(network.interval, second);
});

Deno.test("episodes begin on the days asked for", () => {
  const network = emulator({ startDays: { first: 3, count: 2 } });
  for (let seed = 0; seed < 50; seed++) {
    network.restoreBaseline(seed);
    assert(network.interval >= 3 * 288 && network.interval < 5 * 288);
  }
});

Deno.test("a saved network goes on alike", () => {
  const network = emulator();
  network.restoreBaseline(3);
  network.changeWeights(new Float64Array(10).fill(0.3));
  const saved = structuredClone(network.saveState());
  const twin = emulator();
  twin.loadState(saved);
  assertEquals(statsOf(twin), statsOf(network));
  for (const each of [network, twin]) {
    each.changeWeights(new Float64Array(10).fill(-0.1));
    each.restoreBaseline();
    each.changeWeights(new Float64Array(10).fill(0.2));
  }
  assertEquals(twin.saveState(), network.saveState());
  assertEquals(statsOf(twin), statsOf(network));
});

Deno.test("options that make no sense are refused", () => {
  const cases: [EmulatorOptions, string][] = [
    [{ topology: "nsfnet", linkCount: 10 }, "10 links"],
    [{ linkCount: 0 }, "0 links"],
    [{ stepSeconds: 0 }, "steps of 0 s"],
    [{ intervalSeconds: -1 }, "intervals of -1 s"],
    [{ startDays: { first: -1, count: 1 } }, "day -1"],
    [{ weightRange: { low: 2, high: 1 } }, "between 2 and 1"],
    [{ clock: "sun" as "wall" }, "sun"],
    [{ linkCount: 3, baseline: [1, 11, 1] }, "weight 11 of link 1"],
    [{ flows: [{ ...FLOW, source: "h9" }] }, "expected one of h1"],
  ];
  for (const [options, message] of cases) {
    assertThrows(() => emulatorSettings(options), RangeError, message);
  }
  assertThrows(() => emulatorSettings({ baseline: [1] }), TypeError);
});
