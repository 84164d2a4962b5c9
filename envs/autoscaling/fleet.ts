/**
 * The autoscaled service's dynamics.
 *
 * A fleet is an object of plain numbers: its fields are read and written
 * faster than places in arrays that many fleets share, and stepping allocates
 * nothing.
 *
 * @module
 */
import { Random } from "../../core/random.ts";
import type { State } from "../../core/state.ts";
import {
  bootAndCountCapacity,
  scaleAtOnce,
  scaleOneStepLate,
} from "./_scaling.ts";
import { billedHours, billedSeconds } from "./billing.ts";
import {
  createLegacyCost,
  type LegacyCost,
  resetLegacyCost,
} from "./legacy_cost.ts";
import type { AutoscalingSettings } from "./options.ts";
import type { LoadPattern } from "./patterns.ts";

export type { AutoscalingSettings, LegacyCost, Random, State };

/** What the fleets of an environment have in common. */
export interface FleetRules {
  /** The environment's. */
  readonly settings: AutoscalingSettings;
  /**
   * The pattern's first steps, where they do not depend on chance: a table
   * lookup costs a tenth of a sine.
   */
  readonly knownInflux: Float64Array;
}

/** A service and its instances: all that changes in an episode. */
export interface Fleet {
  /** Steps taken in the episode. */
  step: number;
  /** Step of the pattern at which the episode began. */
  phase: number;
  /** Instances that run. */
  instances: number;
  /** Change asked for and not carried out yet (constant delay of one step). */
  pending: number;
  /** Instances that boot (distributed delay). */
  booting: number;
  /** Steps until another change is allowed. */
  cooldown: number;
  /** Items that arrived in the last step. */
  influx: number;
  /** Items that arrived in the step before. */
  previousInflux: number;
  /** Items that wait. */
  queue: number;
  /** Items that waited when the last step began. */
  previousQueue: number;
  /** Items that the last step could serve. */
  capacity: number;
  /** Served share of the capacity in the last step, in whole hundredths. */
  load: number;
  /** Reward of the last step. */
  reward: number;
  /** 1 once the queue has passed the limit, else 0. */
  failed: number;
  /** Place of the oldest instance in `births`. */
  oldest: number;
  /** Billed seconds of instances that are gone. */
  closedSeconds: number;
  /** Billed hours of instances that are gone. */
  closedHours: number;
  /**
   * Step at which each running instance was launched, oldest first: a ring
   * that begins at `oldest`. Shape [maximumInstances].
   */
  readonly births: Int32Array;
  /** When booting instances will be ready, seconds. Shape as `births`. */
  readonly readyAt: Float64Array;
  /** When booting instances were launched, steps. Shape as `births`. */
  readonly launchedAt: Int32Array;
  /** The original's cost; not kept with a distributed boot delay. */
  readonly legacy: LegacyCost;
}

/** Steps of a deterministic pattern that are tabulated. */
const KNOWN_STEPS = 8192;

/**
 * The rules of fleets with some settings.
 *
 * @param settings The environment's.
 */
export function createFleetRules(settings: AutoscalingSettings): FleetRules {
  return { settings, knownInflux: tabulate(settings.pattern) };
}

/**
 * A fleet that has yet to be reset.
 *
 * @param rules Give the largest size.
 */
export function createFleet(rules: FleetRules): Fleet {
  const { maximumInstances } = rules.settings.service;
  return {
    step: 0,
    phase: 0,
    instances: 0,
    pending: 0,
    booting: 0,
    cooldown: 0,
    influx: 0,
    previousInflux: 0,
    queue: 0,
    previousQueue: 0,
    capacity: 0,
    load: 0,
    reward: 0,
    failed: 0,
    oldest: 0,
    closedSeconds: 0,
    closedHours: 0,
    births: new Int32Array(maximumInstances),
    readyAt: new Float64Array(maximumInstances),
    launchedAt: new Int32Array(maximumInstances),
    legacy: createLegacyCost(),
  };
}

function tabulate(pattern: LoadPattern): Float64Array {
  const unused = new Random(0);
  return Float64Array.from(
    { length: pattern.deterministic ? KNOWN_STEPS : 0 },
    (_, step) => pattern.influx(step, unused),
  );
}

/** Items that arrive at a step of the pattern. */
function influxAt(rules: FleetRules, step: number, random: Random): number {
  return step < rules.knownInflux.length
    ? rules.knownInflux[step]
    : rules.settings.pattern.influx(step, random);
}

/**
 * Begins an episode.
 *
 * @param fleet Written to.
 * @param rules Its rules.
 * @param random The fleet's stream.
 */
export function resetFleet(
  fleet: Fleet,
  rules: FleetRules,
  random: Random,
): void {
  const { pattern, service, randomStart } = rules.settings;
  fleet.phase = randomStart && pattern.periodSteps > 1
    ? random.integer(0, pattern.periodSteps - 1)
    : 0;
  const influx = influxAt(rules, fleet.phase, random);
  const instances = randomStart
    ? randomSize(influx, rules, random)
    : service.initialInstances;
  fleet.step = 0;
  fleet.instances = instances;
  fleet.pending = 0;
  fleet.booting = 0;
  fleet.cooldown = 0;
  fleet.influx = influx;
  fleet.previousInflux = influx;
  fleet.queue = 0;
  fleet.previousQueue = 0;
  fleet.capacity = instances * service.capacityPerInstance;
  fleet.load = 0;
  fleet.reward = 0;
  fleet.failed = 0;
  fleet.oldest = 0;
  fleet.births.fill(0);
  fleet.closedSeconds = 0;
  fleet.closedHours = 0;
  resetLegacyCost(fleet.legacy, instances);
}

/**
 * 0.9 to 1.5 of what the load needs, within the limits. A fleet much smaller
 * than that builds up a queue whose steps cost more than letting the service
 * fail, which ends the episode: the optimum would be to fail.
 */
function randomSize(influx: number, rules: FleetRules, random: Random): number {
  const { service } = rules.settings;
  const need = influx / service.capacityPerInstance;
  const { minimumInstances, maximumInstances } = service;
  const clip = (size: number) =>
    Math.min(maximumInstances, Math.max(minimumInstances, Math.round(size)));
  return random.integer(clip(need * 0.9), clip(need * 1.5));
}

/**
 * Takes one step: items arrive, the instances of the last step serve, then
 * the fleet changes size.
 *
 * @param fleet Read and written.
 * @param rules Its rules.
 * @param delta Change in instances that is asked for.
 * @param random The fleet's stream.
 */
export function stepFleet(
  fleet: Fleet,
  rules: FleetRules,
  delta: number,
  random: Random,
): void {
  const { service, bootDelay } = rules.settings;
  const step = fleet.step + 1;
  const influx = influxAt(rules, step + fleet.phase, random);
  const waiting = fleet.queue;
  fleet.step = step;
  fleet.previousInflux = fleet.influx;
  fleet.influx = influx;
  fleet.previousQueue = waiting;
  const total = influx + waiting;
  const capacity = bootDelay
    ? Math.floor(bootAndCountCapacity(fleet, service))
    : fleet.instances * service.capacityPerInstance;
  const served = Math.min(total, capacity);
  const queue = total - served;
  // Dividing first, as the original does: the other order rounds differently.
  const load = capacity > 0 ? Math.ceil(served / capacity * 100) / 100 : 0;
  fleet.capacity = capacity;
  fleet.load = load;
  fleet.queue = queue;
  const penalty = bootDelay
    ? scaleAtOnce(fleet, rules.settings, delta, random)
    : scaleOneStepLate(fleet, rules.settings, delta);
  fleet.reward = -(1 - load) * fleet.instances / service.maximumInstances +
    penalty - queue / (1 + queue);
  fleet.failed = queue > service.queueLimit ? 1 : 0;
}

/**
 * Which actions are allowed now: those that keep the size within its limits
 * and do not change it while it cools down.
 *
 * @param fleet Read.
 * @param settings Its settings.
 * @param mask Written to: 1 for each allowed action. Shape [actions].
 */
export function writeActionMask(
  fleet: Fleet,
  settings: AutoscalingSettings,
  mask: Uint8Array,
): void {
  const { actionDeltas, service } = settings;
  const committed = committedInstances(fleet, settings);
  for (let i = 0; i < actionDeltas.length; i++) {
    const delta = actionDeltas[i];
    const size = committed + delta;
    mask[i] = delta === 0 ||
        (fleet.cooldown === 0 && size >= service.minimumInstances &&
          size <= service.maximumInstances)
      ? 1
      : 0;
  }
}

/**
 * Instances once everything asked for has happened.
 *
 * @param fleet Read.
 * @param settings Its settings.
 */
export function committedInstances(
  fleet: Fleet,
  settings: AutoscalingSettings,
): number {
  const { minimumInstances, maximumInstances } = settings.service;
  const size = fleet.instances + fleet.pending + fleet.booting;
  return size < minimumInstances || size > maximumInstances
    ? fleet.instances
    : size;
}

/** What all instances of an episode are billed for. */
export interface BilledTime {
  /** By the second, at least 60 each. */
  seconds: number;
  /** By the hour begun. */
  hours: number;
}

/**
 * What the instances of the episode so far are billed for: those that are
 * gone, those that run and those that boot, each from its launch.
 *
 * @param fleet Read.
 * @param settings Its settings.
 */
export function billedTime(
  fleet: Fleet,
  settings: AutoscalingSettings,
): BilledTime {
  const { births } = fleet;
  const total = { seconds: fleet.closedSeconds, hours: fleet.closedHours };
  const add = (birth: number) => {
    const lifetime = (fleet.step - birth) * settings.service.stepSeconds;
    total.seconds += billedSeconds(lifetime);
    total.hours += billedHours(lifetime);
  };
  for (let i = 0; i < fleet.instances; i++) {
    add(births[(fleet.oldest + i) % births.length]);
  }
  for (let i = 0; i < fleet.booting; i++) add(fleet.launchedAt[i]);
  return total;
}
