import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { stationaryTimescale } from "./stationary_timescale.ts";

Deno.test("the queue of an M/M/1 remembers for the known time", async () => {
  // The autocorrelation of the number in an M/M/1 queue integrates to
  // (1 + rho) / (mu (1 - rho)^2) (Morse, 1955): 4.5 here. The waiting jobs
  // leave out the one in service, which at this load hardly matters. 20 runs of
  // 10,000 hold some 44,000 such times; a fifth is allowed.
  const found = await stationaryTimescale({
    clients: [{ arrivalRate: 8, maxRetries: 0 }],
    servers: [{ queueCapacity: 100 }],
  }, { runs: 20, length: 10_000, interval: 0.5, seed: 4 });
  assertAlmostEquals(found.integrated.estimate / (1.8 / (10 * 0.04)), 1, 0.2);
  assert(found.mixed && found.longEnough);
  // rho^2 / (1 - rho) wait.
  assertAlmostEquals(found.mean, 3.2, 0.4);
});

Deno.test("runs that stay where they began are not called mixed", async () => {
  // With impatient clients at load 0.9 a full queue stays full for ages.
  const found = await stationaryTimescale({
    clients: [{ arrivalRate: 9, timeout: 9, maxRetries: 3 }],
  }, { runs: 6, length: 1000, warmUp: 100, interval: 5, seed: 1 });
  assertEquals(found.mixed, false);
  assert(found.fromEmpty.high < found.fromOverload.low);
});
