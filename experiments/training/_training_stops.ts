/**
 * Ends of a training before its end: a loss that diverged, an interruption.
 *
 * @module
 */
import type { Trainer } from "../../agents/trainer.ts";
import { InterruptedError } from "../../core/script.ts";
import { resumeCommand } from "./checkpoints.ts";
import type { TrainingRun } from "./training_run.ts";

/** Throws where learning has come to numbers that are none. */
export function checkLoss(trainer: Trainer, run: TrainingRun): void {
  const { loss, updates } = trainer.statistics();
  if (updates > 0 && !Number.isFinite(loss)) {
    throw new Error(
      `Cannot go on training ${run.name}: its loss is ${loss} after ${trainer.timesteps} steps; a lower learning rate may help`,
    );
  }
}

/**
 * What a stopped run throws.
 *
 * @param path Its checkpoint, where it has files.
 */
export function interruption(
  trainer: Trainer,
  run: TrainingRun,
  path: string | undefined,
): InterruptedError {
  const where =
    `Interrupted after ${trainer.timesteps} of ${run.totalTimesteps} steps`;
  return new InterruptedError(
    path === undefined
      ? where
      : `${where}. Go on with: ${resumeCommand(run.task, path)}`,
  );
}
