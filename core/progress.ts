/**
 * Progress of long work on standard error: a bar on a terminal, a line now
 * and then where there is none.
 *
 * @module
 */
import { type ConsoleStream, standardError } from "./console_stream.ts";
import { formatNumber } from "./table.ts";

export type { ConsoleStream } from "./console_stream.ts";

/** Options of {@linkcode createProgress}. */
export interface ProgressOptions {
  /** How much there is to do, in `unit`s. Not negative. */
  total: number;
  /** What is being done, such as `Training`. */
  label: string;
  /** What is counted. Default `"steps"`. */
  unit?: string;
  /** What the score is. Default `"score"`. */
  scoreName?: string;
  /** How much was done before, in a run that is resumed. Default 0. */
  start?: number;
  /** Shows nothing. Default `false`. */
  quiet?: boolean;
  /** Where to write. Default standard error. */
  stream?: ConsoleStream;
  /** The time in milliseconds. Default `performance.now`. */
  now?: () => number;
}

/** What {@linkcode Progress.update} may be told besides. */
export interface ProgressDetails {
  /** The latest score, such as an episode's reward; kept until the next. */
  score?: number;
}

/** Progress that is being shown. */
export interface Progress {
  /** Says how much is done by now, `start` included. Cheap: call it often. */
  update(done: number, details?: ProgressDetails): void;
  /** Writes a line without disturbing the bar. */
  message(text: string): void;
  /** Shows where the work ended, once; the cursor is on a new line then. */
  finish(): void;
  /** {@linkcode Progress.finish}, for `using`. */
  [Symbol.dispose](): void;
}

const REDRAW_MS = 100;
/** After this long, speed counts by a factor of e less. */
const RATE_MEMORY_MS = 10_000;
const LINE_SHARE = 0.1;
const SHORTEST_LINE_MS = 1_000;
const LONGEST_LINE_MS = 10_000;
const WIDEST_BAR = 20;
const NARROWEST_BAR = 8;
const ERASE_TO_END = "\x1b[K";
const CYAN = "\x1b[36m";
const DEFAULT_COLOR = "\x1b[39m";

interface State {
  readonly options: Required<ProgressOptions>;
  readonly begun: number;
  done: number;
  score: number | undefined;
  /** When the speed was last measured, and what was done then. */
  measuredAt: number;
  measuredDone: number;
  /** Decaying sums, whose ratio is the speed. */
  recentDone: number;
  recentMs: number;
  lineAt: number;
  lineDone: number;
  isDrawn: boolean;
  finished: boolean;
}

/**
 * Shows the progress of long work, with rate, time left and latest score.
 *
 * On a terminal a bar is drawn at most ten times a second. Elsewhere a line is
 * written about every 10 % (but not more than one a second) and every 10
 * seconds, less often the longer the work lasts. The cursor is never hidden,
 * so that nothing has to be restored when the process dies.
 *
 * @param options What is done and where to show it.
 *
 * @example Counting to a million
 * ```ts
 * import { createProgress } from "./progress.ts";
 *
 * using progress = createProgress({ total: 1e6, label: "Counting" });
 * for (let i = 1; i <= 1e6; i++) progress.update(i);
 * ```
 */
export function createProgress(options: ProgressOptions): Progress {
  const state = begin(options);
  const finish = () => finishShowing(state);
  return {
    update(done, details = {}) {
      if (state.finished) return;
      state.done = done;
      if (details.score !== undefined) state.score = details.score;
      if (!state.options.quiet) show(state);
    },
    message: (text) => writeMessage(state, text),
    finish,
    [Symbol.dispose]: finish,
  };
}

function begin(given: ProgressOptions): State {
  if (!(given.total >= 0)) {
    throw new RangeError(
      `Cannot show the progress of ${given.total} steps, expected a total from 0`,
    );
  }
  const options = {
    total: given.total,
    label: given.label,
    unit: given.unit ?? "steps",
    scoreName: given.scoreName ?? "score",
    start: given.start ?? 0,
    quiet: given.quiet ?? false,
    stream: given.stream ?? standardError(),
    now: given.now ?? (() => performance.now()),
  };
  const { start } = options;
  const begun = options.now();
  return {
    options,
    begun,
    done: start,
    score: undefined,
    measuredAt: begun,
    measuredDone: start,
    recentDone: 0,
    recentMs: 0,
    lineAt: begun,
    lineDone: start,
    isDrawn: false,
    finished: false,
  };
}

function show(state: State): void {
  const now = state.options.now();
  if (state.options.stream.isTerminal) {
    if (state.isDrawn && now - state.measuredAt < REDRAW_MS) return;
    measure(state, now);
    draw(state);
  } else if (isLineDue(state, now)) {
    measure(state, now);
    writeLine(state, now);
  }
}

function isLineDue(state: State, now: number): boolean {
  const waited = now - state.lineAt;
  if (waited < SHORTEST_LINE_MS) return false;
  const share = (state.done - state.lineDone) / state.options.total;
  const elapsed = now - state.begun;
  return share >= LINE_SHARE ||
    waited >= Math.max(LONGEST_LINE_MS, elapsed * LINE_SHARE);
}

function measure(state: State, now: number): void {
  const passed = now - state.measuredAt;
  const kept = Math.exp(-passed / RATE_MEMORY_MS);
  state.recentDone = state.recentDone * kept + state.done - state.measuredDone;
  state.recentMs = state.recentMs * kept + passed;
  state.measuredAt = now;
  state.measuredDone = state.done;
}

/** Steps a second, or undefined while too little is known. */
function rate(state: State): number | undefined {
  if (state.recentMs < REDRAW_MS) return undefined;
  const perSecond = state.recentDone / state.recentMs * 1000;
  return perSecond > 0 && Number.isFinite(perSecond) ? perSecond : undefined;
}

function fraction(state: State): number {
  const { total } = state.options;
  return total === 0 ? 1 : Math.min(1, Math.max(0, state.done / total));
}

function percent(state: State): string {
  // Rounded down: 100 % means that all is done.
  return `${Math.floor(fraction(state) * 100)}%`;
}

/** Rate, time left (at the end: time taken) and score, as far as known. */
function details(state: State): string[] {
  const { total, unit, scoreName } = state.options;
  const perSecond = rate(state);
  const parts: string[] = [];
  if (perSecond !== undefined) {
    parts.push(`${formatRate(perSecond)} ${unit}/s`);
    if (state.done < total && !state.finished) {
      parts.push(`${clock((total - state.done) / perSecond)} left`);
    }
  }
  const { score } = state;
  if (state.finished) parts.push(`in ${clock(state.recentMs / 1000)}`);
  if (score !== undefined && !Number.isNaN(score)) {
    parts.push(`${scoreName} ${formatNumber(score)}`);
  }
  return parts;
}

function formatRate(perSecond: number): string {
  return perSecond >= 100 ? perSecond.toFixed(0) : perSecond.toPrecision(3);
}

/** A duration as `0:07`, `12:34` or `1:02:03`. */
function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? `${minutes}:${two(whole % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
}

function draw(state: State): void {
  const { stream } = state.options;
  // One column stays free: a full line would wrap on some terminals.
  const line = barLine(state, stream.columns() - 1);
  // In one write, over the old line: erased first, it would flicker.
  stream.write(`\r${line}${ERASE_TO_END}`);
  state.isDrawn = true;
}

function barLine(state: State, width: number): string {
  const { label, stream, total, unit } = state.options;
  const head = `${label} ${percent(state).padStart(4)}`;
  const most = [`${state.done}/${total} ${unit}`, ...details(state)];
  // Without the count where it does not fit: the percentage says as much.
  for (const parts of [most, most.slice(1)]) {
    const tail = parts.join("  ");
    const room = width - `${head} []  ${tail}`.length;
    if (room >= NARROWEST_BAR) {
      const drawn = bar(state, Math.min(room, WIDEST_BAR), stream);
      return `${head} ${drawn}  ${tail}`.trimEnd();
    }
  }
  return `${head}  ${most.slice(1).join("  ")}`.trimEnd()
    .slice(0, Math.max(0, width));
}

function bar(state: State, width: number, stream: ConsoleStream): string {
  const filled = Math.floor(fraction(state) * width);
  const done = "=".repeat(filled);
  const left = " ".repeat(width - filled);
  return stream.color
    ? `[${CYAN}${done}${DEFAULT_COLOR}${left}]`
    : `[${done}${left}]`;
}

function writeLine(state: State, now: number): void {
  const { label, stream, total, unit } = state.options;
  const share = `${percent(state)} (${state.done} of ${total} ${unit})`;
  stream.write(`${label}: ${[share, ...details(state)].join(", ")}\n`);
  state.lineAt = now;
  state.lineDone = state.done;
}

function writeMessage(state: State, text: string): void {
  const { quiet, stream } = state.options;
  if (quiet) return;
  if (state.isDrawn && !state.finished) {
    stream.write(`\r${ERASE_TO_END}${text}\n`);
    draw(state);
  } else {
    stream.write(`${text}\n`);
  }
}

function finishShowing(state: State): void {
  if (state.finished) return;
  state.finished = true;
  const { now, quiet, start, stream } = state.options;
  if (quiet || (state.done === start && !state.isDrawn)) return;
  // The whole run's speed: nothing is left that a recent one could foretell.
  state.recentMs = now() - state.begun;
  state.recentDone = state.done - start;
  if (stream.isTerminal) {
    draw(state);
    stream.write("\n");
  } else if (state.done !== state.lineDone) {
    writeLine(state, now());
  }
}
