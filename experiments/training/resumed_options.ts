/**
 * Options that are typed beside `--resume`: how far the run goes is taken,
 * what it began with may be said again, all else is refused.
 *
 * @module
 */
import { resolve } from "@std/path";
import type { CommandLine } from "../../core/script.ts";
import type { JsonRecord } from "../../core/state_json.ts";
import { UsageError } from "../../core/usage_error.ts";

export type { CommandLine, JsonRecord };

/** Options of the call, which a run's bytes do not depend on. */
const OF_THE_CALL = [
  "resume",
  "out",
  "quiet",
  "json",
  "debug",
  "help",
  "version",
  "seeds",
  "savePath",
];

/** What is known of the run that goes on. */
export interface ResumedRun {
  /** What its files are called. */
  readonly name: string;
  /** Its seed. */
  readonly seed: number;
  /** Where its tensors are computed; tables have none. */
  readonly device?: string;
  /** File of its best model, below the root, where there is one. */
  readonly bestPath?: string;
  /** What the command line said when it began, by key. */
  readonly options?: JsonRecord;
}

/** What a script says of its options. */
export interface ResumeRules {
  /** The checkpoint, as messages name it. */
  readonly path: string;
  /** Folder of the run's files. */
  readonly root: string;
  /** Key of the option that says how far the run goes. */
  readonly length: string;
  /** Keys of options about what is shown afterwards. Default none. */
  readonly report?: readonly string[];
}

/**
 * What a checkpoint records of a command line: all that the run depends on.
 *
 * @param commandLine As typed; undefined where there is none.
 */
export function recordedOptions(
  commandLine: CommandLine | undefined,
): JsonRecord | undefined {
  if (commandLine === undefined) return undefined;
  const values = Object.entries(commandLine.values).filter(([key]) =>
    !OF_THE_CALL.includes(key)
  );
  return JSON.parse(JSON.stringify(Object.fromEntries(values)));
}

function recordedValues(
  run: ResumedRun,
  key: string,
  { root }: ResumeRules,
): readonly unknown[] {
  switch (key) {
    case "seed":
      return [run.seed];
    case "name":
      // As typed, and as files bear it, with a seed.
      return [run.name, run.options?.name];
    case "device":
      return [run.device, "auto"];
    case "savePath":
      return run.bestPath === undefined ? [] : [resolve(root, run.bestPath)];
    default:
      return run.options && key in run.options ? [run.options[key]] : [];
  }
}

/**
 * Checks what was typed beside `--resume`. Throws `UsageError` for options that
 * say something else than the run that goes on.
 *
 * @param commandLine As typed; undefined where there is none.
 * @param run The run that the checkpoint records.
 * @param rules What the script's options mean.
 */
export function checkResumedOptions(
  commandLine: CommandLine | undefined,
  run: ResumedRun,
  rules: ResumeRules,
): void {
  const { values, given = new Map<string, string>() } = commandLine ?? {};
  const free = [...OF_THE_CALL, rules.length, ...rules.report ?? []];
  for (const [key, option] of given) {
    if (free.includes(key) && key !== "savePath") continue;
    const wanted = values![key];
    const recorded = recordedValues(run, key, rules);
    const text = JSON.stringify(wanted);
    if (recorded.some((value) => JSON.stringify(value) === text)) continue;
    const what = recorded[0] === undefined
      ? "which was begun without it"
      : `which was begun with ${JSON.stringify(recorded[0])}`;
    throw new UsageError(
      `Cannot set ${option} ${text} beside --resume "${rules.path}", ${what}: expected only --${rules.length} to change`,
    );
  }
}

/**
 * How far a resumed run goes: as far as typed, else as far as recorded.
 *
 * @param commandLine As typed; undefined where there is none.
 * @param run Its recorded options, its steps in all, and those done. Throws
 * `UsageError` where more are done than are asked for, or where the record
 * does not say how many steps the option counts as one.
 * @param rules What the script's options mean.
 */
export function resumedLength(
  commandLine: CommandLine | undefined,
  run: { total: number; done: number; options?: JsonRecord },
  { path, length }: ResumeRules,
): number {
  const option = commandLine?.given.get(length);
  if (option === undefined) return run.total;
  const wanted = commandLine!.values[length] as number;
  const recorded = run.options?.[length];
  // Steps are steps; episodes and epochs have as many as they had.
  const each = length === "timesteps"
    ? 1
    : typeof recorded === "number"
    ? run.total / recorded
    : NaN;
  if (Number.isNaN(each)) {
    throw new UsageError(
      `Cannot set ${option} beside --resume "${path}", which does not say how many there were: expected it without`,
    );
  }
  const total = Math.round(wanted * each);
  if (total < run.done) {
    throw new UsageError(
      `Cannot resume "${path}" with ${option} ${wanted}: it has done ${
        run.done / each
      }, expected as many at least`,
    );
  }
  return total;
}

/**
 * What the checkpoints of a resumed run record of command lines.
 *
 * @param commandLine As typed; undefined where there is none.
 * @param recorded What the run was begun with.
 * @param rules What the script's options mean.
 */
export function resumedOptions(
  commandLine: CommandLine | undefined,
  recorded: JsonRecord | undefined,
  { length }: ResumeRules,
): JsonRecord | undefined {
  return recorded && commandLine?.given.has(length)
    ? { ...recorded, [length]: commandLine.values[length] as number }
    : recorded;
}
