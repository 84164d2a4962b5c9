/**
 * Standard output and standard error, as what writes to them needs them.
 *
 * @module
 */

import { fileError } from "./file_errors.ts";

/** Where text goes; tests write into one of their own. */
export interface ConsoleStream {
  /** Whether it is a terminal whose cursor can be moved. */
  readonly isTerminal: boolean;
  /** Whether colours are welcome: a terminal, and NO_COLOR is not set. */
  readonly color: boolean;
  /** The width of the terminal now, in characters. */
  columns(): number;
  /**
   * Writes all of the text.
   *
   * @returns Whether there is still a reader: `false` after `| head` has seen
   * enough. Throws a one-line error where the text cannot be written for
   * another reason, such as a full disk.
   */
  write(text: string): boolean;
}

const DEFAULT_COLUMNS = 80;
const encoder = new TextEncoder();

function consoleColumns(): number {
  try {
    // Some terminals without a size say 0.
    return Deno.consoleSize().columns || DEFAULT_COLUMNS;
  } catch {
    return DEFAULT_COLUMNS;
  }
}

/** Whether the terminal shows escape codes as they are, as Emacs's shell does. */
function isDumb(): boolean {
  // Asked for first: reading what is not allowed would ask the user.
  const allowed = Deno.permissions.querySync({ name: "env", variable: "TERM" });
  return allowed.state === "granted" && Deno.env.get("TERM") === "dumb";
}

function consoleStream(
  stream: typeof Deno.stdout | typeof Deno.stderr,
  name: string,
): ConsoleStream {
  const isTerminal = stream.isTerminal() && !isDumb();
  return {
    isTerminal,
    color: isTerminal && !Deno.noColor,
    columns: consoleColumns,
    write(text) {
      const bytes = encoder.encode(text);
      let written = 0;
      try {
        while (written < bytes.length) {
          written += stream.writeSync(bytes.subarray(written));
        }
      } catch (error) {
        if (error instanceof Deno.errors.BrokenPipe) return false;
        throw fileError(error, name);
      }
      return true;
    },
  };
}

/** Standard output. */
export function standardOutput(): ConsoleStream {
  return consoleStream(Deno.stdout, "standard output");
}

/** Standard error. */
export function standardError(): ConsoleStream {
  return consoleStream(Deno.stderr, "standard error");
}
