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
import { modelAutocorrelationTime } from "../../analysis/koopman/model_autocorrelation.ts";
import {
  REFERENCE_SETTINGS,
  type ReferenceSettings,
  trainReferenceAutoencoder,
} from "../../analysis/koopman/reference_autoencoder.ts";
import {
  joinTrajectories,
  meanTrajectories,
  timescaleInterval,
} from "../../analysis/koopman/timescale_interval.ts";
import type { Interval } from "../../analysis/statistics.ts";
import type { LearningData, Trajectories } from "./learning_data.ts";

export type {
  AutoencoderSettings,
  Interval,
  KoopmanModel,
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
  /** Trainings for the interval; none with fewer than 2. Default 10. */
  readonly resamples?: number;
  /** Whether to learn from means though runs are there. Default false. */
  readonly fromMeans?: boolean;
}

/** How a training is watched. */
export interface KoopmanTrainingHooks {
  /** Ends the training early once aborted. */
  readonly signal?: AbortSignal;
  /** Called after each step; awaited. */
  readonly onStep?: (step: number, loss: number) => void | Promise<void>;
  /** Called after each training for the interval; awaited. */
  readonly onResample?: (done: number) => void | Promise<void>;
}

/** What was learned. */
export interface LearnedKoopman {
  /** The model; its data are the means over runs. */
  readonly model: KoopmanModel;
  /** Losses over the training. */
  readonly losses: Float64Array;
  /** The slowest mode's; low and high are NaN where there is no interval. */
  readonly timescale: Interval;
  /**
   * The autocorrelation time of the first feature under the model; NaN where
   * it was learned from means, which have lost their fluctuations.
   */
  readonly autocorrelationTime: Interval;
  /** Whether the model was learned from runs rather than from means. */
  readonly fromRuns: boolean;
}

/** Share of the updates that a training for the interval takes. */
const RESAMPLE_SHARE = 1 / 4;

/**
 * Learns a model, and the interval of its timescale from the same with runs
 * drawn anew.
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
    return {
      model,
      losses,
      timescale: alone(model.timescale),
      autocorrelationTime: alone(NaN),
      fromRuns: false,
    };
  }
  const updates = training.steps ?? AUTOENCODER_SETTINGS.updates;
  const settings = { ...training.settings, updates };
  const runs = data.runs;
  const fromRuns = runs !== undefined && training.fromMeans !== true;
  const combine: (drawn: readonly Trajectories[]) => Trajectories = fromRuns
    ? joinTrajectories
    : meanTrajectories;
  const trained = await trainAutoencoder(runs ? combine(runs) : data.mean, {
    seed,
    settings,
    ...hooks,
  });
  const { resamples = 10 } = training;
  const remembered = (model: KoopmanModel, data: Trajectories) =>
    fromRuns ? modelAutocorrelationTime(model, data) : NaN;
  const [timescale, autocorrelationTime] =
    runs === undefined || runs.length < 2 || resamples < 2
      ? [
        alone(trained.model.timescale),
        alone(remembered(trained.model, trained.model.data)),
      ]
      : await timescaleInterval(runs, {
        seed,
        trained,
        settings: {
          ...settings,
          updates: Math.max(1, Math.round(updates * RESAMPLE_SHARE)),
        },
        combine,
        measures: [({ timescale }) => timescale, remembered],
        resamples,
        signal: hooks.signal,
        onResample: hooks.onResample,
      });
  return {
    model: koopmanModel(trained.model, data.mean),
    losses: trained.losses,
    timescale,
    autocorrelationTime,
    fromRuns,
  };
}

function alone(estimate: number): Interval {
  return { estimate, low: NaN, high: NaN };
}
