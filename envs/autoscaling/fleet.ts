/**
 * The autoscaled service's dynamics, for any number of copies.
 *
 * State lies in arrays with one entry a copy, so that a vector environment
 * steps through memory in order and allocates nothing.
 *
 * @module
 */
import { Random } from "../../core/random.ts";
import type { State } from "../../core/state.ts";
import type { AutoscalingSettings, BootDelay } from "./options.ts";
import type { LoadPattern } from "./patterns.ts";
import { createLegacyCost, type LegacyCost } from "./legacy_cost.ts";

/** Penalty of an action that is refused. */
const REFUSED_PENALTY = -0.1;

/** The state of all copies; arrays have one entry a copy. */
export interface Fleet {
  /** What does not change. */
  readonly settings: AutoscalingSettings;
  /** Most instances that may run: the row length of `births`. */
  readonly rowLength: number;
  /**
   * The pattern's first steps, where they do not depend on chance: a table
   * lookup costs a tenth of a sine.
   */
  readonly knownInflux: Float64Array;
  /** Steps taken in the episode. */
  readonly step: Int32Array;
  /** Step of the pattern at which the episode began. */
  readonly phase: Int32Array;
  /** Instances that run. */
  readonly instances: Int32Array;
  /** Change asked for and not carried out yet (constant delay of one step). */
  readonly pending: Int32Array;
  /** Instances that boot (distributed delay). */
  readonly booting: Int32Array;
  /** Steps until another change is allowed. */
  readonly cooldown: Int32Array;
  /** Items that arrived in the last step. */
  readonly influx: Float64Array;
  /** Items that arrived in the step before. */
  readonly previousInflux: Float64Array;
  /** Items that wait. */
  readonly queue: Float64Array;
  /** Items that waited when the last step began. */
  readonly previousQueue: Float64Array;
  /** Items that the last step could serve. */
  readonly capacity: Float64Array;
  /** Served share of the capacity in the last step, in whole hundredths. */
  readonly load: Float64Array;
  /** Reward of the last step. */
  readonly reward: Float64Array;
  /** 1 once the queue has passed the limit. */
  readonly failed: Uint8Array;
  /**
   * Step at which each running instance was launched, oldest first, a ring of
   * `rowLength` a copy that begins at `oldest`. Shape [copies, rowLength].
   */
  readonly births: Int32Array;
  /** Place of each ring's oldest instance. */
  readonly oldest: Int32Array;
  /** When booting instances will be ready, seconds. Shape as `births`. */
  readonly readyAt: Float64Array;
  /** When booting instances were launched, steps. Shape as `births`. */
  readonly launchedAt: Int32Array;
  /** Seconds of booting and running that the bill's minimum adds. */
  readonly minimumSeconds: Float64Array;
  /** Seconds of booting and running of all instances. */
  readonly billedSeconds: Float64Array;
  /** Started hours of instances that are gone. */
  readonly closedHours: Float64Array;
  /** The original's cost. */
  readonly legacy: LegacyCost;
}

/** Steps of a deterministic pattern that are tabulated. */
const KNOWN_STEPS = 8192;

/** Shortest time that a per-second bill charges, seconds. */
const MINIMUM_BILLED_SECONDS = 60;

/**
 * A fleet whose copies have yet to be reset.
 *
 * @param settings What does not change.
 * @param copies Number of copies.
 */
export function createFleet(
  settings: AutoscalingSettings,
  copies: number,
): Fleet {
  const rowLength = settings.service.maximumInstances;
  const ints = () => new Int32Array(copies);
  const floats = () => new Float64Array(copies);
  return {
    settings,
    rowLength,
    knownInflux: tabulate(settings.pattern),
    step: ints(),
    phase: ints(),
    instances: ints(),
    pending: ints(),
    booting: ints(),
    cooldown: ints(),
    influx: floats(),
    previousInflux: floats(),
    queue: floats(),
    previousQueue: floats(),
    capacity: floats(),
    load: floats(),
    reward: floats(),
    failed: new Uint8Array(copies),
    births: new Int32Array(copies * rowLength),
    oldest: ints(),
    readyAt: new Float64Array(copies * rowLength),
    launchedAt: new Int32Array(copies * rowLength),
    minimumSeconds: floats(),
    billedSeconds: floats(),
    closedHours: floats(),
    legacy: createLegacyCost(copies, settings.service),
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
function influxAt(fleet: Fleet, step: number, random: Random): number {
  return step < fleet.knownInflux.length
    ? fleet.knownInflux[step]
    : fleet.settings.pattern.influx(step, random);
}

/**
 * Begins an episode in one copy.
 *
 * @param fleet Written to.
 * @param copy Which copy.
 * @param random The copy's stream.
 */
export function resetCopy(fleet: Fleet, copy: number, random: Random): void {
  const { pattern, service, randomStart } = fleet.settings;
  fleet.phase[copy] = randomStart && pattern.periodSteps > 1
    ? random.integer(0, pattern.periodSteps - 1)
    : 0;
  const influx = influxAt(fleet, fleet.phase[copy], random);
  const instances = randomStart
    ? randomSize(influx, fleet, random)
    : service.initialInstances;
  fleet.step[copy] = 0;
  fleet.instances[copy] = instances;
  fleet.pending[copy] = 0;
  fleet.booting[copy] = 0;
  fleet.cooldown[copy] = 0;
  fleet.influx[copy] = influx;
  fleet.previousInflux[copy] = influx;
  fleet.queue[copy] = 0;
  fleet.previousQueue[copy] = 0;
  fleet.capacity[copy] = instances * service.capacityPerInstance;
  fleet.load[copy] = 0;
  fleet.reward[copy] = 0;
  fleet.failed[copy] = 0;
  fleet.oldest[copy] = 0;
  const row = copy * fleet.rowLength;
  fleet.births.fill(0, row, row + fleet.rowLength);
  fleet.minimumSeconds[copy] = 0;
  fleet.billedSeconds[copy] = 0;
  fleet.closedHours[copy] = 0;
  fleet.legacy.reset(copy, instances);
}

/**
 * 0.9 to 1.5 of what the load needs, within the limits. A fleet much smaller
 * than that builds up a queue whose steps cost more than letting the service
 * fail, which ends the episode: the optimum would be to fail.
 */
function randomSize(influx: number, fleet: Fleet, random: Random): number {
  const { service } = fleet.settings;
  const need = influx / service.capacityPerInstance;
  const { minimumInstances, maximumInstances } = service;
  const clip = (size: number) =>
    Math.min(maximumInstances, Math.max(minimumInstances, Math.round(size)));
  return random.integer(clip(need * 0.9), clip(need * 1.5));
}

/**
 * Steps one copy: items arrive, the instances of the last step serve, then
 * the fleet changes size.
 *
 * @param fleet Read and written.
 * @param copy Which copy.
 * @param delta Change in instances that is asked for.
 * @param random The copy's stream.
 */
export function stepCopy(
  fleet: Fleet,
  copy: number,
  delta: number,
  random: Random,
): void {
  const { service, bootDelay } = fleet.settings;
  const step = ++fleet.step[copy];
  const influx = influxAt(fleet, step + fleet.phase[copy], random);
  fleet.previousInflux[copy] = fleet.influx[copy];
  fleet.influx[copy] = influx;
  const waiting = fleet.queue[copy];
  fleet.previousQueue[copy] = waiting;
  const total = influx + waiting;
  const capacity = bootDelay
    ? Math.floor(bootAndCountCapacity(fleet, copy))
    : fleet.instances[copy] * service.capacityPerInstance;
  const served = Math.min(total, capacity);
  const queue = total - served;
  fleet.capacity[copy] = capacity;
  // Dividing first, as the original does: the other order rounds differently.
  const load = capacity > 0 ? Math.ceil(served / capacity * 100) / 100 : 0;
  fleet.load[copy] = load;
  fleet.queue[copy] = queue;
  fleet.billedSeconds[copy] += service.stepSeconds *
    (fleet.instances[copy] + fleet.booting[copy]);
  fleet.legacy.charge(copy, step);
  const penalty = bootDelay
    ? scaleAtOnce(fleet, copy, delta, random)
    : scaleOneStepLate(fleet, copy, delta);
  fleet.reward[copy] =
    -(1 - load) * fleet.instances[copy] / service.maximumInstances + penalty -
    queue / (1 + queue);
  fleet.failed[copy] = queue > service.queueLimit ? 1 : 0;
}

/** Carries out the last step's change and keeps the new one for the next. */
function scaleOneStepLate(fleet: Fleet, copy: number, delta: number): number {
  const { minimumInstances, maximumInstances } = fleet.settings.service;
  const due = fleet.pending[copy];
  const size = fleet.instances[copy] + due;
  let penalty = 0;
  if (due !== 0) {
    if (size < minimumInstances || size > maximumInstances) {
      penalty = REFUSED_PENALTY;
    } else {
      if (due > 0) launch(fleet, copy, due);
      else removeOldest(fleet, copy, -due);
    }
  }
  if (coolDown(fleet, copy, delta)) {
    penalty += REFUSED_PENALTY;
    delta = 0;
  }
  fleet.pending[copy] = delta;
  return penalty;
}

/** Counts the cooldown; whether it forbids this change. */
function coolDown(fleet: Fleet, copy: number, delta: number): boolean {
  const left = fleet.cooldown[copy];
  if (left > 0) {
    fleet.cooldown[copy] = left - 1;
    return delta !== 0;
  }
  if (delta !== 0) fleet.cooldown[copy] = fleet.settings.cooldownSteps;
  return false;
}

/** Lets instances run that were launched in this step. */
function launch(fleet: Fleet, copy: number, count: number): void {
  const step = fleet.step[copy];
  for (let i = 0; i < count; i++) addBirth(fleet, copy, step);
  fleet.legacy.launch(copy, step, count);
}

function addBirth(fleet: Fleet, copy: number, step: number): void {
  const { rowLength } = fleet;
  let place = fleet.oldest[copy] + fleet.instances[copy];
  if (place >= rowLength) place -= rowLength;
  fleet.births[copy * rowLength + place] = step;
  fleet.instances[copy]++;
}

function removeOldest(fleet: Fleet, copy: number, count: number): void {
  const { rowLength } = fleet;
  for (let i = 0; i < count; i++) {
    const birth = fleet.births[copy * rowLength + fleet.oldest[copy]];
    fleet.oldest[copy] = fleet.oldest[copy] + 1 === rowLength
      ? 0
      : fleet.oldest[copy] + 1;
    fleet.instances[copy]--;
    closeBill(fleet, copy, birth);
    fleet.legacy.remove(copy, birth);
  }
}

/** Ends the bill of an instance that was launched at the step `birth`. */
function closeBill(fleet: Fleet, copy: number, birth: number): void {
  const lifetime = (fleet.step[copy] - birth) *
    fleet.settings.service.stepSeconds;
  fleet.closedHours[copy] += Math.max(1, Math.ceil(lifetime / 3600));
  if (lifetime < MINIMUM_BILLED_SECONDS) {
    fleet.minimumSeconds[copy] += MINIMUM_BILLED_SECONDS - lifetime;
  }
}

/** Items that running instances and those that become ready can serve. */
function bootAndCountCapacity(fleet: Fleet, copy: number): number {
  const { capacityPerInstance, stepSeconds } = fleet.settings.service;
  const row = copy * fleet.rowLength;
  const end = fleet.step[copy] * stepSeconds;
  let capacity = fleet.instances[copy] * capacityPerInstance;
  let booting = 0;
  for (let i = 0; i < fleet.booting[copy]; i++) {
    const ready = fleet.readyAt[row + i];
    const launchedAt = fleet.launchedAt[row + i];
    if (ready < end) {
      capacity += capacityPerInstance * (end - ready) / stepSeconds;
      addBirth(fleet, copy, launchedAt);
    } else {
      fleet.readyAt[row + booting] = ready;
      fleet.launchedAt[row + booting] = launchedAt;
      booting++;
    }
  }
  fleet.booting[copy] = booting;
  return capacity;
}

/** Begins to boot, or removes at once: booting instances first, newest first. */
function scaleAtOnce(
  fleet: Fleet,
  copy: number,
  delta: number,
  random: Random,
): number {
  const { minimumInstances, maximumInstances, stepSeconds } =
    fleet.settings.service;
  if (coolDown(fleet, copy, delta)) return REFUSED_PENALTY;
  const size = fleet.instances[copy] + fleet.booting[copy] + delta;
  if (delta === 0) return 0;
  if (size < minimumInstances || size > maximumInstances) {
    return REFUSED_PENALTY;
  }
  const row = copy * fleet.rowLength;
  const now = fleet.step[copy] * stepSeconds;
  for (let i = 0; i < delta; i++) {
    const place = row + fleet.booting[copy]++;
    fleet.readyAt[place] = now + drawDelay(fleet.settings.bootDelay!, random);
    fleet.launchedAt[place] = fleet.step[copy];
  }
  for (let i = 0; i > delta; i--) {
    if (fleet.booting[copy] > 0) {
      const place = row + --fleet.booting[copy];
      closeBill(fleet, copy, fleet.launchedAt[place]);
    } else {
      removeOldest(fleet, copy, 1);
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

/**
 * Which actions are allowed now: those that keep the size within its limits
 * and do not change it while it cools down.
 *
 * @param fleet Read.
 * @param copy Which copy.
 * @param mask Written to: 1 for each allowed action. Shape [actions].
 */
export function writeActionMask(
  fleet: Fleet,
  copy: number,
  mask: Uint8Array,
): void {
  const { actionDeltas, service } = fleet.settings;
  const committed = committedInstances(fleet, copy);
  for (let i = 0; i < actionDeltas.length; i++) {
    const delta = actionDeltas[i];
    const size = committed + delta;
    mask[i] = delta === 0 ||
        (fleet.cooldown[copy] === 0 && size >= service.minimumInstances &&
          size <= service.maximumInstances)
      ? 1
      : 0;
  }
}

/**
 * Instances once everything asked for has happened.
 *
 * @param fleet Read.
 * @param copy Which copy.
 */
export function committedInstances(fleet: Fleet, copy: number): number {
  const { minimumInstances, maximumInstances } = fleet.settings.service;
  const size = fleet.instances[copy] + fleet.pending[copy] +
    fleet.booting[copy];
  return size < minimumInstances || size > maximumInstances
    ? fleet.instances[copy]
    : size;
}

/**
 * Started hours of all instances of the episode so far.
 *
 * @param fleet Read.
 * @param copy Which copy.
 */
export function startedHours(fleet: Fleet, copy: number): number {
  const { rowLength } = fleet;
  const { stepSeconds } = fleet.settings.service;
  const row = copy * rowLength;
  const hours = (birth: number) =>
    Math.max(1, Math.ceil((fleet.step[copy] - birth) * stepSeconds / 3600));
  let total = fleet.closedHours[copy];
  for (let i = 0; i < fleet.instances[copy]; i++) {
    total += hours(fleet.births[row + (fleet.oldest[copy] + i) % rowLength]);
  }
  for (let i = 0; i < fleet.booting[copy]; i++) {
    total += hours(fleet.launchedAt[row + i]);
  }
  return total;
}

/** Everything in a fleet that is an array, by name. */
function arrays(fleet: Fleet): [string, Int32Array | Float64Array][] {
  return Object.entries({ ...fleet, ...fleet.legacy.arrays }).filter((
    entry,
  ): entry is [string, Int32Array | Float64Array] =>
    ArrayBuffer.isView(entry[1]) && entry[0] !== "knownInflux"
  );
}

/**
 * The state of every copy.
 *
 * @param fleet Read.
 */
export function saveFleet(fleet: Fleet): State {
  return Object.fromEntries(
    arrays(fleet).map(([name, values]) => [name, values.slice()]),
  );
}

/**
 * Goes on from a saved state. Throws `TypeError` when it does not fit.
 *
 * @param fleet Written to.
 * @param state What {@linkcode saveFleet} returned.
 */
export function loadFleet(fleet: Fleet, state: State): void {
  for (const [name, values] of arrays(fleet)) {
    const saved = state[name];
    if (
      !ArrayBuffer.isView(saved) ||
      saved.constructor !== values.constructor ||
      (saved as typeof values).length !== values.length
    ) {
      throw new TypeError(
        `Cannot restore an autoscaling state: expected ${values.length} values in "${name}"`,
      );
    }
  }
  for (const [name, values] of arrays(fleet)) {
    values.set(state[name] as typeof values);
  }
}
