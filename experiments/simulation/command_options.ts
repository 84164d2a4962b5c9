/**
 * The options of `deno task simulate`, and what they mean for runs.
 *
 * @module
 */
import { type ScriptContext, UsageError } from "../../core/script.ts";
import {
  booleanOption,
  choiceOption,
  integerOption,
  numberOption,
  type Option,
  type OptionValues,
  pathOption,
  stringOption,
} from "../../core/options.ts";
import { DEFAULT_SIMULATION_NAMES } from "./default_simulations.ts";
import { commandLauncher } from "./command_launcher.ts";
import type { Launcher } from "./launcher.ts";
import { LOG_TYPES, type LogType } from "./logs.ts";
import type { RunAllOptions } from "./run_all.ts";
import { slurm } from "./slurm.ts";

/** The options of `deno task simulate`, by name. */
export type SimulateOptionDefinitions = {
  /** Names of default simulations. */
  simulations: Option<string | undefined>;
  /** A file of simulations. */
  file: Option<string | undefined>;
  /** Runs of each simulation. */
  "runs-per-sim": Option<number>;
  /** Runs at a time. */
  jobs: Option<number | undefined>;
  /** Seconds of a run. */
  "time-limit": Option<number | undefined>;
  /** MiB of a run. */
  "memory-limit": Option<number | undefined>;
  /** Whether the first failure stops all. */
  "fail-fast": Option<boolean>;
  /** Whether failed runs are begun anew. */
  "retry-failed": Option<boolean>;
  /** Whether runs that are begun anew get other seeds. */
  "new-seeds": Option<boolean>;
  /** Where runs are started. */
  launcher: Option<"local" | "slurm" | "command">;
  /** Runs of one element of a job array. */
  "runs-per-element": Option<number>;
  /** More options of sbatch. */
  sbatch: Option<string | undefined>;
  /** The program of the launcher `command`. */
  "launcher-command": Option<string | undefined>;
  /** More flags of `deno run`. */
  "deno-flags": Option<string | undefined>;
  /** Which simulation: its place or its id. */
  simulation: Option<string | undefined>;
  /** Changed parameters, such as `lr_td=0.001`. */
  set: Option<string | undefined>;
  /** Whether runs that cannot be asked are taken for lost. */
  "assume-lost": Option<boolean>;
  /** Whether finished runs are begun anew as well. */
  all: Option<boolean>;
  /** Which log. */
  "log-type": Option<LogType>;
  /** Whether what is shown is kept up to date. */
  follow: Option<boolean>;
  /** The metric of a comparison. */
  metric: Option<string | undefined>;
  /** The part of a run that is averaged. */
  "last-share": Option<number>;
};

/** What the commands are told. */
export type SimulateOptions = OptionValues<SimulateOptionDefinitions> & {
  /** The tree. */
  readonly tree: string;
  /** Seed of the first run of each simulation. */
  readonly seed: number;
  /** Folder for the page. */
  readonly out: string | undefined;
};

/** The options of `deno task simulate`. */
export const simulateOptions: SimulateOptionDefinitions = {
  simulations: stringOption({
    description: `run: default simulations, with commas between them: ${
      DEFAULT_SIMULATION_NAMES.join(", ")
    }.`,
    placeholder: "NAME,...",
  }),
  file: pathOption({
    description: "run: a JSON file with a list of simulations.",
  }),
  "runs-per-sim": integerOption({
    description: "run: runs of each simulation, with seeds from --seed on.",
    default: 5,
    minimum: 1,
  }),
  jobs: integerOption({
    description:
      "Runs at a time. Default: one a processor; on a cluster no limit.",
    minimum: 1,
  }),
  "time-limit": numberOption({
    description: "Longest time of a run.",
    exclusiveMinimum: 0,
    unit: "s",
  }),
  "memory-limit": integerOption({
    description: "Most memory of a run.",
    minimum: 64,
    unit: "MiB",
  }),
  "fail-fast": booleanOption({
    description: "The first failed run stops the others.",
  }),
  "retry-failed": booleanOption({
    description: "run: begins failed runs anew as well.",
  }),
  "new-seeds": booleanOption({
    description: "Runs that are begun anew get other seeds.",
  }),
  launcher: choiceOption(["local", "slurm", "command"], {
    description: "Where runs are started.",
    default: "local",
  }),
  "runs-per-element": integerOption({
    description: "slurm: runs that an element of a job array does in turn.",
    default: 1,
    minimum: 1,
  }),
  sbatch: stringOption({
    description: 'slurm: more options of sbatch, as --sbatch="--account=lab".',
  }),
  "launcher-command": stringOption({
    description:
      'command: what starts the lines of {tasks}, as "parallel -j 8 -a {tasks}".',
  }),
  "deno-flags": stringOption({
    description: 'More flags for the runs, as --deno-flags="--allow-net".',
  }),
  simulation: stringOption({
    description: "logs, rerun: place (from 0) or id of the simulation.",
  }),
  set: stringOption({
    description: "rerun: changed parameters, as lr_td=0.001,loop.n_steps=9.",
    placeholder: "NAME=VALUE,...",
  }),
  "assume-lost": booleanOption({
    description:
      "Begins runs anew that were on machines which cannot be asked from here.",
  }),
  all: booleanOption({
    description: "rerun: begins finished runs anew as well.",
  }),
  "log-type": choiceOption(LOG_TYPES, {
    description: "logs: which log.",
    default: "error",
  }),
  follow: booleanOption({
    description: "Shows logs, or states, as they change.",
  }),
  metric: stringOption({
    description: "compare: a series of the training history.",
  }),
  "last-share": numberOption({
    description: "compare: the part at the end of a run that is averaged.",
    default: 0.1,
    exclusiveMinimum: 0,
    maximum: 1,
  }),
};

/** The words of an option that are parted by commas or blanks. */
export function words(text: string | undefined): string[] {
  return (text ?? "").split(/[\s,]+/).filter((word) => word !== "");
}

function launcherOf(options: SimulateOptions): Launcher | undefined {
  const { launcher, jobs, runsPerElement, launcherCommand } = options;
  if (launcher === "slurm") {
    return slurm({
      maximumRunning: jobs,
      runsPerElement,
      sbatchOptions: words(options.sbatch),
    });
  }
  if (launcher === "local") return undefined;
  if (launcherCommand === undefined) {
    throw new UsageError(
      'Cannot launch by a command without --launcher-command: expected one such as "parallel -j 8 -a {tasks}"',
    );
  }
  return commandLauncher([
    "sh",
    "-c",
    launcherCommand.replaceAll("{tasks}", '"$0"'),
    "{tasks}",
  ]);
}

/** How the options start runs. */
export function runOptions(
  options: SimulateOptions,
  context: Pick<ScriptContext, "signal">,
): RunAllOptions {
  return {
    launcher: launcherOf(options),
    jobs: options.jobs,
    failFast: options.failFast,
    retryFailed: options.retryFailed,
    newSeeds: options.newSeeds,
    assumeLost: options.assumeLost,
    timeLimitSeconds: options.timeLimit,
    memoryLimitMiB: options.memoryLimit,
    denoFlags: words(options.denoFlags),
    signal: context.signal,
  };
}
