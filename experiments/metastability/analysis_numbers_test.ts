import { assertEquals } from "@std/assert";
import type { Analysis } from "./analysis.ts";
import { analysisNumbers } from "./analysis_numbers.ts";

Deno.test("analysisNumbers() leaves paths and curves out", () => {
  const found = {
    answers: {
      simulation: {
        level: 3,
        paths: [[1]],
        times: [],
        recovery: { median: 7, curve: {} },
      },
      stationary: { mean: 2, autocorrelation: new Float64Array(2) },
      chain: undefined,
      learned: {
        learned: {
          timescale: { estimate: 9, low: 8, high: 10 },
          autocorrelationTime: { estimate: 7, low: 6, high: 8 },
        },
        restingQueue: 4,
        bound: { time: (epsilon: number) => 100 / epsilon },
      },
    },
    outcomes: [],
    diagram: { loads: [1], durations: [2], stuck: [Float64Array.of(0.5)] },
  } as unknown as Analysis;
  assertEquals(analysisNumbers(found, 5), {
    simulation: { level: 3, recovery: { median: 7 } },
    stationary: { mean: 2 },
    chain: null,
    learned: {
      timescale: { estimate: 9, low: 8, high: 10 },
      autocorrelationTime: { estimate: 7, low: 6, high: 8 },
      restingQueue: 4,
      bound: 20,
    },
    mitigations: [],
    phaseDiagram: { loads: [1], durations: [2], stuck: [[0.5]] },
  });
});
