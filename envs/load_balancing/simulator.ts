/**
 * An event-driven simulator of load balancing.
 *
 * @module
 */
import type { State } from "../../core/state.ts";
import { checkBalancer, setBalancerWeights } from "./_balancers.ts";
import type { DispatchContext } from "./dispatch.ts";
import type { FlowReport, Observe, Observers } from "./observers.ts";
import { advance } from "./_events.ts";
import { createSimulation } from "./_simulation.ts";
import { loadSimulation, saveSimulation } from "./_simulation_state.ts";
import type { SimulatorOptions } from "./simulator_options.ts";
import {
  type AuditedPlace,
  auditSimulation,
  resetStatistics,
  type SimulatorAudit,
  type SimulatorStatistics,
  statisticsOf,
} from "./_simulation_statistics.ts";

export type {
  AuditedPlace,
  DispatchContext,
  FlowReport,
  Observe,
  Observers,
  SimulatorAudit,
  SimulatorOptions,
  SimulatorStatistics,
  State,
};

/** A simulation under way. */
export interface Simulator {
  /** Now, in seconds. */
  readonly time: number;
  /** Events so far: arrivals, hops, ends of stages, samples, time-outs. */
  readonly events: number;
  /** Number of balancers. */
  readonly balancers: number;
  /** Number of servers. */
  readonly servers: number;
  /**
   * Who is told of what; callbacks may be put in and taken out between
   * advances.
   */
  readonly observers: Observers;
  /** Flows inside each server: shape [servers]. A live view, not for writing. */
  readonly inside: Int32Array;
  /** 1 for each server that is up: shape [servers]. A live view. */
  readonly up: Uint8Array;
  /** 1 for servers that balancers know to be up: shape [servers]. A live view. */
  readonly knownUp: Uint8Array;
  /**
   * Lets everything happen that is due.
   *
   * @param time In seconds, not before now. Throws `RangeError` otherwise.
   */
  advanceTo(time: number): void;
  /**
   * Lets the next events happen, one by one.
   *
   * @param count How many at most.
   * @returns How many there were.
   */
  advanceEvents(count: number): number;
  /**
   * Gives a balancer weights from the next flow on.
   *
   * @param balancer From 0. Throws `RangeError` where there is none.
   * @param weights One for each server of all, copied. Throws `TypeError` for
   * another number, `RangeError` where one is negative or not finite, or the
   * balancer's own sum to 0.
   */
  setWeights(balancer: number, weights: ArrayLike<number>): void;
  /**
   * Flows on that a balancer has sent to each server, as far as it knows:
   * shape [servers]. A live view, not for writing.
   *
   * @param balancer From 0. Throws `RangeError` where there is none.
   */
  counts(balancer: number): Int32Array;
  /**
   * All that a balancer knows: shape of a live view.
   *
   * @param balancer From 0. Throws `RangeError` where there is none.
   */
  view(balancer: number): DispatchContext;
  /** Counts and means since statistics began. */
  statistics(): SimulatorStatistics;
  /** Begins statistics anew, at the end of a warm-up. */
  resetStatistics(): void;
  /** Counts everything a second time, from the flows themselves. */
  audit(): SimulatorAudit;
  /**
   * All that the rest of the run depends on, traffic and streams included;
   * options, callbacks and what these remember are not.
   */
  saveState(): State;
  /**
   * Goes on from a saved state.
   *
   * @param state Saved by a simulator with the same options. Throws
   * `TypeError` for a state of other servers or balancers.
   */
  loadState(state: State): void;
}

/**
 * A simulator at time 0, with no flow inside.
 *
 * A flow starts at its client, goes to its balancer, which chooses a server by
 * what it knows, then to the server, and back the same way. Servers share
 * their cores by one of three disciplines; a flow that needs the disk goes
 * there from the processor. An event costs O(log flows), and the simulator
 * allocates nothing while it runs.
 *
 * @param options Throws `TypeError` for values of another kind, `RangeError`
 * for numbers outside their range.
 *
 * @example Two flows share a core
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import type { ArrivalSource } from "./arrival.ts";
 * import { createSimulator } from "./simulator.ts";
 *
 * let flows = 0;
 * const arrivals: ArrivalSource = {
 *   next(into) {
 *     Object.assign(into, { time: flows, work: 2, ioWork: 0, kind: 0 });
 *     return flows++ < 2;
 *   },
 *   saveState: () => ({ flows }),
 *   loadState: (state) => flows = state.flows as number,
 * };
 * const times: number[] = [];
 * const simulator = createSimulator({
 *   servers: [{ discipline: "ps" }],
 *   arrivals,
 *   observers: { onEnd: ({ elapsed }) => times.push(elapsed) },
 * });
 * simulator.advanceTo(10);
 * assertEquals(times, [3, 3]);
 * ```
 */
export function createSimulator(options: SimulatorOptions): Simulator {
  const simulation = createSimulation(options);
  const { servers, balancers, observers } = simulation;
  return {
    get time() {
      return simulation.clock[0];
    },
    get events() {
      return simulation.events;
    },
    balancers: balancers.count,
    servers: servers.count,
    observers,
    inside: servers.inside,
    up: servers.up,
    knownUp: balancers.up,
    advanceTo(time) {
      if (!(time >= simulation.clock[0] && time < Infinity)) {
        throw new RangeError(
          `Cannot advance from ${
            simulation.clock[0]
          } to ${time}, expected a finite time that is not before`,
        );
      }
      advance(simulation, time, Infinity);
      simulation.clock[0] = time;
    },
    advanceEvents(count) {
      return advance(simulation, Infinity, count);
    },
    setWeights(balancer, weights) {
      setBalancerWeights(balancers, balancer, weights);
    },
    counts(balancer) {
      return this.view(balancer).counts;
    },
    view(balancer) {
      checkBalancer(balancers, balancer);
      return balancers.contexts[balancer];
    },
    statistics: () => statisticsOf(simulation),
    resetStatistics: () => resetStatistics(simulation),
    audit: () => auditSimulation(simulation),
    saveState: () => saveSimulation(simulation),
    loadState: (state) => loadSimulation(simulation, state),
  };
}
