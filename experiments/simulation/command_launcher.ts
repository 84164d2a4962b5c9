/**
 * Runs by a program of the user's own, such as GNU parallel.
 *
 * @module
 */
import type { LaunchContext, Launcher } from "./launcher.ts";
import { readStatus, type RunStatus } from "./run_status.ts";
import { shellQuoted } from "../../core/command_names.ts";

export type { Launcher } from "./launcher.ts";

const TASKS = "{tasks}";
const POLL_MS = 500;

/** Tells of runs whose state is another one than before. */
function watchStates(folders: readonly string[], context: LaunchContext) {
  const seen = new Map<string, RunStatus["state"]>();
  return () => {
    for (const folder of folders) {
      const status = readStatus(folder);
      if (!status || status.state === (seen.get(folder) ?? "in_queue")) {
        continue;
      }
      seen.set(folder, status.state);
      context.onChange(folder, status);
    }
  };
}

/**
 * Hands runs to a program: a file has a line of shell for each, which does the
 * run, looks after it, and ends with 0 where it finished. What the program
 * itself ends with is not asked: how runs stand is read from their folders.
 *
 * @param command The program and its arguments, among them `{tasks}`, which
 * stands for the file. Throws `RangeError` without it.
 *
 * @example Eight at a time by GNU parallel
 * ```ts
 * import { commandLauncher } from "./command_launcher.ts";
 *
 * const launcher = commandLauncher(["parallel", "-j", "8", "-a", "{tasks}"]);
 * ```
 */
export function commandLauncher(command: readonly string[]): Launcher {
  if (!command.slice(1).some((word) => word.includes(TASKS))) {
    throw new RangeError(
      `Cannot launch runs by ${
        JSON.stringify(command.join(" "))
      }: expected a program with ${TASKS} among its arguments, for the file of the runs' commands`,
    );
  }
  return {
    name: command[0],
    async launch(folders, context) {
      if (folders.length === 0) return;
      const path = await Deno.makeTempFile({
        dir: context.root,
        prefix: ".tasks-",
      });
      const prefix = context.taskCommand.map(shellQuoted).join(" ");
      const look = watchStates(folders, context);
      const timer = setInterval(look, POLL_MS);
      try {
        await Deno.writeTextFile(
          path,
          folders.map((folder) => `${prefix} ${shellQuoted(folder)}\n`).join(
            "",
          ),
        );
        const [program, ...args] = command.map((word) =>
          word.replaceAll(TASKS, path)
        );
        await new Deno.Command(program, {
          args,
          stdin: "null",
          stdout: "null",
          stderr: "inherit",
          signal: context.signal,
        }).spawn().status;
      } finally {
        clearInterval(timer);
        look();
        await Deno.remove(path);
      }
    },
  };
}
