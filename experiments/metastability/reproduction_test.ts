import { assert, assertEquals } from "@std/assert";
import type { ScriptContext } from "../../core/script.ts";
import { LEVERS } from "../queueing_control/control_training.ts";
import { SILENT } from "../queueing_learning/_test_generation.ts";
import { reproduceControl, reproduceTimescale } from "./reproduction.ts";

const context = SILENT as ScriptContext;

Deno.test("reproduceTimescale() has a table of timescales and claims for each number of runs", async () => {
  const { tables, claims, json } = await reproduceTimescale({
    counts: [3],
    updates: 20,
    epochs: 2,
    resamples: 2,
    stationaryRuns: 4,
    stationaryTime: 2000,
    seed: 1,
    device: "native",
    wanted: () => true,
  }, context);
  assertEquals(claims.length, 5);
  assert(tables[0].rows.length >= 3);
  const { reference, runs3 } = json as Record<
    string,
    { epochs?: number; bound?: object }
  >;
  assertEquals(reference.epochs, 2);
  assert(runs3.bound);
});

Deno.test("reproduceControl() measures agents and rules on the same episodes", async () => {
  const { tables, claims } = await reproduceControl({
    timesteps: 640,
    seeds: 1,
    seed: 1,
    episodes: 3,
    device: "native",
  }, context);
  assertEquals(tables.length, Object.keys(LEVERS).length);
  assertEquals(claims.length, tables.length);
  // With admission alone, forbidding retries is no rule of its own.
  const names = tables[1].rows.map(([name]) => name);
  assert(!names.includes("no retries always"));
});
