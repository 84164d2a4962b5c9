/**
 * Learning a Koopman model of a queue, and how far its timescale can be
 * believed.
 *
 * @module
 */
import {
  AUTOENCODER_SETTINGS,
  type AutoencoderSettings,
  trainAutoencoder,
} from "../../analysis/koopman/autoencoder.ts";
import {
  type KoopmanModel,
  koopmanModel,
} from "../../analysis/koopman/model.ts";
import {
  REFERENCE_SETTINGS,
  type ReferenceSettings,
  trainReferenceAutoencoder,
} from "../../analysis/koopman/reference_autoencoder.ts";
import {
  joinTrajectories,
  type LearnedTimes,
  learnedTimes,
} from "../../analysis/koopman/timescale_interval.ts";
import type { KoopmanTrainingOptions } from "../../analysis/koopman/training.ts";
import type { LearningData } from "./learning_data.ts";

export type {
  AutoencoderSettings,
  KoopmanModel,
  KoopmanTrainingOptions,
  LearnedTimes,
  LearningData,
  ReferenceSettings,
};

/** What is learned, and how. */
export interface KoopmanTraining {
  /** The reference's model, on means; or the default, on runs where there are. */
  readonly mode: "default" | "reference";
  /** Seed of weights and draws. */
  readonly seed: number;
  /** Epochs of the reference, or updates of the default. */
  readonly steps?: number;
  /** Further settings of the default. */
  readonly settings?: Partial<AutoencoderSettings>;
  /** Further settings of the reference. */
  readonly referenceSettings?: Partial<ReferenceSettings>;
  /** Sets of runs drawn for intervals; none with fewer than 2. Default 200. */
  readonly resamples?: number;
  /** Whether to learn from means though runs are there. Default false. */
  readonly fromMeans?: boolean;
}

/** How a training is watched. */
export interface KoopmanTrainingHooks
  extends Omit<KoopmanTrainingOptions<unknown>, "settings" | "seed"> {
  /** Called after each set of runs that is drawn for intervals; awaited. */
  readonly onResample?: (done: number) => void | Promise<void>;
}

/** What was learned; times have low and high NaN where there is no interval. */
export interface LearnedKoopman extends LearnedTimes {
  /** The model; its data are the means over runs. */
  readonly model: KoopmanModel;
  /** Losses over the training. */
  readonly losses: Float64Array;
  /** Whether the model was learned from runs rather than from means. */
  readonly fromRuns: boolean;
}

/**
 * Learns a model, and how long the queue takes to relax and to forget under
 * it.
 *
 * From runs, an autoencoder learns the conditional mean of the future of each
 * state that they pass through; from means, the path of the mean alone, which
 * holds one relaxation and the noise of it. The former is far more certain.
 *
 * @param data Means, and runs where there are any.
 * @param training What is learned.
 * @param hooks How it is watched.
 */
export async function learnKoopman(
  data: LearningData,
  training: KoopmanTraining,
  hooks: KoopmanTrainingHooks = {},
): Promise<LearnedKoopman> {
  const { seed } = training;
  if (training.mode === "reference") {
    const { model, losses } = await trainReferenceAutoencoder(data.mean, {
      seed,
      settings: {
        ...training.referenceSettings,
        epochs: training.steps ?? REFERENCE_SETTINGS.epochs,
      },
      ...hooks,
    });
    return { model, losses, ...aloneTimes(model), fromRuns: false };
  }
  const runs = data.runs;
  const fromRuns = runs !== undefined && training.fromMeans !== true;
  const { model, losses } = await trainAutoencoder(
    fromRuns ? joinTrajectories(runs) : data.mean,
    {
      seed,
      settings: {
        ...training.settings,
        updates: training.steps ?? AUTOENCODER_SETTINGS.updates,
      },
      ...hooks,
    },
  );
  const times = runs === undefined
    ? aloneTimes(model)
    : await learnedTimes(runs, {
      model,
      fromMeans: !fromRuns,
      seed,
      resamples: training.resamples,
      signal: hooks.signal,
      onResample: hooks.onResample,
    });
  return {
    model: koopmanModel(model, data.mean),
    losses,
    ...times,
    fromRuns,
  };
}

function aloneTimes({ timescale }: KoopmanModel): LearnedTimes {
  const alone = (estimate: number) => ({ estimate, low: NaN, high: NaN });
  return {
    timescale: alone(timescale),
    autocorrelationTime: alone(NaN),
    slowDecay: alone(NaN),
  };
}
