/**
 * What an agent sees of an autoscaled service.
 *
 * @module
 */
import { type Box, box } from "../../core/spaces.ts";
import { committedInstances, type Fleet } from "./fleet.ts";
import type { AutoscalingSettings } from "./options.ts";

export type { AutoscalingSettings, Box, Fleet };

/** Names of the original's five numbers, in order. */
export const REFERENCE_FEATURES = [
  "instances / maximum",
  "load",
  "capacity (items)",
  "influx (items)",
  "queue (items)",
] as const;

/** Names of the default features, in order. */
export const DEFAULT_FEATURES = [
  "instances / maximum",
  "load",
  "influx / largest influx",
  "log queue / log limit",
  "pending change / largest change",
  "committed instances / maximum",
  "demand over committed capacity",
  "growth of the influx",
  "cooldown left",
] as const;

const DAILY_FEATURES = ["sine of the day", "cosine of the day"] as const;

/** Demand that exceeds the capacity by this share counts as one. */
const DEMAND_SPREAD = 0.05;
/** Growth of the influx by this share of an instance a step counts as one. */
const GROWTH_SPREAD = 0.25;
const FEATURE_LIMIT = 5;
const SECONDS_PER_DAY = 86_400;

/**
 * Names of what is seen, in order.
 *
 * @param settings The environment's.
 */
export function featureNames(settings: AutoscalingSettings): string[] {
  if (settings.mode === "reference") return [...REFERENCE_FEATURES];
  return settings.pattern.daily
    ? [...DEFAULT_FEATURES, ...DAILY_FEATURES]
    : [...DEFAULT_FEATURES];
}

/**
 * Where observations lie: from 0 in reference mode, within +-5 otherwise.
 *
 * @param settings The environment's.
 */
export function observationSpace(settings: AutoscalingSettings): Box {
  const shape = [featureNames(settings).length];
  return settings.mode === "reference"
    ? box(0, Infinity, { shape })
    : box(-FEATURE_LIMIT, FEATURE_LIMIT, { shape });
}

/**
 * Writes what is seen of a fleet.
 *
 * @param fleet Read.
 * @param settings Its settings.
 * @param into Written to from `offset`.
 * @param offset First place.
 */
export function writeObservation(
  fleet: Fleet,
  settings: AutoscalingSettings,
  into: Float32Array,
  offset: number,
): void {
  if (settings.mode === "reference") {
    into[offset] = fleet.instances / settings.service.maximumInstances;
    into[offset + 1] = fleet.load;
    into[offset + 2] = fleet.capacity;
    into[offset + 3] = fleet.influx;
    into[offset + 4] = fleet.queue;
    return;
  }
  writeFeatures(fleet, settings, into, offset);
}

function writeFeatures(
  fleet: Fleet,
  settings: AutoscalingSettings,
  into: Float32Array,
  offset: number,
): void {
  const { service, largestChange, cooldownSteps } = settings;
  const { capacityPerInstance, maximumInstances } = service;
  const { instances, influx, queue } = fleet;
  const committed = committedInstances(fleet, settings);
  const demand = (influx + queue) / (committed * capacityPerInstance);
  const growth = (influx - fleet.previousInflux) / capacityPerInstance;
  into[offset] = instances / maximumInstances;
  into[offset + 1] = fleet.load;
  into[offset + 2] = clip(influx / service.maximumInflux);
  into[offset + 3] = queue === 0
    ? 0
    : clip(Math.log1p(queue) / Math.log1p(service.queueLimit));
  into[offset + 4] = clip((committed - instances) / largestChange);
  into[offset + 5] = committed / maximumInstances;
  into[offset + 6] = clip((demand - 1) / DEMAND_SPREAD);
  into[offset + 7] = clip(growth / GROWTH_SPREAD);
  into[offset + 8] = cooldownSteps > 0 ? fleet.cooldown / cooldownSteps : 0;
  if (settings.pattern.daily) {
    const step = fleet.step + fleet.phase;
    const angle = 2 * Math.PI * step * service.stepSeconds / SECONDS_PER_DAY;
    into[offset + 9] = Math.sin(angle);
    into[offset + 10] = Math.cos(angle);
  }
}

function clip(value: number): number {
  return Math.min(FEATURE_LIMIT, Math.max(-FEATURE_LIMIT, value));
}
