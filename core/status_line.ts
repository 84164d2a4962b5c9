/**
 * How work without an end is going, on standard error: one line that is
 * written over on a terminal, a line now and then where there is none.
 *
 * @module
 */
import { type ConsoleStream, standardError } from "./console_stream.ts";

export type { ConsoleStream };

/** Options of {@linkcode createStatusLine}. */
export interface StatusLineOptions {
  /** Time between two plain lines, in seconds. Default 10. */
  everySeconds?: number;
  /** Shows nothing. Default `false`. */
  quiet?: boolean;
  /** Where to write. Default standard error. */
  stream?: ConsoleStream;
  /** The time in milliseconds. Default `performance.now`. */
  now?: () => number;
}

/** A line that is being shown. */
export interface StatusLine {
  /**
   * Says how things are. Cheap where nothing is written: call it often.
   *
   * @param text Makes the line; called only where it is written.
   */
  show(text: () => string): void;
  /** Writes a line that stays. */
  message(text: string): void;
  /** Leaves the line as it is, once; the cursor is on a new line then. */
  finish(): void;
  /** {@linkcode StatusLine.finish}, for `using`. */
  [Symbol.dispose](): void;
}

const REDRAW_MS = 250;
const ERASE_TO_END = "\x1b[K";

/**
 * Shows how work without an end is going. The cursor is never hidden, so that
 * nothing has to be restored when the process dies.
 *
 * @param options Where, and how often.
 *
 * @example Once a step
 * ```ts
 * import { createStatusLine } from "./status_line.ts";
 *
 * using line = createStatusLine({ everySeconds: 60 });
 * for (let step = 1; step <= 1000; step++) line.show(() => `step ${step}`);
 * ```
 */
export function createStatusLine(options: StatusLineOptions = {}): StatusLine {
  const { everySeconds = 10, quiet = false, stream = standardError() } =
    options;
  const now = options.now ?? (() => performance.now());
  const waitMs = stream.isTerminal ? REDRAW_MS : 1000 * everySeconds;
  let shownAt = -Infinity;
  let line = "";
  let finished = false;

  function draw(): void {
    // One column stays free: a full line would wrap on some terminals.
    const shown = line.slice(0, Math.max(0, stream.columns() - 1));
    stream.write(`\r${shown}${ERASE_TO_END}`);
  }

  function finish(): void {
    if (finished) return;
    finished = true;
    if (stream.isTerminal && line !== "") stream.write("\n");
  }

  return {
    show(text) {
      if (quiet || finished || now() - shownAt < waitMs) return;
      shownAt = now();
      line = text();
      if (stream.isTerminal) draw();
      else stream.write(`${line}\n`);
    },
    message(text) {
      if (quiet) return;
      if (!stream.isTerminal || finished || line === "") {
        stream.write(`${text}\n`);
        return;
      }
      stream.write(`\r${ERASE_TO_END}${text}\n`);
      draw();
    },
    finish,
    [Symbol.dispose]: finish,
  };
}
