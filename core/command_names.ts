/**
 * What a user types to run a task again, or another one.
 *
 * @module
 */

let commands: ReadonlyMap<string, string> = new Map();

/**
 * The command that runs a task: `deno task train-dqn`, or what stands for it
 * where Loadstar runs from a program of its own.
 *
 * @param task The task's name.
 */
export function commandOf(task: string): string {
  return commands.get(task) ?? `deno task ${task}`;
}

/**
 * Names the commands that run tasks, from here on, in place of `deno task`.
 *
 * @param replacements Commands by the names of tasks; other tasks keep theirs.
 */
export function useCommands(replacements: ReadonlyMap<string, string>): void {
  commands = replacements;
}

/** What a shell takes as it stands; Windows' own take the backslash too. */
const PLAIN = Deno.build.os === "windows"
  ? /^[\w@%+=:,./\\-]+$/
  : /^[\w@%+=:,./-]+$/;

/**
 * Text as a shell takes it for one word.
 *
 * @param text A file's name, say.
 */
export function shellQuoted(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
