/**
 * How a fleet changes size.
 *
 * @module
 */
import type { Random } from "../../core/random.ts";
import { billedHours, billedSeconds } from "./billing.ts";
import type { Fleet } from "./fleet.ts";
import {
  chargeLegacyCost,
  launchLegacyCost,
  removeLegacyCost,
} from "./legacy_cost.ts";
import type { AutoscalingSettings, BootDelay } from "./options.ts";
import type { Service } from "./service.ts";

/** Penalty of an action that is refused. */
const REFUSED_PENALTY = -0.1;

/** Carries out the last step's change and keeps the new one for the next. */
export function scaleOneStepLate(
  fleet: Fleet,
  settings: AutoscalingSettings,
  delta: number,
): number {
  const { minimumInstances, maximumInstances } = settings.service;
  chargeLegacyCost(fleet.legacy, fleet.step);
  const due = fleet.pending;
  let penalty = 0;
  if (due !== 0) {
    const size = fleet.instances + due;
    if (size < minimumInstances || size > maximumInstances) {
      penalty = REFUSED_PENALTY;
    } else if (due > 0) {
      launch(fleet, due);
    } else {
      removeOldest(fleet, settings, -due);
    }
  }
  if (coolDown(fleet, settings, delta)) {
    penalty += REFUSED_PENALTY;
    delta = 0;
  }
  fleet.pending = delta;
  return penalty;
}

/** Counts the cooldown; whether it forbids this change. */
function coolDown(
  fleet: Fleet,
  settings: AutoscalingSettings,
  delta: number,
): boolean {
  if (fleet.cooldown > 0) {
    fleet.cooldown--;
    return delta !== 0;
  }
  if (delta !== 0) fleet.cooldown = settings.cooldownSteps;
  return false;
}

/** Lets instances run that were launched in this step. */
function launch(fleet: Fleet, count: number): void {
  for (let i = 0; i < count; i++) {
    addBirth(fleet, fleet.step);
    launchLegacyCost(fleet.legacy, fleet.step);
  }
}

function addBirth(fleet: Fleet, step: number): void {
  const { births } = fleet;
  let place = fleet.oldest + fleet.instances;
  if (place >= births.length) place -= births.length;
  births[place] = step;
  fleet.instances++;
}

function removeOldest(
  fleet: Fleet,
  settings: AutoscalingSettings,
  count: number,
): void {
  const { births } = fleet;
  for (let i = 0; i < count; i++) {
    const birth = births[fleet.oldest];
    fleet.oldest = fleet.oldest + 1 === births.length ? 0 : fleet.oldest + 1;
    fleet.instances--;
    closeBill(fleet, settings, birth);
    if (!settings.bootDelay) removeLegacyCost(fleet.legacy, birth);
  }
}

/** Ends the bill of an instance that was launched at the step `birth`. */
function closeBill(
  fleet: Fleet,
  settings: AutoscalingSettings,
  birth: number,
): void {
  const lifetime = (fleet.step - birth) * settings.service.stepSeconds;
  fleet.closedSeconds += billedSeconds(lifetime);
  fleet.closedHours += billedHours(lifetime);
}

/** Items that running instances and those that become ready can serve. */
export function bootAndCountCapacity(fleet: Fleet, service: Service): number {
  const { capacityPerInstance, stepSeconds } = service;
  const { readyAt, launchedAt } = fleet;
  const end = fleet.step * stepSeconds;
  let capacity = fleet.instances * capacityPerInstance;
  let booting = 0;
  for (let i = 0; i < fleet.booting; i++) {
    const ready = readyAt[i];
    if (ready < end) {
      capacity += capacityPerInstance * (end - ready) / stepSeconds;
      addBirth(fleet, launchedAt[i]);
    } else {
      readyAt[booting] = ready;
      launchedAt[booting] = launchedAt[i];
      booting++;
    }
  }
  fleet.booting = booting;
  return capacity;
}

/** Begins to boot, or removes at once: booting instances first, newest first. */
export function scaleAtOnce(
  fleet: Fleet,
  settings: AutoscalingSettings,
  delta: number,
  random: Random,
): number {
  const { minimumInstances, maximumInstances, stepSeconds } = settings.service;
  if (coolDown(fleet, settings, delta)) return REFUSED_PENALTY;
  const size = fleet.instances + fleet.booting + delta;
  if (delta === 0) return 0;
  if (size < minimumInstances || size > maximumInstances) {
    return REFUSED_PENALTY;
  }
  const now = fleet.step * stepSeconds;
  for (let i = 0; i < delta; i++) {
    const place = fleet.booting++;
    fleet.readyAt[place] = now + drawDelay(settings.bootDelay!, random);
    fleet.launchedAt[place] = fleet.step;
  }
  for (let i = 0; i > delta; i--) {
    if (fleet.booting > 0) {
      fleet.booting--;
      closeBill(fleet, settings, fleet.launchedAt[fleet.booting]);
    } else {
      removeOldest(fleet, settings, 1);
    }
  }
  return 0;
}

function drawDelay(delay: BootDelay, random: Random): number {
  switch (delay.distribution) {
    case "constant":
      return delay.meanSeconds;
    case "exponential":
      return delay.meanSeconds * random.exponential();
    case "lognormal": {
      const variance = Math.log(1 + (delay.variation ?? 0.5) ** 2);
      return delay.meanSeconds *
        Math.exp(random.normal(-variance / 2, Math.sqrt(variance)));
    }
  }
}
