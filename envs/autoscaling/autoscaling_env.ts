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
import {
  committedInstances,
  createFleet,
  type Fleet,
  loadFleet,
  resetCopy,
  saveFleet,
  startedHours,
  stepCopy,
  writeActionMask,
} from "./fleet.ts";
import { observationSpace, writeObservation } from "./observation.ts";
import {
  type AutoscalingOptions,
  type AutoscalingSettings,
  autoscalingSettings,
} from "./options.ts";
import { createServiceLevel, type ServiceLevel } from "./service_level.ts";

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

/** What the single and the vector environment share: one or more copies. */
class Copies {
  readonly settings: AutoscalingSettings;
  readonly fleet: Fleet;
  readonly level: ServiceLevel | undefined;
  readonly streams: Random[];
  readonly observationSpace: Box;
  readonly actionSpace: Discrete;

  constructor(options: AutoscalingOptions, copies: number) {
    this.settings = autoscalingSettings(options);
    this.fleet = createFleet(this.settings, copies);
    this.level = this.settings.metrics
      ? createServiceLevel(this.fleet)
      : undefined;
    this.observationSpace = observationSpace(this.settings);
    this.actionSpace = discrete(this.settings.actionDeltas.length);
    this.streams = [];
    this.seed(0);
  }

  /** A stream for each copy, split off one root. */
  seed(seed: number): void {
    const root = new Random(seed);
    for (let copy = 0; copy < this.fleet.step.length; copy++) {
      this.streams[copy] = root.split();
    }
  }

  reset(copy: number): void {
    resetCopy(this.fleet, copy, this.streams[copy]);
    this.level?.reset(copy);
  }

  step(copy: number, action: number): End {
    const { fleet, settings, level } = this;
    const delta = settings.actionDeltas[action];
    if (delta === undefined) {
      throw new RangeError(
        `Cannot take action ${action}: expected a whole number from 0 to ${
          settings.actionDeltas.length - 1
        }`,
      );
    }
    stepCopy(fleet, copy, delta, this.streams[copy]);
    level?.count(fleet, copy);
    if (settings.reward === "cost") {
      fleet.reward[copy] = -this.#dollars(copy);
    }
    if (fleet.failed[copy]) return End.Terminated;
    return fleet.step[copy] >= settings.episodeSteps ? End.Truncated : End.No;
  }

  /** Dollars of the last step: instances, requests over the limit, failure. */
  #dollars(copy: number): number {
    const { service, violationPrice, failurePrice } = this.settings;
    const instances = this.fleet.instances[copy] + this.fleet.booting[copy];
    const violations = this.level!.arrays.stepViolations[copy];
    return instances * service.pricePerHour * service.stepSeconds / 3600 +
      violations * violationPrice +
      (this.fleet.failed[copy] ? failurePrice : 0);
  }

  save(): State {
    return {
      ...saveFleet(this.fleet),
      ...Object.fromEntries(
        Object.entries(this.level?.arrays ?? {}).map((
          [name, values],
        ) => [name, values.slice()]),
      ),
      streams: this.streams.map((stream) => stream.saveState()),
    };
  }

  load(state: State): void {
    const streams = state.streams;
    if (!Array.isArray(streams) || streams.length !== this.streams.length) {
      throw new TypeError(
        `Cannot restore an autoscaling state: expected ${this.streams.length} random streams`,
      );
    }
    loadFleet(this.fleet, state);
    for (const [name, values] of Object.entries(this.level?.arrays ?? {})) {
      values.set(state[name] as Float64Array);
    }
    streams.forEach((stream, copy) =>
      this.streams[copy].loadState(stream as RandomState)
    );
  }
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
  #copies: Copies;
  #running = false;

  /** @param options Throws `RangeError` for values that make no sense. */
  constructor(options: AutoscalingOptions = {}) {
    this.#copies = new Copies(options, 1);
    this.settings = this.#copies.settings;
    this.observationSpace = this.#copies.observationSpace;
    this.actionSpace = this.#copies.actionSpace;
  }

  /** Begins an episode. */
  reset(
    options: ResetOptions = {},
  ): ResetResult<Float32Array> & { info: AutoscalingInfo } {
    if (options.seed !== undefined) this.#copies.seed(options.seed);
    this.#copies.reset(0);
    this.#running = true;
    return { observation: this.#observation(), info: this.info() };
  }

  /** Takes one action, a place in `actionDeltas`. */
  step(action: number): StepResult<Float32Array> & { info: AutoscalingInfo } {
    if (!this.#running) {
      throw new Error("Cannot step an episode that is over: call reset first");
    }
    const end = this.#copies.step(0, action);
    this.#running = end === End.No;
    return {
      observation: this.#observation(),
      reward: this.#copies.fleet.reward[0],
      terminated: end === End.Terminated,
      truncated: end === End.Truncated,
      info: this.info(),
    };
  }

  #observation(): Float32Array {
    const observation = new Float32Array(this.observationSpace.low.length);
    writeObservation(this.#copies.fleet, 0, observation, 0);
    return observation;
  }

  /** How the service stands. */
  info(): AutoscalingInfo {
    const { fleet, level, settings } = this.#copies;
    const { service } = settings;
    const requests = level?.arrays.requests[0] ?? NaN;
    const perRequest = (sum: number) => requests > 0 ? sum / requests : 0;
    const seconds = fleet.billedSeconds[0] + fleet.minimumSeconds[0];
    const info: AutoscalingInfo = {
      step: fleet.step[0],
      instances: fleet.instances[0],
      inFlight: committedInstances(fleet, 0) - fleet.instances[0],
      load: fleet.load[0],
      queue: fleet.queue[0],
      influx: fleet.influx[0],
      capacity: fleet.capacity[0],
      capacityPerInstance: service.capacityPerInstance,
      minimumInstances: service.minimumInstances,
      maximumInstances: service.maximumInstances,
      stepSeconds: service.stepSeconds,
      cost: {
        legacy: settings.bootDelay ? NaN : fleet.legacy.total(0),
        perSecond: seconds / 3600 * service.pricePerHour,
        perStartedHour: startedHours(fleet, 0) * service.pricePerHour,
      },
      waitSeconds: level?.arrays.stepWaitSeconds[0] ?? NaN,
      meanWaitSeconds: level ? perRequest(level.arrays.waitSeconds[0]) : NaN,
      requests,
      violationShare: level ? perRequest(level.arrays.violations[0]) : NaN,
    };
    if (settings.maskActions) {
      info.actionMask = new Uint8Array(this.actionSpace.n);
      writeActionMask(fleet, 0, info.actionMask);
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
  #copies: Copies;
  #masks: Uint8Array[] | undefined;
  #maskedBuffer: Uint8Array | undefined;

  /**
   * @param options As of the single environment.
   * @param count Number of copies.
   */
  constructor(options: AutoscalingOptions, count: number) {
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
    for (let copy = 0; copy < this.count; copy++) {
      this.#copies.reset(copy);
      writeObservation(
        this.#copies.fleet,
        copy,
        buffers.observations,
        copy * size,
      );
    }
    buffers.actionMasks.fill(1);
    this.#writeMasks(buffers);
  }

  /** Steps every copy; actions are places in `actionDeltas`, shape [envs]. */
  step(actions: Int32Array | Float32Array, buffers: VectorBuffers): void {
    const copies = this.#copies;
    const { fleet } = copies;
    const size = this.observationSpace.low.length;
    for (let copy = 0; copy < this.count; copy++) {
      const end = copies.step(copy, actions[copy]);
      buffers.rewards[copy] = fleet.reward[copy];
      buffers.terminated[copy] = end === End.Terminated ? 1 : 0;
      buffers.truncated[copy] = end === End.Truncated ? 1 : 0;
      if (end !== End.No) {
        writeObservation(fleet, copy, buffers.finalObservations, copy * size);
        copies.reset(copy);
      }
      writeObservation(fleet, copy, buffers.observations, copy * size);
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
    this.#masks!.forEach((mask, copy) =>
      writeActionMask(this.#copies.fleet, copy, mask)
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
