import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { meanUnder } from "./markov_chain.ts";
import { queueingChain } from "./queueing_chain.ts";
import { stationaryLaw } from "./stationary_law.ts";
import { tandemChain } from "./tandem_chain.ts";

// Burke: each server of the line is an M/M/1 of its own; rho 0.3 and 0.5 are
// cut at 24 jobs, which happens once in 1e7.
Deno.test("without retries a line is a product of M/M/1 queues", () => {
  const { chain, queues, state } = tandemChain({
    arrivalRate: 3,
    servers: [
      { serviceRate: 10, queueStates: 25 },
      { serviceRate: 6, queueStates: 25 },
    ],
    orbitStates: 1,
  });
  const law = stationaryLaw(chain);
  assertAlmostEquals(meanUnder(law, queues[0]), 0.3 / 0.7, 1e-5);
  assertAlmostEquals(meanUnder(law, queues[1]), 1, 1e-5);
  assertAlmostEquals(law[state([2, 3], 0)], 0.7 * 0.3 ** 2 * 0.5 ** 4, 1e-7);
});

Deno.test("a line of one server is the chain of queue and orbit", () => {
  // With alpha 1 and jobs that return, but for shadows: those come on top of
  // the arrivals there, and are arrivals here. Rare time-outs make it small.
  const tandem = tandemChain({
    arrivalRate: 5,
    servers: [{ serviceRate: 10, queueStates: 30 }],
    orbitStates: 10,
    timeout: 3,
  });
  const single = queueingChain({
    arrivalRate: 5,
    serviceRate: 10,
    queueStates: 30,
    orbitStates: 10,
    timeout: 3,
    alpha: 1,
    whenFull: "return",
  });
  assertAlmostEquals(
    meanUnder(stationaryLaw(tandem.chain), tandem.queues[0]),
    meanUnder(stationaryLaw(single.chain), single.queue),
    1e-5,
  );
  assertEquals(tandem.chain.states, 300);
});

Deno.test("retries lengthen the queues of a line", () => {
  const means = (orbitStates: number) => {
    const { chain, queues, orbit } = tandemChain({
      arrivalRate: 2.2,
      servers: [
        { serviceRate: 2.8, queueStates: 12 },
        { serviceRate: 2.8, queueStates: 12 },
      ],
      timeout: 5,
      orbitStates,
    });
    const law = stationaryLaw(chain);
    return [...queues, orbit].map((each) => meanUnder(law, each));
  };
  const [first, second] = means(1);
  const [firstMore, secondMore, orbit] = means(6);
  assertEquals([firstMore > first, secondMore > second, orbit > 0.1], [
    true,
    true,
    true,
  ]);
});

Deno.test("tandemChain() refuses what makes no sense", () => {
  const servers = [{ serviceRate: 1, queueStates: 5 }];
  assertThrows(
    () => tandemChain({ arrivalRate: -1, servers }),
    RangeError,
    "arrival rate of -1",
  );
  assertThrows(
    () => tandemChain({ arrivalRate: 1, servers: [] }),
    RangeError,
    "servers of 0",
  );
  assertThrows(
    () =>
      tandemChain({
        arrivalRate: 1,
        servers: [{ serviceRate: 0, queueStates: 5 }],
      }),
    RangeError,
    "service rate of 0",
  );
});
