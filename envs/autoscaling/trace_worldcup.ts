/**
 * Load traces from the access logs of the 1998 World Cup's web site.
 *
 * @module
 */
import {
  chunksOf,
  createGrowingArray,
  traceError,
  type TraceFile,
  type TraceFormat,
  type TraceSamples,
} from "../_trace_input.ts";

export type { TraceFile, TraceFormat, TraceSamples };

/** Options of {@linkcode readWorldCupTrace}. */
export interface WorldCupTraceOptions {
  /**
   * Most minutes in a row that may be without a request; more are taken for a
   * file that is missing. Default 60.
   */
  longestGapMinutes?: number;
}

const RECORD_BYTES = 20;
const SECONDS_PER_MINUTE = 60;

/** 899280000 as 1998-07-01T08:00:00Z. */
function asDate(seconds: number): string {
  return new Date(1000 * seconds).toISOString().replace(".000", "");
}

/** Counts requests by the minute; `refuse` is told what is wrong. */
function createMinuteCounter(
  longestGapMinutes: number,
  refuse: (problem: string) => never,
) {
  const requests = createGrowingArray();
  let minute = -1;
  let previous = 0;
  let inMinute = 0;

  function goOnTo(seconds: number): void {
    if (seconds < previous) {
      refuse(
        `expected times that do not run backwards, got ${
          asDate(seconds)
        } after ${asDate(previous)}`,
      );
    }
    const next = Math.floor(seconds / SECONDS_PER_MINUTE);
    const gap = next - minute - 1;
    if (minute >= 0 && gap >= 0) {
      if (gap > longestGapMinutes) {
        refuse(
          `expected at most ${longestGapMinutes} minutes without a request, got ${gap} before ${
            asDate(seconds)
          }: is a file missing?`,
        );
      }
      requests.push(inMinute);
      for (let empty = 0; empty < gap; empty++) requests.push(0);
      inMinute = 0;
    }
    minute = next;
    previous = seconds;
  }

  return {
    add(seconds: number): void {
      if (seconds !== previous) goOnTo(seconds);
      inMinute++;
    },
    finish(): Float64Array {
      requests.push(inMinute);
      return requests.toArray();
    },
  };
}

/**
 * Calls `visit` with the first four bytes of each record as a number.
 *
 * @returns The bytes of a record that is cut off; 0 when the last is whole.
 */
async function forEachTime(
  file: TraceFile,
  visit: (seconds: number) => void,
): Promise<number> {
  // A record may lie across two chunks: its first bytes wait here.
  const split = new DataView(new ArrayBuffer(RECORD_BYTES));
  const splitBytes = new Uint8Array(split.buffer);
  let waiting = 0;
  for await (const chunk of chunksOf(file)) {
    let at = 0;
    if (waiting > 0) {
      at = Math.min(chunk.length, RECORD_BYTES - waiting);
      splitBytes.set(chunk.subarray(0, at), waiting);
      waiting += at;
      if (waiting < RECORD_BYTES) continue;
      visit(split.getUint32(0));
    }
    const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    for (; at + RECORD_BYTES <= chunk.length; at += RECORD_BYTES) {
      visit(view.getUint32(at));
    }
    waiting = chunk.length - at;
    splitBytes.set(chunk.subarray(at));
  }
  return waiting;
}

/**
 * Reads logs of 20-byte records (Arlitt and Jin, "1998 World Cup Web Site
 * Access Logs", Internet Traffic Archive): big-endian 32-bit time in seconds
 * since 1970 (GMT), client, object and size, then a byte each of method,
 * status, type and server. Every record is one request. Minutes count from
 * that of the first record; one without requests is 0.
 *
 * @param files At least one; each goes on where the one before it ended.
 * Throws `SyntaxError`, naming file and record, for a last record that is cut
 * off, for a time before the previous record's (the logs are sorted, so not a
 * second is tolerated), and for a gap that is longer than allowed.
 * @param options Which gaps are allowed.
 */
export async function readWorldCupTrace(
  files: readonly TraceFile[],
  options: WorldCupTraceOptions = {},
): Promise<TraceSamples> {
  let path = "";
  let records = 0;
  function refuse(problem: string): never {
    throw traceError(path, { problem: `record ${records}: ${problem}` });
  }
  const counter = createMinuteCounter(options.longestGapMinutes ?? 60, refuse);
  for (const file of files) {
    path = file.path;
    records = 0;
    const waiting = await forEachTime(file, (seconds) => {
      records++;
      counter.add(seconds);
    });
    if (waiting > 0) {
      records++;
      refuse(
        `expected ${RECORD_BYTES} bytes, got ${waiting} at the end of the file`,
      );
    }
  }
  return { secondsPerSample: SECONDS_PER_MINUTE, requests: counter.finish() };
}
