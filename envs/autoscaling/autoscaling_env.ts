/**
 * An environment in which a service is scaled by whole instances.
 *
 * @module
 */
import type { Box, Discrete } from "../../core/spaces.ts";
import type { State } from "../../core/state.ts";
import type {
  Environment,
  Info,
  ResetOptions,
  ResetResult,
  StepResult,
} from "../environment.ts";
import { Copies, type Copy, End } from "./_copies.ts";
import {
  billedTime,
  committedInstances,
  type Fleet,
  writeActionMask,
} from "./fleet.ts";
import { totalLegacyCost } from "./legacy_cost.ts";
import { featureNames } from "./observation.ts";
import type { AutoscalingOptions, AutoscalingSettings } from "./options.ts";

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
  /** What each number of an observation is, with its unit. */
  readonly observationNames: readonly string[];
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
    this.observationNames = featureNames(this.settings);
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
