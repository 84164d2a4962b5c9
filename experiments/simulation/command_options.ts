/**
 * The options of `deno task simulate`, and what they mean for runs.
 *
 * @module
 */
import { type ScriptContext, UsageError } from "../../core/script.ts";
import { commandLauncher } from "./command_launcher.ts";
import type { Launcher } from "./launcher.ts";
import type { LogType } from "./logs.ts";
import type { RunAllOptions } from "./run_all.ts";
import { slurm } from "./slurm.ts";

/** The options of the script, as far as the commands read them. */
export interface SimulateOptions {
  /** The tree. */
  tree: string;
  /** Names of default simulations. */
  simulations: string | undefined;
  /** A file of simulations. */
  file: string | undefined;
  /** Runs of each simulation. */
  runsPerSim: number;
  /** Seed of the first run of each simulation. */
  seed: number;
  /** Which simulation: its place or its id. */
  simulation: string | undefined;
  /** Which log. */
  logType: LogType;
  /** Whether what is shown is kept up to date. */
  follow: boolean;
  /** Changed parameters, such as `lr_td=0.001`. */
  set: string | undefined;
  /** Whether finished runs are begun anew as well. */
  all: boolean;
  /** Whether runs begun anew get other seeds. */
  newSeeds: boolean;
  /** Whether failed runs are begun anew. */
  retryFailed: boolean;
  /** Whether the first failure stops all. */
  failFast: boolean;
  /** Runs at a time. */
  jobs: number | undefined;
  /** Seconds of a run. */
  timeLimit: number | undefined;
  /** MiB of a run. */
  memoryLimit: number | undefined;
  /** Where runs are started. */
  launcher: string;
  /** The program of the launcher `command`. */
  launcherCommand: string | undefined;
  /** Runs of one element of a job array. */
  runsPerElement: number;
  /** More options of sbatch. */
  sbatch: string | undefined;
  /** More flags of `deno run`. */
  denoFlags: string | undefined;
  /** The metric of a comparison. */
  metric: string | undefined;
  /** The part of a run that is averaged. */
  lastShare: number;
  /** Folder for the page. */
  out: string | undefined;
}

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
    timeLimitSeconds: options.timeLimit,
    memoryLimitMiB: options.memoryLimit,
    denoFlags: words(options.denoFlags),
    signal: context.signal,
  };
}
