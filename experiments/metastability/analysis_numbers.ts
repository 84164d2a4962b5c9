/**
 * An analysis as plain numbers, for files.
 *
 * @module
 */
import type { JsonRecord } from "../../core/state_json.ts";
import type { Analysis } from "./analysis.ts";

export type { Analysis, JsonRecord };

/**
 * The numbers of an analysis, without paths and curves.
 *
 * @param found What was found.
 * @param epsilon Half width of the band that the bound is for.
 */
export function analysisNumbers(
  { answers, outcomes, diagram }: Analysis,
  epsilon: number,
): JsonRecord {
  const { simulation, stationary, chain, learned } = answers;
  const { curve: _, ...recovery } = simulation.recovery;
  const { paths: _paths, times: _times, ...levels } = simulation;
  const { autocorrelation: _rho, ...remembered } = stationary;
  return {
    simulation: { ...levels, recovery: { ...recovery } },
    stationary: remembered as unknown as JsonRecord,
    chain: chain ? { ...chain } : null,
    learned: {
      timescale: { ...learned.learned.timescale },
      autocorrelationTime: { ...learned.learned.autocorrelationTime },
      restingQueue: learned.restingQueue,
      bound: learned.bound.time(epsilon),
    },
    mitigations: outcomes.map(({ name, study }) => ({
      name,
      notRecovered: study.recovery.censoredShare,
      median: study.recovery.median,
      inTimeBefore: study.goodputBefore,
      inTimeAfter: study.goodputAfter,
      losses: study.lossesAfter,
    })),
    phaseDiagram: {
      loads: [...diagram.loads],
      durations: [...diagram.durations],
      stuck: diagram.stuck.map((row) => [...row]),
    },
  };
}
