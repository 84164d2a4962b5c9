/**
 * Flows between hosts: who sends to whom, from when, how long, how much.
 *
 * @module
 */

/** One flow. */
export interface ScheduledFlow {
  /** Name of the host that sends. */
  readonly source: string;
  /** Name of the host that receives. */
  readonly destination: string;
  /** When it begins, in seconds from the schedule's begin. */
  readonly startSeconds: number;
  /** How long it lasts, in seconds. */
  readonly durationSeconds: number;
  /** How much it sends, in Mbit/s. */
  readonly rate: number;
}

/** Options of {@linkcode scheduleFlows}. */
export interface ScheduleOptions {
  /** How long each flow lasts. Default 10 s. */
  readonly durationSeconds?: number;
  /** Mbit/s of each flow. Default 10. */
  readonly rate?: number;
  /** Seconds between the beginnings of two flows. Default 0.5. */
  readonly startOffsetSeconds?: number;
}

const UNITS: Readonly<Record<string, number>> = {
  "": 1e-6,
  k: 1e-3,
  m: 1,
  g: 1e3,
};

/**
 * A bandwidth as iperf takes it: bits a second with an optional `K`, `M` or
 * `G`.
 *
 * @param text Such as `10M`. Throws `SyntaxError` for anything else.
 * @returns Mbit/s.
 */
export function parseBandwidth(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([kmg]?)$/i.exec(text.trim());
  const rate = match === null
    ? 0
    : Number(match[1]) * UNITS[match[2].toLowerCase()];
  if (!(rate > 0 && rate < Infinity)) {
    throw new SyntaxError(
      `Cannot read the bandwidth ${
        JSON.stringify(text)
      }: expected bits a second above 0, such as 10M, 500K or 1G`,
    );
  }
  return rate;
}

/**
 * Pairs of hosts.
 *
 * @param text Such as `h1:h2,h2:h3`. Throws `SyntaxError` for anything else,
 * and for a host that would send to itself.
 */
export function parsePairs(text: string): [string, string][] {
  return text.split(",").map((part): [string, string] => {
    const ends = part.split(":").map((end) => end.trim());
    if (ends.length !== 2 || !ends.every((end) => /^[\w.-]+$/.test(end))) {
      throw new SyntaxError(
        `Cannot read the pair of hosts ${
          JSON.stringify(part)
        }: expected two names with a colon, such as h1:h2`,
      );
    }
    if (ends[0] === ends[1]) {
      throw new SyntaxError(
        `Cannot let ${ends[0]} send to itself: expected two hosts`,
      );
    }
    return [ends[0], ends[1]];
  });
}

/**
 * One flow for each pair, beginning one after the other; starts are rounded to
 * milliseconds.
 *
 * @param pairs Sender and receiver of each flow.
 * @param options Throws `RangeError` for values that make no sense.
 *
 * @example Three flows, half a second apart
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parsePairs, scheduleFlows } from "./flows.ts";
 *
 * const flows = scheduleFlows(parsePairs("h1:h2,h2:h3,h3:h4"));
 * assertEquals(flows.map((flow) => flow.startSeconds), [0, 0.5, 1]);
 * ```
 */
export function scheduleFlows(
  pairs: readonly (readonly [string, string])[],
  options: ScheduleOptions = {},
): ScheduledFlow[] {
  const { durationSeconds = 10, rate = 10, startOffsetSeconds = 0.5 } = options;
  const flows = pairs.map(([source, destination], i) => ({
    source,
    destination,
    startSeconds: Math.round(i * startOffsetSeconds * 1000) / 1000,
    durationSeconds,
    rate,
  }));
  flows.forEach(checkFlow);
  return flows;
}

/**
 * Throws `RangeError` unless a flow begins at some time from 0, lasts and
 * sends.
 *
 * @param flow The flow.
 */
export function checkFlow(flow: ScheduledFlow): void {
  const { source, destination, startSeconds, durationSeconds, rate } = flow;
  const wrong = !(startSeconds >= 0 && startSeconds < Infinity)
    ? `begin at ${startSeconds} s, expected a number from 0`
    : !(durationSeconds > 0 && durationSeconds < Infinity)
    ? `last ${durationSeconds} s, expected a number above 0`
    : !(rate > 0 && rate < Infinity)
    ? `send ${rate} Mbit/s, expected a number above 0`
    : undefined;
  if (wrong !== undefined) {
    throw new RangeError(
      `Cannot let the flow from ${source} to ${destination} ${wrong}`,
    );
  }
}
