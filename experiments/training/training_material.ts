/**
 * What a training begins with beside its environment.
 *
 * @module
 */
import {
  holdOut,
  type OfflineData,
} from "../../agents/offline/offline_data.ts";
import { OFFLINE_AGENTS } from "../../agents/offline/offline.ts";
import type { NdArray } from "../../core/nd_array.ts";
import { readPretrained, readRecordedSteps } from "./offline_files.ts";
import type { TrainingRun } from "./training_run.ts";

export type { NdArray, OfflineData, TrainingRun };

/** What was read from files. */
export interface TrainingMaterial {
  /** Recorded steps to learn from. */
  readonly data?: OfflineData;
  /** Recorded steps held out. */
  readonly validation?: OfflineData;
  /** Weights of a policy to begin with. */
  readonly pretrained?: Readonly<Record<string, NdArray>>;
}

/**
 * Reads what a run names.
 *
 * @param run Throws `TypeError` where an agent that learns from recorded steps
 * is given none, and a one-line error for a file that cannot be used, or that
 * is not the one that the run began with.
 * @param begins Whether it is at its beginning: a policy to begin with is not
 * needed later.
 */
export async function readMaterial(
  run: TrainingRun,
  { begins }: { begins: boolean },
): Promise<{ material: TrainingMaterial; dataDigest: string | undefined }> {
  const { agent, data: path, pretrained, dataDigest: expected } = run;
  const needsData = (OFFLINE_AGENTS as readonly string[]).includes(agent);
  if (needsData !== (path !== undefined)) {
    throw new TypeError(
      `Cannot train ${agent} ${
        needsData ? "without" : "on"
      } recorded steps: expected ${
        needsData ? "a file of them" : "an environment alone"
      }`,
    );
  }
  const steps = path === undefined ? undefined : await readRecordedSteps(path);
  if (expected !== undefined && steps?.digest !== expected) {
    throw new Error(
      `Cannot go on with ${run.name}: ${
        JSON.stringify(path)
      } is not the file that it began with`,
    );
  }
  const { training, validation } = steps
    ? holdOut(steps.data, run.validationShare ?? 0, steps.episodeIds)
    : {};
  return {
    material: {
      data: training,
      validation,
      pretrained: pretrained !== undefined && begins
        ? await readPretrained(pretrained, run.environment)
        : undefined,
    },
    dataDigest: steps?.digest,
  };
}
