// The simulator in its `orbit` mode against the chain, event by event. With 40
// independent runs |t| exceeds 5.9 with probability 1e-6; 7 leaves room for
// skewness. An orbit whose jobs left it at twice the rate, or a queue that
// counted one place more, is off by more.
import { assert, assertEquals, assertLess } from "@std/assert";
import { meanAndError } from "../../envs/load_balancing/_simulator_testing.ts";
import { createQueueingSimulator } from "../../envs/queueing/simulator.ts";
import { chainErrors, systemOfChain } from "./chain_error.ts";
import { hittingTimes } from "./hitting_times.ts";
import { meanUnder } from "./markov_chain.ts";
import { queueingChain } from "./queueing_chain.ts";
import { transientLaw } from "./transient_law.ts";

const LIMIT = 7;
const RUNS = 40;

const CHAIN = queueingChain({
  arrivalRate: 9,
  serviceRate: 10,
  timeout: 1.5,
  queueStates: 30,
  orbitStates: 8,
  alpha: 0.6,
});

function assertNear(values: number[], expected: number, what: string): void {
  const { mean, error } = meanAndError(values);
  assertLess(
    Math.abs(mean - expected),
    LIMIT * error,
    `${what}: ${mean} +- ${error}, expected ${expected}`,
  );
  assertLess(LIMIT * error, 0.35 * expected, `${what}: +- ${error}`);
}

// 40 runs of 1,500 each, two threads and one, and both other full queues.
Deno.test("as orbit the simulator has the chain's means", () => {
  const { settings } = CHAIN;
  const chains = [
    CHAIN,
    queueingChain({ ...settings, whenFull: "spawn", arrivalRate: 8 }),
    queueingChain({ ...settings, whenFull: "return", arrivalRate: 8 }),
    queueingChain({
      ...settings,
      threads: 3,
      serviceRate: 10 / 3,
      timeoutProbability: "chebyshev",
      timeout: 3,
    }),
  ];
  for (const chain of chains) {
    const measures = chainErrors(chain, {
      retryModel: "orbit",
      runs: RUNS,
      warmUp: 200,
      time: 1500,
    });
    for (const { name, chain: expected, simulated } of measures) {
      // The interval of 95 % is 2.02 standard errors wide on either side.
      const error = (simulated.high - simulated.low) / 2 / 2.0227;
      const { estimate } = simulated;
      assertLess(
        Math.abs(estimate - expected),
        LIMIT * error,
        `${name}: ${estimate} +- ${error}, expected ${expected}`,
      );
      assertLess(LIMIT * error, 0.35 * expected, `${name}: +- ${error}`);
    }
  }
});

/** Runs that begin full, and what is measured in each. */
function fromFull(measure: (seed: number) => number, runs: number): number[] {
  return Array.from({ length: runs }, (_, i) => measure(i + 1));
}

/** At a lower load, where draining takes tens of units of time. */
const DRAINING = queueingChain({ ...CHAIN.settings, arrivalRate: 7.5 });

const FULL = {
  ...systemOfChain(DRAINING.settings, "orbit"),
  initial: { jobs: [29], orbit: 7 },
};

// 1,000 runs.
Deno.test("as orbit the simulator drains in the chain's time", () => {
  const { chain, state, queue } = DRAINING;
  const { mean, standardDeviation } = hittingTimes(
    chain,
    (each) => queue[each] < 3,
  );
  const start = state(29, 7);
  const times = fromFull((seed) => {
    const simulator = createQueueingSimulator({ ...FULL, seed });
    while (simulator.waiting() + simulator.busy() >= 3) {
      simulator.advanceEvents(1);
    }
    return simulator.time;
  }, 1000);
  assertNear(times, mean[start], "drain time");
  const deviation = meanAndError(times).error * Math.sqrt(1000);
  assertLess(Math.abs(deviation / standardDeviation[start] - 1), 0.35);
});

Deno.test("as orbit the simulator relaxes as the chain does", () => {
  const { chain, state, queue, orbit } = DRAINING;
  const start = new Float64Array(chain.states);
  start[state(29, 7)] = 1;
  for (const time of [1, 4, 12]) {
    const law = transientLaw(chain, start, time);
    const simulators = Array.from({ length: 400 }, (_, i) => {
      const simulator = createQueueingSimulator({ ...FULL, seed: i + 1 });
      simulator.advanceTo(time);
      return simulator;
    });
    assertNear(
      simulators.map((each) => each.waiting() + each.busy()),
      meanUnder(law, queue),
      `queue after ${time}`,
    );
    assertNear(
      simulators.map((each) => each.retries),
      meanUnder(law, orbit),
      `orbit after ${time}`,
    );
  }
});

Deno.test("chainErrors() says what the chain's assumptions cost", () => {
  const chain = queueingChain({ arrivalRate: 8, serviceRate: 10 });
  const measures = chainErrors(chain, { runs: 4, warmUp: 100, time: 500 });
  assertEquals(measures.map(({ name }) => name), ["jobs", "retrying", "full"]);
  const [jobs] = measures;
  // At 0.8 nobody times out: both are M/M/1.
  assert(jobs.simulated.low < 4 && jobs.simulated.high > 4);
  assert(Math.abs(jobs.chain - 4) < 0.01);
  assertEquals(
    jobs.relativeError,
    jobs.chain / jobs.simulated.estimate - 1,
  );
});
