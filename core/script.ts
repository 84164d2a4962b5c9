/**
 * What every script runs in: options, help, progress, results, errors and
 * exit codes.
 *
 * @module
 */
import { divertConsole, onInterrupt, onStrayError } from "./_interrupts.ts";
import {
  type ConsoleStream,
  standardError,
  standardOutput,
} from "./console_stream.ts";
import { checkDenoVersion } from "./deno_version.ts";
import { formatHelp } from "./help.ts";
import type { OptionDefinitions, OptionValues } from "./options.ts";
import { readCommandLine } from "./parse_options.ts";
import { resultJson } from "./result_json.ts";
import {
  createScriptContext,
  type OpenScriptContext,
  type ScriptContext,
} from "./script_context.ts";
import { type CommonOptions, commonOptions } from "./script_options.ts";
import { formatTable, type Table } from "./table.ts";
import { UsageError } from "./usage_error.ts";
import { versionLine } from "./version.ts";

export { commonOptions, trainingOptions } from "./script_options.ts";
export type {
  CommonOptions,
  DeviceName,
  TrainingOptions,
} from "./script_options.ts";
export { asUsageError, UsageError } from "./usage_error.ts";
export type { ConsoleStream } from "./console_stream.ts";
export type {
  Option,
  OptionDefinitions,
  OptionKey,
  OptionValues,
} from "./options.ts";
export type { CommandLine } from "./parse_options.ts";
export type { Progress, ProgressDetails, ProgressOptions } from "./progress.ts";
export type { ScriptContext } from "./script_context.ts";
export type { StatusLine, StatusLineOptions } from "./status_line.ts";
export type { Cell, Column, Table } from "./table.ts";

/**
 * The work was stopped from outside: scripts exit with 130. Its message says
 * what was saved and how to go on.
 */
export class InterruptedError extends Error {
  /** Always `InterruptedError`. */
  override name = "InterruptedError";
}

/** A script, as its help shows it. */
export interface ScriptDefinition<
  Options extends OptionDefinitions,
  Positionals extends OptionDefinitions,
> {
  /** The script's name: its file without `.ts`. */
  name: string;
  /** The task that runs it. */
  task?: string;
  /** What it does. */
  description: string;
  /** Its own options, besides {@linkcode commonOptions}. */
  options: Options;
  /** Arguments without a name, in their order. */
  positionals?: Positionals;
  /** Arguments of typical calls, such as `--episodes 500 --eval`. */
  examples?: readonly string[];
}

/** The values that a script gets. */
export type ScriptOptions<
  Options extends OptionDefinitions,
  Positionals extends OptionDefinitions,
> =
  & OptionValues<Options>
  & OptionValues<Positionals>
  & OptionValues<Omit<CommonOptions, keyof Options>>;

/** What a script returns. */
export interface ScriptResult {
  /** Printed on standard output, with an empty line between them. */
  tables?: readonly Table[];
  /** Printed below the tables. */
  lines?: readonly string[];
  /** Printed instead with `--json`, by {@linkcode resultJson}. */
  json: unknown;
  /** Default 0, or 130 where the script was interrupted. */
  exitCode?: number;
}

/** What surrounds a script; tests put in their own. */
export interface ScriptEnvironment {
  /** The command line. Default `Deno.args`. */
  args?: readonly string[];
  /** Default standard output. */
  stdout?: ConsoleStream;
  /** Default standard error. */
  stderr?: ConsoleStream;
  /** Ends the process. Default `Deno.exit`. */
  exit?: (code: number) => void;
  /**
   * Calls a handler at every Ctrl-C and returns how to stop that. Default:
   * at SIGINT and SIGTERM.
   */
  onInterrupt?: (handler: () => void) => () => void;
  /** Which Deno this is. Default `Deno.version.deno`. */
  denoVersion?: string;
}

/** Exit codes of all scripts. */
const EXIT = { ok: 0, failed: 1, usage: 2, interrupted: 130 };
const NOT_REPLACEABLE = ["quiet", "json", "debug", "help", "version"];

interface Session {
  readonly args: readonly string[];
  readonly stdout: ConsoleStream;
  readonly stderr: ConsoleStream;
  readonly exit: (code: number) => void;
  readonly onInterrupt: (handler: () => void) => () => void;
  readonly denoVersion: string;
  readonly controller: AbortController;
  debug: boolean;
  /** What the script uses, once its command line is read. */
  context: OpenScriptContext | undefined;
}

/**
 * Runs a script: reads the command line, calls `run`, prints its result and
 * ends the process.
 *
 * Standard output carries the result alone: tables and lines, or with `--json`
 * one JSON document. Everything else goes to standard error. Exit codes: 0,
 * 1 after an error, 2 after a {@linkcode UsageError}, 130 after an
 * {@linkcode InterruptedError} or a second Ctrl-C. An error is one line; its
 * stack is shown with `--debug`.
 *
 * @param definition The script. Throws `TypeError` where it redefines
 * `--quiet`, `--json`, `--debug`, `--help` or `--version`.
 * @param run The work.
 * @param environment For tests.
 * @returns The exit code, where `exit` returns.
 *
 * @example A whole script
 * ```ts
 * import { integerOption } from "./options.ts";
 * import { runScript } from "./script.ts";
 *
 * await runScript({
 *   name: "count",
 *   task: "count",
 *   description: "Counts.",
 *   options: {
 *     steps: integerOption({ description: "How far.", default: 10 }),
 *   },
 * }, async ({ steps }, { progress, breathe, signal }) => {
 *   using shown = progress({ total: steps, label: "Counting" });
 *   let done = 0;
 *   while (done < steps && !signal.aborted) {
 *     shown.update(++done);
 *     await breathe();
 *   }
 *   return { lines: [`Counted to ${done}`], json: { done } };
 * }, { exit: () => {} }); // A real script leaves this out, and so exits.
 * ```
 */
export async function runScript<
  Options extends OptionDefinitions,
  Positionals extends OptionDefinitions = Record<never, never>,
>(
  definition: ScriptDefinition<Options, Positionals>,
  run: (
    options: ScriptOptions<Options, Positionals>,
    context: ScriptContext,
  ) => ScriptResult | Promise<ScriptResult>,
  environment: ScriptEnvironment = {},
): Promise<number> {
  const replaced = NOT_REPLACEABLE.find((name) => name in definition.options);
  if (replaced !== undefined) {
    throw new TypeError(
      `Cannot replace --${replaced}, expected a name that not every script has`,
    );
  }
  const session = openSession(environment);
  const code = await execute(session, definition, run);
  session.exit(code);
  return code;
}

function openSession(environment: ScriptEnvironment): Session {
  const args = environment.args ?? Deno.args;
  return {
    args,
    stdout: environment.stdout ?? standardOutput(),
    stderr: environment.stderr ?? standardError(),
    exit: environment.exit ?? Deno.exit,
    onInterrupt: environment.onInterrupt ?? onInterrupt,
    denoVersion: environment.denoVersion ?? Deno.version.deno,
    controller: new AbortController(),
    debug: args.includes("--debug"),
    context: undefined,
  };
}

async function execute<
  Options extends OptionDefinitions,
  Positionals extends OptionDefinitions,
>(
  session: Session,
  definition: ScriptDefinition<Options, Positionals>,
  run: (
    options: ScriptOptions<Options, Positionals>,
    context: ScriptContext,
  ) => ScriptResult | Promise<ScriptResult>,
): Promise<number> {
  const undo: (() => void)[] = [];
  try {
    if (wants(session.args, "--help", "-h")) {
      return printHelp(session, definition);
    }
    if (wants(session.args, "--version")) {
      print(session, versionLine());
      return EXIT.ok;
    }
    checkDenoVersion(session.denoVersion);
    const commandLine = readCommandLine(
      session.args,
      { ...commonOptions, ...definition.options },
      { positionals: definition.positionals },
    );
    const common = commandLine.values as unknown as OptionValues<CommonOptions>;
    if (common.help) return printHelp(session, definition);
    session.debug = common.debug;
    const context = createScriptContext({
      stream: session.stderr,
      signal: session.controller.signal,
      quiet: common.quiet,
      commandLine,
    });
    session.context = context;
    if (common.json) undo.push(divertConsole());
    undo.push(session.onInterrupt(() => interrupt(session)));
    undo.push(onStrayError((error) => session.exit(report(session, error))));
    const result = await run(
      common as unknown as ScriptOptions<Options, Positionals>,
      context,
    );
    context.finish();
    const { stdout } = session;
    const width = stdout.isTerminal ? stdout.columns() : undefined;
    const text = common.json
      ? resultJson(result.json)
      : resultText(result, width);
    print(session, text);
    const { aborted } = session.controller.signal;
    return result.exitCode ?? (aborted ? EXIT.interrupted : EXIT.ok);
  } catch (error) {
    return report(session, error);
  } finally {
    for (const stop of undo) stop();
  }
}

/** Before all else: help is wanted most where the rest is wrong. */
function wants(args: readonly string[], ...names: string[]): boolean {
  const end = args.indexOf("--");
  const options = end < 0 ? args : args.slice(0, end);
  return names.some((name) => options.includes(name));
}

function printHelp(
  session: Session,
  definition: ScriptDefinition<OptionDefinitions, OptionDefinitions>,
): number {
  const { options } = definition;
  const common = Object.entries(commonOptions)
    .filter(([name]) => !(name in options));
  print(
    session,
    formatHelp({ ...definition, commonOptions: Object.fromEntries(common) }),
  );
  return EXIT.ok;
}

function interrupt(session: Session): void {
  if (session.controller.signal.aborted) {
    session.context?.finish();
    session.exit(EXIT.interrupted);
    return;
  }
  session.context?.note("Stopping; press Ctrl-C again to stop at once");
  session.controller.abort(new InterruptedError("Interrupted before the end"));
}

function resultText(
  { tables = [], lines = [] }: ScriptResult,
  width: number | undefined,
): string {
  const blocks = tables.map((table) => formatTable(table, { width }));
  if (lines.length > 0) blocks.push(lines.join("\n"));
  return blocks.join("\n\n");
}

/** A reader that has seen enough (`| head`) is no error. */
function print(session: Session, text: string): void {
  if (text !== "") session.stdout.write(`${text}\n`);
}

/** Writes the one line about an error; returns the exit code. */
function report(session: Session, error: unknown): number {
  session.context?.finish();
  const code = exitCode(session, error);
  const hint = code === EXIT.usage ? " (see --help)" : "";
  session.stderr.write(
    session.debug ? `${Deno.inspect(error)}\n` : `${oneLine(error)}${hint}\n`,
  );
  return code;
}

function exitCode(session: Session, error: unknown): number {
  if (error instanceof UsageError) return EXIT.usage;
  if (error instanceof InterruptedError) return EXIT.interrupted;
  const isAbort = error instanceof DOMException && error.name === "AbortError";
  return isAbort && session.controller.signal.aborted
    ? EXIT.interrupted
    : EXIT.failed;
}

function oneLine(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : error;
  return String(text).trim().replace(/\s*\n\s*/g, " ");
}
