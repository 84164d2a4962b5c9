/**
 * Scores over several seeds, for the tables of the README.
 *
 * @module
 */
import { evaluatePolicy } from "../../agents/evaluation.ts";
import type { Policy } from "../../agents/policy.ts";
import { mean, meanInterval } from "../../analysis/statistics.ts";
import type { ScriptContext } from "../../core/script.ts";
import type { Table } from "../../core/table.ts";
import { type EnvironmentSpec, makeEnvironment } from "../../envs/registry.ts";
import {
  type FinishedRun,
  startTraining,
  type TrainingRun,
} from "../training/training_run.ts";

/** One line of a table of scores. */
export interface Score {
  /** Algorithm and environment. */
  readonly name: string;
  /** Which policy: `last`, `best` or what else there is. */
  readonly policy: string;
  /** One score a seed. */
  readonly scores: readonly number[];
  /** What was to be reached, in words. */
  readonly target: string;
  /** Whether it was; undefined where there is no target. */
  readonly reached: boolean | undefined;
  /** Wall-clock time of one seed, seconds; NaN where it was not measured. */
  readonly seconds: number;
}

/** What is trained for a score. */
export type ReproducedRun = Omit<
  TrainingRun,
  | "name"
  | "task"
  | "seed"
  | "tests"
  | "bestPath"
  | "evaluationsPath"
  | "checkpointEvery"
  | "logEvery"
>;

/**
 * Trains once a seed, without files.
 *
 * @param name What progress shows.
 * @param run What to train.
 * @param options Number of seeds, from `seed`, and the script's context.
 */
export async function trainSeeds(
  name: string,
  run: ReproducedRun,
  options: { seed: number; seeds: number; context: ScriptContext },
): Promise<{ finished: FinishedRun[]; seconds: number }> {
  const { context, seed, seeds } = options;
  const finished: FinishedRun[] = [];
  const started = performance.now();
  for (let i = 0; i < seeds; i++) {
    const label = `${name}, seed ${seed + i}`;
    using shown = context.progress({
      total: run.totalTimesteps,
      label,
      scoreName: "validation",
    });
    finished.push(
      await startTraining(
        {
          ...run,
          name: label,
          task: "",
          seed: seed + i,
          tests: [],
          bestPath: "",
          evaluationsPath: "",
          checkpointEvery: Infinity,
          logEvery: 1000,
        },
        undefined,
        {
          signal: context.signal,
          breathe: context.breathe,
          onProgress: (steps, score) => shown.update(steps, { score }),
        },
      ),
    );
  }
  return { finished, seconds: (performance.now() - started) / 1000 / seeds };
}

/**
 * Mean return of a policy over episodes that it was not chosen by.
 *
 * @param policy Acts greedily.
 * @param spec The environment.
 * @param episodes How many, from the seed `firstSeed`.
 */
export function testScore(
  policy: Policy,
  spec: EnvironmentSpec,
  episodes: { episodes: number; firstSeed: number },
): number {
  return mean(evaluatePolicy(policy, makeEnvironment(spec), episodes).returns);
}

/**
 * Scores as a table: mean, 95 % interval and worst over the seeds.
 *
 * @param scores The lines.
 * @param title Above the table.
 */
export function scoreTable(scores: readonly Score[], title: string): Table {
  const fixed = (digits: number) => (value: number) => value.toFixed(digits);
  return {
    title,
    columns: [
      { header: "what" },
      { header: "policy" },
      { header: "seeds" },
      { header: "mean", format: fixed(3) },
      { header: "±95 %", format: fixed(3) },
      { header: "worst", format: fixed(3) },
      { header: "best", format: fixed(3) },
      { header: "a seed", unit: "s", format: fixed(0) },
      { header: "target" },
      { header: "reached" },
    ],
    rows: scores.map(({ name, policy, scores, target, reached, seconds }) => [
      name,
      policy,
      scores.length,
      mean(scores),
      scores.length > 1 ? meanInterval(scores).high - mean(scores) : NaN,
      Math.min(...scores),
      Math.max(...scores),
      seconds,
      target,
      reached === undefined ? undefined : reached ? "yes" : "no",
    ]),
  };
}
