import { assertAlmostEquals, assertEquals } from "@std/assert";
import { makeTopology } from "../topology.ts";
import { linkMeter, type PortCounters } from "./_link_measurements.ts";

/** a - b, a host on each; port 1 leads to the other, port 2 to the host. */
const topology = makeTopology({
  name: "pair",
  nodes: ["a", "b"],
  links: [{ source: 0, target: 1, capacity: 10 }],
});
const measure = linkMeter(topology);

function counters(
  number: number,
  { received = 0, sent = 0, seconds = 100 },
): PortCounters {
  return {
    number,
    receivedPackets: 0,
    sentPackets: 0,
    receivedBytes: received,
    sentBytes: sent,
    receivedDropped: 0,
    sentDropped: 0,
    receiveErrors: 0,
    sendErrors: 0,
    frameErrors: 0,
    overruns: 0,
    checksumErrors: 0,
    collisions: 0,
    seconds: Math.floor(seconds),
    nanoseconds: Math.round(seconds % 1 * 1e9),
  };
}

Deno.test("linkMeter() tells what arrived, not what was sent and dropped", () => {
  const before = [
    [counters(1, {}), counters(2, {})],
    [counters(1, {}), counters(2, {})],
  ];
  // In 2 s: a's host sends 5 MB, the link brings 2 MB to b and its host.
  const seconds = 102;
  const after = [
    [
      counters(1, { sent: 5e6, received: 1e5, seconds }),
      counters(2, { received: 5e6, sent: 1e5, seconds }),
    ],
    [
      counters(1, { received: 2e6, sent: 1e5, seconds }),
      counters(2, { sent: 2e6, received: 1e5, seconds }),
    ],
  ];
  const stats = measure(before, after, Float64Array.of(30, 2));
  assertEquals(stats.link_utils, [0.8]);
  assertAlmostEquals(stats.throughput, 8.4, 1e-12);
  assertAlmostEquals(stats.demand!, 20.4, 1e-12);
  // 8 Mbit/s wait 30 ms, 0.4 wait 2 ms.
  assertAlmostEquals(stats.avg_delay, (8 * 30 + 0.4 * 2) / 8.4, 1e-12);
});

Deno.test("linkMeter() begins at 0 with ports that were made anew", () => {
  const idle = [counters(1, {}), counters(2, {})];
  const before = [[counters(1, { received: 9e9 }), counters(2, {})], idle];
  const after = [
    [counters(1, { received: 1e6, seconds: 1 }), counters(2, {})],
    idle,
  ];
  assertEquals(
    measure(before, after, new Float64Array(2)).link_utils,
    [0.8],
  );
  assertEquals(measure(before, before, new Float64Array(2)), {
    link_utils: [0],
    avg_delay: 0,
    throughput: 0,
    demand: 0,
  });
});

Deno.test("linkMeter() takes a port that is missing for a silent one", () => {
  const idle = [counters(1, {}), counters(2, {})];
  assertEquals(
    measure([[], idle], [[], idle], new Float64Array(2)).link_utils,
    [0],
  );
});
