import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertThrows,
} from "@std/assert";
import { Random } from "../../core/random.ts";
import type { QueueingOptions } from "./options.ts";
import type { RowBlock } from "./rows.ts";
import { createQueueingSimulator } from "./simulator.ts";

/** A row as plain numbers. */
interface Row {
  server: number;
  timestamp: number;
  latency: number;
  queueLength: number;
  retries: number;
  dropped: number;
  retriesLeft: number;
  serviceTime: number;
}

function rowsOf(options: QueueingOptions, time: number): Row[] {
  const rows: Row[] = [];
  const simulator = createQueueingSimulator(options, {
    rows(block: RowBlock) {
      for (let i = 0; i < block.size; i++) {
        rows.push({
          server: block.server[i],
          timestamp: block.timestamp[i],
          latency: block.latency[i],
          queueLength: block.queueLength[i],
          retries: block.retries[i],
          dropped: block.dropped[i],
          retriesLeft: block.retriesLeft[i],
          serviceTime: block.serviceTime[i],
        });
      }
    },
  });
  simulator.advanceTo(time);
  simulator.flushRows();
  return rows;
}

const FAULT = {
  target: "arrivalRate",
  start: 4500,
  duration: 100,
  factor: 10,
} as const;

/** Rows of a window, as means. */
function means(rows: readonly Row[], from: number, to: number) {
  const inside = rows.filter(({ timestamp }) =>
    timestamp >= from && timestamp < to
  );
  const mean = (of: (row: Row) => number) =>
    inside.reduce((sum, row) => sum + of(row), 0) / inside.length;
  return {
    throughput: inside.length / (to - from),
    queue: mean((row) => row.queueLength),
    latency: mean((row) => row.latency),
    retried: mean((row) => row.retriesLeft < 3 ? 1 : 0),
  };
}

// Three seeds: at a load of 0.9 the system is healthy before the trigger and
// stuck after it in 92 of 100 runs; without retries it would be healthy again
// 100 after the trigger.
Deno.test("attempts leave a service stuck that was healthy before a trigger", () => {
  let stuck = 0;
  for (const seed of [1, 2, 3, 4]) {
    const rows = rowsOf({
      clients: [{ arrivalRate: 9 }],
      faults: [FAULT],
      seed,
    }, 10_000);
    assertLess(means(rows, 500, 4500).queue, 20);
    assertGreater(means(rows, 4600, 5000).queue, 90);
    if (means(rows, 9000, 10_000).queue > 90) stuck++;
  }
  assertGreater(stuck, 1);
});

Deno.test("without retries a service recovers from the trigger", () => {
  const rows = rowsOf({
    clients: [{ arrivalRate: 9, maxRetries: 0 }],
    faults: [FAULT],
  }, 6000);
  assertGreater(means(rows, 4550, 4600).queue, 90);
  assertLess(means(rows, 5000, 6000).queue, 30);
});

// What the original's 35 runs have, whose standard errors are below 0.5 except
// for the queue after 5000 (3.9); 8 runs here.
Deno.test("reference has the original's windows about the trigger", () => {
  const windows = [[4500, 4600], [4600, 4700], [4700, 5000]];
  const sums = windows.map(() => [0, 0, 0, 0]);
  const runs = 8;
  for (let seed = 1; seed <= runs; seed++) {
    const rows = rowsOf({
      clients: [{ arrivalRate: 9.7 }],
      faults: [FAULT],
      retryModel: "reference",
      seed,
    }, 5000);
    windows.forEach(([from, to], i) => {
      const { throughput, queue, latency, retried } = means(rows, from, to);
      [throughput, queue, latency, retried].forEach((value, k) =>
        sums[i][k] += value / runs
      );
    });
  }
  const [during, after, later] = sums;
  assertAlmostEquals(during[1], 99.75, 0.2);
  assertAlmostEquals(during[2], 16.8, 0.8);
  assertAlmostEquals(during[3], 0.54, 0.04);
  assertAlmostEquals(after[1], 99, 0.5);
  assertAlmostEquals(after[2], 18.1, 1);
  assertAlmostEquals(after[3], 0.61, 0.05);
  assertAlmostEquals(later[2], 14.1, 1.5);
  assertAlmostEquals(later[3], 0.37, 0.08);
});

Deno.test("an attempt's timer makes another attempt until one is answered", () => {
  // Service takes 5, clients wait 2 and try twice more: attempts at 0, 2 and 4
  // of a request at 0; the first is answered at 5, when the last is waiting.
  const rows = rowsOf({
    clients: [{ arrivalRate: 0, timeout: 2, maxRetries: 2 }],
    servers: [{ service: { law: "deterministic", mean: 5 } }],
    initial: { jobs: [1] },
  }, 100);
  assertEquals(
    rows.map((row) => [row.timestamp, row.retriesLeft, row.queueLength]),
    [[5, 2, 2], [10, 1, 1], [15, 0, 0]],
  );
  assertEquals(rows.map(({ latency }) => latency), [5, 10, 15]);
  // Being retried until the answer of the first.
  assertEquals(rows.map(({ retries }) => retries), [0, 0, 0]);
});

Deno.test("back-off delays retries, and a budget refuses them", () => {
  const options = (client: object): QueueingOptions => ({
    clients: [{ arrivalRate: 0, timeout: 2, maxRetries: 3, ...client }],
    servers: [{ service: { law: "deterministic", mean: 50 }, threads: 9 }],
    initial: { jobs: [1] },
  });
  // Attempts at 0, 2 + 1, 5 + 2 and 9 + 4.
  const delayed = rowsOf(
    options({ backoff: { base: 1, jitter: "none" } }),
    100,
  );
  assertEquals(delayed.map(({ timestamp }) => timestamp), [50, 53, 57, 63]);
  const limited = rowsOf(
    options({ retryBudget: { ratio: 0, burst: 1 } }),
    100,
  );
  assertEquals(limited.map(({ timestamp }) => timestamp), [50, 52]);
});

Deno.test("jitter spreads delays from 0, or from half of them", () => {
  const delayOf = (jitter: "full" | "equal", seed: number) =>
    rowsOf({
      clients: [{
        arrivalRate: 0,
        timeout: 2,
        maxRetries: 1,
        backoff: { base: 8, jitter },
      }],
      servers: [{ service: { law: "deterministic", mean: 50 }, threads: 2 }],
      initial: { jobs: [1] },
      seed,
    }, 100)[1].timestamp - 52;
  const seeds = Array.from({ length: 50 }, (_, i) => i);
  const full = seeds.map((seed) => delayOf("full", seed));
  const equal = seeds.map((seed) => delayOf("equal", seed));
  assert(full.every((delay) => delay >= 0 && delay < 8));
  assert(full.some((delay) => delay < 2) && full.some((delay) => delay > 6));
  assert(equal.every((delay) => delay >= 4 && delay < 8));
});

Deno.test("a client that is told of losses retries at once", () => {
  const options = (rejection: "silent" | "answered"): QueueingOptions => ({
    clients: [{ arrivalRate: 0, timeout: 5, maxRetries: 2, rejection }],
    servers: [{
      service: { law: "deterministic", mean: 3 },
      queueCapacity: 0,
    }],
    initial: { jobs: [1] },
  });
  // Nothing is lost, so nothing differs.
  for (const rejection of ["silent", "answered"] as const) {
    assertEquals(rowsOf(options(rejection), 20).length, 1);
  }
  const counts = (rejection: "silent" | "answered") => {
    const simulator = createQueueingSimulator({
      clients: [{
        arrivalRate: 20,
        timeout: 5,
        maxRetries: 2,
        rejection,
        admissionProbability: 0,
      }],
    });
    simulator.advanceTo(100);
    return simulator.statistics();
  };
  const answered = counts("answered");
  assertEquals(answered.failed, answered.arrivals);
  assertEquals(answered.dropped, 3 * answered.arrivals);
  assertEquals(answered.timeouts, 0);
  const silent = counts("silent");
  assertGreater(silent.timeouts, silent.failed);
  assertLess(silent.failed, silent.arrivals); // the last ones still wait
});

Deno.test("a throttle, tokens and shedding turn jobs away", () => {
  const run = (server: object) => {
    const simulator = createQueueingSimulator({
      clients: [{ arrivalRate: 20, maxRetries: 0 }],
      servers: [{ queueCapacity: 10, ...server }],
    });
    simulator.advanceTo(2000);
    return simulator.statistics();
  };
  const throttled = run({ throttle: { threshold: 0.5, admitProbability: 0 } });
  assertEquals(throttled.droppedFull, 0);
  assertLess(throttled.servers[0].waiting, 5);
  assertEquals(throttled.droppedThrottle, throttled.dropped);
  const tokens = run({ tokenBucket: { capacity: 5, refillRate: 4 } });
  assertAlmostEquals(tokens.servers[0].completions / 2000, 4, 0.02);
  const shed = run({ maximumWait: 0.5 });
  assertGreater(shed.shed, 0);
  assertLess(shed.meanLatency, 0.7);
  // All but the few that wait still.
  assertLess(shed.arrivals - shed.answered - shed.dropped, 12);
});

Deno.test("faults change speed, threads and arrivals while they last", () => {
  const rows = rowsOf({
    clients: [{ arrivalRate: 0, maxRetries: 0 }],
    servers: [{ service: { law: "deterministic", mean: 10 }, threads: 2 }],
    faults: [
      { target: "serviceRate", start: 5, duration: 10, factor: 0 },
      { target: "serviceRate", start: 20, duration: 5, factor: 3 },
      { target: "capacity", start: 1, duration: 40, factor: 0.5 },
    ],
    initial: { jobs: [4] },
  }, 100);
  // Work 5 by 5, none until 15, 5 more at 20. Then one thread until 41: the
  // third runs 20 to 25 at speed 3, so it has 15 of 10 done at 23 1/3.
  const expected = [20, 20, 20 + 10 / 3, 25 + (10 - 5)];
  assertEquals(rows.length, 4);
  rows.forEach(({ timestamp }, i) =>
    assertAlmostEquals(timestamp, expected[i], 1e-12)
  );
});

Deno.test("a fork serves branches side by side and a join waits for all", () => {
  const service = (mean: number) => ({
    service: { law: "deterministic", mean } as const,
  });
  const rows = rowsOf({
    clients: [{ arrivalRate: 0, timeout: 100 }],
    servers: [
      { ...service(1), next: [1, 2] },
      { ...service(5), next: [3] },
      { ...service(2), next: [3] },
      service(1),
    ],
    initial: { jobs: [1] },
  }, 50);
  assertEquals(
    rows.map(({ server, timestamp }) => [server, timestamp]),
    [[0, 1], [2, 3], [1, 6], [3, 7]],
  );
});

Deno.test("a saved simulation goes on as if nothing had happened", () => {
  for (const retryModel of ["attempt", "reference", "orbit"] as const) {
    const options: QueueingOptions = {
      clients: [{ arrivalRate: 9.7 }],
      faults: [{ ...FAULT, start: 100 }],
      retryModel,
      seed: 5,
    };
    const first = createQueueingSimulator(options);
    first.advanceTo(150);
    const state = first.saveState();
    first.advanceTo(400);
    const second = createQueueingSimulator({ ...options, seed: 6 });
    second.loadState(state);
    second.advanceTo(400);
    assertEquals(second.statistics(), first.statistics());
    assertEquals(second.saveState(), first.saveState());
  }
});

Deno.test("controls act from the moment they are given", () => {
  const simulator = createQueueingSimulator({
    clients: [{ arrivalRate: 20, maxRetries: 0 }],
  });
  simulator.advanceTo(100);
  assertGreater(simulator.waiting(), 90);
  simulator.control({ extraThreads: 4 });
  simulator.advanceTo(150);
  assertLess(simulator.waiting(), 20);
  simulator.control({ admissionProbability: 0 });
  simulator.advanceTo(151);
  const { answered } = simulator.statistics();
  simulator.advanceTo(200);
  assertLess(simulator.statistics().answered - answered, 20);
  assertThrows(() => simulator.control({ extraThreads: -1 }), RangeError, "-1");
});

Deno.test("systems that make no sense are refused by name and value", () => {
  const client = { arrivalRate: 1 };
  const cases: [QueueingOptions, string][] = [
    [{ clients: [{ arrivalRate: -1 }] }, "arrival rate of -1"],
    [{ clients: [{ arrivalRate: NaN }] }, "arrival rate of NaN"],
    [{ clients: [{ ...client, timeout: 0 }] }, "time-out of 0"],
    [{ clients: [{ ...client, maxRetries: 1.5 }] }, "retries of 1.5"],
    [{ clients: [{ ...client, server: 1 }] }, "server 1"],
    [
      { clients: [client], servers: [{ queueCapacity: -1 }] },
      "queue capacity of -1",
    ],
    [
      {
        clients: [{ arrivalRate: 10 }],
        servers: [{ queueCapacity: Infinity }],
      },
      "at a load of 1 with a queue without bound",
    ],
    [
      {
        clients: [{ arrivalRate: 5 }],
        servers: [{ queueCapacity: Infinity }],
        faults: [
          { target: "arrivalRate", start: 9, duration: Infinity, factor: 3 },
        ],
      },
      "at a load of 1.5 that lasts with a queue without bound",
    ],
    [
      {
        clients: [{ arrivalRate: 5 }],
        servers: [{ queueCapacity: Infinity }],
        faults: [
          { target: "capacity", start: 9, duration: Infinity, factor: 0 },
        ],
      },
      "at a load of Infinity that lasts",
    ],
    [
      { clients: [client], servers: [{ next: [1] }, { next: [0] }] },
      "in a circle",
    ],
    [
      { clients: [client], faults: [{ ...FAULT, start: -1 }] },
      "start of -1",
    ],
    [
      { clients: [client], faults: [{ ...FAULT, factor: -2 }] },
      "factor of -2",
    ],
    [
      {
        clients: [client],
        servers: [{ throttle: {} }],
        retryModel: "orbit",
      },
      "an orbit with a throttle",
    ],
    [
      {
        clients: [{ ...client, backoff: { base: 1 } }],
        retryModel: "reference",
      },
      "the reference with a back-off",
    ],
  ];
  for (const [options, message] of cases) {
    assertThrows(
      () => createQueueingSimulator(options),
      Error,
      message,
    );
  }
});

/** A system with some of everything, drawn. */
function drawnSystem(random: Random): QueueingOptions {
  const maybe = <Value>(value: Value) =>
    random.uniform() < 0.5 ? value : undefined;
  const server = (next?: number[]) => ({
    service: {
      law: "lognormal",
      mean: random.uniform(0.05, 0.2),
      squaredVariation: random.uniform(0, 3),
    } as const,
    threads: random.integer(1, 3),
    queueCapacity: random.integer(0, 30),
    discipline: maybe("lifo" as const),
    maximumWait: maybe(random.uniform(0.5, 3)),
    tokenBucket: maybe({ capacity: 5, refillRate: random.uniform(3, 12) }),
    throttle: maybe({ threshold: 0.5, admitProbability: 0.5 }),
    next,
  });
  const client = () => ({
    arrivalRate: random.uniform(2, 15),
    timeout: random.uniform(0.2, 3),
    maxRetries: random.integer(0, 4),
    rejection: random.choice(["silent", "answered"] as const),
    backoff: maybe({
      base: 0.3,
      jitter: random.choice(["none", "full"] as const),
    }),
    retryBudget: maybe({ ratio: 0.3, burst: 3 }),
    admissionProbability: maybe(0.7),
  });
  return {
    clients: [client(), { ...client(), server: random.integer(0, 1) }],
    servers: [server([1, 2]), server([3]), server([3]), server()],
    faults: [
      { target: "serviceRate", start: 20, duration: 3, factor: 0, index: 1 },
      { target: "capacity", start: 10, duration: 5, factor: 0.4 },
      { target: "arrivalRate", start: 40, duration: Infinity, factor: 0 },
    ],
    seed: random.integer(0, 1000),
  };
}

Deno.test("when arrivals stop every request has ended, and nothing is left", () => {
  const random = new Random(1);
  let [answered, failed] = [0, 0];
  for (let i = 0; i < 40; i++) {
    const simulator = createQueueingSimulator(drawnSystem(random));
    simulator.advanceTo(2000);
    const statistics = simulator.statistics();
    assertEquals(
      statistics.answered + statistics.failed,
      statistics.arrivals,
    );
    assertEquals(simulator.retries, 0);
    for (const server of [0, 1, 2, 3]) {
      assertEquals([simulator.waiting(server), simulator.busy(server)], [0, 0]);
    }
    const { requests, attempts } = simulator.saveState() as Record<
      string,
      { holders: Int32Array; nextFree: Int32Array; free: number }
    >;
    assert(requests.holders.every((count) => count === 0));
    for (const { nextFree, free } of [requests, attempts]) {
      let rows = 0;
      for (let row = free; row >= 0; row = nextFree[row]) rows++;
      assertEquals(rows, nextFree.length);
    }
    answered += statistics.answered;
    failed += statistics.failed;
  }
  assertGreater(answered, 1000);
  assertGreater(failed, 1000);
});
