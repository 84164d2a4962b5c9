/**
 * Options about data that models of queues are learned from.
 *
 * @module
 */
import {
  choiceOption,
  integerListOption,
  integerOption,
  numberOption,
  type Option,
  parsedOption,
  pathOption,
} from "../../core/options.ts";
import type { AutoencoderSettings } from "../../analysis/koopman/autoencoder.ts";
import type { ReferenceSettings } from "../../analysis/koopman/reference_autoencoder.ts";
import { userPath } from "../../core/paths.ts";
import { UsageError } from "../../core/usage_error.ts";
import {
  type DataKind,
  type Feature,
  FEATURES,
  type LearningDataOptions,
} from "./learning_data.ts";

export type {
  AutoencoderSettings,
  DataKind,
  Feature,
  LearningDataOptions,
  Option,
  ReferenceSettings,
};

/** Options about data, by name. */
export type DataScriptOptions = {
  data: Option<string>;
  kind: Option<"auto" | DataKind>;
  server: Option<number | undefined>;
  features: Option<readonly Feature[]>;
  interval: Option<number>;
  sim_time: Option<number | undefined>;
  fault_start: Option<number | undefined>;
  fault_duration: Option<number | undefined>;
  step_time: Option<number>;
};

/** Options about a model, by name; those not given have the mode's default. */
export type ModelScriptOptions = {
  learning_rate: Option<number | undefined>;
  hidden: Option<readonly number[] | undefined>;
  latent: Option<number | undefined>;
  initial_modulus: Option<number | undefined>;
  clip: Option<number | undefined>;
  real_modes: Option<number | undefined>;
  pairs: Option<number | undefined>;
  isometry: Option<number | undefined>;
  batch_size: Option<number | undefined>;
};

/** Options about a model: spread them into a script's own. */
export const modelScriptOptions: ModelScriptOptions = {
  learning_rate: numberOption({
    description:
      "Adam's learning rate. Default 0.003, or the reference's 1e-4.",
    minimum: 0,
  }),
  hidden: integerListOption({
    description:
      "Widths of the encoder's hidden layers. Default 32,32, or the reference's 100,500.",
    minimum: 1,
  }),
  latent: integerOption({
    description: "Values of the reference's latent state. Default 20.",
    minimum: 1,
  }),
  initial_modulus: numberOption({
    description:
      "The reference's K begins as this times the identity. Default 0.8.",
    minimum: 0,
  }),
  clip: numberOption({
    description: "The reference's limit of K's norm. Default 0.99.",
    minimum: 0,
  }),
  real_modes: integerOption({
    description: "Modes of the default model that do not turn. Default 6.",
    minimum: 0,
  }),
  pairs: integerOption({
    description: "Modes of the default model that turn. Default 1.",
    minimum: 0,
  }),
  isometry: numberOption({
    description: "Weight of the default model's isometry. Default 3.",
    minimum: 0,
  }),
  batch_size: integerOption({
    description: "Pairs in a batch of the default model. Default 1024.",
    minimum: 1,
  }),
};

/** Values of {@linkcode modelScriptOptions}. */
export type ModelValues = {
  learningRate?: number;
  hidden?: readonly number[];
  latent?: number;
  initialModulus?: number;
  clip?: number;
  realModes?: number;
  pairs?: number;
  isometry?: number;
  batchSize?: number;
};

/**
 * Settings of both modes from the options that were given.
 *
 * @param values Throws `UsageError` where the default model is left without a
 * mode.
 */
export function modelSettingsOf(values: ModelValues): {
  settings: Partial<AutoencoderSettings>;
  referenceSettings: Partial<ReferenceSettings>;
} {
  const { learningRate, hidden, latent, initialModulus, clip } = values;
  const { realModes, pairs, isometry, batchSize } = values;
  if (realModes === 0 && (pairs ?? 1) === 0) {
    throw new UsageError(
      "Cannot learn a model without modes, expected --real-modes or --pairs above 0",
    );
  }
  return {
    settings: given({
      learningRate,
      hidden,
      realModes,
      pairs,
      isometry,
      batchSize,
    }),
    referenceSettings: given({
      learningRate,
      hidden,
      latent,
      initialModulus,
      clip,
    }),
  };
}

/** A record without what is undefined, which would hide defaults. */
function given<Values extends object>(values: Values): Partial<Values> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as Partial<Values>;
}

/** Their values. */
export type DataValues = {
  data: string;
  kind: "auto" | DataKind;
  server?: number;
  features: readonly Feature[];
  interval: number;
  simTime?: number;
  faultStart?: number;
  faultDuration?: number;
  stepTime: number;
};

/** Options about data: spread them into a script's own. */
export const dataScriptOptions: DataScriptOptions = {
  data: pathOption({
    description:
      "Folder of generated data, or one file of it: rows (1_exp_results.csv), means (sequences.npz), the original's pickles (q_seq.pkl).",
    default: ".",
  }),
  kind: choiceOption(["auto", "rows", "npz", "pickles"], {
    description: "Which files are read where there are several kinds.",
    default: "auto",
  }),
  server: integerOption({
    description:
      "Which server's data, from 1, where files are named by server.",
    minimum: 1,
  }),
  features: parsedOption(readFeatures, {
    description:
      "What a state consists of: q(ueue length), o (retries), l(atency), d(ropped), r(etries left), s(ervice time).",
    expected: `some of ${FEATURES.join(", ")}, separated by commas`,
    default: "q,l",
  }),
  interval: numberOption({
    description: "Time between samples.",
    default: 5,
    minimum: Number.MIN_VALUE,
    unit: "time units",
  }),
  sim_time: numberOption({
    description: "Length of a run. Default: as generation.json says.",
    minimum: Number.MIN_VALUE,
    unit: "time units",
  }),
  fault_start: numberOption({
    description:
      "When the fault begins. Default: as generation.json says, or 0.45 of the run.",
    minimum: 0,
    unit: "time units",
  }),
  fault_duration: numberOption({
    description: "How long it lasts. Default: likewise, or 0.01 of the run.",
    minimum: 0,
    unit: "time units",
  }),
  step_time: numberOption({
    description: "Time between the values of pickles.",
    default: 0.5,
    minimum: Number.MIN_VALUE,
    unit: "time units",
  }),
};

function readFeatures(text: string): readonly Feature[] | undefined {
  const names = text.split(",").map((name) => name.trim());
  const known = names.filter((name): name is Feature =>
    (FEATURES as readonly string[]).includes(name)
  );
  return known.length === names.length && new Set(names).size === names.length
    ? known
    : undefined;
}

/**
 * What to read, from the options' values.
 *
 * @param values Throws `UsageError` where only one of the fault's times is
 * given and the other cannot be told.
 */
export function dataOptionsOf(values: DataValues): LearningDataOptions {
  const { simTime, faultStart, faultDuration } = values;
  const given = faultStart !== undefined || faultDuration !== undefined;
  if (
    given && simTime === undefined &&
    (faultStart === undefined || faultDuration === undefined)
  ) {
    throw new UsageError(
      "Cannot tell the fault's times from one of --fault-start and --fault-duration, expected both, or --sim-time",
    );
  }
  const start = faultStart ?? 0.45 * simTime!;
  const duration = faultDuration ?? 0.01 * simTime!;
  return {
    path: userPath(values.data),
    features: values.features,
    interval: values.interval,
    server: values.server,
    kind: values.kind === "auto" ? undefined : values.kind,
    horizon: simTime,
    fault: given || simTime !== undefined
      ? { start, end: start + duration }
      : undefined,
    pickleStep: values.stepTime,
  };
}
