/**
 * Where a training run's files lie.
 *
 * @module
 */
import type { TrainingRun } from "./training_run.ts";

export type { TrainingRun };

/** Where a run's files lie. */
export interface RunPaths {
  /** The trained model. */
  readonly model: string;
  /** The model of the best evaluation. */
  readonly best: string;
  /** `evaluations.npz`. */
  readonly evaluations: string;
  /** `progress.csv`. */
  readonly progress: string;
  /** TensorBoard events. */
  readonly events: string;
}

/**
 * Where a run's files lie.
 *
 * @param run Gives the names.
 * @param root The folder that holds `models/` and `logs/`.
 */
export function runPaths(run: TrainingRun, root: string): RunPaths {
  return {
    model: `${root}/models/${run.name}.zip`,
    best: `${root}/${run.bestPath}`,
    evaluations: `${root}/${run.evaluationsPath}`,
    progress: `${root}/logs/${run.name}/progress.csv`,
    events: `${root}/logs/${run.name}/events.out.tfevents.${run.name}`,
  };
}
