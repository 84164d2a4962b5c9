// The simulator against queueing theory. Replicas are servers that each get
// Poisson traffic of their own in one simulation, so their means are
// independent and no autocorrelation enters the standard error. With 64
// replicas |t| exceeds 5.42 with probability 1e-6; 6.5 leaves room for the
// skewness of queue lengths.
import { assert, assertLess } from "@std/assert";
import { Random } from "../../core/random.ts";
import { poissonArrivals } from "./arrivals.ts";
import {
  lossProbability,
  meanTime,
  meanTimeInOrder,
  meanTimeOfChoices,
  meanTimeShared,
  timeQuantile,
} from "./closed_forms.ts";
import type { SizeLawOptions } from "./job_sizes.ts";
import {
  anyServer,
  distance,
  meanAndError,
  simulateReplicas,
} from "./_simulator_testing.ts";
import type { ServerOptions } from "./simulator_options.ts";
import { createSimulator, type Simulator } from "./simulator.ts";

const LIMIT = 6.5;
const RATE = 0.7;

/** Mean time in each server, by Little's law, which the audit has proved. */
function timesOf(simulator: Simulator): Float64Array {
  assert(simulator.audit().balanced);
  const { meanInside, accepted, since, time } = simulator.statistics();
  return meanInside.map((mean, server) =>
    mean * (time - since) / accepted[server]
  );
}

function assertNear(values: Float64Array, expected: number, what: string) {
  const { mean, error } = meanAndError(values);
  assertLess(
    Math.abs(mean - expected),
    LIMIT * error,
    `${what}: ${mean} +- ${error}, expected ${expected}`,
  );
  // Wider errors would let wrong models pass.
  assertLess(LIMIT * error, 0.2 * expected, what);
}

const LAWS: readonly SizeLawOptions[] = [
  { law: "exponential", mean: 1 },
  { law: "deterministic", mean: 1 },
  { law: "hyperExponential", mean: 1, squaredVariation: 4 },
  { law: "lognormal", mean: 1, squaredVariation: 3 },
  { law: "pareto", mean: 1, shape: 2.6 },
];
const VARIATION = [1, 0, 4, 3, 1 / (2.6 * 0.6)];

// 64 replicas of 6,000 s, 270,000 flows. Shared cores would give the times of
// the first law to all: off by half of the others and more.
Deno.test("fifo servers have the times of Pollaczek and Khinchine", () => {
  for (const law of [0, 1, 2]) {
    const simulator = simulateReplicas({
      server: { discipline: "fifo" },
      work: LAWS[law],
      rate: RATE,
      seconds: 6000,
    });
    const queue = { arrivalRate: RATE, meanWork: 1 };
    assertNear(
      timesOf(simulator),
      meanTimeInOrder(queue, VARIATION[law]),
      LAWS[law].law,
    );
  }
});

// 64 replicas of 6,000 s, 270,000 flows. Fifo would give 2.2 to 6.8 instead of
// 3.3, a core that is not slowed by its k-th flow less.
Deno.test("shared servers have the same times whatever the law of work", () => {
  for (const work of LAWS) {
    const simulator = simulateReplicas({
      server: { discipline: "ps" },
      work,
      rate: RATE,
      seconds: 6000,
    });
    const queue = { arrivalRate: RATE, meanWork: 1 };
    assertNear(timesOf(simulator), meanTimeShared(queue), work.law);
    const { utilisation } = simulator.statistics();
    assertNear(utilisation, RATE, work.law);
  }
});

// 64 replicas of 6,000 s. Fifo delays short flows as long as long ones: the
// long ones' slowdown would be 2.4 instead of 3.3, the short ones' far more.
Deno.test("shared servers slow short and long flows by the same factor", () => {
  const slowdowns = [new Float64Array(64), new Float64Array(64)];
  const flows = [new Float64Array(64), new Float64Array(64)];
  const simulator = createSimulator({
    servers: Array.from({ length: 64 }, () => ({ discipline: "ps" })),
    arrivals: poissonArrivals({
      rate: 64 * RATE,
      jobs: { work: LAWS[0] },
      random: new Random(4),
    }),
    choose: anyServer,
    observers: {
      onEnd({ server, elapsed, work, start }) {
        if (start < 400) return;
        const long = work > 1 ? 1 : 0;
        slowdowns[long][server] += elapsed / work;
        flows[long][server]++;
      },
    },
  });
  simulator.advanceTo(6400);
  for (const long of [0, 1]) {
    assertNear(
      slowdowns[long].map((sum, server) => sum / flows[long][server]),
      1 / (1 - RATE),
      `long ${long}`,
    );
  }
});

// 64 replicas of 2,500 s, 510,000 flows, a mean of 1.75 s. Four lines instead
// of one would give 5, one core four times as fast 1.25.
Deno.test("servers of four cores have the times of M/M/4, in order and shared", () => {
  for (const discipline of ["fifo", "ps"] as const) {
    const simulator = simulateReplicas({
      server: { discipline, cores: 4, speed: 2 },
      work: { law: "exponential", mean: 2 },
      rate: 3.2,
      seconds: 2500,
    });
    const expected = meanTime({ arrivalRate: 3.2, meanWork: 1, cores: 4 });
    assertNear(timesOf(simulator), expected, discipline);
    assertNear(simulator.statistics().utilisation, 0.8, discipline);
  }
});

// 64 replicas of 4,000 s, 540,000 flows, of which 20.3 % are reset; without
// the limit none, with one place more 17.5 %.
Deno.test("full servers reset the share of M/M/c/K", () => {
  for (const discipline of ["fifo", "ps"] as const) {
    const simulator = simulateReplicas({
      server: { discipline, cores: 2, maximumFlows: 5 },
      work: { law: "exponential", mean: 1 },
      rate: 2.1,
      seconds: 4000,
    });
    const { accepted, rejected, ended } = simulator.statistics();
    const expected = lossProbability(
      { arrivalRate: 2.1, meanWork: 1, cores: 2 },
      5,
    );
    assertNear(
      rejected.map((count, server) => count / (count + accepted[server])),
      expected,
      discipline,
    );
    assert(ended[1] === rejected.reduce((sum, count) => sum + count, 0));
  }
});

// 64 replicas of 8,000 s, 360,000 flows; the share above the quantile is 0.05
// within 0.012. Sharing has a longer tail: 0.072 of its flows take longer.
Deno.test("fifo servers have the 95th percentile of M/M/1", () => {
  const servers = 64;
  const limit = timeQuantile({ arrivalRate: RATE, meanWork: 1 }, 0.95);
  const above = new Float64Array(servers);
  const simulator = createSimulator({
    servers: Array.from({ length: servers }, () => ({ discipline: "fifo" })),
    arrivals: poissonArrivals({
      rate: servers * RATE,
      jobs: { work: LAWS[0] },
      random: new Random(8),
    }),
    choose: anyServer,
    observers: {
      onEnd({ server, elapsed, start }) {
        if (start > 400 && elapsed > limit) above[server]++;
      },
    },
  });
  simulator.advanceTo(400);
  simulator.resetStatistics();
  simulator.advanceTo(8400);
  const { completed } = simulator.statistics();
  const shares = above.map((count, server) => count / completed[server]);
  assertLess(Math.abs(distance(shares, 0.05)), LIMIT);
  assertLess(LIMIT * meanAndError(shares).error, 0.0125);
});

// 64 replicas of 5,000 s. By Burke's theorem the disk sees Poisson traffic
// too, so numbers add up: 2.33 + 1. A worker that were held while its flow is
// on the disk would overload the processor.
Deno.test("a processor in order and a disk are two queues in a row", () => {
  const simulator = simulateReplicas({
    server: { discipline: "fifo", diskSpeed: 2 },
    work: { law: "exponential", mean: 1 },
    ioWork: { law: "exponential", mean: 2 * 0.5 / RATE },
    rate: RATE,
    seconds: 5000,
  });
  assert(simulator.audit().balanced);
  const { meanInside, diskUtilisation } = simulator.statistics();
  assertNear(meanInside, RATE / (1 - RATE) + 1, "inside");
  assertNear(diskUtilisation, 0.5, "disk");
});

// 64 pairs of 4,000 s with the same traffic: differences, not means, so that
// the order shows through the noise. A limit that is not kept gives 0.
Deno.test("limited sharing lies between order and sharing, on the side that the law says", () => {
  const disciplines: readonly ServerOptions[] = [
    { discipline: "fifo" },
    { discipline: "lps", workers: 3 },
    { discipline: "ps" },
  ];
  for (const law of [1, 2]) {
    const [fifo, lps, ps] = disciplines.map((server) =>
      timesOf(
        simulateReplicas({
          server,
          work: LAWS[law],
          rate: RATE,
          seconds: 4000,
        }),
      )
    );
    const side = VARIATION[law] > 1 ? 1 : -1;
    for (const [more, less] of [[fifo, lps], [lps, ps]]) {
      const t = distance(more.map((time, i) => time - less[i]), 0);
      assertLess(LIMIT, side * t, LAWS[law].law);
    }
  }
  const exponential = simulateReplicas({
    server: disciplines[1],
    work: LAWS[0],
    rate: RATE,
    seconds: 4000,
  });
  assertNear(timesOf(exponential), 1 / (1 - RATE), "limited, exponential");
});

// 500 servers, 32 batches of 30 s, 384,000 flows. Queues forget within 5 s.
// |t| of 32 exceeds 6.1 with probability 1e-6, 7 leaves room for what they
// remember. The limit of many servers is
// 0.2 % below 500 of them, for which 0.5 % are allowed. One choice gives 5,
// three give 1.6; counts that were never lowered would give 5 too.
Deno.test("the shorter of two queues of 500 gives the times of the mean field", () => {
  const servers = 500;
  const load = 0.8;
  const simulator = createSimulator({
    servers: Array.from({ length: servers }, () => ({ discipline: "fifo" })),
    arrivals: poissonArrivals({
      rate: servers * load,
      jobs: { work: LAWS[0] },
      random: new Random(3),
    }),
    choose(_, { counts, random }) {
      const one = random.integer(0, servers - 1);
      const two = random.integer(0, servers - 1);
      return counts[two] < counts[one] ? two : one;
    },
  });
  simulator.advanceTo(60);
  const batches = Float64Array.from({ length: 32 }, () => {
    simulator.resetStatistics();
    simulator.advanceTo(simulator.time + 30);
    const { meanAlive, started } = simulator.statistics();
    return meanAlive * 30 / started;
  });
  assert(simulator.audit().balanced);
  const expected = meanTimeOfChoices(load, 2);
  const { mean, error } = meanAndError(batches);
  assertLess(Math.abs(mean - expected), 7 * error + 0.005 * expected);
  assertLess(7 * error, 0.05 * expected);
});
