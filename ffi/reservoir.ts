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
  checkLengths,
  isMixed,
  refusal,
  weightsRefusal,
} from "./_reservoir_refusals.ts";
import {
  consumeSlots,
  fillSlots,
  makeSlotBuffer,
  type SlotBuffer,
  SLOTS_AHEAD,
  turnSlots,
} from "./_reservoir_slots.ts";
import { checkState } from "./_reservoir_state.ts";
import { writeFeatures } from "./_reservoir_write_features.ts";
import {
  HEADER,
  KIND_BIASED,
  NUMBER_DUE,
  NUMBER_LAST_TIME,
  WORD_CAPACITY,
  WORD_FILLED,
  WORD_KIND,
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
  readonly #numbers: Float64Array<ArrayBuffer>;
  readonly #native: boolean | undefined;
  // What update() changes lies in fields, which V8 reaches faster than typed
  // arrays; #settle() brings the memory up to date.
  // Above 0, items until the next that is looked at, that one included. From 0
  // down, slots used of those drawn ahead: every item enters, and the reservoir
  // is full.
  #remaining = 1;
  #lastTime = -Infinity;
  readonly #slots: SlotBuffer | undefined;
  readonly #drawn: Int32Array;
  readonly #firstValue: number;

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
    this.#memory = memoryAt(words, numbers, { index, count });
    this.#numbers = this.#memory.numbers;
    initialise(this.#memory, { kind, size, random, rate });
    if (kind === KIND_BIASED) {
      if (rate === Infinity) this.#slots = makeSlotBuffer(size);
      else drawSkipOfBiased(this.#memory);
    }
    this.#firstValue = HEADER + size;
    this.#drawn = this.#slots?.slots ?? new Int32Array(0);
    this.#resume();
  }

  /** Brings the memory up to date. */
  #settle(): void {
    const { counters, numbers } = this.#memory;
    if (this.#remaining > 0) counters[WORD_REMAINING] = this.#remaining;
    else consumeSlots(this.#memory, -this.#remaining);
    numbers[NUMBER_LAST_TIME] = this.#lastTime;
  }

  /** Goes on from the memory. */
  #resume(): void {
    const { counters, numbers } = this.#memory;
    this.#remaining = counters[WORD_REMAINING];
    this.#lastTime = numbers[NUMBER_LAST_TIME];
    if (this.#slots !== undefined && counters[WORD_FILLED] === this.size) {
      fillSlots(this.#memory, this.#slots);
      this.#remaining = 0;
    }
  }

  /** How many items were offered. */
  get count(): number {
    const due = this.#numbers[NUMBER_DUE];
    // While slots are ahead, one more is due than there were before them.
    return due - this.#remaining - (this.#remaining > 0 ? 0 : 1);
  }

  /** How many samples there are. */
  get length(): number {
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
      if (value - value !== 0 || this.#lastTime !== Infinity) {
        this.#checkUntimed(value);
      }
    } else {
      if (
        !(time >= this.#lastTime && time < Infinity && value - value === 0)
      ) this.#refuse(value, time);
      this.#lastTime = time;
    }
    const remaining = this.#remaining - 1;
    this.#remaining = remaining;
    if (remaining > 0) return;
    if (remaining === 0) return this.#accept(value, { time, weight: 1 });
    const numbers = this.#numbers;
    const slot = this.#drawn[-1 - remaining];
    numbers[HEADER + slot] = time ?? numbers[NUMBER_DUE] - remaining - 2;
    numbers[this.#firstValue + slot] = value;
    if (remaining === -SLOTS_AHEAD) this.#drawAhead();
  }

  #drawAhead(): void {
    turnSlots(this.#memory, this.#slots!);
    this.#remaining = 0;
  }

  #accept(
    value: number,
    at: { time: number | undefined; weight: number },
  ): void {
    const { counters, numbers } = this.#memory;
    counters[WORD_REMAINING] = 0;
    const time = at.time ?? numbers[NUMBER_DUE] - 1;
    numbers[NUMBER_LAST_TIME] = this.#lastTime;
    accept(this.#memory, value, { time, weight: at.weight });
    this.#resume();
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
    if (time === undefined) {
      this.#checkUntimed(value);
    } else {
      const isGood = time >= this.#lastTime && time < Infinity &&
        Number.isFinite(value);
      if (!isGood) this.#refuse(value, time);
      this.#lastTime = time;
    }
    this.#accept(value, { time, weight });
  }

  /** The first item without a time makes all others so. */
  #checkUntimed(value: number): void {
    if (!Number.isFinite(value) || isMixed(false, this.#lastTime)) {
      this.#refuse(value, undefined);
    }
    this.#lastTime = Infinity;
  }

  #refuse(value: number, time: number | undefined): never {
    throw refusal(value, { time, lastTime: this.#lastTime });
  }

  /**
   * Offers a batch of items: the same as one at a time, but items that are
   * skipped are not looked at, so that their values and times are not checked.
   *
   * @param values What the items are. Throws `RangeError` for one that would
   * enter and is not finite; the items before it are then in.
   * @param options Their times and weights. Throws `TypeError` where their
   * numbers differ from that of the values.
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
    checkLengths(batch);
    if (isOne && Number.isNaN(time)) this.#refuse(0, time);
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
    if (this.kind === "window" && !isTimed) {
      throw new TypeError(
        "Cannot merge windows without times, expected times of one clock",
      );
    }
    this.#settle();
    other.#settle();
    mergeInto(this.#memory, other.#memory);
    this.#resume();
    other.#resume();
  }

  /** All that is needed to go on from here. */
  saveState(): State {
    this.#settle();
    const { words, numbers } = this.#memory;
    const state = { words: words.slice(), numbers: numbers.slice() };
    this.#resume();
    return state;
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
