/**
 * An emulated network: topology, traffic, weights, a clock and counters.
 *
 * @module
 */
import { Random } from "../../core/random.ts";
import type { State } from "../../core/state.ts";
import {
  copySavedFloats,
  savedBoolean,
  savedNumber,
  savedWords,
} from "../_saved.ts";
import { type Counters, makeCounters } from "./_counters.ts";
import {
  applyForwarding,
  type ArcShare,
  type Forwarding,
} from "./_forwarding.ts";
import { type EmulatorSettings, micros } from "./emulator_options.ts";
import {
  fluidSolver,
  makeNetworkLoad,
  type NetworkLoad,
} from "./fluid_network.ts";
import { addToWeights, checkWeightsWithin } from "./link_weights.ts";
import type {
  NetworkStats,
  RoutingController,
  WeightRange,
} from "./routing_controller.ts";
import { makeRoutes, router, type Routes } from "./routing.ts";
import type { Topology } from "./topology.ts";

export type {
  ArcShare,
  Counters,
  EmulatorSettings,
  Forwarding,
  NetworkLoad,
  NetworkStats,
  Routes,
  RoutingController,
  State,
  Topology,
  WeightRange,
};

/** Where a window's sums stand; arcs' megabits follow. */
const WINDOW = { seconds: 0, sent: 1, arrived: 2, delay: 3, size: 4 };

/**
 * A network that answers to its weights. Routes follow from the weights, loads,
 * losses and delays from routes and traffic; nothing is remembered but time,
 * weights and counters.
 *
 * Time stands in whole microseconds. With the virtual clock it moves by a step
 * whenever weights are changed, and at no other time; with the wall clock
 * {@linkcode FluidEmulator.advance} is called by whoever looks at the clock.
 */
export class FluidEmulator implements RoutingController {
  /** The options with every default filled in. */
  readonly settings: EmulatorSettings;
  /** The network. */
  readonly topology: Topology;
  /** What went over each arc since the emulator began. */
  readonly counters: Counters;
  readonly #route: (weights: ArrayLike<number>, routes: Routes) => void;
  readonly #solve: ReturnType<typeof fluidSolver>;
  readonly #weights: Float64Array;
  readonly #routes: Routes;
  readonly #demands: Float64Array;
  readonly #load: NetworkLoad;
  /** Sums since weights were changed. */
  readonly #window: Float64Array;
  #largest = 0;
  #random = new Random(0);
  #seeded = false;
  #now = 0;
  #episodeStart = 0;
  #firstInterval = 0;
  /** Mbit/s between hosts on one switch, which cross no link. */
  #local = 0;
  #forwarding: Forwarding | undefined;
  #routesAreOld = true;
  /** When the demands change next. */
  #demandsUntil = 0;
  #loadIsOld = true;

  /**
   * A network under its baseline weights at time 0.
   *
   * @param settings From `emulatorSettings`.
   */
  constructor(settings: EmulatorSettings) {
    const { topology } = settings;
    this.settings = settings;
    this.topology = topology;
    this.counters = makeCounters(topology);
    this.#route = router(topology, settings);
    this.#solve = fluidSolver(topology, settings);
    this.#weights = settings.baseline.slice();
    this.#routes = makeRoutes(topology);
    this.#demands = new Float64Array(topology.nodeCount ** 2);
    this.#load = makeNetworkLoad(topology);
    this.#window = new Float64Array(WINDOW.size + topology.arcCount);
  }

  /** Number of links. */
  get linkCount(): number {
    return this.topology.linkCount;
  }

  /** The weights that episodes begin with. */
  get baseline(): Float64Array {
    return this.settings.baseline;
  }

  /** Lowest and highest weight. */
  get weightRange(): WeightRange {
    return this.settings.weightRange;
  }

  /** The weights, a copy. */
  get weights(): Float64Array {
    return this.#weights.slice();
  }

  /** Seconds since the emulator began. */
  get uptimeSeconds(): number {
    return this.#now / 1e6;
  }

  /** The number of the traffic's interval that is now. */
  get interval(): number {
    const passed = this.#now - this.#episodeStart;
    return this.#firstInterval +
      Math.floor(passed / micros(this.settings.intervalSeconds));
  }

  /** The demands now, Mbit/s from switch to switch; do not keep or change. */
  get demands(): Float64Array {
    this.#updateDemands();
    return this.#demands;
  }

  /** The routes now; do not keep or change. */
  get routes(): Routes {
    this.#updateRoutes();
    return this.#routes;
  }

  /**
   * Changes what switches do with traffic; it is kept when weights change, and
   * not saved.
   *
   * @param forwarding Undefined to forward by the weights alone.
   */
  setForwarding(forwarding: Forwarding | undefined): void {
    this.#forwarding = forwarding;
    this.#routesAreOld = true;
  }

  /** What the network carries now; do not keep or change. */
  get load(): NetworkLoad {
    this.#updateLoad();
    return this.#load;
  }

  /** Begins an episode; see `RoutingController`. */
  restoreBaseline(seed?: number): void {
    if (seed !== undefined || !this.#seeded) {
      this.#random = new Random(seed ?? 0);
      this.#seeded = true;
    }
    const { startDays, traffic } = this.settings;
    const first = startDays.first * traffic.intervalsPerDay;
    const count = startDays.count * traffic.intervalsPerDay;
    this.#firstInterval = first + this.#random.integer(0, count - 1);
    this.#episodeStart = this.#now;
    this.#demandsUntil = this.#now;
    this.#weights.set(this.settings.baseline);
    this.#routesAreOld = true;
    this.#beginWindow();
  }

  /**
   * Adds to the weights; see `RoutingController`. Throws `TypeError` for
   * another number of deltas, and `RangeError` for a delta that is larger than
   * the whole range of weights, or none.
   */
  changeWeights(deltas: ArrayLike<number>): void {
    addToWeights(this.#weights, deltas, this.weightRange);
    this.#weightsChanged();
  }

  /**
   * Sets the weights and lets a step's time pass. Throws `TypeError` for
   * another number of weights and `RangeError` for one outside of the range.
   *
   * @param weights A weight for each link.
   */
  setWeights(weights: ArrayLike<number>): void {
    checkWeightsWithin(this.topology, weights, this.weightRange);
    this.#weights.set(weights);
    this.#weightsChanged();
  }

  #weightsChanged(): void {
    this.#routesAreOld = true;
    this.#beginWindow();
    if (this.settings.clock === "virtual") {
      this.advance(micros(this.settings.stepSeconds));
    }
  }

  #beginWindow(): void {
    this.#window.fill(0);
    this.#largest = 0;
  }

  /**
   * Lets time pass.
   *
   * @param microseconds How much, a whole number from 0.
   */
  advance(microseconds: number): void {
    const end = this.#now + microseconds;
    while (this.#now < end) {
      this.#updateLoad();
      const next = Math.min(end, this.#demandsUntil);
      this.#integrate((next - this.#now) / 1e6);
      this.#now = next;
    }
  }

  #integrate(seconds: number): void {
    const { carried, throughput, demand, meanDelay, largestUtilisation } =
      this.#load;
    const window = this.#window;
    window[WINDOW.seconds] += seconds;
    window[WINDOW.sent] += seconds * (demand + this.#local);
    window[WINDOW.arrived] += seconds * (throughput + this.#local);
    window[WINDOW.delay] += seconds * throughput * meanDelay;
    for (let arc = 0; arc < carried.length; arc++) {
      window[WINDOW.size + arc] += seconds * carried[arc];
    }
    if (largestUtilisation > this.#largest) this.#largest = largestUtilisation;
    this.counters.add(this.#load, seconds);
  }

  /** Writes the sums since weights were changed, or what is now. */
  readStats(stats: NetworkStats): void {
    const window = this.#window;
    if (window[WINDOW.seconds] === 0) {
      this.#readLoad(stats);
      return;
    }
    const seconds = window[WINDOW.seconds];
    this.#readUtilisations(stats, window, WINDOW.size, seconds);
    const arrived = window[WINDOW.arrived];
    stats.averageDelayMs = arrived > 0
      ? 1000 * window[WINDOW.delay] / arrived
      : 0;
    stats.throughputMbps = arrived / seconds;
    stats.demandMbps = window[WINDOW.sent] / seconds;
    stats.largestUtilisation = this.#largest;
  }

  #readLoad(stats: NetworkStats): void {
    this.#updateLoad();
    const { carried, throughput, demand, meanDelay, largestUtilisation } =
      this.#load;
    const arrived = throughput + this.#local;
    this.#readUtilisations(stats, carried, 0, 1);
    stats.averageDelayMs = arrived > 0
      ? 1000 * throughput * meanDelay / arrived
      : 0;
    stats.throughputMbps = arrived;
    stats.demandMbps = demand + this.#local;
    stats.largestUtilisation = largestUtilisation;
  }

  #readUtilisations(
    { linkUtilisations }: NetworkStats,
    megabits: Float64Array,
    offset: number,
    seconds: number,
  ): void {
    const { capacities } = this.topology;
    for (let l = 0; l < capacities.length; l++) {
      const there = megabits[offset + 2 * l];
      const back = megabits[offset + 2 * l + 1];
      const busier = there > back ? there : back;
      const utilisation = busier / (seconds * capacities[l]);
      linkUtilisations[l] = utilisation > 1 ? 1 : utilisation;
    }
  }

  #updateRoutes(): void {
    if (!this.#routesAreOld) return;
    this.#route(this.#weights, this.#routes);
    if (this.#forwarding !== undefined) {
      applyForwarding(this.topology, this.#routes, this.#forwarding);
    }
    this.#routesAreOld = false;
    this.#loadIsOld = true;
  }

  #updateDemands(): void {
    if (this.#now < this.#demandsUntil) return;
    const { traffic, flows, intervalSeconds } = this.settings;
    const interval = this.interval;
    traffic.matrixAt(interval, this.#demands);
    const passed = this.#now - this.#episodeStart;
    const { local, until } = flows.addTo(this.#demands, passed);
    this.#local = local;
    const boundary = (interval - this.#firstInterval + 1) *
      micros(intervalSeconds);
    this.#demandsUntil = this.#episodeStart + Math.min(boundary, until);
    this.#loadIsOld = true;
  }

  #updateLoad(): void {
    this.#updateRoutes();
    this.#updateDemands();
    if (!this.#loadIsOld) return;
    this.#solve(this.#routes, this.#demands, this.#load);
    this.#loadIsOld = false;
  }

  /** All that is needed to go on from here. */
  saveState(): State {
    return {
      random: this.#random.saveState(),
      seeded: this.#seeded,
      now: this.#now,
      episodeStart: this.#episodeStart,
      firstInterval: this.#firstInterval,
      weights: this.#weights.slice(),
      window: this.#window.slice(),
      largest: this.#largest,
      counters: this.counters.totals.slice(),
    };
  }

  /** Goes on from a saved state. Throws `TypeError` when it does not fit. */
  loadState(state: State): void {
    const numbers = ["now", "episodeStart", "firstInterval", "largest"]
      .map((name) => savedNumber(state, name));
    const seeded = savedBoolean(state, "seeded");
    copySavedFloats(state, "weights", this.#weights);
    copySavedFloats(state, "window", this.#window);
    copySavedFloats(state, "counters", this.counters.totals);
    this.#random.loadState(savedWords(state, "random"));
    [this.#now, this.#episodeStart, this.#firstInterval, this.#largest] =
      numbers;
    this.#seeded = seeded;
    this.#demandsUntil = this.#now;
    this.#routesAreOld = true;
  }
}
