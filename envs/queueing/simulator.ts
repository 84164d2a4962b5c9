/**
 * A discrete-event simulator of clients, queues and retries.
 *
 * @module
 */
import type { State } from "../../core/state.ts";
import { advance, flushRows } from "./_events.ts";
import { applyFaults, threadsNow } from "./_faults.ts";
import { changeOrbit, planOrbit, refreshOrbit } from "./_orbit_events.ts";
import { takeAttempt, takeRequest } from "./_pools.ts";
import { planArrival, setTimer } from "./_retries.ts";
import { changeThreads, letIn } from "./_servers.ts";
import { CLIENTS, createSimulation, type Simulation } from "./_simulation.ts";
import { loadSimulation, saveSimulation } from "./_simulation_state.ts";
import type { QueueingOptions } from "./options.ts";
import type { RowSink } from "./rows.ts";
import {
  type QueueingCounts,
  type QueueingStatistics,
  resetStatistics,
  type ServerCounts,
  type ServerStatistics,
  statisticsOf,
} from "./_statistics.ts";

export type {
  QueueingCounts,
  QueueingOptions,
  QueueingStatistics,
  RowSink,
  ServerCounts,
  ServerStatistics,
  State,
};

/** What may be changed from outside while a simulation runs. */
export interface QueueingControls {
  /** Probability that an attempt is let in, of each client; 0 to 1. */
  admissionProbability?: number;
  /**
   * Retries that a new request earns, Infinity for no limit; only where
   * clients have a budget.
   */
  retryBudgetRatio?: number;
  /** Threads added to each server, a whole number from 0. */
  extraThreads?: number;
}

/** A simulation under way. */
export interface QueueingSimulator {
  /** Now. */
  readonly time: number;
  /** Events so far. */
  readonly events: number;
  /** Requests being retried; see `RowBlock.retries`. */
  readonly retries: number;
  /** Attempts lost so far. */
  readonly dropped: number;
  /** Jobs that wait at a server, from 0. */
  waiting(server?: number): number;
  /** Jobs in service at a server, from 0. */
  busy(server?: number): number;
  /** Threads of a server that may begin a service now. */
  threads(server?: number): number;
  /** Requests per unit of time of a client now. */
  arrivalRate(client?: number): number;
  /**
   * Lets everything happen that is due.
   *
   * @param time Not before now. Throws `RangeError` otherwise.
   */
  advanceTo(time: number): void;
  /**
   * Lets the next events happen.
   *
   * @param count How many at most.
   * @param until Not after this time. Default Infinity.
   * @returns How many there were.
   */
  advanceEvents(count: number, until?: number): number;
  /** Hands on the rows that are there, though their block is not full. */
  flushRows(): void;
  /** Counts and means since statistics began. */
  statistics(): QueueingStatistics;
  /** Begins statistics anew, at the end of a warm-up. */
  resetStatistics(): void;
  /** Changes what is given from now on. Throws `RangeError` outside ranges. */
  control(controls: QueueingControls): void;
  /** All that the rest of the run depends on. */
  saveState(): State;
  /**
   * Goes on from a saved state.
   *
   * @param state Saved by a simulator with the same options. Throws
   * `TypeError` for one that does not fit.
   */
  loadState(state: State): void;
}

/** Options of {@linkcode createQueueingSimulator}. */
export interface SimulatorSettings {
  /** Where rows go. Default: none are written. */
  rows?: RowSink;
}

/** Puts in what is there at time 0, and plans the first arrivals. */
function begin(simulation: Simulation, options: QueueingOptions): void {
  const { requests, attempts, clients, servers, model, times, clock } =
    simulation;
  refreshOrbit(simulation);
  servers.forEach((server, index) => {
    const { jobs = [] } = options.initial ?? {};
    for (let i = 0; i < (jobs[index] ?? 0); i++) {
      const request = takeRequest(requests, clock, 0, clients[0].maxRetries);
      letIn(simulation, server, takeAttempt(attempts, requests, request));
      if (model === "attempt") setTimer(simulation, request);
    }
  });
  planOrbit(simulation);
  changeOrbit(simulation, options.initial?.orbit ?? 0);
  clients.forEach((_, index) => {
    planArrival(simulation, index);
    if (model === "reference" && times[CLIENTS + 2 * index] < Infinity) {
      times[CLIENTS + 2 * index] = 0;
    }
  });
  if (options.faults?.some(({ start }) => start === 0)) {
    applyFaults(simulation);
  }
  resetStatistics(simulation);
}

function control(simulation: Simulation, controls: QueueingControls): void {
  const { admissionProbability, retryBudgetRatio, extraThreads } = controls;
  const { levels, servers } = simulation;
  if (admissionProbability !== undefined) {
    if (!(admissionProbability >= 0 && admissionProbability <= 1)) {
      throw new RangeError(
        `Cannot admit with probability ${admissionProbability}: expected a number from 0 to 1`,
      );
    }
    levels.admission.fill(admissionProbability);
  }
  if (retryBudgetRatio !== undefined) {
    if (!(retryBudgetRatio >= 0)) {
      throw new RangeError(
        `Cannot give a retry budget of ${retryBudgetRatio}: expected a number from 0`,
      );
    }
    levels.budgetRatios.fill(retryBudgetRatio);
  }
  if (extraThreads !== undefined) {
    if (!Number.isSafeInteger(extraThreads) || extraThreads < 0) {
      throw new RangeError(
        `Cannot add ${extraThreads} threads: expected a whole number from 0`,
      );
    }
    levels.extraThreads.fill(extraThreads);
    for (const server of servers) {
      changeThreads(simulation, server, threadsNow(simulation, server));
    }
    refreshOrbit(simulation);
  }
}

/**
 * A simulator at time 0.
 *
 * Requests come, and are offered to servers as attempts; a server has threads
 * and a bounded line before them; clients give attempts up after a time and
 * try again (see `RetryModel`). Servers work on what nobody waits for any
 * more: that is what keeps an overloaded system overloaded. An event costs
 * O(log threads) and allocates nothing.
 *
 * Draws come from a stream for each purpose of each client and server, so that
 * runs of one seed that differ in a rule share arrivals and service times.
 *
 * @param options Throws `TypeError` for values of another kind, `RangeError`
 * for numbers outside their range, or where a queue without bound would grow
 * for ever.
 * @param settings Where rows go.
 *
 * @example An M/M/1 queue
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { createQueueingSimulator } from "./simulator.ts";
 *
 * const simulator = createQueueingSimulator({
 *   clients: [{ arrivalRate: 5, maxRetries: 0 }],
 *   servers: [{ service: { law: "exponential", mean: 0.1 } }],
 * });
 * simulator.advanceTo(20_000);
 * const { servers: [{ waiting, busy }] } = simulator.statistics();
 * assertAlmostEquals(waiting + busy, 1, 0.1); // rho / (1 - rho)
 * ```
 */
export function createQueueingSimulator(
  options: QueueingOptions,
  settings: SimulatorSettings = {},
): QueueingSimulator {
  const simulation = createSimulation(options, settings.rows);
  begin(simulation, options);
  const { clock, servers, levels } = simulation;
  return {
    get time() {
      return clock[0];
    },
    get events() {
      return simulation.events;
    },
    get retries() {
      return simulation.retries;
    },
    get dropped() {
      return simulation.dropped;
    },
    waiting: (server = 0) => servers[server].line.size,
    busy: (server = 0) => servers[server].busy,
    threads: (server = 0) => servers[server].threads,
    arrivalRate: (client = 0) => levels.arrivalRates[client],
    advanceTo(time) {
      if (!(time >= clock[0] && time < Infinity)) {
        throw new RangeError(
          `Cannot advance from ${
            clock[0]
          } to ${time}: expected a finite time that is not before`,
        );
      }
      advance(simulation, time, Infinity);
      clock[0] = time;
    },
    advanceEvents: (count, until = Infinity) =>
      advance(simulation, until, count),
    flushRows: () => flushRows(simulation),
    statistics: () => statisticsOf(simulation),
    resetStatistics: () => resetStatistics(simulation),
    control: (controls) => control(simulation, controls),
    saveState: () => saveSimulation(simulation),
    loadState: (state) => loadSimulation(simulation, state),
  };
}
