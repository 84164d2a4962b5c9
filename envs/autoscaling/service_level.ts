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

export type { AutoscalingSettings, Fleet };

/** Waits of the last step and of the episode. */
export interface ServiceLevel {
  /** Requests of the episode. */
  requests: number;
  /** Of them, the expected number that waited longer than the limit. */
  violations: number;
  /** Sum of their waits, seconds. */
  waitSeconds: number;
  /** Expected violations of the last step. */
  stepViolations: number;
  /** Mean wait in the last step, seconds. */
  stepWaitSeconds: number;
}

/** Waits in one step. */
export interface StepWaits {
  /** Mean wait of the step's arrivals, seconds. */
  meanSeconds: number;
  /** Expected share of them that waits longer than the limit, 0 to 1. */
  shareOverLimit: number;
}

/**
 * Computes the waits in one step from its arrivals, the items that it can
 * serve, and those that waited when it began. The result is overwritten by the
 * next call.
 */
export type StepWaitsFunction = (
  arrivals: number,
  capacity: number,
  backlog: number,
) => StepWaits;

/**
 * A function that computes the waits in one step of a service.
 *
 * @param settings Gives service and limit.
 */
export function createStepWaits(
  settings: AutoscalingSettings,
): StepWaitsFunction {
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

/** Counters of an episode that has yet to begin. */
export function createServiceLevel(): ServiceLevel {
  return {
    requests: 0,
    violations: 0,
    waitSeconds: 0,
    stepViolations: 0,
    stepWaitSeconds: 0,
  };
}

/**
 * Begins an episode.
 *
 * @param level Written to.
 */
export function resetServiceLevel(level: ServiceLevel): void {
  level.requests = 0;
  level.violations = 0;
  level.waitSeconds = 0;
  level.stepViolations = 0;
  level.stepWaitSeconds = 0;
}

/**
 * Counts the step that a fleet has just taken.
 *
 * @param level Written to.
 * @param fleet Read.
 * @param waitsOf What {@linkcode createStepWaits} made.
 */
export function countServiceLevel(
  level: ServiceLevel,
  fleet: Fleet,
  waitsOf: StepWaitsFunction,
): void {
  const { influx } = fleet;
  const waits = waitsOf(influx, fleet.capacity, fleet.previousQueue);
  const violations = waits.shareOverLimit * influx;
  level.stepWaitSeconds = waits.meanSeconds;
  level.stepViolations = violations;
  level.requests += influx;
  level.waitSeconds += waits.meanSeconds * influx;
  level.violations += violations;
}
