/**
 * Waits and violated objectives of autoscaled services.
 *
 * A step without a backlog is an M/M/c queue in equilibrium (Erlang C); one
 * with a backlog, or with more arrivals than the instances can serve, is a
 * fluid that drains.
 *
 * @module
 */
import {
  createErlangTable,
  type FluidStep,
  fluidWait,
} from "./queueing_formulas.ts";
import type { Fleet } from "./fleet.ts";

/** Waits of the last step and of the episode; arrays have one entry a copy. */
export interface ServiceLevel {
  /** The sums; entries of a state. */
  readonly arrays: {
    /** Requests of the episode. */
    readonly requests: Float64Array;
    /** Of them, the expected number that waited longer than the limit. */
    readonly violations: Float64Array;
    /** Sum of their waits, seconds. */
    readonly waitSeconds: Float64Array;
    /** Expected violations of the last step. */
    readonly stepViolations: Float64Array;
    /** Mean wait in the last step, seconds. */
    readonly stepWaitSeconds: Float64Array;
  };
  /** Begins an episode. */
  reset(copy: number): void;
  /** Counts the step that the fleet has just taken. */
  count(fleet: Fleet, copy: number): void;
}

/**
 * Counters for fleets of some copies.
 *
 * @param fleet Gives service, limit and number of copies.
 */
export function createServiceLevel(fleet: Fleet): ServiceLevel {
  const { service, waitLimitSeconds } = fleet.settings;
  const copies = fleet.step.length;
  const requests = new Float64Array(copies);
  const violations = new Float64Array(copies);
  const waitSeconds = new Float64Array(copies);
  const stepViolations = new Float64Array(copies);
  const stepWaitSeconds = new Float64Array(copies);
  const serviceRate = service.capacityPerInstance;
  const limit = waitLimitSeconds / service.stepSeconds;
  const erlang = createErlangTable({
    maximumServers: service.maximumInstances,
    serviceRate,
  });
  // Reused at every step; rates are items a step, times are steps.
  const fluid: FluidStep = {
    backlog: 0,
    arrivalRate: 0,
    capacityRate: 1,
    duration: 1,
    limit,
  };
  const drained = fluidWait(fluid);
  return {
    arrays: {
      requests,
      violations,
      waitSeconds,
      stepViolations,
      stepWaitSeconds,
    },
    reset(copy) {
      requests[copy] = 0;
      violations[copy] = 0;
      waitSeconds[copy] = 0;
      stepViolations[copy] = 0;
      stepWaitSeconds[copy] = 0;
    },
    count(fleet, copy) {
      const arrivals = fleet.influx[copy];
      const capacity = fleet.capacity[copy];
      let meanWait: number;
      let share: number;
      if (fleet.previousQueue[copy] > 0 || arrivals >= capacity) {
        fluid.backlog = fleet.previousQueue[copy];
        fluid.arrivalRate = arrivals;
        fluid.capacityRate = Math.max(capacity, 1);
        fluidWait(fluid, drained);
        meanWait = drained.meanWait;
        share = drained.fractionOverLimit;
      } else {
        const servers = Math.floor(capacity / serviceRate);
        const waits = erlang.waitProbability(arrivals, servers);
        const spare = capacity - arrivals;
        meanWait = waits / spare;
        share = waits * Math.exp(-spare * limit);
      }
      const seconds = meanWait * service.stepSeconds;
      stepWaitSeconds[copy] = seconds;
      stepViolations[copy] = share * arrivals;
      requests[copy] += arrivals;
      waitSeconds[copy] += seconds * arrivals;
      violations[copy] += share * arrivals;
    },
  };
}
