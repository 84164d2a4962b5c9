/**
 * A demonstration that is watched from elsewhere: it can be paused, resumed,
 * sped up and begun anew.
 *
 * @module
 */
import { formatNumber, type Table } from "../../core/table.ts";
import { chartRange } from "./chart.ts";
import { pause } from "./pause.ts";
import type { DemoSession, ServiceState } from "./session.ts";

export type { DemoSession, ServiceState, Table };

/** Speeds that a watcher may choose. */
export const SPEEDS: readonly number[] = [0.25, 0.5, 1, 2, 4, 8];

/** One policy's numbers: those of {@linkcode ServiceState} in their order. */
export type StateNumbers = readonly [
  instances: number,
  inFlight: number,
  capacity: number,
  load: number,
  queue: number,
  bill: number,
  reward: number,
  failed: 0 | 1,
];

/** All policies at one step; undefined where a service had failed before. */
export interface StepMessage {
  /** Steps taken. */
  readonly step: number;
  /** Items that arrived. */
  readonly demand: number;
  /** One entry a policy; null where it had come to its end before. */
  readonly states: readonly (StateNumbers | null)[];
}

/** How the player stands. */
export interface ControlMessage {
  /** Whether it waits. */
  readonly paused: boolean;
  /** Steps a delay. */
  readonly speed: number;
  /** Whether the episode has come to its end. */
  readonly over: boolean;
}

/** A table whose cells are texts. */
export interface TextTable {
  /** The columns, and whether they stand at the right. */
  readonly columns: readonly { header: string; right: boolean }[];
  /** The cells. */
  readonly rows: readonly (readonly string[])[];
}

/** What a watcher is told. */
export type PlayerMessage =
  | {
    /** All there is to know, to begin with or anew. */
    readonly kind: "begin";
    /** The load's name. */
    readonly load: string;
    /** Steps of the episode. */
    readonly steps: number;
    /** The policies. */
    readonly policies: readonly { name: string; file: string }[];
    /** Lower and upper edge of charts of the demand. */
    readonly range: readonly [number, number];
    /** What has happened so far, the moment before the first step included. */
    readonly history: readonly StepMessage[];
    /** The table at the end. */
    readonly table: TextTable;
    /** How the player stands. */
    readonly control: ControlMessage;
  }
  | {
    /** Steps were taken. */
    readonly kind: "steps";
    /** In their order. */
    readonly steps: readonly StepMessage[];
    /** How the player stands. */
    readonly control: ControlMessage;
  }
  | {
    /** Somebody used the controls. */
    readonly kind: "control";
    /** How the player stands. */
    readonly control: ControlMessage;
  };

/** What a watcher may ask for. */
export type PlayerCommand =
  | { readonly action: "pause" | "resume" | "restart" }
  | { readonly action: "speed"; readonly speed: number };

/** A demonstration that is watched. */
export interface Player {
  /**
   * Tells a listener everything so far, and then what happens.
   *
   * @returns A function that stops it.
   */
  watch(listener: (message: PlayerMessage) => void): () => void;
  /** Does what a watcher asked for. Throws `RangeError` for other commands. */
  command(command: PlayerCommand): void;
  /** Plays from the first listener on, until the signal is aborted. */
  play(signal: AbortSignal): Promise<void>;
}

/** What a {@linkcode Player} plays. */
export interface PlayerOptions {
  /** Begins a session; called again at each restart. */
  start: () => DemoSession;
  /** Files of the models, by policy; empty for rules. */
  files: readonly string[];
  /** The table at the end. */
  table: Table;
  /** Time between steps at speed 1, milliseconds. */
  delayMs: number;
}

/** Shortest time between two messages, milliseconds. */
const TICK_MS = 20;
/** Steps a message where no delay is wanted. */
const STEPS_AT_ONCE = 10;
/** A paused player looks up this often, milliseconds. */
const IDLE_MS = 60_000;

function numbersOf(state: ServiceState): StateNumbers {
  const { instances, inFlight, capacity, load, queue, bill, reward, failed } =
    state;
  return [
    instances,
    inFlight,
    capacity,
    load,
    queue,
    bill,
    reward,
    failed ? 1 : 0,
  ];
}

function stepMessage({ load, rows }: DemoSession, step: number): StepMessage {
  return {
    step,
    demand: load.demand[step],
    states: rows.map(({ states }) =>
      step < states.length ? numbersOf(states[step]) : null
    ),
  };
}

/** The cells of a table as a person reads them. */
function textTable({ columns, rows }: Table): TextTable {
  const text = (cell: Table["rows"][number][number], column: number) => {
    if (cell === undefined || cell === null || Number.isNaN(cell)) return "–";
    if (typeof cell === "boolean") return cell ? "yes" : "no";
    if (typeof cell === "string") return cell;
    return (columns[column].format ?? formatNumber)(cell);
  };
  return {
    columns: columns.map(({ header, unit, align }, i) => ({
      header: unit === undefined ? header : `${header} (${unit})`,
      right: align === "right" || (align === undefined &&
        rows.some((row) => typeof row[i] === "number")),
    })),
    rows: rows.map((row) => row.map(text)),
  };
}

/**
 * A player at the beginning of its first session; it does not play yet.
 *
 * @param options What to play.
 */
export function createPlayer(options: PlayerOptions): Player {
  const listeners = new Set<(message: PlayerMessage) => void>();
  let session = options.start();
  let paused = false;
  let speed = 1;
  // Nobody should miss the beginning.
  let wasWatched = false;
  let wake = new AbortController();

  const control = () => ({ paused, speed, over: session.over });
  const tell = (message: PlayerMessage) => {
    for (const listener of [...listeners]) listener(message);
  };
  const begin = (): PlayerMessage => ({
    kind: "begin",
    load: session.load.name,
    steps: session.steps,
    policies: session.rows.map(({ name }, i) => ({
      name,
      file: options.files[i],
    })),
    range: chartRange(session.load.demand),
    history: Array.from(
      { length: session.step + 1 },
      (_, step) => stepMessage(session, step),
    ),
    table: textTable(options.table),
    control: control(),
  });

  /** Steps and waiting time that give the wanted speed. */
  function pace(): { count: number; waitMs: number } {
    const delay = options.delayMs / speed;
    if (delay === 0) return { count: STEPS_AT_ONCE, waitMs: TICK_MS };
    const count = Math.max(1, Math.round(TICK_MS / delay));
    return { count, waitMs: count * delay };
  }

  function advance(count: number): void {
    const steps: StepMessage[] = [];
    for (let i = 0; i < count && !session.over; i++) {
      session.advance();
      steps.push(stepMessage(session, session.step));
    }
    tell({ kind: "steps", steps, control: control() });
  }

  return {
    watch(listener) {
      listeners.add(listener);
      listener(begin());
      wasWatched = true;
      wake.abort();
      return () => void listeners.delete(listener);
    },
    command(command) {
      switch (command.action) {
        case "pause":
        case "resume":
          paused = command.action === "pause";
          break;
        case "speed":
          if (!SPEEDS.includes(command.speed)) {
            throw new RangeError(
              `Cannot play at speed ${command.speed}, expected one of ${
                SPEEDS.join(", ")
              }`,
            );
          }
          speed = command.speed;
          break;
        case "restart":
          session = options.start();
          paused = false;
          tell(begin());
          break;
        default:
          throw new RangeError(
            `Cannot do ${
              JSON.stringify((command as { action?: unknown }).action)
            }, expected one of pause, resume, restart, speed`,
          );
      }
      tell({ kind: "control", control: control() });
      wake.abort();
    },
    async play(signal) {
      while (!signal.aborted) {
        wake = new AbortController();
        const { count, waitMs } = pace();
        const idle = paused || session.over || !wasWatched;
        const stop = AbortSignal.any([signal, wake.signal]);
        await pause(idle ? IDLE_MS : waitMs, stop);
        if (!stop.aborted && !idle) advance(count);
      }
    },
  };
}
