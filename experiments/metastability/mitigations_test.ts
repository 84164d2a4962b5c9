import { assert, assertEquals } from "@std/assert";
import { createQueueingSimulator } from "../../envs/queueing/simulator.ts";
import { systemAt } from "./_test_systems.ts";
import { mitigations } from "./mitigations.ts";

Deno.test("each mitigation is a system that runs, and differs from the others", () => {
  const all = mitigations(systemAt(9));
  assertEquals(all[0].system, systemAt(9));
  const texts = all.map(({ system }) => JSON.stringify(system));
  assertEquals(new Set(texts).size, all.length);
  for (const { system } of all) createQueueingSimulator(system).advanceTo(20);
  assert(all.some(({ system }) => system.servers![0].queueCapacity === 72));
});
