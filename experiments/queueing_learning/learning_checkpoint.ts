/**
 * Checkpoints of learn-koopman: what a training was asked for, and where it
 * stands.
 *
 * @module
 */
import type { KoopmanTrainingState } from "../../analysis/koopman/training.ts";
import { readArchive, writeArchive } from "../../core/archive.ts";
import { sha256 } from "../../core/sha256.ts";
import type { State } from "../../core/state.ts";
import type { JsonRecord } from "../../core/state_json.ts";
import type { Device } from "../../learning/devices.ts";
import type { LearningData } from "./learning_data.ts";

export type { Device, JsonRecord, KoopmanTrainingState, LearningData };

const KIND = "koopman-training";

/** Everything that the rest of a training depends on. */
export interface LearningCheckpoint {
  /** The script's values that it began with. */
  readonly values: JsonRecord;
  /** Digest of the data, from {@linkcode dataDigest}. */
  readonly digest: string;
  /** What it is computed on, never `auto`. */
  readonly device: Device;
  /** Where it stands. */
  readonly state: KoopmanTrainingState;
}

/**
 * SHA-256 of data to learn from, in hexadecimal.
 *
 * @param data Means, and runs where there are any.
 */
export async function dataDigest(data: LearningData): Promise<string> {
  const series = [data.mean, ...data.runs ?? []].flatMap(({ series }) =>
    series
  );
  const head = JSON.stringify({
    features: data.mean.features,
    interval: data.mean.interval,
    lengths: series.map(({ length }) => length),
  });
  const content = new Blob([head, ...series as Float64Array<ArrayBuffer>[]]);
  return await sha256(await content.arrayBuffer());
}

/**
 * Writes a checkpoint, atomically, in place of the one before.
 *
 * @param path The file.
 * @param checkpoint What is saved.
 */
export async function writeLearningCheckpoint(
  path: string,
  { values, digest, device, state }: LearningCheckpoint,
): Promise<void> {
  await writeArchive(path, {
    config: { model: KIND, step: state.step, values, digest, device },
    states: {
      training: {
        ...state,
        losses: Float64Array.from(state.losses),
      } as unknown as State,
    },
  });
}

/**
 * Reads a checkpoint.
 *
 * @param path The file. Throws a one-line `SyntaxError` that names it where it
 * is damaged or something else.
 */
export async function readLearningCheckpoint(
  path: string,
): Promise<LearningCheckpoint> {
  const { config, states } = await readArchive(path);
  const { values, digest, device } = config;
  const state = states.training as unknown as
    | KoopmanTrainingState & { losses: Float64Array }
    | undefined;
  if (config.model !== KIND || state === undefined) {
    throw new SyntaxError(
      `Cannot resume from ${
        JSON.stringify(path)
      }: it is no checkpoint of learn-koopman, expected learned_model.checkpoint.zip`,
    );
  }
  return {
    values: values as JsonRecord,
    digest: digest as string,
    device: device as Device,
    state: { ...state, losses: [...state.losses] },
  };
}
