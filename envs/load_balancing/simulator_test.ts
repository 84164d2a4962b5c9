import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { leastCost } from "./dispatch.ts";
import { type FlowReport, OUTCOME } from "./observers.ts";
import { givenArrivals, type GivenFlow } from "./_simulator_testing.ts";
import type { ServerOptions, SimulatorOptions } from "./simulator_options.ts";
import { createSimulator } from "./simulator.ts";

/** Reports of ended flows, in the order in which they ended. */
function endsOf(
  flows: readonly GivenFlow[],
  options: Omit<SimulatorOptions, "arrivals">,
  until = 1000,
): FlowReport[] {
  const ends: FlowReport[] = [];
  const simulator = createSimulator({
    ...options,
    arrivals: givenArrivals(flows),
    observers: {
      ...options.observers,
      onEnd: (report) => ends.push({ ...report }),
    },
  });
  simulator.advanceTo(until);
  assert(simulator.audit().balanced);
  return ends;
}

/** When flows ended, by their place in the list. */
function endTimes(
  flows: readonly GivenFlow[],
  server: ServerOptions,
): number[] {
  const times = new Array<number>(flows.length).fill(NaN);
  for (const { kind, time } of endsOf(flows, { servers: [server] })) {
    times[kind] = time;
  }
  return times;
}

const THREE: readonly GivenFlow[] = [[0, 4], [1, 2], [2, 1]];

Deno.test("flows end when the discipline says", () => {
  const cases: [ServerOptions, readonly GivenFlow[], number[]][] = [
    [{ discipline: "fifo" }, THREE, [4, 6, 7]],
    [{ discipline: "fifo", speed: 2 }, THREE, [2, 3, 3.5]],
    [{ discipline: "fifo", cores: 2 }, THREE, [4, 3, 4]],
    // 0-1 alone; 1-2 by halves; 2-5 by thirds, the third ends; 5-6 by halves,
    // the second ends; 1 is left of the first.
    [{ discipline: "ps" }, THREE, [7, 6, 5]],
    [{}, THREE, [7, 6, 5]],
    // Two cores: nobody slows down until the third comes, then 2/3 each.
    [{ discipline: "ps", cores: 2 }, THREE, [4.5, 3.5, 3.5]],
    // Two workers: the third waits until the second ends at 5.
    [{ discipline: "lps", workers: 2 }, THREE, [7, 5, 7]],
    [{ discipline: "lps", workers: 1 }, THREE, [4, 6, 7]],
    // Processor, then a disk of half the speed, shared.
    [
      { discipline: "fifo", diskSpeed: 0.5 },
      [[0, 1, 1], [0, 1, 1]],
      [4, 5],
    ],
    // A worker is kept on the disk, a core is not.
    [{ discipline: "lps", workers: 1 }, [[0, 1, 3], [0, 1]], [4, 5]],
    [{ discipline: "fifo" }, [[0, 1, 3], [0, 1]], [4, 2]],
    // No work at all.
    [{ discipline: "ps" }, [[0, 2], [1, 0]], [2, 1]],
    [{ discipline: "fifo" }, [[0, 2], [1, 0]], [2, 2]],
    [{ discipline: "ps" }, [[0, 0, 2]], [2]],
  ];
  for (const [server, flows, expected] of cases) {
    const times = endTimes(flows, server);
    times.forEach((time, flow) =>
      assertAlmostEquals(time, expected[flow], 1e-12, JSON.stringify(server))
    );
  }
});

Deno.test("flows that end at the same time end in the order of their start", () => {
  const flows: GivenFlow[] = Array.from({ length: 50 }, () => [1, 3]);
  const ends = endsOf(flows, { servers: [{ discipline: "ps" }] });
  assertEquals(ends.map(({ kind }) => kind), flows.map((_, i) => i));
});

Deno.test("dispatch takes the least (count + 1) / weight, the first of several", () => {
  const servers: number[] = [];
  const flows: GivenFlow[] = Array.from({ length: 8 }, (_, i) => [i, 100]);
  const simulator = createSimulator({
    servers: [{}, {}, {}],
    weights: [1, 2, 1],
    arrivals: givenArrivals(flows),
    choose(balancer, context) {
      servers.push(leastCost(balancer, context));
      return servers.at(-1)!;
    },
  });
  simulator.advanceTo(3.5);
  // Costs 1, 1/2, 1; then 1, 1, 1; then 2, 1, 1; then 2, 3/2, 1.
  assertEquals(servers, [1, 0, 1, 2]);
  assertEquals([...simulator.counts(0)], [1, 2, 1]);
  simulator.setWeights(0, [0, 1, 8]);
  simulator.advanceTo(7.5);
  assertEquals(servers.slice(4), [2, 2, 2, 2]);
  assertEquals([...simulator.view(0).weights], [0, 1, 8]);
});

Deno.test("balancers count their own flows only, and stay in their group", () => {
  const flows: GivenFlow[] = Array.from({ length: 30 }, (_, i) => [i, 1000]);
  const shared = createSimulator({
    servers: [{}, {}, {}],
    balancers: 2,
    arrivals: givenArrivals(flows),
    assignBalancer: ({ kind }) => kind % 3 === 0 ? 0 : 1,
  });
  shared.advanceTo(100);
  assertEquals([...shared.counts(0)], [4, 3, 3]);
  assertEquals([...shared.counts(1)], [7, 7, 6]);
  assertEquals([...shared.inside], [11, 10, 9]);
  const disjoint = createSimulator({
    servers: [{}, {}, {}, {}],
    balancers: [[0, 3], [2, 1]],
    arrivals: givenArrivals(flows),
    assignBalancer: ({ kind }) => kind % 2,
  });
  disjoint.advanceTo(100);
  assertEquals([...disjoint.counts(0)], [8, 0, 0, 7]);
  assertEquals([...disjoint.counts(1)], [0, 7, 8, 0]);
});

Deno.test("counts fall and clients learn only after the hops", () => {
  const seen: [string, number, number][] = [];
  const note = (name: string) => ({ time, elapsed }: FlowReport) => {
    seen.push([name, time, elapsed]);
  };
  const simulator = createSimulator({
    servers: [{}],
    arrivals: givenArrivals([[1, 8]]),
    clientHop: 1,
    serverHop: 0.25,
    observers: {
      onEstablished: note("established"),
      onFinish: note("finish"),
      onEnd: note("end"),
    },
  });
  simulator.advanceTo(1.99);
  assertEquals(simulator.counts(0)[0], 0);
  simulator.advanceTo(2);
  assertEquals([simulator.counts(0)[0], simulator.inside[0]], [1, 0]);
  simulator.advanceTo(2.25);
  assertEquals([simulator.counts(0)[0], simulator.inside[0]], [1, 1]);
  simulator.advanceTo(10.25);
  assertEquals([simulator.counts(0)[0], simulator.inside[0]], [1, 0]);
  simulator.advanceTo(100);
  assertEquals(simulator.counts(0)[0], 0);
  assertEquals(seen, [
    ["established", 2.5, 0.5],
    ["finish", 10.5, 8.5],
    ["end", 11.5, 10.5],
  ]);
});

Deno.test("full servers reset flows, at once or after the refusal delay", () => {
  const flows: GivenFlow[] = [[0, 10], [1, 10], [2, 10]];
  for (const refusalDelay of [0, 5]) {
    const rejects: [number, number][] = [];
    const ends = endsOf(flows, {
      servers: [{ maximumFlows: 2, cores: 2 }],
      refusalDelay,
      serverHop: 0.5,
      observers: {
        onReject: ({ time, outcome }) => rejects.push([time, outcome]),
      },
    });
    assertEquals(rejects, [[3 + refusalDelay, OUTCOME.rejected]]);
    const { kind, elapsed, outcome } = ends[0];
    assertEquals([kind, elapsed, outcome], [2, 1 + refusalDelay, 1]);
    assertEquals(ends.slice(1).map(({ elapsed }) => elapsed), [11, 11]);
  }
});

Deno.test("clients give up, and the server stops, or works on for nobody", () => {
  const flows: GivenFlow[] = [[0, 4], [1, 4], [2, 0.5]];
  const servers: ServerOptions[] = [{ discipline: "fifo" }];
  const cancelled = endsOf(flows, { servers, clientTimeout: 4.5 });
  assertEquals(
    cancelled.map(({ kind, time, outcome }) => [kind, time, outcome]),
    [[0, 4, 0], [1, 5.5, 3], [2, 6, 0]],
  );
  const orphaned = endsOf(flows, {
    servers,
    clientTimeout: 4.5,
    cancelOnTimeout: false,
  });
  assertEquals(
    orphaned.map(({ kind, time, outcome }) => [kind, time, outcome]),
    [[0, 4, 0], [1, 5.5, 3], [2, 6.5, 3]],
  );
});

Deno.test("clients give up wherever their flow is", () => {
  // On each of the four hops, in the line, on the processor, on the disk, and
  // waiting for the notice of a refusal.
  for (let step = 1; step <= 30; step++) {
    const simulator = createSimulator({
      servers: [{ discipline: "lps", workers: 1, maximumFlows: 2 }],
      arrivals: givenArrivals([[0, 1, 1], [0, 1, 1], [0, 1, 1]]),
      clientHop: 0.5,
      serverHop: 0.5,
      refusalDelay: 2,
      clientTimeout: step / 4,
    });
    for (let time = 0; time < 12; time += 0.25) {
      simulator.advanceTo(time);
      assert(simulator.audit().balanced, `${step} ${time}`);
    }
    const { alive, ended } = simulator.statistics();
    assertEquals(alive, 0);
    assertEquals(ended[0] + ended[1] + ended[3], 3);
    assertEquals([...simulator.counts(0)], [0]);
  }
});

Deno.test("a server that goes down loses its flows and is left out once known", () => {
  const flows: GivenFlow[] = Array.from({ length: 9 }, (_, i) => [i, 100]);
  const servers: number[] = [];
  const outcomes: [number, number][] = [];
  const simulator = createSimulator({
    servers: [{}, {}],
    arrivals: givenArrivals(flows),
    outages: [{ server: 0, from: 2.5, to: 5.5 }],
    detectionDelay: 1,
    choose(balancer, context) {
      servers.push(leastCost(balancer, context));
      return servers.at(-1)!;
    },
    observers: {
      onReject: ({ kind, outcome }) => outcomes.push([kind, outcome]),
    },
  });
  simulator.advanceTo(3);
  assertEquals([...simulator.up], [0, 1]);
  assertEquals([...simulator.knownUp], [1, 1]);
  simulator.advanceTo(9);
  // Flows 0 and 2 are lost; flow 3 is sent to a server that is not there;
  // 4, 5 and 6 go to the other one; 7 and 8 to the one that is back.
  assertEquals(servers, [0, 1, 0, 0, 1, 1, 1, 0, 0]);
  assertEquals(outcomes, [
    [0, OUTCOME.lost],
    [2, OUTCOME.lost],
    [3, OUTCOME.rejected],
  ]);
  assert(simulator.audit().balanced);
});

Deno.test("a balancer whose servers are all down refuses flows", () => {
  const ends = endsOf([[1, 1], [3, 1]], {
    servers: [{}],
    outages: [{ server: 0, from: 0, to: 2 }],
    clientHop: 0.125,
  });
  assertEquals(
    ends.map(({ outcome, elapsed, server }) => [outcome, elapsed, server]),
    [[OUTCOME.unrouted, 0.25, -1], [OUTCOME.finished, 1.25, 0]],
  );
});

Deno.test("samples come at the rate asked for while flows are on", () => {
  // 2,000 flows of 5 s at 2 samples a second: 20,000 +- 141; 700 is 5 errors.
  // Samples that also came from the line to the client would be 40,000.
  let samples = 0;
  let sum = 0;
  const flows: GivenFlow[] = Array.from({ length: 2000 }, (_, i) => [i, 5]);
  const simulator = createSimulator({
    servers: Array.from({ length: 10 }, () => ({ discipline: "fifo" })),
    arrivals: givenArrivals(flows),
    clientHop: 2.5,
    sampleRate: 2,
    observers: {
      onSample({ elapsed }) {
        samples++;
        sum += elapsed;
      },
    },
  });
  simulator.advanceTo(3000);
  assertAlmostEquals(samples, 20_000, 700);
  assertAlmostEquals(sum / samples, 2.5, 0.06);
});

Deno.test("a run of statistics may begin at any time", () => {
  const simulator = createSimulator({
    servers: [{ discipline: "fifo", cores: 2 }],
    arrivals: givenArrivals([[0, 4], [0, 8], [1, 4], [6, 2, 1]]),
  });
  simulator.advanceTo(2);
  simulator.resetStatistics();
  simulator.advanceTo(12);
  const statistics = simulator.statistics();
  // On a core from 2 on: 2 + 6 + 4 + 2 s; inside: 2 + 6 + 6 + 5 s.
  assertAlmostEquals(statistics.utilisation[0], 14 / 20, 1e-12);
  assertAlmostEquals(statistics.diskUtilisation[0], 0.1, 1e-12);
  assertAlmostEquals(statistics.meanInside[0], 1.9, 1e-12);
  assertEquals(statistics.started, 1);
  assertEquals(statistics.ended[0], 4);
  assert(simulator.audit().balanced);
});

Deno.test("shared cores are busy as far as there are flows for them", () => {
  const simulator = createSimulator({
    servers: [{ discipline: "ps", cores: 2 }],
    arrivals: givenArrivals([[0, 1], [5, 1], [5, 1], [5, 1]]),
  });
  simulator.advanceTo(6);
  // One core for 1 s, both for 1 s, in 6 s; two thirds of 3 s are done.
  assertAlmostEquals(simulator.statistics().utilisation[0], 3 / 12, 1e-12);
  const { oracle } = simulator.view(0);
  assertAlmostEquals(oracle.remainingWork(0), 1, 1e-12);
  simulator.advanceTo(10);
  assertAlmostEquals(simulator.statistics().utilisation[0], 4 / 20, 1e-12);
  assertEquals(oracle.remainingWork(0), 0);
});

Deno.test("remaining work counts the line, the processor and the disk", () => {
  const simulator = createSimulator({
    servers: [{ discipline: "fifo" }],
    arrivals: givenArrivals([[0, 1, 4], [0, 3, 0.5], [0, 2, 0.25]]),
  });
  simulator.advanceTo(2);
  // Disk: 3 of the first. Processor: 2 and 0.5 of the second. Line: 2.25.
  assertAlmostEquals(simulator.view(0).oracle.remainingWork(0), 7.75, 1e-12);
});

Deno.test("createSimulator() refuses what cannot be simulated", () => {
  const arrivals = givenArrivals([]);
  const base = { servers: [{}, {}], arrivals };
  const cases: [Record<string, unknown>, ErrorConstructor, string][] = [
    [{ servers: [] }, RangeError, "Cannot simulate 0 servers"],
    [{ servers: 3 }, RangeError, "Cannot simulate servers 3"],
    [{ servers: [{ speed: 0 }] }, RangeError, "a speed of 0"],
    [{ servers: [{ speed: NaN }] }, RangeError, "a speed of NaN"],
    [{ servers: [{ speed: "2" }] }, TypeError, 'a speed of "2"'],
    [{ servers: [{ diskSpeed: -1 }] }, RangeError, "a disk speed of -1"],
    [{ servers: [{ cores: 0 }] }, RangeError, "cores 0"],
    [{ servers: [{ cores: 1.5 }] }, RangeError, "cores 1.5"],
    [{ servers: [{ discipline: "lifo" }] }, TypeError, '"lifo"'],
    [{ servers: [{ discipline: "lps" }] }, TypeError, "workers undefined"],
    [{ servers: [{ workers: 3 }] }, RangeError, "workers 3, expected none"],
    [{ servers: [{ maximumFlows: 0 }] }, RangeError, "maximum flows 0"],
    [{ arrivals: {} }, TypeError, "arrivals from"],
    [{ balancers: 0 }, RangeError, "balancers 0"],
    [{ balancers: [] }, TypeError, "balancers"],
    [{ balancers: [[0], []] }, RangeError, "balancer 1 with 0 servers"],
    [{ balancers: [[0, 2]] }, RangeError, "balancer 0 with server 2"],
    [{ balancers: [[0, 0]] }, RangeError, "each server once"],
    [{ weights: [1] }, TypeError, "Cannot set 1 weights"],
    [{ weights: [1, -1] }, RangeError, "weight -1 of server 1"],
    [{ weights: [1, NaN] }, RangeError, "weight NaN of server 1"],
    [{ weights: [1, Infinity] }, RangeError, "weight Infinity of server 1"],
    [{ weights: [0, 0] }, RangeError, "that sum to 0"],
    [{ seed: -1 }, RangeError, "Cannot seed"],
    [{ clientHop: -1 }, RangeError, "a client hop of -1"],
    [{ serverHop: NaN }, RangeError, "a server hop of NaN"],
    [{ serverHop: { low: 2, high: 1 } }, RangeError, "a server hop up to 1"],
    [{ refusalDelay: -40 }, RangeError, "a refusal delay of -40"],
    [{ clientTimeout: 0 }, RangeError, "a client time-out of 0"],
    [{ sampleRate: Infinity }, RangeError, "a sample rate of Infinity"],
    [{ detectionDelay: -1 }, RangeError, "a detection delay of -1"],
    [{ outages: "no" as never }, TypeError, 'the outages "no"'],
    [
      { outages: [{ server: 2, from: 0 }] },
      RangeError,
      "an outage of server 2",
    ],
    [
      { outages: [{ server: 0, from: 2, to: 1 }] },
      RangeError,
      "an outage from 2 to 1",
    ],
    [
      { outages: [{ server: 0, from: 2 }, { server: 0, from: 1, to: 3 }] },
      RangeError,
      "an outage of server 0 from 2",
    ],
  ];
  for (const [wrong, kind, message] of cases) {
    assertThrows(
      () => createSimulator({ ...base, ...wrong } as SimulatorOptions),
      kind as typeof RangeError,
      message,
    );
  }
});

Deno.test("a running simulator refuses bad weights, times, traffic and choices", () => {
  const simulator = createSimulator({
    servers: [{}, {}],
    balancers: [[0], [1]],
    arrivals: givenArrivals([[5, 1]]),
  });
  for (
    const [wrong, kind, message] of [
      [
        () => simulator.setWeights(0, [0, 1]),
        RangeError,
        "Cannot set weights of balancer 0 that sum to 0",
      ],
      [() => simulator.setWeights(2, [1, 1]), RangeError, "balancer 2"],
      [() => simulator.setWeights(0, [1]), TypeError, "Cannot set 1 weights"],
      [() => simulator.counts(-1), RangeError, "balancer -1"],
      [() => simulator.advanceTo(NaN), RangeError, "to NaN"],
      [() => simulator.advanceTo(Infinity), RangeError, "to Infinity"],
      [() => simulator.advanceTo(-1), RangeError, "to -1"],
    ] as const
  ) assertThrows(wrong, kind, message);
  assertEquals([...simulator.view(0).weights], [1, 1]);
  for (
    const [flows, message] of [
      [[[2, 1], [1, 1]], "arrives at 1 after one at 2"],
      [[[NaN, 1]], "arrives at NaN"],
      [[[0, -1]], "work -1"],
      [[[0, 1, NaN]], "disk work NaN"],
      [[[0, Infinity]], "work Infinity"],
    ] as [GivenFlow[], string][]
  ) {
    assertThrows(
      () => endsOf(flows, { servers: [{}] }),
      RangeError,
      message,
    );
  }
  for (const choice of [1, 7, 0.5, NaN, -2]) {
    assertThrows(
      () =>
        endsOf([[0, 1]], {
          servers: [{}, {}],
          balancers: [[0]],
          choose: () => choice,
        }),
      RangeError,
      `to server ${choice}`,
    );
  }
  assertThrows(
    () => endsOf([[0, 1]], { servers: [{}], assignBalancer: () => 1 }),
    RangeError,
    "to balancer 1",
  );
});
