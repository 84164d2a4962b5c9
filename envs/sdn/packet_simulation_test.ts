import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { batchMeans } from "./_batch_means.ts";
import { makeEventHeap } from "./_event_heap.ts";
import { finiteQueueSojourn } from "./finite_queue.ts";
import { fluidSolver, makeNetworkLoad } from "./fluid_network.ts";
import { namedTopology } from "./named_topologies.ts";
import {
  type PacketSimulationOptions,
  simulatePackets,
} from "./packet_simulation.ts";
import { computeRoutes } from "./routing.ts";
import { makeTopology, type Topology } from "./topology.ts";
import { scaleToLoad, uniformMatrix } from "./traffic_matrices.ts";

function network(topology: Topology, load: number) {
  const weights = new Float64Array(topology.linkCount).fill(1);
  return {
    topology,
    routes: computeRoutes(topology, weights),
    demands: scaleToLoad(topology, uniformMatrix(topology), load),
  };
}

// 200,000 packets a load: the standard error of the delay is 0.6 % at most,
// that of the loss comes from 20 batches. The seeds are fixed, so that nothing
// fails by chance; of other seeds one in 1,000 would, at a load of 0.9. Loads
// that are not thinned along their ways would be off by 5 standard errors in
// loss, M/M/1 queues without a limit by 20 % in delay.
Deno.test("packets with lengths redrawn are delayed and lost as the fluid says", () => {
  for (const load of [0.3, 0.5, 0.7, 0.9]) {
    const nsfnet = network(namedTopology("nsfnet"), load);
    const fluid = makeNetworkLoad(nsfnet.topology);
    const options = { bufferPackets: 8 };
    fluidSolver(nsfnet.topology, options)(nsfnet.routes, nsfnet.demands, fluid);
    const { delay, loss, carried } = simulatePackets(nsfnet, {
      ...options,
      packets: 200_000,
      seed: 1,
    });
    assertAlmostEquals(delay.mean / fluid.meanDelay, 1, 0.02);
    const lost = 1 - fluid.throughput / fluid.demand;
    assert(
      Math.abs(loss.mean - lost) <= 4 * loss.standardError,
      `${load}: ${loss.mean} ${lost}`,
    );
    carried.forEach((rate, arc) =>
      assertAlmostEquals(rate / fluid.carried[arc], 1, 0.06)
    );
  }
});

Deno.test("one link alone is an M/M/1/K queue, and a propagation delay", () => {
  const pair = network(
    makeTopology({
      name: "pair",
      nodes: ["a", "b"],
      links: [{ source: 0, target: 1, capacity: 10, delay: 0.5 }],
    }),
    0.8,
  );
  const { delay, arcLoss } = simulatePackets(pair, {
    bufferPackets: 4,
    packets: 200_000,
    seed: 3,
  });
  const expected = 0.5 + 0.0008 * finiteQueueSojourn(0.8, 4);
  assertAlmostEquals(delay.mean, expected, 2e-5);
  // (1 - 0.8) 0.8^4 / (1 - 0.8^5); the standard error is 0.0015.
  for (const loss of arcLoss) assertAlmostEquals(loss, 0.12185, 0.008);
});

Deno.test("what is sent arrives or is lost, and again with the same seed", () => {
  const ring = network(namedTopology("ring:4"), 1.3);
  for (const lengths of ["redrawn", "kept"] as const) {
    const options = { lengths, packets: 2000, bufferPackets: 3 };
    const results = simulatePackets(ring, options);
    assertEquals(results.delivered + results.lost, 2000);
    assert(results.lost > 100);
    assertEquals(simulatePackets(ring, options), results);
    const other = simulatePackets(ring, { ...options, seed: 1 });
    assert(other.delay.mean !== results.delay.mean);
  }
});

Deno.test("the heap hands events out by time, then by age", () => {
  const heap = makeEventHeap();
  [5, 1, 3, 1, 4, 1].forEach((time, event) => heap.push(time, event));
  const order: number[] = [];
  while (heap.size > 0) order.push(heap.pop());
  assertEquals(order, [1, 3, 5, 2, 4, 0]);
});

Deno.test("batch means know how much batches scatter", () => {
  const { mean, standardError } = batchMeans(
    Float64Array.of(10, 20, 30, 40),
    Float64Array.of(10, 10, 10, 10),
  );
  assertEquals(mean, 2.5);
  assertAlmostEquals(standardError, Math.sqrt(5 / 3 / 4), 1e-12);
});

Deno.test("simulations that make no sense are refused", () => {
  const ring = network(namedTopology("ring:4"), 0.5);
  const cases: PacketSimulationOptions[] = [
    { packets: 5 },
    { warmUpPackets: -1 },
    { bufferPackets: 0 },
    { packetBits: -1 },
  ];
  for (const options of cases) {
    assertThrows(() => simulatePackets(ring, options), RangeError);
  }
  assertThrows(
    () => simulatePackets({ ...ring, demands: new Float64Array(16) }),
    RangeError,
    "without demands",
  );
});
