/**
 * Reservoirs of several metrics of several servers, in one block of memory.
 *
 * @module
 */
import { Random } from "../core/random.ts";
import type { State } from "../core/state.ts";
import { numberCount } from "./_reservoir_memory.ts";
import { checkReservoirOptions } from "./_reservoir_options.ts";
import { writeFeatures } from "./_reservoir_write_features.ts";
import { WORDS } from "./_symbols.ts";
import { nativeLibrary } from "./library.ts";
import { type ReservoirOptions, SingleMetricReservoir } from "./reservoir.ts";
import { FEATURE_NAMES, type FeatureOptions } from "./reservoir_features.ts";

/** What the reservoirs are to be. */
export interface MultiMetricOptions extends ReservoirOptions {
  /** Names of the metrics. Default `fct` and `flow_duration`. */
  metrics?: readonly string[];
  /** How many servers there are. Default 1. */
  servers?: number;
}

const MAX_RESERVOIRS = 65536;

/**
 * A reservoir for each metric of each server, each with a random stream of
 * its own, and the features of all of them in one native call.
 *
 * @example Two metrics of four servers
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MultiMetricReservoir } from "./multi_metric_reservoir.ts";
 *
 * const reservoirs = new MultiMetricReservoir({ servers: 4, kind: "biased" });
 * reservoirs.update({ fct: 0.2, flow_duration: 0.1 }, { server: 3, time: 1 });
 * assertEquals(reservoirs.of(3, "fct").features().mean, 0.2);
 * assertEquals(reservoirs.features().length, 4 * 2 * 7);
 * ```
 */
export class MultiMetricReservoir {
  /** Names of the metrics. */
  readonly metrics: readonly string[];
  /** How many servers there are. */
  readonly servers: number;
  readonly #words: Uint32Array<ArrayBuffer>;
  readonly #numbers: Float64Array<ArrayBuffer>;
  readonly #reservoirs: readonly SingleMetricReservoir[];
  readonly #native: boolean | undefined;
  readonly #settles: (() => void)[] = [];

  /**
   * Empty reservoirs.
   *
   * @param options What they are to be. Throws `RangeError` for a value out of
   * range.
   */
  constructor(options: MultiMetricOptions = {}) {
    const { metrics = ["fct", "flow_duration"], servers = 1 } = options;
    if (metrics.length === 0 || new Set(metrics).size < metrics.length) {
      throw new RangeError(
        `Cannot sample the metrics ${
          JSON.stringify(metrics)
        }, expected one or more names that differ`,
      );
    }
    const count = servers * metrics.length;
    if (!Number.isInteger(servers) || servers < 1 || count > MAX_RESERVOIRS) {
      throw new RangeError(
        `Cannot sample ${servers} servers, expected a whole number from 1 on, at most ${MAX_RESERVOIRS} with their metrics`,
      );
    }
    const { kind, size } = checkReservoirOptions(options);
    this.metrics = [...metrics];
    this.servers = servers;
    this.#native = options.native;
    const words = this.#words = new Uint32Array(count * WORDS);
    const numbers = this.#numbers = new Float64Array(
      count * numberCount(kind, size),
    );
    const root = new Random(options.seed ?? 0);
    this.#reservoirs = Array.from({ length: count }, (_, index) => {
      const random = root.split().saveState();
      const settles = this.#settles;
      const place = { words, numbers, index, count, random, settles };
      return new SingleMetricReservoir(options, place);
    });
  }

  /**
   * The reservoir of one metric of one server.
   *
   * @param server From 0. Throws `RangeError` where there is no such.
   * @param metric Its name. Throws `RangeError` where there is no such.
   */
  of(server: number, metric: string): SingleMetricReservoir {
    const index = this.metrics.indexOf(metric);
    if (index < 0) {
      throw new RangeError(
        `Cannot find the metric ${JSON.stringify(metric)}, expected one of ${
          this.metrics.join(", ")
        }`,
      );
    }
    if (!Number.isInteger(server) || server < 0 || server >= this.servers) {
      throw new RangeError(
        `Cannot find server ${server}, expected a whole number from 0 to ${
          this.servers - 1
        }`,
      );
    }
    return this.#reservoirs[server * this.metrics.length + index];
  }

  /**
   * Offers a value of one metric or of several.
   *
   * @param values Values by the metric's name.
   * @param at The server, 0 by default, and the time, as for
   * {@linkcode SingleMetricReservoir.update}. Throws as that and
   * {@linkcode MultiMetricReservoir.of} do.
   */
  update(
    values: Readonly<Record<string, number>>,
    at: { server?: number; time?: number } = {},
  ): void {
    const { server = 0, time } = at;
    for (const [metric, value] of Object.entries(values)) {
      this.of(server, metric).update(value, time);
    }
  }

  /**
   * The features of all reservoirs.
   *
   * @param options As for {@linkcode SingleMetricReservoir.features}; `now` is
   * the last time of all by default. `out` takes the features. Throws
   * `RangeError` for a value out of range, `TypeError` for an `out` of another
   * length.
   * @returns `out`, or a new array: `[servers, metrics, features]`, the
   * features as {@linkcode MultiMetricReservoir.featureNames} has them.
   */
  features(
    options: FeatureOptions & { out?: Float64Array<ArrayBuffer> } = {},
  ): Float64Array<ArrayBuffer> {
    for (const settle of this.#settles) settle();
    let latest = -Infinity;
    for (const { lastTime } of this.#reservoirs) {
      if (lastTime > latest) latest = lastTime;
    }
    return writeFeatures(
      { words: this.#words, numbers: this.#numbers },
      {
        ...options,
        now: options.now ?? Math.max(latest, 0),
        latest,
        library: this.#native === false ? undefined : nativeLibrary(),
      },
    );
  }

  /** Names of the features of a reservoir. */
  get featureNames(): readonly string[] {
    return FEATURE_NAMES;
  }

  /**
   * Makes each reservoir that of both streams.
   *
   * @param other Of the same servers, metrics and options, but of another seed.
   * Throws `TypeError` otherwise, and changes nothing.
   */
  merge(other: MultiMetricReservoir): void {
    if (
      other === this || other.servers !== this.servers ||
      other.metrics.join() !== this.metrics.join()
    ) {
      throw new TypeError(
        `Cannot merge reservoirs of ${other.servers} servers with ${other.metrics}, expected others of ${this.servers} with ${this.metrics}`,
      );
    }
    this.#forAll((reservoir, i) => reservoir.merge(other.#reservoirs[i]));
  }

  /** All that is needed to go on from here. */
  saveState(): State {
    return {
      reservoirs: this.#reservoirs.map((reservoir) => reservoir.saveState()),
    };
  }

  /**
   * Goes on from a saved state.
   *
   * @param state What {@linkcode MultiMetricReservoir.saveState} of reservoirs
   * with the same options returned. Throws `TypeError` otherwise, and changes
   * nothing.
   */
  loadState(state: State): void {
    const { reservoirs } = state;
    if (
      !Array.isArray(reservoirs) ||
      reservoirs.length !== this.#reservoirs.length
    ) {
      throw new TypeError(
        `Cannot restore reservoirs from this state, expected ${this.#reservoirs.length} of them`,
      );
    }
    this.#forAll((reservoir, i) => reservoir.loadState(reservoirs[i] as State));
  }

  /** Changes all reservoirs, or none where one of them throws. */
  #forAll(change: (reservoir: SingleMetricReservoir, index: number) => void) {
    const before = this.#reservoirs.map((reservoir) => reservoir.saveState());
    try {
      this.#reservoirs.forEach(change);
    } catch (error) {
      this.#reservoirs.forEach((reservoir, i) =>
        reservoir.loadState(before[i])
      );
      throw error;
    }
  }
}
