import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { finiteQueue, finiteQueueSojourn } from "./finite_queue.ts";
import {
  type FluidOptions,
  fluidSolver,
  makeNetworkLoad,
} from "./fluid_network.ts";
import { namedTopology } from "./named_topologies.ts";
import { computeRoutes } from "./routing.ts";
import { makeTopology, type Topology } from "./topology.ts";
import { scaleToLoad, uniformMatrix } from "./traffic_matrices.ts";

/** a - b - c, both links of 10 Mbit/s. */
const LINE = makeTopology({
  name: "line",
  nodes: ["a", "b", "c"],
  links: [
    { source: 0, target: 1, capacity: 10, delay: 0.002 },
    { source: 1, target: 2, capacity: 10 },
  ],
});

function solve(
  topology: Topology,
  demands: Float64Array,
  options: FluidOptions = {},
) {
  const load = makeNetworkLoad(topology);
  const weights = new Float64Array(topology.linkCount).fill(1);
  fluidSolver(topology, options)(
    computeRoutes(topology, weights),
    demands,
    load,
  );
  return load;
}

function demand(i: number, j: number, rate: number): Float64Array {
  const demands = new Float64Array(9);
  demands[3 * i + j] = rate;
  return demands;
}

Deno.test("one link is an M/M/1/K queue and its propagation delay", () => {
  const load = solve(LINE, demand(0, 1, 8));
  // 8000 bits take 0.8 ms at 10 Mbit/s.
  const expected = 0.0008 * finiteQueueSojourn(0.8, 32) + 0.002;
  assertAlmostEquals(load.meanDelay, expected, 1e-12);
  const queue = { loss: 0, meanNumber: 0 };
  finiteQueue(0.8, 32, queue);
  assertAlmostEquals(load.throughput, 8 * (1 - queue.loss), 1e-9);
  assertAlmostEquals(load.largestUtilisation, 0.8, 1e-12);
  assertAlmostEquals(load.received[1], load.throughput, 1e-12);
  assertEquals(load.sent[0], 8);
});

Deno.test("the second link sees what the first let through", () => {
  const load = solve(LINE, demand(0, 2, 12), { bufferPackets: 4 });
  const queue = { loss: 0, meanNumber: 0 };
  finiteQueue(1.2, 4, queue);
  const through = 12 * (1 - queue.loss);
  assertAlmostEquals(load.offered[0], 12, 1e-12);
  assertAlmostEquals(load.offered[2], through, 1e-9);
  finiteQueue(through / 10, 4, queue);
  assertAlmostEquals(load.throughput, through * (1 - queue.loss), 1e-9);
  assertAlmostEquals(load.carried[2], load.throughput, 1e-9);
  assertAlmostEquals(load.largestUtilisation, 1.2, 1e-12);
});

Deno.test("the fixed point fits itself on a network in overload", () => {
  const topology = namedTopology("nsfnet");
  const demands = scaleToLoad(topology, uniformMatrix(topology), 1.6);
  const load = solve(topology, demands);
  const queue = { loss: 0, meanNumber: 0 };
  for (let arc = 0; arc < topology.arcCount; arc++) {
    finiteQueue(load.offered[arc] / topology.capacities[arc >> 1], 32, queue);
    assertAlmostEquals(load.loss[arc], queue.loss, 1e-11);
    assert(load.carried[arc] <= topology.capacities[arc >> 1]);
  }
  // What is sent arrives or is lost on the way.
  const lost = load.offered.reduce(
    (sum, offered, arc) => sum + offered - load.carried[arc],
    0,
  );
  assertAlmostEquals(load.demand - lost, load.throughput, 1e-8);
});

Deno.test("the mean delay is Little's where hardly anything is lost", () => {
  const topology = namedTopology("geant2");
  const demands = scaleToLoad(topology, uniformMatrix(topology), 0.5);
  const load = solve(topology, demands);
  // Kleinrock: (1 / traffic) times the sum of each arc's load and delay.
  const number = load.carried.reduce(
    (sum, carried, arc) => sum + carried * load.delay[arc],
    0,
  );
  assertAlmostEquals(load.meanDelay / (number / load.throughput), 1, 1e-6);
});

Deno.test("nothing flows without demands", () => {
  const load = solve(LINE, new Float64Array(9));
  assertEquals([load.throughput, load.meanDelay, load.demand], [0, 0, 0]);
});

Deno.test("max-min fair rates: who shares the busiest link gets least", () => {
  const demands = new Float64Array(9);
  demands[1] = 100; // a to b
  demands[2] = 100; // a to c
  demands[5] = 3; // b to c
  const load = solve(LINE, demands, { sharing: "max-min" });
  assertAlmostEquals(load.received[1], 5, 1e-6);
  assertAlmostEquals(load.received[2], 5 + 3, 1e-6);
  assertEquals(load.demand, 203);
  assert(load.loss.every((loss) => loss === 0));
  demands[5] = 8;
  const tight = solve(LINE, demands, { sharing: "max-min" });
  assertAlmostEquals(tight.carried[2], 10, 1e-6);
  assertAlmostEquals(tight.received[1], 5, 1e-6);
});

Deno.test("max-min fair rates meet demands where all fit", () => {
  const topology = namedTopology("nsfnet");
  const demands = scaleToLoad(topology, uniformMatrix(topology), 0.9);
  const load = solve(topology, demands, { sharing: "max-min" });
  assertAlmostEquals(load.throughput / load.demand, 1, 1e-8);
});

Deno.test("max-min fair rates: nobody can have more without a poorer having less", () => {
  const topology = namedTopology("nsfnet");
  const demands = scaleToLoad(topology, uniformMatrix(topology), 2);
  const load = solve(topology, demands, { sharing: "max-min" });
  for (let arc = 0; arc < topology.arcCount; arc++) {
    assert(load.carried[arc] <= topology.capacities[arc >> 1] * (1 + 1e-9));
  }
  assert(load.throughput < load.demand);
});

Deno.test("options that make no sense are refused", () => {
  const cases: FluidOptions[] = [
    { packetBits: 0 },
    { bufferPackets: 1.5 },
    { bufferPackets: 0 },
    { sharing: "fair" as "max-min" },
  ];
  for (const options of cases) {
    assertThrows(() => fluidSolver(LINE, options), RangeError);
  }
});
