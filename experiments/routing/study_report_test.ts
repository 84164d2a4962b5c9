import { assertAlmostEquals, assertEquals } from "@std/assert";
import {
  studyLines,
  studySize,
  studyTable,
  studyVerdicts,
} from "./study_report.ts";

/** Largest utilisations of a seed: one matrix, from each policy's name. */
const study = (seed: number, agent: number, offline: number) => ({
  seed,
  scores: Object.entries({
    "TD3 from imitation": agent,
    "TD3+BC offline, last": offline,
    "behaviour of its data": 0.9,
    "unit weights": 1,
    "inverse capacity": 1.1,
    "best static weights": 0.85,
    "local search (Fortz-Thorup)": 0.9,
    "local search": 0.8,
  }).map(([name, value]) => ({
    name,
    utilisations: Float64Array.of(value, value),
  })),
});

Deno.test("studyLines() are means of gains over seeds", () => {
  const lines = studyLines([study(0, 0.8, 0.85), study(1, 0.84, 0.95)]);
  const [agent] = lines;
  assertAlmostEquals(agent.gain, (1 + 0.8) / 2);
  assertAlmostEquals(agent.classicGain, (2 + 1.6) / 2);
  assertEquals(studyTable(lines).rows.length, 8);
});

Deno.test("studyVerdicts() need every seed, and the gains", () => {
  const lines = studyLines([study(0, 0.8, 0.85), study(1, 0.84, 0.95)]);
  assertEquals(studyVerdicts(lines).map(({ reached }) => reached), [
    true, // beats unit weights
    true, // and inverse capacity
    true, // 0.9 >= 0.8
    false, // 0.9 < 0.95
    true, // beats static weights
    false, // offline, one seed of two
  ]);
});

Deno.test("studySize() shrinks all efforts alike", () => {
  const { steps, imitationUpdates, evaluations } = studySize(2000);
  assertEquals([steps, imitationUpdates, evaluations], [2000, 200, 60]);
});
