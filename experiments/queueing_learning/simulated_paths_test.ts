import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { createQueueingSimulator } from "../../envs/queueing/simulator.ts";
import { meanPath, queuePath, simulatePaths } from "./simulated_paths.ts";

const SYSTEM = { clients: [{ arrivalRate: 5, maxRetries: 0 }] };
const OPTIONS = { runs: 3, horizon: 20, interval: 2, seed: 1 };

Deno.test("simulatePaths() repeats itself and gives each run its own draws", async () => {
  const [paths, again] = [
    await simulatePaths(SYSTEM, OPTIONS),
    await simulatePaths(SYSTEM, OPTIONS),
  ];
  assertEquals(paths, again);
  assertEquals(paths[0].length, 11);
  assertEquals(paths[0].every((x, i) => x === paths[1][i]), false);
  // The first runs do not depend on how many there are.
  const more = await simulatePaths(SYSTEM, { ...OPTIONS, runs: 4 });
  assertEquals(more.slice(0, 3), paths);
});

Deno.test("queuePath() goes on from the simulator's time", () => {
  const simulator = createQueueingSimulator(SYSTEM);
  simulator.advanceTo(10);
  const path = queuePath(simulator, { horizon: 16, interval: 2 });
  assertEquals(path.length, 4);
  assertEquals(simulator.time, 16);
});

Deno.test("meanPath() gives mean and standard error", () => {
  const { mean, standardError } = meanPath([
    Float64Array.of(1, 5),
    Float64Array.of(3, 5),
  ]);
  assertEquals([...mean], [2, 5]);
  assertAlmostEquals(standardError[0], 1, 1e-12);
  assertEquals(standardError[1], 0);
});

Deno.test("simulatePaths() stops when it is told to", async () => {
  const signal = AbortSignal.abort(new Error("enough"));
  await assertRejects(
    () => simulatePaths(SYSTEM, { ...OPTIONS, signal }),
    Error,
    "enough",
  );
});
