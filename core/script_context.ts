/**
 * What long work uses of its surroundings: progress, notes, interruption. A
 * script has it on standard error, a notebook in a cell.
 *
 * @module
 */
import type { ConsoleStream } from "./console_stream.ts";
import type { CommandLine } from "./parse_options.ts";
import {
  createProgress,
  type Progress,
  type ProgressOptions,
} from "./progress.ts";
import {
  createStatusLine,
  type StatusLine,
  type StatusLineOptions,
} from "./status_line.ts";

export type {
  CommandLine,
  ConsoleStream,
  Progress,
  ProgressOptions,
  StatusLine,
  StatusLineOptions,
};

/** What a script may use while it runs. */
export interface ScriptContext {
  /** Aborted by the first Ctrl-C or SIGTERM; a second one ends at once. */
  readonly signal: AbortSignal;
  /** What was typed; undefined where there is no command line. */
  readonly commandLine?: CommandLine;
  /** Writes a line on standard error, unless `--quiet`. */
  note(text: string): void;
  /** Shows progress, unless `--quiet`; an earlier one is finished by it. */
  progress(options: Omit<ProgressOptions, "quiet" | "stream">): Progress;
  /** Shows how work without an end goes, unless `--quiet`; as `progress`. */
  status(options?: Omit<StatusLineOptions, "quiet" | "stream">): StatusLine;
  /**
   * Gives signals and timers their turn, at most every 50 milliseconds. Long
   * loops without other waiting await it, or Ctrl-C cannot reach them.
   */
  breathe(): Promise<void>;
}

/** Options of {@linkcode createScriptContext}. */
export interface ScriptContextOptions {
  /** Where notes and progress are shown. */
  stream: ConsoleStream;
  /** Aborted when the work has to stop. */
  signal: AbortSignal;
  /** Shows nothing. Default `false`. */
  quiet?: boolean;
  /** What was typed. Default: there is no command line. */
  commandLine?: CommandLine;
}

/** A context, with what its owner does at the end. */
export interface OpenScriptContext extends ScriptContext {
  /** Leaves what is being shown as it is; the cursor is on a new line then. */
  finish(): void;
}

const BREATH_MS = 50;

/**
 * A context that shows what goes on in a stream.
 *
 * @param options Where it is shown, and what stops the work.
 */
export function createScriptContext(
  options: ScriptContextOptions,
): OpenScriptContext {
  const { stream, signal, quiet = false, commandLine } = options;
  let shown: Pick<Progress, "message" | "finish"> | undefined;
  let lastBreath = performance.now();
  return {
    signal,
    commandLine,
    note(text) {
      if (quiet) return;
      if (shown) shown.message(text);
      else stream.write(`${text}\n`);
    },
    progress(options) {
      shown?.finish();
      const progress = createProgress({ ...options, quiet, stream });
      shown = progress;
      return progress;
    },
    status(options) {
      shown?.finish();
      const line = createStatusLine({ ...options, quiet, stream });
      shown = line;
      return line;
    },
    async breathe() {
      if (performance.now() - lastBreath < BREATH_MS) return;
      await new Promise((resolve) => setTimeout(resolve, 0));
      lastBreath = performance.now();
    },
    finish: () => shown?.finish(),
  };
}
