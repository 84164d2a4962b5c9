import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { simulatePaths } from "../queueing_learning/simulated_paths.ts";
import { FAULT, systemAt } from "./_test_systems.ts";
import { studyFault } from "./simulation_answer.ts";

const OPTIONS = { fault: FAULT, horizon: 1000, runs: 4, seed: 1 };

Deno.test("a service at load 0.9 stays down, without retries it does not", async () => {
  const stuck = await studyFault(systemAt(9), OPTIONS);
  assertEquals(stuck.stuckBefore, 0);
  assertEquals(stuck.stuckAfter, 1);
  assertEquals(stuck.recovery.censoredShare, 1);
  assertEquals(stuck.recovery.median, Infinity);
  assert(stuck.goodputBefore > 0.95 && stuck.goodputAfter < 0.3);
  const calm = await studyFault(
    systemAt(9, { clients: [{ arrivalRate: 9, maxRetries: 0 }] }),
    { ...OPTIONS, level: stuck.level },
  );
  assertEquals(calm.stuckAfter, 0);
  assert(calm.recovery.censoredShare < 1);
  assert(calm.recovery.median < 400);
});

Deno.test("paths are those of the simulator, whatever is counted between", async () => {
  const { paths } = await studyFault(systemAt(7), {
    ...OPTIONS,
    runs: 2,
    interval: 7,
  });
  const plain = await simulatePaths(systemAt(7), {
    runs: 2,
    horizon: 1000,
    interval: 7,
    seed: 1,
  });
  assertEquals(paths, plain);
  assertAlmostEquals(paths[0].length, 143);
});
