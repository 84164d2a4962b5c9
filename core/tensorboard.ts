/**
 * Event files that TensorBoard reads: scalars over steps.
 *
 * A file is a row of TFRecords (length, masked CRC-32C of the length, data,
 * masked CRC-32C of the data), and each record's data is a protocol buffer
 * `tensorflow.Event` (tensorboard/compat/proto/event.proto and summary.proto).
 *
 * @module
 */
import { concatBytes } from "./_bytes.ts";
import { crc32c } from "./_crc.ts";
import { openRecordLog } from "./_record_log.ts";
import {
  doubleField,
  floatField,
  lengthField,
  protoFields,
  textField,
  varintField,
} from "./_protobuf.ts";
import type { ProtoField } from "./_protobuf.ts";

/** Options of {@linkcode openEventLog}. */
export interface EventLogOptions {
  /**
   * Goes on with an existing file after cutting it back to this many bytes,
   * which is what {@linkcode EventLog.byteLength} was at some time. Default: a
   * new file, in place of an older one.
   */
  resumeAt?: number;
  /** The wall time of an event, in seconds since 1970. Default the clock's. */
  now?: () => number;
}

/** An event file that scalars are appended to. */
export interface EventLog extends Disposable {
  /**
   * Appends one value of a curve. It is kept as a 32-bit float. Throws
   * `RangeError` unless `step` is a whole number from 0.
   */
  scalar(tag: string, value: number, step: number): void;
  /** The file's length. */
  readonly byteLength: number;
  /** Flushes the file to disk, which a checkpoint should be preceded by. */
  flush(): void;
  /** Closes the file; closing twice is allowed. */
  close(): void;
}

/** An event that was read. */
export interface ScalarEvent {
  /** Seconds since 1970. */
  wallTime: number;
  /** The training step. */
  step: number;
  /** The file's version, which the first event alone bears. */
  fileVersion?: string;
  /** The values of the event. */
  scalars: { tag: string; value: number }[];
}

const FILE_VERSION = "brain.Event:2";
/** Bytes of a record besides its data: 8 + 4 before it, 4 after it. */
const RECORD_OVERHEAD = 16;

/** TFRecord's masked checksum, which may itself be checksummed. */
function maskedCrc(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

function tfRecord(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(data.length + RECORD_OVERHEAD);
  const view = new DataView(record.buffer);
  view.setUint32(0, data.length, true);
  view.setUint32(8, maskedCrc(record.subarray(0, 8)), true);
  record.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc(data), true);
  return record;
}

/** The fields of `Event` and `Summary.Value`, by their numbers there. */
const EVENT = { wallTime: 1, step: 2, fileVersion: 3, summary: 5 };
const SUMMARY_VALUE = 1;
const VALUE = { tag: 1, simpleValue: 2 };

function versionRecord(wallTime: number): Uint8Array {
  return tfRecord(concatBytes([
    doubleField(EVENT.wallTime, wallTime),
    textField(EVENT.fileVersion, FILE_VERSION),
  ]));
}

function scalarRecord(
  scalar: { tag: string; value: number; step: number; wallTime: number },
): Uint8Array {
  const value = concatBytes([
    textField(VALUE.tag, scalar.tag),
    floatField(VALUE.simpleValue, scalar.value),
  ]);
  return tfRecord(concatBytes([
    doubleField(EVENT.wallTime, scalar.wallTime),
    varintField(EVENT.step, scalar.step),
    lengthField(EVENT.summary, lengthField(SUMMARY_VALUE, value)),
  ]));
}

/** The data of each record; throws `SyntaxError` at the first damage. */
function* tfRecords(bytes: Uint8Array): Generator<Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let offset = 0; offset < bytes.length;) {
    const refuse = (reason: string) => {
      throw new SyntaxError(
        `Cannot read the event at byte ${offset}: ${reason}`,
      );
    };
    if (offset + 12 > bytes.length) refuse("it is cut short");
    const lengthBytes = bytes.subarray(offset, offset + 8);
    if (maskedCrc(lengthBytes) !== view.getUint32(offset + 8, true)) {
      refuse("the checksum of its length does not fit");
    }
    const length = Number(view.getBigUint64(offset, true));
    const end = offset + 12 + length;
    if (end + 4 > bytes.length) refuse("it is cut short");
    const data = bytes.subarray(offset + 12, end);
    if (maskedCrc(data) !== view.getUint32(end, true)) {
      refuse("the checksum of its data does not fit");
    }
    yield data;
    offset = end + 4;
  }
}

function fieldsOf(fields: readonly ProtoField[], number: number, wire: number) {
  return fields.filter((field) =>
    field.number === number && field.wire === wire
  );
}

function readScalar(bytes: Uint8Array): { tag: string; value: number }[] {
  const fields = protoFields(bytes);
  const tag = fieldsOf(fields, VALUE.tag, 2).at(-1);
  const value = fieldsOf(fields, VALUE.simpleValue, 5).at(-1);
  if (value === undefined) return [];
  return [{
    tag: tag ? new TextDecoder().decode(tag.bytes) : "",
    value: value.value,
  }];
}

function readEvent(bytes: Uint8Array): ScalarEvent {
  const fields = protoFields(bytes);
  const version = fieldsOf(fields, EVENT.fileVersion, 2).at(-1);
  const scalars = fieldsOf(fields, EVENT.summary, 2)
    .flatMap((summary) =>
      fieldsOf(protoFields(summary.bytes), SUMMARY_VALUE, 2)
    )
    .flatMap((value) => readScalar(value.bytes));
  const event: ScalarEvent = {
    wallTime: fieldsOf(fields, EVENT.wallTime, 1).at(-1)?.value ?? 0,
    step: fieldsOf(fields, EVENT.step, 0).at(-1)?.value ?? 0,
    scalars,
  };
  return version === undefined
    ? event
    : { ...event, fileVersion: new TextDecoder().decode(version.bytes) };
}

/**
 * The events of an event file, checksums checked. Fields that are not scalars
 * are passed over.
 *
 * @param bytes The whole file. Throws `SyntaxError` where it is damaged or cut.
 */
export function readEvents(bytes: Uint8Array): ScalarEvent[] {
  return Array.from(tfRecords(bytes), readEvent);
}

/**
 * The name of an event file, by which TensorBoard knows it.
 *
 * @param startTime When the run began; names sort by it, to the second.
 */
export function eventFileName(startTime: Date): string {
  const seconds = Math.floor(startTime.getTime() / 1000);
  return `events.out.tfevents.${String(seconds).padStart(10, "0")}.loadstar`;
}

/** Whether the bytes to keep are whole events; throws for another file. */
function endsWithEvent(kept: Uint8Array, path: string): boolean {
  const label = JSON.stringify(path);
  let count = 0;
  try {
    for (const data of tfRecords(kept)) {
      if (count++ === 0 && readEvent(data).fileVersion !== FILE_VERSION) {
        throw new SyntaxError(`expected the version ${FILE_VERSION}`);
      }
    }
    return true;
  } catch (error) {
    if (count > 0 && /cut short$/.test(String(error))) return false;
    throw new SyntaxError(
      `Cannot resume ${label}, expected an undamaged event file`,
      { cause: error },
    );
  }
}

/**
 * Opens an event file for appending.
 *
 * @example One value of a curve
 * ```ts
 * import { eventFileName, openEventLog } from "./tensorboard.ts";
 *
 * const folder = await Deno.makeTempDir();
 * const path = `${folder}/${eventFileName(new Date())}`;
 * using log = openEventLog(path);
 * log.scalar("rollout/reward", 0.5, 100);
 * await Deno.remove(folder, { recursive: true });
 * ```
 *
 * @param path The file's place; folders on the way are made. Throws a one-line
 * error that names it when it cannot be opened.
 * @param options Where to go on. Throws `RangeError` when the file is shorter
 * than that or has no event that ends there, and `SyntaxError` when it is no
 * event file.
 */
export function openEventLog(
  path: string,
  options: EventLogOptions = {},
): EventLog {
  const { resumeAt, now = () => Date.now() / 1000 } = options;
  const log = openRecordLog(path, {
    header: versionRecord(now()),
    resumeAt,
    check: (kept) => endsWithEvent(kept, path),
  });
  return {
    scalar(tag, value, step) {
      if (!Number.isSafeInteger(step) || step < 0) {
        throw new RangeError(
          `Cannot log ${
            JSON.stringify(tag)
          } at step ${step}, expected a whole number from 0`,
        );
      }
      log.append(scalarRecord({ tag, value, step, wallTime: now() }));
    },
    get byteLength() {
      return log.byteLength;
    },
    flush: log.flush,
    close: log.close,
    [Symbol.dispose]: log.close,
  };
}
