/**
 * Why reservoirs refuse items.
 *
 * @module
 */
import type { Batch } from "./_reservoir_batch.ts";
import type { KindName, Memory } from "./_reservoir_memory.ts";
import {
  NUMBER_LAST_TIME,
  NUMBER_REFUSED,
  REFUSED_MIXED,
  REFUSED_TIME,
  REFUSED_VALUE,
} from "./_symbols.ts";

/** Why an item is refused whose value or time is wrong. */
export function refusal(
  value: number,
  at: { time: number | undefined; lastTime: number },
): RangeError {
  const { time, lastTime } = at;
  if (!Number.isFinite(value)) {
    return new RangeError(
      `Cannot sample the value ${value}, expected a finite number`,
    );
  }
  return isMixed(time !== undefined, lastTime)
    ? mixedRefusal(time !== undefined)
    : new RangeError(
      `Cannot sample a value at time ${time}, expected a finite number of at least ${lastTime}, the time of the last`,
    );
}

/** Whether an item has a time where those before had none, or the reverse. */
export function isMixed(timed: boolean, lastTime: number): boolean {
  return lastTime !== -Infinity && (lastTime < Infinity) !== timed;
}

function mixedRefusal(timed: boolean): RangeError {
  return new RangeError(
    timed
      ? "Cannot sample a value at a time, expected none: the values before it had no times"
      : "Cannot sample a value without a time, expected one: the values before it had times",
  );
}

/** Why items of a kind have no weights. */
export function weightsRefusal(kind: KindName): TypeError {
  return new TypeError(
    `Cannot weigh the items of a ${kind} reservoir, expected a weighted one`,
  );
}

/**
 * Throws `TypeError` unless a batch is of arrays of doubles, with as many times
 * and weights as values.
 */
export function checkArrays({ values, times, weights }: Batch): void {
  for (const [name, array] of Object.entries({ values, times, weights })) {
    if (!(array instanceof Float64Array)) {
      throw new TypeError(
        `Cannot sample a batch whose ${name} are ${
          className(array)
        }, expected a Float64Array`,
      );
    }
  }
  for (const [name, array] of Object.entries({ times, weights })) {
    if (array.length > 0 && array.length !== values.length) {
      throw new TypeError(
        `Cannot sample ${values.length} values with ${array.length} ${name}, expected as many`,
      );
    }
  }
}

/** What a value is, for messages: `a Float32Array`. */
export function className(value: unknown): string {
  const name = (value as object | null)?.constructor?.name;
  return name === undefined ? `${value}` : `a ${name}`;
}

/** Why an item of a batch is refused, by what offering it returned. */
export function batchRefusal(
  memory: Memory,
  batch: Batch,
  reason: number,
): RangeError {
  const { values, times, weights, time } = batch;
  if (reason === REFUSED_MIXED) {
    return mixedRefusal(times.length > 0 || !Number.isNaN(time));
  }
  const item = memory.numbers[NUMBER_REFUSED];
  const describe = (): [string, string] => {
    if (reason === REFUSED_VALUE) {
      return [`the value ${values[item]}`, "a finite number"];
    }
    if (reason === REFUSED_TIME) {
      const given = times[item] ?? time;
      const earliest = memory.numbers[NUMBER_LAST_TIME];
      return [
        `a value at time ${given}`,
        `finite times that do not run backwards, from ${earliest} on`,
      ];
    }
    return [
      `a value of weight ${weights[item]}`,
      "a finite number of at least 0",
    ];
  };
  const [what, wanted] = describe();
  return new RangeError(
    `Cannot sample ${what}, item ${item} of a batch, expected ${wanted}`,
  );
}
