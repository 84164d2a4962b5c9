import { assert, assertEquals } from "@std/assert";
import { SILENT } from "../queueing_learning/_test_generation.ts";
import { FAULT, systemAt } from "./_test_systems.ts";
import { analyse } from "./analysis.ts";
import { answerTable, mitigationTable, verdict } from "./answer_tables.ts";

Deno.test("analyse() answers in three ways, maps, and tries what would help", async () => {
  const found = await analyse({
    system: systemAt(9),
    fault: FAULT,
    factor: 10,
    horizon: 800,
    runs: 3,
    cellRuns: 1,
    loads: [0.5, 0.9],
    durations: [0.2, 50],
    updates: 30,
    resamples: 0,
    stationary: { runs: 4, length: 2000 },
    orbitStates: 5,
    seed: 1,
  }, SILENT);
  assert(verdict(found.answers).includes("metastable"));
  assert(found.answers.chain!.timescale > 0);
  assertEquals(found.diagram.stuck.map((row) => [...row]), [[0, 0], [0, 1]]);
  assertEquals(found.outcomes[0].study.recovery.censoredShare, 1);
  assertEquals(found.outcomes[1].name, "no retries");
  assert(answerTable(found.answers, 5).rows.every((row) => row.length === 4));
  assertEquals(
    mitigationTable(found.outcomes).rows.length,
    found.outcomes.length,
  );
});
