/**
 * What happened at each step of a simulation, and its file.
 *
 * @module
 */
import { writeFileAtomically } from "../../core/atomic_file.ts";
import { encodeNpz, type NdArray, readNpz } from "../../core/npz.ts";
import type { TrainingHistory, UpdateRecord } from "./parts.ts";

export type { TrainingHistory, UpdateRecord } from "./parts.ts";

/** Grows by a factor, so that appending costs the same on average. */
class GrowingNumbers {
  #data = new Float64Array(1024);
  #length = 0;

  append(values: ArrayLike<number>): void {
    const wanted = this.#length + values.length;
    if (wanted > this.#data.length) {
      const larger = new Float64Array(Math.max(wanted, 2 * this.#data.length));
      larger.set(this.#data.subarray(0, this.#length));
      this.#data = larger;
    }
    this.#data.set(values, this.#length);
    this.#length = wanted;
  }

  values(): Float64Array {
    return this.#data.slice(0, this.#length);
  }
}

interface Series {
  readonly isScalar: boolean;
  readonly numbers: GrowingNumbers;
  readonly lengths: number[];
}

/** Collects what an agent returns at each step. */
export interface HistoryRecorder {
  /**
   * Keeps what one step returned.
   *
   * @param record Numbers or lists of numbers by name. Throws `TypeError` for
   * anything else, and for a name that held a number before and a list now.
   */
  add(record: UpdateRecord | undefined | void): void;
  /** What was collected. */
  history(): TrainingHistory;
}

function isList(value: unknown): value is ArrayLike<number> {
  return Array.isArray(value) ||
    (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function checkedEntry(name: string, value: unknown): ArrayLike<number> {
  if (typeof value === "number") return [value];
  if (isList(value) && typeof (value[0] ?? 0) === "number") return value;
  throw new TypeError(
    `Cannot keep ${JSON.stringify(name)} of an update, which is ${
      Object.prototype.toString.call(value)
    }: expected a number or a list of numbers`,
  );
}

function rows(series: Series): Float64Array | Float64Array[] {
  const values = series.numbers.values();
  if (series.isScalar) return values;
  let end = 0;
  return series.lengths.map((length) => {
    end += length;
    return values.subarray(end - length, end);
  });
}

/** Collects updates in memory, as 64-bit numbers. */
export function createHistoryRecorder(): HistoryRecorder {
  const all = new Map<string, Series>();
  return {
    add(record) {
      for (const name in record ?? {}) {
        const value = (record as UpdateRecord)[name];
        const entry = checkedEntry(name, value);
        const isScalar = typeof value === "number";
        let series = all.get(name);
        if (series === undefined) {
          series = { isScalar, numbers: new GrowingNumbers(), lengths: [] };
          all.set(name, series);
        }
        if (series.isScalar !== isScalar) {
          throw new TypeError(
            `Cannot keep ${
              JSON.stringify(name)
            } of an update: it was a number at one step and a list at another`,
          );
        }
        series.numbers.append(entry);
        if (!isScalar) series.lengths.push(entry.length);
      }
    },
    history: () =>
      Object.fromEntries(
        [...all].map(([name, series]) => [name, rows(series)]),
      ),
  };
}

const LENGTHS_SUFFIX = ".lengths";

function arraysOf(
  name: string,
  series: Float64Array | readonly ArrayLike<number>[],
): [string, NdArray][] {
  if (series instanceof Float64Array) {
    return [[name, { shape: [series.length], data: series }]];
  }
  const lengths = series.map(({ length }) => length);
  const data = new Float64Array(lengths.reduce((sum, each) => sum + each, 0));
  let end = 0;
  for (const row of series) {
    data.set(row, end);
    end += row.length;
  }
  const width = lengths[0] ?? 0;
  if (lengths.every((length) => length === width)) {
    return [[name, { shape: [series.length, width], data }]];
  }
  return [
    [name, { shape: [data.length], data }],
    [name + LENGTHS_SUFFIX, {
      shape: [lengths.length],
      data: Int32Array.from(lengths),
    }],
  ];
}

/**
 * Writes a history as `.npz`: lists of numbers as shape [steps], lists of lists
 * as [steps, values], or, where these differ in length, one after the other
 * beside `NAME.lengths`.
 *
 * @param path The file's place.
 * @param history Finite or not, all numbers are kept.
 */
export async function writeHistory(
  path: string,
  history: Readonly<
    Record<string, ArrayLike<number> | readonly ArrayLike<number>[]>
  >,
): Promise<void> {
  const arrays = Object.entries(history).flatMap(([name, series]) => {
    const nested = Array.isArray(series) && series.length > 0 &&
      typeof series[0] !== "number";
    return arraysOf(
      name,
      nested
        ? series as readonly ArrayLike<number>[]
        : Float64Array.from(series as ArrayLike<number>),
    );
  });
  await writeFileAtomically(path, encodeNpz(Object.fromEntries(arrays)), {
    flush: true,
  });
}

function numbersOf({ data }: NdArray): Float64Array {
  return data instanceof Float64Array
    ? data
    : Float64Array.from(data as ArrayLike<number>);
}

/**
 * Reads a history.
 *
 * @param path A file of {@linkcode writeHistory}. Throws a one-line error where
 * it cannot be read or is damaged.
 */
export async function readHistory(path: string): Promise<TrainingHistory> {
  const arrays = await readNpz(path);
  const history: TrainingHistory = {};
  for (const [name, array] of Object.entries(arrays)) {
    const lengths = arrays[name + LENGTHS_SUFFIX];
    const base = name.slice(0, -LENGTHS_SUFFIX.length);
    if (name.endsWith(LENGTHS_SUFFIX) && Object.hasOwn(arrays, base)) continue;
    const values = numbersOf(array);
    if (array.shape.length === 1 && lengths === undefined) {
      history[name] = values;
      continue;
    }
    const each = lengths
      ? Array.from(numbersOf(lengths))
      : new Array<number>(array.shape[0]).fill(array.shape[1] ?? 1);
    let end = 0;
    history[name] = each.map((length) => {
      end += length;
      return values.subarray(end - length, end);
    });
  }
  return history;
}
