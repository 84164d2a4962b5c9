// The simulator against queueing theory. Replicas are independent runs, so no
// autocorrelation enters the standard error. With 40 replicas |t| exceeds 5.9
// with probability 1e-6; 7 leaves room for skewness.
import { assertAlmostEquals, assertLess } from "@std/assert";
import { erlangC } from "../autoscaling/queueing_formulas.ts";
import { meanTimeInOrder } from "../load_balancing/closed_forms.ts";
import { meanAndError } from "../load_balancing/_simulator_testing.ts";
import type { SizeLawOptions } from "../load_balancing/job_sizes.ts";
import {
  birthDeathLaw,
  meanNumber,
  replicas,
  type ReplicaSettings,
} from "./_testing.ts";
import type { QueueingOptions, ServerOptions } from "./options.ts";
import { createQueueingSimulator } from "./simulator.ts";

const LIMIT = 7;

function assertNear(
  values: Float64Array,
  expected: number,
  { what, within = 0.2 }: { what: string; within?: number },
): void {
  const { mean, error } = meanAndError(values);
  assertLess(
    Math.abs(mean - expected),
    LIMIT * error,
    `${what}: ${mean} +- ${error}, expected ${expected}`,
  );
  // Wider errors would let wrong models pass.
  assertLess(LIMIT * error, within * expected, `${what}: +- ${error}`);
}

const RUNS: ReplicaSettings = { count: 40, warmUp: 100, time: 1000 };

function withoutRetries(
  arrivalRate: number,
  server: ServerOptions,
): QueueingOptions {
  return { clients: [{ arrivalRate, maxRetries: 0 }], servers: [server] };
}

// 60 runs of 8,000 requests. A waiting room that counted the job in service
// would have 15 % more loss, and another mean.
Deno.test("one thread and a bounded queue are M/M/1/K", () => {
  const options = withoutRetries(8, {
    service: { law: "exponential", mean: 0.1 },
    queueCapacity: 9,
  });
  const law = birthDeathLaw(() => 8, () => 10, 11);
  const runs = { ...RUNS, count: 60 };
  const full = replicas(
    options,
    runs,
    (simulator) => simulator.statistics().servers[0].fullShare,
  );
  const jobs = replicas(options, runs, (simulator) => {
    const { waiting, busy } = simulator.statistics().servers[0];
    return waiting + busy;
  });
  assertNear(full, law[10], { what: "P(full)" });
  assertNear(jobs, meanNumber(law), { what: "L", within: 0.1 });
});

// 40 runs of 12,000 requests. One fast thread would have a mean of 2.4.
Deno.test("several threads are M/M/c/K", () => {
  const options = withoutRetries(12, {
    service: { law: "exponential", mean: 0.25 },
    threads: 4,
    queueCapacity: 6,
  });
  const law = birthDeathLaw(() => 12, (n) => 4 * Math.min(n, 4), 11);
  const jobs = replicas(options, RUNS, (simulator) => {
    const { waiting, busy } = simulator.statistics().servers[0];
    return waiting + busy;
  });
  assertNear(jobs, meanNumber(law), { what: "L", within: 0.1 });
});

// lambda 10, mu 4: C = .702247, Wq = .351124. 40 runs of 80,000 requests.
Deno.test("three threads wait as Erlang's C formula says", () => {
  const options = withoutRetries(10, {
    service: { law: "exponential", mean: 0.25 },
    threads: 3,
    queueCapacity: Infinity,
  });
  const expected = erlangC(2.5, 3) / (12 - 10);
  assertAlmostEquals(expected, 0.351124, 5e-7);
  const waits = replicas(
    options,
    { count: 40, warmUp: 100, time: 4000 },
    (simulator) => {
      const { servers: [{ waiting, offers }], duration } = simulator
        .statistics();
      return waiting * duration / offers;
    },
  );
  assertNear(waits, expected, { what: "Wq", within: 0.1 });
});

const SERVICES: [SizeLawOptions, number][] = [
  [{ law: "deterministic", mean: 0.1 }, 0],
  [{ law: "lognormal", mean: 0.1, squaredVariation: 2 }, 2],
  [{ law: "weibull", mean: 0.1, shape: 2 }, 4 / Math.PI - 1],
  // Two modes: 0.05 and 0.3, four to one.
  [{
    law: "hyperExponential",
    phases: [
      { probability: 0.8, mean: 0.05 },
      { probability: 0.2, mean: 0.3 },
    ],
  }, 3],
];

// 40 runs of 10,000 requests each. Exponential service would be off by more
// than a third everywhere.
for (const [service, variation] of SERVICES) {
  Deno.test(`${service.law} service waits as Pollaczek and Khinchine say`, () => {
    const options = withoutRetries(7, { service, queueCapacity: Infinity });
    const jobs = replicas(
      options,
      { count: 40, warmUp: 100, time: 1500 },
      (simulator) => {
        const { waiting, busy } = simulator.statistics().servers[0];
        return waiting + busy;
      },
    );
    const time = meanTimeInOrder({ arrivalRate: 7, meanWork: 0.1 }, variation);
    assertNear(jobs, 7 * time, { what: service.law });
  });
}

// Burke: the second server of a tandem is an M/M/1 of its own, and what leaves
// it is a Poisson process: 40 runs of 8,000 requests. Deterministic service at
// the first would lower the second's mean by a third.
Deno.test("a tandem is a product of M/M/1 queues", () => {
  const server = { queueCapacity: Infinity };
  const options: QueueingOptions = {
    clients: [{ arrivalRate: 7, maxRetries: 0 }],
    servers: [{ ...server, next: [1] }, server],
  };
  for (const index of [0, 1]) {
    const jobs = replicas(
      options,
      { count: 40, warmUp: 100, time: 1500 },
      (simulator) => {
        const { waiting, busy } = simulator.statistics().servers[index];
        return waiting + busy;
      },
    );
    assertNear(jobs, 0.7 / 0.3, { what: `server ${index}` });
  }
});

// The gaps between departures of an M/M/1 queue are exponential: 100,000 of
// them. Kolmogorov's distance times their root exceeds 2.69 with probability
// 1e-6; gaps like the service times (mean 0.1 in place of 0.143) have 40.
Deno.test("departures from an M/M/1 queue are Poisson", () => {
  const times: number[] = [];
  const simulator = createQueueingSimulator(
    withoutRetries(7, { queueCapacity: Infinity }),
    {
      rows: ({ size, timestamp }) => times.push(...timestamp.subarray(0, size)),
    },
  );
  simulator.advanceTo(14_600);
  simulator.flushRows();
  const gaps = Float64Array.from(
    { length: 100_000 },
    (_, i) => times[i + 1001] - times[i + 1000],
  ).sort();
  let distance = 0;
  for (const [i, gap] of gaps.entries()) {
    const wanted = -Math.expm1(-7 * gap);
    distance = Math.max(
      distance,
      wanted - i / gaps.length,
      (i + 1) / gaps.length - wanted,
    );
  }
  assertLess(distance * Math.sqrt(gaps.length), 2.69);
});

// 40 runs. In order of arrival and latest first have the same mean number, and
// answers of another spread; a line that skipped jobs would have fewer.
Deno.test("the mean number does not depend on who is served first", () => {
  const options = withoutRetries(7, {
    queueCapacity: Infinity,
    discipline: "lifo",
  });
  const jobs = replicas(
    options,
    { count: 40, warmUp: 100, time: 1500 },
    (simulator) => {
      const { waiting, busy } = simulator.statistics().servers[0];
      return waiting + busy;
    },
  );
  assertNear(jobs, 0.7 / 0.3, { what: "lifo" });
});

// The classical M/M/1 retrial queue (Falin and Templeton 1997):
// E[orbit] = rho^2 / (1 - rho) + lambda rho / (theta (1 - rho)), 40 runs.
Deno.test("an orbit without bound is the M/M/1 retrial queue", () => {
  const [lambda, mu, theta] = [5, 10, 2];
  const options: QueueingOptions = {
    clients: [{
      arrivalRate: lambda,
      timeout: 1 / theta,
      maxRetries: Infinity,
    }],
    servers: [{
      service: { law: "exponential", mean: 1 / mu },
      queueCapacity: 0,
    }],
    retryModel: "orbit",
    orbit: { alpha: 0, capacity: Infinity, whenFull: "return" },
  };
  const rho = lambda / mu;
  const runs = { count: 40, warmUp: 100, time: 1500 };
  const orbit = replicas(
    options,
    runs,
    (simulator) => simulator.statistics().meanRetries,
  );
  assertNear(
    orbit,
    rho ** 2 / (1 - rho) + lambda * rho / (theta * (1 - rho)),
    { what: "E[orbit]", within: 0.1 },
  );
  const busy = replicas(
    options,
    runs,
    (simulator) => simulator.statistics().servers[0].busy,
  );
  assertNear(busy, rho, { what: "P(busy)", within: 0.05 });
});

// 40 runs of 3,000 requests. The mean is 0.71; a join that waited for one
// branch only would have 0.5, M/M/1's.
Deno.test("two branches and a join are Flatto and Hahn's queue", () => {
  const [lambda, mu] = [3, 5];
  const branch: ServerOptions = {
    service: { law: "exponential", mean: 1 / mu },
    queueCapacity: Infinity,
    next: [3],
  };
  // No time passes at the fork and at the join.
  const joint: ServerOptions = {
    service: { law: "deterministic", mean: 1e-9 },
    queueCapacity: Infinity,
  };
  const times = replicas(
    {
      clients: [{ arrivalRate: lambda, maxRetries: 0 }],
      servers: [{ ...joint, next: [1, 2] }, branch, branch, joint],
    },
    RUNS,
    (simulator) => simulator.statistics().meanLatency,
  );
  // Flatto and Hahn (1984); in this form by Nelson and Tantawi (1988), eq. 6.
  const expected = (12 - lambda / mu) / 8 / (mu - lambda);
  assertNear(times, expected, { what: "time to the join", within: 0.12 });
});

// 40 runs of 8,000 requests. Counting answers within twice the time-out would
// give 0.94.
Deno.test("answers in time are those of M/M/1 whose sojourn is exponential", () => {
  const onTime = replicas(
    {
      clients: [{ arrivalRate: 8, maxRetries: 0, timeout: 0.7 }],
      servers: [{ queueCapacity: Infinity }],
    },
    RUNS,
    (simulator) => {
      const { onTime, arrivals } = simulator.statistics();
      return onTime / arrivals;
    },
  );
  assertNear(onTime, 1 - Math.exp(-(10 - 8) * 0.7), { what: "share in time" });
});
