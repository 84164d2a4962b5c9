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
import type { AutoscalingSettings } from "./options.ts";

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

/** Waits in one step. */
export interface StepWaits {
  /** Mean wait of the step's arrivals, seconds. */
  meanSeconds: number;
  /** Expected share of them that waits longer than the limit, 0 to 1. */
  shareOverLimit: number;
}

/**
 * A function that computes the waits in one step of a service.
 *
 * @param settings Gives service and limit.
 * @returns Takes the step's arrivals, the items that it can serve, and those
 * that waited when it began. The result is overwritten by the next call.
 */
export function createStepWaits(
  settings: AutoscalingSettings,
): (arrivals: number, capacity: number, backlog: number) => StepWaits {
  const { service, waitLimitSeconds } = settings;
  const { stepSeconds, capacityPerInstance } = service;
  // Rates are items a step, times are steps.
  const limit = waitLimitSeconds / stepSeconds;
  const erlang = createErlangTable({
    maximumServers: service.maximumInstances,
    serviceRate: capacityPerInstance,
  });
  const fluid: FluidStep = {
    backlog: 0,
    arrivalRate: 0,
    capacityRate: 1,
    duration: 1,
    limit,
  };
  const drained = fluidWait(fluid);
  const waits: StepWaits = { meanSeconds: 0, shareOverLimit: 0 };
  return (arrivals, capacity, backlog) => {
    if (backlog > 0 || arrivals >= capacity) {
      fluid.backlog = backlog;
      fluid.arrivalRate = arrivals;
      fluid.capacityRate = Math.max(capacity, 1);
      fluidWait(fluid, drained);
      waits.meanSeconds = drained.meanWait * stepSeconds;
      waits.shareOverLimit = drained.fractionOverLimit;
    } else {
      const servers = Math.floor(capacity / capacityPerInstance);
      const probability = erlang.waitProbability(arrivals, servers);
      const spare = capacity - arrivals;
      waits.meanSeconds = probability / spare * stepSeconds;
      waits.shareOverLimit = probability * Math.exp(-spare * limit);
    }
    return waits;
  };
}

/**
 * Counters for fleets of some copies.
 *
 * @param fleet Gives service, limit and number of copies.
 */
export function createServiceLevel(fleet: Fleet): ServiceLevel {
  const copies = fleet.step.length;
  const requests = new Float64Array(copies);
  const violations = new Float64Array(copies);
  const waitSeconds = new Float64Array(copies);
  const stepViolations = new Float64Array(copies);
  const stepWaitSeconds = new Float64Array(copies);
  const waitsOf = createStepWaits(fleet.settings);
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
      const { meanSeconds, shareOverLimit } = waitsOf(
        arrivals,
        fleet.capacity[copy],
        fleet.previousQueue[copy],
      );
      stepWaitSeconds[copy] = meanSeconds;
      stepViolations[copy] = shareOverLimit * arrivals;
      requests[copy] += arrivals;
      waitSeconds[copy] += meanSeconds * arrivals;
      violations[copy] += shareOverLimit * arrivals;
    },
  };
}
