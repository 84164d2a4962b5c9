/**
 * The study of learned routing in numbers.
 *
 * @module
 */
import { mean, meanInterval } from "../../analysis/statistics.ts";
import type { Table } from "../../core/table.ts";
import { type RoutingLine, routingLines } from "./evaluation.ts";
import { STUDY, type StudyScores, type StudySize } from "./reproduction.ts";

export type { RoutingLine, StudyScores, StudySize, Table };

/**
 * The published study's efforts, in proportion to the steps of TD3.
 *
 * @param steps Environment steps of TD3.
 */
export function studySize(steps: number): StudySize {
  const share = Math.min(1, steps / STUDY.steps);
  const part = (effort: number, least: number) =>
    Math.max(least, Math.round(effort * share));
  return {
    steps,
    imitationUpdates: part(STUDY.imitationUpdates, 1),
    offlineUpdates: part(STUDY.offlineUpdates, 1),
    episodes: part(STUDY.episodes, 1),
    staticEvaluations: part(STUDY.staticEvaluations, 3),
    evaluations: part(STUDY.evaluations, 1),
    testEpisodes: part(STUDY.testEpisodes, 1),
  };
}

/** A policy over all seeds. */
export interface StudyLine {
  /** Its name. */
  readonly name: string;
  /** Its numbers, a seed each. */
  readonly seeds: readonly RoutingLine[];
  /** Mean of the gains over seeds. */
  readonly gain: number;
  /** Half the 95 % interval of that mean; NaN for one seed. */
  readonly gainHalfWidth: number;
  /** Mean of the classic search's gains. */
  readonly classicGain: number;
  /** Mean largest utilisation. */
  readonly utilisation: number;
}

/**
 * Policies over seeds, each paired over matrices.
 *
 * @param studies One a seed.
 */
export function studyLines(studies: readonly StudyScores[]): StudyLine[] {
  const lines = studies.map(({ scores }) => routingLines(scores));
  return lines[0].map(({ name }, row) => {
    const seeds = lines.map((all) => all[row]);
    const gains = seeds.map(({ gain }) => gain);
    return {
      name,
      seeds,
      gain: mean(gains),
      gainHalfWidth: gains.length > 1
        ? meanInterval(gains).high - mean(gains)
        : NaN,
      classicGain: mean(seeds.map(({ classicGain }) => classicGain)),
      utilisation: mean(seeds.map(({ utilisation }) => utilisation)),
    };
  });
}

/**
 * Lines as a table.
 *
 * @param lines From {@linkcode studyLines}.
 */
export function studyTable(lines: readonly StudyLine[]): Table {
  const format = (value: number) => value.toFixed(3);
  return {
    title: `Largest utilisation on days that were not learned from, ${
      lines[0].seeds.length
    } seeds; gains over unit weights in proportion to local search's`,
    columns: [
      { header: "routing" },
      { header: "utilisation", format },
      { header: "gain", format },
      { header: "±95 %", format },
      { header: "worst seed", format },
      { header: "gain by Fortz-Thorup", format },
    ],
    rows: lines.map((line) => [
      line.name,
      line.utilisation,
      line.gain,
      line.gainHalfWidth,
      Math.min(...line.seeds.map(({ gain }) => gain)),
      line.classicGain,
    ]),
  };
}

/** What was to be reached, and whether it was. */
export interface StudyVerdict {
  /** In words, with numbers. */
  readonly text: string;
  /** Whether it was. */
  readonly reached: boolean;
}

/**
 * What was to be reached, held against the numbers.
 *
 * @param lines From {@linkcode studyLines}.
 */
export function studyVerdicts(lines: readonly StudyLine[]): StudyVerdict[] {
  const of = (wanted: string) => lines.find(({ name }) => name === wanted)!;
  const wins = (better: string, worse: string): StudyVerdict => {
    const pairs = of(better).seeds.map(({ utilisation }, i) =>
      utilisation < of(worse).seeds[i].utilisation
    );
    const count = pairs.filter(Boolean).length;
    return {
      text: `${better} beats ${worse} in ${count} of ${pairs.length} seeds`,
      reached: count === pairs.length,
    };
  };
  const agent = "TD3 from imitation";
  const { gain } = of(agent);
  const gains = (wanted: number): StudyVerdict => ({
    text: `${agent}'s gain of ${gain.toFixed(3)} is ${wanted} or more`,
    reached: gain >= wanted,
  });
  return [
    wins(agent, "unit weights"),
    wins(agent, "inverse capacity"),
    gains(0.8),
    gains(0.95),
    wins(agent, "best static weights"),
    wins("TD3+BC offline, last", "behaviour of its data"),
  ];
}
