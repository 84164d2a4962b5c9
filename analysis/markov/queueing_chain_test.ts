import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { meanUnder } from "./markov_chain.ts";
import {
  queueingChain,
  type QueueingChainOptions,
  queueingTimes,
} from "./queueing_chain.ts";
import { mixingTime } from "./mixing_time.ts";
import { slowModes } from "./spectrum.ts";
import { stationaryLaw } from "./stationary_law.ts";

function assertDigits(value: number, expected: number, digits: number): void {
  const size = 10 ** (Math.floor(Math.log10(Math.abs(expected))) + 1 - digits);
  assertAlmostEquals(value, expected, 0.5001 * size);
}

function measures(options: QueueingChainOptions) {
  const queueing = queueingChain(options);
  const { chain, queue, orbit, settings } = queueing;
  const law = stationaryLaw(chain);
  const mean = meanUnder(law, queue);
  return {
    queueing,
    mean,
    deviation: Math.sqrt(meanUnder(law, queue.map((q) => q * q)) - mean * mean),
    orbit: meanUnder(law, orbit),
    full: meanUnder(
      law,
      queue.map((q) => q === settings.queueStates - 1 ? 1 : 0),
    ),
    slowest: slowModes(chain, { count: 1, law })[0].real,
    get times() {
      return queueingTimes(queueing);
    },
  };
}

// What an independent implementation has, whose generator equals the
// original's.
Deno.test("the original's chain at 9.5 has the known numbers", () => {
  const { queueing, mean, deviation, orbit, full, slowest, times } = measures({
    arrivalRate: 9.5,
    serviceRate: 10,
    timeoutProbability: "chebyshev",
  });
  assertDigits(mean, 73.3496, 6);
  assertDigits(deviation, 34.7720, 6);
  assertDigits(orbit, 13.2480, 6);
  assertDigits(full, 0.119323, 6);
  assertDigits(slowest, -0.00111015, 6);
  // The original's mixing time, and the one in total variation.
  assertDigits(Math.log2(100) / -slowest, 5984.67, 6);
  const starts = [0, queueing.chain.states - 1];
  assertDigits(mixingTime(queueing.chain, { starts }), 3934, 3);
  assertDigits(times.drain, 3964.67, 6);
  assertDigits(times.highToLow, 3852.11, 6);
  assertDigits(times.lowToHigh, 1246.91, 6);
});

Deno.test("the original's chain at 8 with T = 3 has the known numbers", () => {
  const { mean, deviation, orbit, full, slowest, times } = measures({
    arrivalRate: 8,
    serviceRate: 10,
    timeout: 3,
    timeoutProbability: "chebyshev",
  });
  assertDigits(mean, 95.4097, 6);
  assertDigits(deviation, 4.0513, 5);
  assertDigits(orbit, 11.2176, 6);
  assertDigits(full, 0.217401, 6);
  assertDigits(slowest, -0.00141239, 6);
  assertDigits(Math.log2(100) / -slowest, 4703.99, 6);
  assertDigits(times.drain, 8.411e8, 4);
  assertDigits(times.highToLow, 8.02e8, 3);
  assertDigits(times.lowToHigh, 565.88, 5);
});

Deno.test("the exact time-out probability has the known numbers", () => {
  const first = measures({ arrivalRate: 9.5, serviceRate: 10 });
  assertDigits(first.mean, 25.94, 4);
  assertDigits(first.slowest, -0.00278683, 6);
  assertDigits(first.times.drain, 543.1, 4);
  const second = measures({ arrivalRate: 9.7, serviceRate: 10 });
  assertDigits(second.mean, 51.61, 4);
  assertDigits(second.slowest, -0.00230081, 6);
  assertDigits(second.times.drain, 1014.2, 5);
});

Deno.test("without an orbit the chain is M/M/1/K", () => {
  const { mean, full, slowest } = measures({
    arrivalRate: 9.5,
    serviceRate: 10,
    orbitStates: 1,
  });
  assertDigits(mean, 18.4044, 6);
  assertDigits(full, 0.000313463, 6);
  assertDigits(slowest, -0.0160302, 6);
});

Deno.test("without a bound the chain is the M/M/1 retrial queue", () => {
  const [lambda, mu, theta] = [5, 10, 2];
  const { orbit, mean } = measures({
    arrivalRate: lambda,
    serviceRate: mu,
    timeout: 1 / theta,
    maxRetries: Infinity,
    queueStates: 2,
    orbitStates: 200,
    alpha: 0,
    whenFull: "return",
  });
  const rho = lambda / mu;
  assertDigits(
    orbit,
    rho ** 2 / (1 - rho) + lambda * rho / (theta * (1 - rho)),
    10,
  );
  assertDigits(mean, rho, 10);
});

Deno.test("queueingChain() numbers its states either way round", () => {
  for (const [queueStates, orbitStates] of [[5, 3], [3, 5]]) {
    const { state, queue, orbit, chain } = queueingChain({
      arrivalRate: 1,
      serviceRate: 2,
      queueStates,
      orbitStates,
    });
    assertEquals([queue[state(2, 1)], orbit[state(2, 1)]], [2, 1]);
    assertEquals(chain.bandwidth, 4);
  }
});

Deno.test("queueingChain() refuses what makes no sense", () => {
  const base = { arrivalRate: 1, serviceRate: 1 };
  const cases: [QueueingChainOptions, string][] = [
    [{ ...base, arrivalRate: -1 }, "arrival rate of -1"],
    [{ ...base, serviceRate: 0 }, "service rate of 0"],
    [{ ...base, timeout: NaN }, "time-out of NaN"],
    [{ ...base, queueStates: 1 }, "queue states of 1"],
    [{ ...base, threads: 1.5 }, "threads of 1.5"],
    [{ ...base, alpha: 2 }, "alpha of 2"],
    [{ ...base, maxRetries: -1 }, "retries of -1"],
  ];
  for (const [options, message] of cases) {
    assertThrows(() => queueingChain(options), RangeError, message);
  }
});
