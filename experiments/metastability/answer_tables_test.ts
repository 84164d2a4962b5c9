import { assertEquals, assertMatch } from "@std/assert";
import { formatTable } from "../../core/table.ts";
import {
  type Answers,
  answerTable,
  ASSUMPTIONS,
  mitigationTable,
  verdict,
} from "./answer_tables.ts";

const simulation = {
  recovery: { median: 120, medianLow: 100, medianHigh: 150, censoredShare: 0 },
  level: 5,
  levelAfter: 5,
  stuckBefore: 0,
  stuckAfter: 0,
  goodputBefore: 1,
  goodputAfter: 0.9,
  lossesAfter: 0.1,
};
const answers = {
  simulation,
  stationary: {
    mixed: true,
    longEnough: true,
    mean: 5,
    integrated: { estimate: 30, low: 25, high: 35 },
  },
  chain: undefined,
  learned: {
    learned: { autocorrelationTime: { estimate: 33, low: NaN, high: NaN } },
    restingQueue: 6,
    bound: { time: (epsilon: number) => 1000 / epsilon },
  },
} as unknown as Answers;

const withSimulation = (changes: object) => ({
  ...answers,
  simulation: { ...answers.simulation, ...changes },
});

Deno.test("the table has a column for each method, empty where one has no answer", () => {
  const text = formatTable(answerTable(answers, 5));
  assertMatch(text, /median time to recover\s+120 \(100 to 150\)/);
  assertMatch(
    text,
    /how long the queue remembers \(95 %\)\s+30 \(25 to 35\)\s+–\s+33/,
  );
  assertMatch(text, /within 5 jobs\s+–\s+–\s+200/);
  const never = { median: Infinity, censoredShare: 1 };
  assertMatch(
    formatTable(answerTable(withSimulation({ recovery: never }), 5)),
    /beyond the horizon/,
  );
});

Deno.test("the verdict tells metastable from overloaded and slow", () => {
  assertMatch(verdict(answers), /recovers by itself/);
  assertMatch(
    verdict(withSimulation({ stuckAfter: 0.9 })),
    /is metastable.*90 %/,
  );
  assertMatch(
    verdict(withSimulation({ stuckBefore: 0.6, stuckAfter: 1 })),
    /down before the fault/,
  );
  const slow = { ...simulation.recovery, censoredShare: 0.3 };
  assertMatch(verdict(withSimulation({ recovery: slow })), /slowly: 30 %/);
  assertEquals(ASSUMPTIONS.length, 3);
});

Deno.test("mitigations have a line each", () => {
  const { rows } = mitigationTable([{
    name: "as it is",
    study: answers.simulation,
  }]);
  assertEquals(rows, [["as it is", 0, "120", 1, 0.9, 0.1]]);
});
