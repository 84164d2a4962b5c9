/**
 * Environments in which a service is scaled by whole instances.
 *
 * @module
 */
import { Random, type RandomState } from "../../core/random.ts";
import { type Box, type Discrete, discrete } from "../../core/spaces.ts";
import type { State } from "../../core/state.ts";
import type {
  Environment,
  Info,
  ResetOptions,
  ResetResult,
  StepResult,
  VectorBuffers,
  VectorEnvironment,
} from "../environment.ts";
import { checkCount } from "../_vector_copies.ts";
import { loadColumns, saveColumns } from "./_columns.ts";
import {
  billedTime,
  committedInstances,
  createFleet,
  createFleetRules,
  type Fleet,
  type FleetRules,
  resetFleet,
  stepFleet,
  writeActionMask,
} from "./fleet.ts";
import { totalLegacyCost } from "./legacy_cost.ts";
import { observationSpace, writeObservation } from "./observation.ts";
import {
  type AutoscalingOptions,
  type AutoscalingSettings,
  autoscalingSettings,
} from "./options.ts";
import {
  countServiceLevel,
  createServiceLevel,
  createStepWaits,
  resetServiceLevel,
  type ServiceLevel,
  type StepWaitsFunction,
} from "./service_level.ts";

export type {
  AutoscalingOptions,
  AutoscalingSettings,
  Box,
  Discrete,
  Environment,
  Fleet,
  Info,
  ResetOptions,
  ResetResult,
  State,
  StepResult,
  VectorBuffers,
  VectorEnvironment,
};

/** Bills of the episode so far, dollars. */
export interface AutoscalingCost {
  /** The original's cost; NaN with a distributed boot delay. */
  legacy: number;
  /** Each instance by the second, at least 60 s. */
  perSecond: number;
  /** Each instance by the hour begun. */
  perStartedHour: number;
}

/** What an autoscaling environment reports beside the observation. */
export interface AutoscalingInfo extends Info {
  /** Steps taken in the episode. */
  step: number;
  /** Instances that run. */
  instances: number;
  /** Change asked for that has not happened yet, instances. */
  inFlight: number;
  /** Served share of the last step's capacity, 0 to 1 in hundredths. */
  load: number;
  /** Items that wait. */
  queue: number;
  /** Items that arrived in the last step. */
  influx: number;
  /** Items that the last step could serve. */
  capacity: number;
  /** Items that an instance serves in a step. */
  capacityPerInstance: number;
  /** Fewest instances. */
  minimumInstances: number;
  /** Most instances. */
  maximumInstances: number;
  /** Length of a step, seconds. */
  stepSeconds: number;
  /** Bills of the episode. */
  cost: AutoscalingCost;
  /** Mean wait in the last step, seconds; NaN without metrics. */
  waitSeconds: number;
  /** Mean wait over the episode's requests, seconds; NaN without metrics. */
  meanWaitSeconds: number;
  /** Requests of the episode; NaN without metrics. */
  requests: number;
  /** Share of them that waited longer than the limit; NaN without metrics. */
  violationShare: number;
}

/** Whether a copy's episode is over, and why. */
const enum End {
  No,
  Terminated,
  Truncated,
}

/** One episode that runs, and where its chance comes from. */
interface Copy {
  readonly fleet: Fleet;
  readonly level: ServiceLevel;
  readonly random: Random;
}

/** What the single and the vector environment share: one or more copies. */
class Copies {
  readonly settings: AutoscalingSettings;
  readonly rules: FleetRules;
  readonly all: readonly Copy[];
  readonly observationSpace: Box;
  readonly actionSpace: Discrete;
  readonly #waitsOf: StepWaitsFunction;

  constructor(options: AutoscalingOptions, count: number) {
    this.settings = autoscalingSettings(options);
    this.rules = createFleetRules(this.settings);
    this.#waitsOf = createStepWaits(this.settings);
    this.observationSpace = observationSpace(this.settings);
    this.actionSpace = discrete(this.settings.actionDeltas.length);
    this.all = Array.from({ length: count }, () => ({
      fleet: createFleet(this.rules),
      level: createServiceLevel(),
      random: new Random(0),
    }));
    this.seed(0);
  }

  /** A stream for each copy, split off one root. */
  seed(seed: number): void {
    const root = new Random(seed);
    for (const { random } of this.all) {
      random.loadState(root.split().saveState());
    }
  }

  reset({ fleet, level, random }: Copy): void {
    resetFleet(fleet, this.rules, random);
    resetServiceLevel(level);
  }

  step({ fleet, level, random }: Copy, action: number): End {
    const { settings } = this;
    const delta = settings.actionDeltas[action];
    if (delta === undefined) {
      throw new RangeError(
        `Cannot take action ${action}: expected a whole number from 0 to ${
          settings.actionDeltas.length - 1
        }`,
      );
    }
    stepFleet(fleet, this.rules, delta, random);
    if (settings.metrics) countServiceLevel(level, fleet, this.#waitsOf);
    if (settings.reward === "cost") {
      fleet.reward = -lastStepDollars(fleet, level, settings);
    }
    if (fleet.failed === 1) {
      fleet.reward -= settings.failurePenalty;
      return End.Terminated;
    }
    return fleet.step >= settings.episodeSteps ? End.Truncated : End.No;
  }

  observe(copy: Copy, into: Float32Array, offset: number): void {
    writeObservation(copy.fleet, this.settings, into, offset);
  }

  /** What is saved of each copy. */
  #records(): object[] {
    return this.all.map(({ fleet, level }) => ({ fleet, level }));
  }

  save(): State {
    return {
      ...saveColumns(this.#records()),
      streams: this.all.map(({ random }) => random.saveState()),
    };
  }

  load(state: State): void {
    const { streams } = state;
    if (!Array.isArray(streams) || streams.length !== this.all.length) {
      throw new TypeError(
        `Cannot restore an autoscaling state: expected ${this.all.length} random streams`,
      );
    }
    // A stream refuses what is none, so the words are read before all else.
    const read = streams.map((words) => Random.fromState(words as RandomState));
    loadColumns(this.#records(), state);
    this.all.forEach(({ random }, i) => random.loadState(read[i].saveState()));
  }
}

/** Dollars of the last step: instances, and requests over the limit. */
function lastStepDollars(
  fleet: Fleet,
  level: ServiceLevel,
  settings: AutoscalingSettings,
): number {
  const { service, violationPrice } = settings;
  const instances = fleet.instances + fleet.booting;
  return instances * service.pricePerHour * service.stepSeconds / 3600 +
    level.stepViolations * violationPrice;
}

/**
 * A service under a load that changes, scaled by whole instances.
 *
 * **Dynamics** (of gym-scaling, in both modes). In each step the items of the
 * load pattern join those that wait; the instances of the step before serve
 * `capacityPerInstance` each; then the action of the step before is carried
 * out and the new one is kept, so that an action works one step late. Actions
 * that leave the limits are refused at a penalty of 0.1.
 *
 * **Actions**: index into `actionDeltas`, by default remove one, hold, add
 * one; the oldest instances are removed first.
 *
 * **Reward**: -(1 - load) x instances / maximum - queue / (1 + queue), less
 * the penalty; with `reward: "cost"` minus dollars.
 *
 * **Observation**: see {@linkcode featureNames}. In reference mode the
 * original's five raw numbers, which leave out the pending action.
 *
 * **End**: terminated once more than `queueLimit` items wait; truncated after
 * `episodeSteps`.
 *
 * @example Hold for one episode
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { AutoscalingEnv } from "./autoscaling_env.ts";
 *
 * const env = new AutoscalingEnv({ pattern: "STEADY" });
 * env.reset({ seed: 1 });
 * let steps = 0;
 * for (let over = false; !over; steps++) {
 *   const { terminated, truncated } = env.step(1);
 *   over = terminated || truncated;
 * }
 * assertEquals(steps, 200);
 * ```
 */
export class AutoscalingEnv implements Environment<Float32Array, number> {
  /** Name and version; models record it. */
  readonly id = "Autoscaling-v1";
  /** Where observations lie. */
  readonly observationSpace: Box;
  /** One value for each change in `actionDeltas`. */
  readonly actionSpace: Discrete;
  /** The options with every default filled in. */
  readonly settings: AutoscalingSettings;
  readonly #copies: Copies;
  readonly #copy: Copy;
  #running = false;

  /**
   * An environment that has yet to be reset.
   *
   * @param options Throws `RangeError` for values that make no sense.
   */
  constructor(options: AutoscalingOptions = {}) {
    this.#copies = new Copies(options, 1);
    this.#copy = this.#copies.all[0];
    this.settings = this.#copies.settings;
    this.observationSpace = this.#copies.observationSpace;
    this.actionSpace = this.#copies.actionSpace;
  }

  /** Begins an episode. */
  reset(
    options: ResetOptions = {},
  ): ResetResult<Float32Array> & { info: AutoscalingInfo } {
    if (options.seed !== undefined) this.#copies.seed(options.seed);
    this.#copies.reset(this.#copy);
    this.#running = true;
    return { observation: this.#observation(), info: this.info() };
  }

  /** Takes one action, a place in `actionDeltas`. */
  step(action: number): StepResult<Float32Array> & { info: AutoscalingInfo } {
    if (!this.#running) {
      throw new Error("Cannot step an episode that is over: call reset first");
    }
    const end = this.#copies.step(this.#copy, action);
    this.#running = end === End.No;
    return {
      observation: this.#observation(),
      reward: this.#copy.fleet.reward,
      terminated: end === End.Terminated,
      truncated: end === End.Truncated,
      info: this.info(),
    };
  }

  #observation(): Float32Array {
    const observation = new Float32Array(this.observationSpace.low.length);
    this.#copies.observe(this.#copy, observation, 0);
    return observation;
  }

  /** The service and its instances; every step changes it. */
  get fleet(): Readonly<Fleet> {
    return this.#copy.fleet;
  }

  /** How the service stands. */
  info(): AutoscalingInfo {
    const { settings } = this;
    const { fleet, level } = this.#copy;
    const { service } = settings;
    const counted = (value: number) => settings.metrics ? value : NaN;
    const perRequest = (sum: number) =>
      counted(level.requests > 0 ? sum / level.requests : 0);
    const billed = billedTime(fleet, settings);
    const info: AutoscalingInfo = {
      step: fleet.step,
      instances: fleet.instances,
      inFlight: committedInstances(fleet, settings) - fleet.instances,
      load: fleet.load,
      queue: fleet.queue,
      influx: fleet.influx,
      capacity: fleet.capacity,
      capacityPerInstance: service.capacityPerInstance,
      minimumInstances: service.minimumInstances,
      maximumInstances: service.maximumInstances,
      stepSeconds: service.stepSeconds,
      cost: {
        legacy: settings.bootDelay
          ? NaN
          : totalLegacyCost(fleet.legacy, service),
        perSecond: billed.seconds / 3600 * service.pricePerHour,
        perStartedHour: billed.hours * service.pricePerHour,
      },
      waitSeconds: counted(level.stepWaitSeconds),
      meanWaitSeconds: perRequest(level.waitSeconds),
      requests: counted(level.requests),
      violationShare: perRequest(level.violations),
    };
    if (settings.maskActions) {
      info.actionMask = new Uint8Array(this.actionSpace.n);
      writeActionMask(fleet, settings, info.actionMask);
    }
    return info;
  }

  /** All that is needed to go on from here. */
  saveState(): State {
    return { ...this.#copies.save(), running: this.#running };
  }

  /** Goes on from a saved state. Throws `TypeError` when it does not fit. */
  loadState(state: State): void {
    this.#copies.load(state);
    this.#running = state.running === true;
  }
}

/**
 * Many {@linkcode AutoscalingEnv}s that share memory and are stepped together
 * without allocating; a copy draws from a stream of its own.
 */
export class AutoscalingVectorEnv implements VectorEnvironment {
  /** Name and version; models record it. */
  readonly id = "Autoscaling-v1";
  /** Number of copies. */
  readonly count: number;
  /** Where each copy's observations lie. */
  readonly observationSpace: Box;
  /** One value for each change in `actionDeltas`. */
  readonly actionSpace: Discrete;
  /** The options with every default filled in. */
  readonly settings: AutoscalingSettings;
  readonly #copies: Copies;
  #masks: Uint8Array[] | undefined;
  #maskedBuffer: Uint8Array | undefined;

  /**
   * Copies that have yet to be reset.
   *
   * @param options As of the single environment.
   * @param count Number of copies, at least 1. Throws `RangeError` otherwise.
   */
  constructor(options: AutoscalingOptions, count: number) {
    checkCount(count);
    this.count = count;
    this.#copies = new Copies(options, count);
    this.settings = this.#copies.settings;
    this.observationSpace = this.#copies.observationSpace;
    this.actionSpace = this.#copies.actionSpace;
  }

  /** Begins an episode in every copy. */
  reset(buffers: VectorBuffers, options: ResetOptions = {}): void {
    if (options.seed !== undefined) this.#copies.seed(options.seed);
    const size = this.observationSpace.low.length;
    this.#copies.all.forEach((copy, i) => {
      this.#copies.reset(copy);
      this.#copies.observe(copy, buffers.observations, i * size);
    });
    buffers.actionMasks.fill(1);
    this.#writeMasks(buffers);
  }

  /** Steps every copy; actions are places in `actionDeltas`, shape [envs]. */
  step(actions: Int32Array | Float32Array, buffers: VectorBuffers): void {
    const copies = this.#copies;
    const { observations, rewards, terminated, truncated } = buffers;
    const size = this.observationSpace.low.length;
    for (let i = 0; i < this.count; i++) {
      const copy = copies.all[i];
      const end = copies.step(copy, actions[i]);
      rewards[i] = copy.fleet.reward;
      terminated[i] = end === End.Terminated ? 1 : 0;
      truncated[i] = end === End.Truncated ? 1 : 0;
      if (end !== End.No) {
        copies.observe(copy, buffers.finalObservations, i * size);
        copies.reset(copy);
      }
      copies.observe(copy, observations, i * size);
    }
    this.#writeMasks(buffers);
  }

  #writeMasks(buffers: VectorBuffers): void {
    if (!this.settings.maskActions) return;
    if (this.#maskedBuffer !== buffers.actionMasks) {
      const { n } = this.actionSpace;
      this.#maskedBuffer = buffers.actionMasks;
      this.#masks = Array.from(
        { length: this.count },
        (_, copy) => buffers.actionMasks.subarray(copy * n, (copy + 1) * n),
      );
    }
    this.#masks!.forEach((mask, i) =>
      writeActionMask(this.#copies.all[i].fleet, this.settings, mask)
    );
  }

  /** All that is needed to go on from here. */
  saveState(): State {
    return this.#copies.save();
  }

  /** Goes on from a saved state. Throws `TypeError` when it does not fit. */
  loadState(state: State): void {
    this.#copies.load(state);
  }
}
