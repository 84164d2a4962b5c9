/**
 * The options that scripts have in common.
 *
 * @module
 */
import {
  booleanOption,
  choiceOption,
  integerOption,
  type Option,
  pathOption,
} from "./options.ts";

export type { Option } from "./options.ts";

/** Options of every script, by name. */
export type CommonOptions = {
  /** Where all random numbers come from. */
  seed: Option<number>;
  /** The folder for files of the run. */
  out: Option<string | undefined>;
  /** No progress and no notes. */
  quiet: Option<boolean>;
  /** One JSON document instead of tables. */
  json: Option<boolean>;
  /** Stack traces. */
  debug: Option<boolean>;
  /** The help text. */
  help: Option<boolean>;
  /** Which Loadstar this is. */
  version: Option<boolean>;
};

/** Options of every script. A script may define its own `seed` and `out`. */
export const commonOptions: CommonOptions = {
  seed: integerOption({
    description: "Where all random numbers come from.",
    default: 0,
    minimum: 0,
  }),
  out: pathOption({
    description: "Folder for the files of this run.",
    placeholder: "DIR",
  }),
  quiet: booleanOption({ description: "Shows no progress and no notes." }),
  json: booleanOption({
    description: "Prints one JSON document instead of tables.",
  }),
  debug: booleanOption({ description: "Shows stack traces of errors." }),
  help: booleanOption({ description: "Shows this text." }),
  version: booleanOption({ description: "Shows which Loadstar this is." }),
};

/** What networks run on. */
export type DeviceName = "auto" | "native" | "wasm" | "webgpu" | "cpu";

/** Options of every script that trains, by name. */
export type TrainingOptions = {
  /** A checkpoint to go on from. */
  resume: Option<string | undefined>;
  /** What networks run on. */
  device: Option<DeviceName>;
  /** How many runs with seeds that follow each other. */
  seeds: Option<number>;
};

/** Options of every script that trains: spread them into its own. */
export const trainingOptions: TrainingOptions = {
  resume: pathOption({ description: "Goes on from this checkpoint." }),
  device: choiceOption(["auto", "native", "wasm", "webgpu", "cpu"], {
    description: "What networks run on.",
    default: "auto",
  }),
  seeds: integerOption({
    description: "Repeats the run with this many seeds, counted from --seed.",
    default: 1,
    minimum: 1,
  }),
};
