/**
 * The evaluations of a training run.
 *
 * @module
 */
import type { Evaluation } from "../../agents/evaluation.ts";
import { writeNpz } from "../../core/npz.ts";
import type { State } from "../../core/state.ts";

/** Evaluations in the order in which they were made. */
export interface EvaluationRecord {
  /** Steps at each evaluation. */
  readonly timesteps: readonly number[];
  /** Mean return of each evaluation. */
  readonly means: readonly number[];
  /** Mean return of the latest; undefined before the first. */
  readonly latest: number | undefined;
  /** Steps at the latest; undefined before the first. */
  readonly latestTimesteps: number | undefined;
  /** Takes in an evaluation and returns its mean. */
  add(timesteps: number, evaluation: Evaluation): number;
  /**
   * Writes `evaluations.npz` as Stable-Baselines3 names its arrays:
   * `timesteps` [evaluations], `results` and `ep_lengths` [evaluations,
   * episodes].
   */
  write(path: string): Promise<void>;
  /** All of it. */
  saveState(): State;
  /** Goes on from a saved state. */
  loadState(state: State): void;
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** An empty record; every evaluation has to have as many episodes. */
export function createEvaluationRecord(): EvaluationRecord {
  let timesteps: number[] = [];
  let results: Float64Array[] = [];
  let lengths: Int32Array[] = [];
  let means: number[] = [];
  return {
    get timesteps() {
      return timesteps;
    },
    get means() {
      return means;
    },
    get latest() {
      return means.at(-1);
    },
    get latestTimesteps() {
      return timesteps.at(-1);
    },
    add(steps, evaluation) {
      timesteps.push(steps);
      results.push(evaluation.returns);
      lengths.push(evaluation.lengths);
      means.push(mean(evaluation.returns));
      return means.at(-1)!;
    },
    async write(path) {
      const shape = [results.length, results[0]?.length ?? 0];
      await writeNpz(path, {
        timesteps: {
          shape: [timesteps.length],
          data: BigInt64Array.from(timesteps, BigInt),
        },
        results: {
          shape,
          data: Float64Array.from(results.flatMap((r) => [...r])),
        },
        ep_lengths: {
          shape,
          data: BigInt64Array.from(lengths.flatMap((l) => [...l]), BigInt),
        },
      });
    },
    saveState: () => structuredClone({ timesteps, results, lengths }),
    loadState(state) {
      const saved = structuredClone(state);
      timesteps = saved.timesteps as number[];
      results = saved.results as Float64Array[];
      lengths = saved.lengths as Int32Array[];
      means = results.map(mean);
    },
  };
}
