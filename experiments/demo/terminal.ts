/**
 * A demonstration on a terminal, or as plain lines where there is none.
 *
 * @module
 */
import type { ConsoleStream } from "../../core/console_stream.ts";
import { formatTable } from "../../core/table.ts";
import { pause } from "./pause.ts";
import type { DemoSession } from "./session.ts";
import { viewLines } from "./terminal_view.ts";

export type { ConsoleStream, DemoSession };

/** How a demonstration is shown. */
export interface ShowOptions {
  /** Where to. */
  stream: ConsoleStream;
  /** Time between steps, milliseconds. */
  delayMs: number;
  /** Ends the demonstration when aborted. */
  signal: AbortSignal;
  /** Height of the terminal. Default: as the console says, or 24. */
  height?: () => number;
}

/** Shortest time between two pictures, milliseconds. */
const REDRAW_MS = 30;
/** The terminal's size is looked at this often, milliseconds. */
const LOOK_UP_MS = 100;
/** Plain lines are written every so many steps, as the original's were. */
const PLAIN_STEPS = 20;
const DEFAULT_HEIGHT = 24;

// The alternate screen without cursor and line wrap, and back.
const ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J";
const LEAVE = "\x1b[?7h\x1b[?25h\x1b[?1049l";
const HOME = "\x1b[H";
const ERASE_LINE = "\x1b[K";
const ERASE_BELOW = "\x1b[J";
// Terminals that know it show the picture in one go.
const BEGIN_PICTURE = "\x1b[?2026h";
const END_PICTURE = "\x1b[?2026l";

/**
 * Runs a session to its end and shows it: live panels on a terminal, which is
 * left as it was found, also where the process is ended; elsewhere a table
 * every twenty steps.
 *
 * @param session Advanced to its end, or until the signal is aborted.
 * @param options Where and how fast.
 */
export async function showSession(
  session: DemoSession,
  options: ShowOptions,
): Promise<void> {
  if (options.stream.isTerminal) await showLive(session, options);
  else await showPlain(session, options);
}

function consoleHeight(): number {
  try {
    return Deno.consoleSize().rows || DEFAULT_HEIGHT;
  } catch {
    return DEFAULT_HEIGHT;
  }
}

async function showLive(
  session: DemoSession,
  options: ShowOptions,
): Promise<void> {
  const { stream, signal, height = consoleHeight } = options;
  const restore = () => void stream.write(LEAVE);
  globalThis.addEventListener("unload", restore);
  stream.write(ENTER);
  try {
    let drawnAt = -Infinity;
    let size = "";
    const draw = () => {
      drawnAt = performance.now();
      size = `${stream.columns()} ${height()}`;
      stream.write(picture(session, stream, height()));
    };
    draw();
    while (!session.over && !signal.aborted) {
      for (let left = options.delayMs; left >= 0; left -= LOOK_UP_MS) {
        await pause(Math.min(left, LOOK_UP_MS), signal);
        if (size !== `${stream.columns()} ${height()}`) draw();
        if (signal.aborted) return;
      }
      session.advance();
      if (session.over || performance.now() - drawnAt >= REDRAW_MS) draw();
    }
  } finally {
    globalThis.removeEventListener("unload", restore);
    restore();
  }
}

function picture(
  session: DemoSession,
  stream: ConsoleStream,
  rows: number,
): string {
  const { color } = stream;
  const lines = viewLines(session, { columns: stream.columns(), rows, color });
  // Erased before it is written: behind the last column nothing is left to
  // erase but the last character.
  const text = lines.map((line) => ERASE_LINE + line).join("\r\n");
  const below = lines.length < rows ? `\r\n${ERASE_BELOW}` : "";
  return BEGIN_PICTURE + HOME + text + below + END_PICTURE;
}

async function showPlain(
  session: DemoSession,
  { stream, delayMs, signal }: ShowOptions,
): Promise<void> {
  while (!session.over && !signal.aborted) {
    await pause(delayMs, signal);
    if (signal.aborted) return;
    session.advance();
    if (session.step % PLAIN_STEPS === 0 || session.over) {
      if (!stream.write(`${plainTable(session)}\n\n`)) return;
    }
  }
}

function plainTable({ load, rows, step, steps }: DemoSession): string {
  return formatTable({
    title: `Step ${step} of ${steps}, demand ${load.demand[step]} items`,
    columns: [
      { header: "policy" },
      { header: "instances" },
      { header: "load", unit: "%", format: (value) => value.toFixed(0) },
      { header: "queue" },
      { header: "bill", unit: "$", format: (value) => value.toFixed(2) },
      { header: "return", format: (value) => value.toFixed(4) },
    ],
    rows: rows.map(({ name, states }) => {
      const { instances, load, queue, bill, reward } = states.at(-1)!;
      return [name, instances, 100 * load, queue, bill, reward];
    }),
  });
}
