/**
 * Samples of streams of values: uniform, weighted, biased to the recent, and
 * the last ones.
 *
 * @module
 */
import { Random } from "../core/random.ts";
import type { State } from "../core/state.ts";
import { accept, drawSkipOfBiased } from "./_reservoir_accept.ts";
import { type Batch, updateBatch } from "./_reservoir_batch.ts";
import {
  initialise,
  itemCount,
  type KindName,
  type Memory,
  memoryAt,
  numberCount,
} from "./_reservoir_memory.ts";
import { mergeInto, samplesOf } from "./_reservoir_merge.ts";
import {
  type BatchOptions,
  checkReservoirOptions,
  type ReservoirOptions,
  type ReservoirPlace,
} from "./_reservoir_options.ts";
import {
  batchRefusal,
  checkArrays,
  isMixed,
  refusal,
  weightsRefusal,
} from "./_reservoir_refusals.ts";
import { MOST_PENDING, takePending, waitsFor } from "./_reservoir_pending.ts";
import { checkState } from "./_reservoir_state.ts";
import { writeFeatures } from "./_reservoir_write_features.ts";
import {
  NUMBER_DUE,
  NUMBER_LAST_TIME,
  WORD_CAPACITY,
  WORD_FILLED,
  WORD_KIND,
  WORD_ORIGIN,
  WORD_REMAINING,
  WORDS,
} from "./_symbols.ts";
import { nativeLibrary, unwrap } from "./library.ts";
import {
  type FeatureOptions,
  type Features,
  namedFeatures,
} from "./reservoir_features.ts";

export type { Algorithm, KindName } from "./_reservoir_memory.ts";
export type {
  BatchOptions,
  ReservoirOptions,
  ReservoirPlace,
} from "./_reservoir_options.ts";

const NONE = new Float64Array(0);

/** A constant of this very module is one for V8 too. */
const ROOM = MOST_PENDING;
/** The bits of a place: there are as many as a power of two. */
const MASK = ROOM - 1;
/** Where items go that are skipped; nothing reads it. */
const NOWHERE = new Float64Array(ROOM);

/**
 * A sample of a stream of values, each with its time.
 *
 * One value at a time is TypeScript's work; batches and features are Rust's,
 * on the same memory and with the same results, draw for draw. What is kept
 * is decided by {@linkcode ReservoirOptions.kind}; docs/reservoirs.md says
 * which is right when.
 *
 * @example A sample of a million values
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { SingleMetricReservoir } from "./reservoir.ts";
 *
 * const reservoir = new SingleMetricReservoir({ size: 100 });
 * for (let i = 0; i < 1e6; i++) reservoir.update(i);
 * assertEquals(reservoir.getSample().length, 100);
 * assertEquals(reservoir.count, 1e6);
 * ```
 */
export class SingleMetricReservoir {
  /** Which items are kept. */
  readonly kind: KindName;
  /** Most samples that are kept. */
  readonly size: number;
  readonly #memory: Memory;
  readonly #native: boolean | undefined;
  // What update() changes lies in fields, which V8 reaches fast; #settle()
  // brings the memory up to date. Counted down is to the next item that update()
  // does not do with: by #untimed or #timed, whichever fits the items, so that
  // one comparison finds items of the wrong sort too; the other is 0. Where
  // that is the next that is looked at, those before are skipped. Where many are
  // looked at, they wait: the first in the last places of #values and #times.
  #untimed = 0;
  #timed = 0;
  /** What was counted down from. */
  #span = 0;
  #waits = false;
  #lastTime = -Infinity;
  #values = NOWHERE;
  #times = NOWHERE;

  /**
   * An empty reservoir.
   *
   * @param options What it is to be. Throws `RangeError` for a value out of
   * range.
   * @param place Memory to live in; its own by default.
   */
  constructor(options: ReservoirOptions = {}, place?: ReservoirPlace) {
    const { size, kind, kindName, rate } = checkReservoirOptions(options);
    this.kind = kindName;
    this.size = size;
    this.#native = options.native;
    const { words, numbers, index, count, random } = place ?? {
      words: new Uint32Array(WORDS),
      numbers: new Float64Array(numberCount(kind, size)),
      index: 0,
      count: 1,
      random: new Random(options.seed ?? 0).saveState(),
    };
    this.#memory = memoryAt(words, numbers, { index, count, size });
    initialise(this.#memory, { kind, size, random, rate });
    if (rate < Infinity) drawSkipOfBiased(this.#memory);
    place?.settles?.push(() => this.#settle());
    this.#resume();
  }

  /** Items since the memory was up to date. */
  get #passed(): number {
    const isFirst = this.#lastTime === -Infinity;
    return isFirst ? 0 : this.#span - this.#untimed - this.#timed;
  }

  /** Brings the memory up to date. */
  #settle(): void {
    const passed = this.#passed;
    this.#memory.numbers[NUMBER_LAST_TIME] = this.#lastTime;
    if (passed === 0) return;
    if (this.#waits) this.#takePending(passed);
    else this.#memory.counters[WORD_REMAINING] -= passed;
    this.#resume();
  }

  #takePending(count: number): void {
    takePending(this.#memory, {
      values: this.#values,
      times: this.#times,
      count,
      timed: this.#lastTime < Infinity,
    });
  }

  /** Goes on from the memory. */
  #resume(): void {
    this.#lastTime = this.#memory.numbers[NUMBER_LAST_TIME];
    this.#waits = waitsFor(this.#memory);
    this.#span = this.#waits ? ROOM : this.#memory.counters[WORD_REMAINING];
    this.#startCount();
  }

  #startCount(): void {
    const lastTime = this.#lastTime;
    this.#untimed = lastTime === Infinity ? this.#span : 0;
    this.#timed = lastTime > -Infinity && lastTime < Infinity ? this.#span : 0;
    if (!this.#waits) return;
    if (this.#values === NOWHERE) this.#values = new Float64Array(ROOM);
    if (this.#timed > 0 && this.#times === NOWHERE) {
      this.#times = new Float64Array(ROOM);
    }
  }

  /** How many items were offered. */
  get count(): number {
    return itemCount(this.#memory) + this.#passed;
  }

  /** How many samples there are. */
  get length(): number {
    this.#settle();
    return this.#memory.counters[WORD_FILLED];
  }

  /** The time of the last item, `-Infinity` before the first. */
  get lastTime(): number {
    return this.#lastTime < Infinity ? this.#lastTime : this.count - 1;
  }

  /**
   * Offers an item.
   *
   * @param value Finite. Throws `RangeError` otherwise.
   * @param time Seconds, not before the last item's. Throws `RangeError`
   * otherwise, and where some items have times and others none. Without, how
   * many items were offered before it serves as an item's time.
   */
  update(value: number, time?: number): void {
    if (time === undefined) {
      const left = (this.#untimed - 1) | 0;
      if (left > 0 && value - value === 0) {
        this.#untimed = left;
        // Of no use where it is skipped, and of no harm. An index that is masked
        // and always in is quicker than one that is compared.
        this.#values[left & MASK] = value;
        return;
      }
    } else {
      const left = (this.#timed - 1) | 0;
      if (
        left > 0 && value - value === 0 && time >= this.#lastTime &&
        time < Infinity
      ) {
        this.#timed = left;
        this.#lastTime = time;
        this.#values[left & MASK] = value;
        this.#times[left & MASK] = time;
        return;
      }
    }
    this.#look(value, time);
  }

  /** What becomes of items that update() does not do with. */
  #look(value: number, time: number | undefined): void {
    this.#check(value, time);
    const isFirst = this.#lastTime === -Infinity;
    this.#lastTime = time ?? Infinity;
    if (isFirst) this.#startCount();
    const left = (time === undefined ? this.#untimed : this.#timed) - 1;
    if (left === 0 && !this.#waits) {
      return this.#accept(value, { time, weight: 1 });
    }
    if (time === undefined) this.#untimed = left;
    else this.#timed = left;
    if (left < ROOM) {
      this.#values[left] = value;
      this.#times[left] = time ?? 0;
    }
    if (left === 0) this.#settle();
  }

  /** Takes the next item, at which none remains. */
  #accept(
    value: number,
    at: { time: number | undefined; weight: number },
  ): void {
    const { counters, numbers } = this.#memory;
    const { time = numbers[NUMBER_DUE] - 1, weight } = at;
    numbers[NUMBER_LAST_TIME] = this.#lastTime;
    counters[WORD_REMAINING] = 0;
    accept(this.#memory, { value, time, weight });
    this.#resume();
  }

  #check(value: number, time: number | undefined): void {
    const lastTime = this.#lastTime;
    const isGood = Number.isFinite(value) &&
      !isMixed(time !== undefined, lastTime) &&
      (time === undefined || time >= lastTime && time < Infinity);
    if (!isGood) throw refusal(value, { time, lastTime });
  }

  /**
   * Offers an item with a weight to a weighted reservoir.
   *
   * @param value Finite. Throws `RangeError` otherwise.
   * @param at Its weight, finite and at least 0, and its time as for
   * {@linkcode SingleMetricReservoir.update}. Throws `RangeError` otherwise,
   * and `TypeError` where the kind is another.
   */
  updateWeighted(value: number, at: { weight: number; time?: number }): void {
    const { weight, time } = at;
    if (this.kind !== "weighted") throw weightsRefusal(this.kind);
    if (!(weight >= 0 && weight < Infinity)) {
      throw new RangeError(
        `Cannot sample a value of weight ${weight}, expected a finite number of at least 0`,
      );
    }
    this.#check(value, time);
    this.#settle();
    this.#lastTime = time ?? Infinity;
    this.#accept(value, { time, weight });
  }

  /**
   * Offers a batch of items: the same as one at a time, but items that are
   * skipped are not looked at, so that their values and times are not checked.
   *
   * @param values What the items are. Throws `RangeError` for one that would
   * enter and is not finite; the items before it are then in.
   * @param options Their times and weights. Throws `TypeError` where their
   * numbers differ from that of the values, or an array is of another type.
   */
  updateBatch(
    values: Float64Array<ArrayBuffer>,
    options: BatchOptions = {},
  ): void {
    const { time, weights = NONE } = options;
    if (options.weights !== undefined && this.kind !== "weighted") {
      throw weightsRefusal(this.kind);
    }
    const isOne = typeof time === "number";
    const batch: Batch = {
      values,
      times: isOne || time === undefined ? NONE : time,
      weights,
      time: isOne ? time : NaN,
    };
    checkArrays(batch);
    if (isOne && Number.isNaN(time)) this.#check(0, time);
    this.#settle();
    const reason = this.#offer(batch);
    this.#resume();
    if (reason !== 0) throw batchRefusal(this.#memory, batch, reason);
  }

  #offer(batch: Batch): number {
    const library = this.#library();
    if (library === undefined) return updateBatch(this.#memory, batch);
    const { words, numbers } = this.#memory;
    const { values, times, weights, time } = batch;
    return unwrap(
      library.reservoirUpdate(words, numbers, values, times, weights, time),
      "sample a batch",
    );
  }

  #library() {
    return this.#native === false ? undefined : nativeLibrary();
  }

  /** The samples' values, fresh; those of a window oldest first. */
  getSample(): Float64Array<ArrayBuffer> {
    return this.getTimedSample().values;
  }

  /** The samples' times and values, fresh; those of a window oldest first. */
  getTimedSample(): {
    times: Float64Array<ArrayBuffer>;
    values: Float64Array<ArrayBuffer>;
  } {
    this.#settle();
    const samples = samplesOf(this.#memory);
    return {
      times: Float64Array.from(samples, ({ time }) => time),
      values: Float64Array.from(samples, ({ value }) => value),
    };
  }

  /**
   * What the sample says about the stream.
   *
   * @param options The time that ages are counted from, the discount, the
   * percentile. Throws `RangeError` for a value out of range.
   */
  features(options: FeatureOptions = {}): Features {
    this.#settle();
    const out = writeFeatures(this.#memory, {
      ...options,
      now: options.now ?? Math.max(this.lastTime, 0),
      latest: this.lastTime,
      library: this.#library(),
    });
    return namedFeatures(out);
  }

  /**
   * Makes this a sample of both streams together. Uniform reservoirs, weighted
   * ones and windows only; windows need times of one clock.
   *
   * @param other Of the same kind and size, with a random stream of its own
   * seed; it is not changed. Throws `TypeError` otherwise.
   */
  merge(other: SingleMetricReservoir): void {
    const own = this.#memory.counters;
    const their = other.#memory.counters;
    if (
      own[WORD_KIND] !== their[WORD_KIND] ||
      own[WORD_CAPACITY] !== their[WORD_CAPACITY] || this === other
    ) {
      throw new TypeError(
        `Cannot merge a ${other.kind} reservoir of size ${other.size} into a ${this.kind} one of size ${this.size}, expected another of the same kind, algorithm and size`,
      );
    }
    const isTimed = other.#lastTime < Infinity;
    if (other.#lastTime !== -Infinity && isMixed(isTimed, this.#lastTime)) {
      throw new TypeError(
        "Cannot merge reservoirs of which one has times, expected times in both or in none",
      );
    }
    if (this.kind !== "window" && this.count > 0 && other.count > 0) {
      this.#checkOrigins(other);
    }
    if (this.kind === "window" && !isTimed) {
      throw new TypeError(
        "Cannot merge windows without times, expected times of one clock",
      );
    }
    this.#settle();
    other.#settle();
    mergeInto(this.#memory, other.#memory);
    this.#resume();
  }

  #checkOrigins(other: SingleMetricReservoir): void {
    const own = this.#memory.words;
    const their = other.#memory.words;
    if (
      own[WORD_ORIGIN] === their[WORD_ORIGIN] &&
      own[WORD_ORIGIN + 1] === their[WORD_ORIGIN + 1]
    ) {
      throw new TypeError(
        "Cannot merge reservoirs that draw the same random numbers, expected another seed in each",
      );
    }
  }

  /** All that is needed to go on from here. */
  saveState(): State {
    this.#settle();
    const { words, numbers } = this.#memory;
    return { words: words.slice(), numbers: numbers.slice() };
  }

  /**
   * Goes on from a saved state.
   *
   * @param state What {@linkcode SingleMetricReservoir.saveState} of a
   * reservoir with the same options returned. Throws `TypeError` otherwise.
   */
  loadState(state: State): void {
    checkState(state, this.#memory);
    this.#memory.words.set(state.words);
    this.#memory.numbers.set(state.numbers);
    this.#resume();
  }
}
