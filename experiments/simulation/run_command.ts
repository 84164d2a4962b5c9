/**
 * The program that does a run.
 *
 * @module
 */
import { builtLibraryPath, LIBRARY_VARIABLE } from "../../ffi/library.ts";
import type { TaskOptions } from "./task_process.ts";

/** What {@linkcode runCommand} takes. */
export interface RunCommandOptions {
  /** Most memory, in MiB, that the engine is told of. */
  memoryLimitMiB?: number;
  /** More flags of `deno run`, such as `--allow-net`. */
  denoFlags?: readonly string[];
}

/** Programs that do runs in place of Deno with this Loadstar. */
export interface RunPrograms {
  /** Does a run: calls `runProcess` with the rest of its command line. */
  readonly run: readonly string[];
  /** Does a run and looks after it: calls `taskProcess` with the rest. */
  readonly task: readonly string[];
  /** Does a training of a grid search: calls `cellProcess` with the rest. */
  readonly cell: readonly string[];
}

let programs: RunPrograms | undefined;

/**
 * Lets other programs do all runs from here on: a binary that bears Loadstar
 * within itself names itself here. Limits of memory and flags are Deno's, and
 * not handed to them.
 *
 * @param replacement The programs; undefined for Deno again.
 */
export function useRunPrograms(replacement: RunPrograms | undefined): void {
  programs = replacement;
}

/**
 * Deno with the permissions of a run: reading, writing, the library.
 *
 * @param script A module, as this one would import it.
 * @param flags More flags of `deno run`.
 */
export function denoCommand(
  script: string,
  flags: readonly string[],
): string[] {
  return [
    Deno.execPath(),
    "run",
    "--quiet",
    "--no-prompt",
    "--allow-read",
    "--allow-write",
    `--allow-ffi=${builtLibraryPath()}`,
    `--allow-env=${LIBRARY_VARIABLE},INIT_CWD,NO_COLOR`,
    ...flags,
    import.meta.resolve(script),
  ];
}

/**
 * The command that does a run in a process of its own: Deno with the smallest
 * permissions that simulations need. Document, folder and token are added to
 * it. A program that bears Loadstar within itself gives its own instead.
 *
 * @param options Memory and flags.
 */
export function runCommand(options: RunCommandOptions = {}): string[] {
  const { memoryLimitMiB, denoFlags = [] } = options;
  if (programs !== undefined) return [...programs.run];
  const memory = memoryLimitMiB === undefined
    ? []
    : [`--v8-flags=--max-old-space-size=${memoryLimitMiB}`];
  return denoCommand("./run_process.ts", [
    // A user's module may import what the frozen lockfile does not know.
    "--no-lock",
    ...memory,
    ...denoFlags,
  ]);
}

/** The command that does a training of a grid search, told by JSON. */
export function cellCommand(): string[] {
  if (programs !== undefined) return [...programs.cell];
  const [, ...args] = denoCommand("../grid_search/_cell_process.ts", []);
  // By its name, which permissions can give.
  return ["deno", ...args];
}

/**
 * The command that does a run and looks after it, for launchers other than the
 * local pool: the folder is added to it.
 *
 * @param options What the task is told; its `command` does the run.
 * @param program The program, to which the options are added as JSON. Default:
 * Deno with this Loadstar.
 */
export function taskCommand(
  options: TaskOptions,
  program: readonly string[] = programs?.task ??
    denoCommand("./task_process.ts", ["--allow-run"]),
): string[] {
  return [...program, JSON.stringify(options)];
}
