/**
 * An environment in which an agent routes by moving link weights.
 *
 * @module
 */
import { type Box, contains, describeSpace } from "../../core/spaces.ts";
import type { State } from "../../core/state.ts";
import type {
  Environment,
  Info,
  ResetOptions,
  ResetResult,
  StepResult,
} from "../environment.ts";
import { BlockingController } from "./blocking_controller.ts";
import { controllerOf, Steering } from "./_steering.ts";
import {
  type SDNOptions,
  type SDNSettings,
  sdnSettings,
} from "./env_options.ts";
import { FluidEmulator } from "./fluid_emulator.ts";
import { observationNames } from "./observation.ts";

export type {
  Box,
  Environment,
  FluidEmulator,
  Info,
  ResetOptions,
  ResetResult,
  SDNOptions,
  SDNSettings,
  State,
  StepResult,
};

/** What a routing environment reports beside the observation. */
export interface SDNInfo extends Info {
  /** Weights of the links. */
  weights: Float64Array;
  /** Utilisation of each link, from 0 to 1: the busier direction's. */
  linkUtilisations: Float64Array;
  /** Mean delay of what arrived, in milliseconds. */
  averageDelayMs: number;
  /** What arrived, in Mbit/s. */
  throughputMbps: number;
  /** What was sent, in Mbit/s; undefined where the controller cannot tell. */
  demandMbps: number | undefined;
  /**
   * Largest load in proportion to capacity if nothing were lost; undefined
   * where the controller cannot tell.
   */
  largestUtilisation: number | undefined;
}

/**
 * A network whose routes follow from link weights that the agent moves.
 *
 * **Dynamics**: routes are shortest paths under the weights; the emulator
 * solves for loads, losses and delays of the links (docs/sdn.md). A step lets
 * 0.1 s pass, in which traffic moves on by one matrix: 288 make a day.
 *
 * **Actions**: one number for each link, from -1 to 1. Times `actionScale` it
 * is added to the logarithm of the link's weight; weights stay between 0.1 and
 * 10. In reference mode: from -0.5 to 0.5, added to the weight.
 *
 * **Observation**: by default the utilisation of each link, the mean delay and
 * the throughput in proportion to their caps.
 *
 * **Reward**: by default throughput minus delay minus the largest utilisation.
 *
 * **Start**: weights of the baseline (1), a random interval of the first week.
 *
 * **End**: truncated after `episodeSteps`; never terminated.
 *
 * @example An episode with weights left alone
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { SDNEnv } from "./sdn_env.ts";
 *
 * const env = new SDNEnv({ linkCount: 10 });
 * const { observation } = env.reset({ seed: 1 });
 * assertEquals(observation.length, 12);
 * let steps = 0;
 * for (let over = false; !over; steps++) {
 *   over = env.step(new Float32Array(10)).truncated;
 * }
 * assertEquals(steps, 50);
 * ```
 */
export class SDNEnv
  implements Environment<Float32Array, Float32Array>, Disposable {
  /** Name and version; models record it. */
  readonly id = "SDN-v1";
  /** Where observations lie. */
  readonly observationSpace: Box;
  /** Where actions lie. */
  readonly actionSpace: Box;
  /** What each number of an observation is, with its unit. */
  readonly observationNames: readonly string[];
  /** The options with every default filled in. */
  readonly settings: SDNSettings;
  /** The emulated network; undefined where a controller is asked by HTTP. */
  readonly emulator: FluidEmulator | undefined;
  readonly #steering: Steering;
  readonly #remote: BlockingController | undefined;

  /**
   * An environment that has yet to be reset. Its methods throw
   * `ControllerError` where no controller answers at `ryuBase`.
   *
   * @param options Throws `TypeError` for values of another kind, and
   * `RangeError` for values that make no sense.
   */
  constructor(options: SDNOptions = {}) {
    this.settings = sdnSettings(options);
    const controller = controllerOf(this.settings);
    if (controller instanceof FluidEmulator) this.emulator = controller;
    if (controller instanceof BlockingController) this.#remote = controller;
    this.#steering = new Steering(this.settings, controller);
    this.observationSpace = this.#steering.observationSpace;
    this.actionSpace = this.settings.actionSpace;
    this.observationNames = observationNames(this.settings);
  }

  /** The links' weights, a copy. */
  get weights(): Float64Array {
    return this.#steering.weights.slice();
  }

  /** Begins an episode. */
  reset(
    options: ResetOptions = {},
  ): ResetResult<Float32Array> & { info: SDNInfo } {
    this.#steering.begin(options.seed);
    return { observation: this.#observation(), info: this.#info() };
  }

  /** Takes an action and lets a step's time pass. */
  step(action: Float32Array): StepResult<Float32Array> & { info: SDNInfo } {
    const steering = this.#steering;
    if (!steering.running) {
      throw new Error("Cannot step an episode that is over: call reset first");
    }
    if (!contains(this.actionSpace, action)) {
      throw new RangeError(
        `Cannot take action ${action}, expected ${
          describeSpace(this.actionSpace)
        } from ${this.actionSpace.low[0]} to ${this.actionSpace.high[0]}`,
      );
    }
    const reward = steering.step(action);
    return {
      observation: this.#observation(),
      reward,
      terminated: false,
      truncated: steering.over,
      info: this.#info(),
    };
  }

  #observation(): Float32Array {
    const observation = new Float32Array(this.observationSpace.low.length);
    this.#steering.observe(observation, 0);
    return observation;
  }

  #info(): SDNInfo {
    const { stats, weights } = this.#steering;
    return {
      weights: weights.slice(),
      linkUtilisations: stats.linkUtilisations.slice(),
      averageDelayMs: stats.averageDelayMs,
      throughputMbps: stats.throughputMbps,
      demandMbps: stats.demandMbps,
      largestUtilisation: stats.largestUtilisation,
    };
  }

  /**
   * All that is needed to go on from here. A controller that is asked by HTTP
   * keeps its own state.
   */
  saveState(): State {
    return this.#steering.saveState();
  }

  /** Goes on from a saved state. Throws `TypeError` when it does not fit. */
  loadState(state: State): void {
    this.#steering.loadState(state);
  }

  /** Ends talking to a controller; an embedded network needs no ending. */
  close(): void {
    this.#remote?.close();
  }

  /** As {@linkcode SDNEnv.close}. */
  [Symbol.dispose](): void {
    this.close();
  }
}
