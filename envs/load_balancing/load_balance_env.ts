/**
 * An environment in which one agent weights the servers of a load balancer.
 *
 * @module
 */
import type { Box, Space, SpaceValue } from "../../core/spaces.ts";
import { describeSpace } from "../../core/spaces.ts";
import type { State } from "../../core/state.ts";
import type {
  Environment,
  Info,
  ResetOptions,
  ResetResult,
  StepResult,
} from "../environment.ts";
import { World } from "./_world.ts";
import type { StepInfo } from "./env_info.ts";
import type { LoadBalanceOptions, LoadBalanceSettings } from "./env_options.ts";
import { loadBalanceSettings } from "./env_settings.ts";
import type { EpisodeResults } from "./episode_results.ts";
import { observationNames } from "./observation.ts";
import type { Simulator } from "./simulator.ts";

export type {
  Box,
  Environment,
  EpisodeResults,
  Info,
  LoadBalanceOptions,
  LoadBalanceSettings,
  ResetOptions,
  ResetResult,
  Simulator,
  Space,
  SpaceValue,
  State,
  StepInfo,
  StepResult,
};

/** What a load-balancing environment reports beside the observation. */
export interface LoadBalanceInfo extends Info, StepInfo {
  /** The balancer's weights in the last step, shape [servers]. */
  weights: Float64Array;
}

/**
 * A load balancer whose servers are weighted anew in every step.
 *
 * **Dynamics**: the simulator's. Flows arrive, the balancer sends each to the
 * server with the least (flows on + 1) / weight by its own counts, servers
 * share their cores. A step lets 250 ms pass.
 *
 * **Actions**: `discrete`, the server whose weight is doubled for one step,
 * with `equalAction` one more for none; `weightLevels`, a level for each
 * server; `continuous`, a weight for each.
 *
 * **Reward**: fairness of the servers' flow durations, as the balancer samples
 * them, on a moving average; product fairness by default.
 *
 * **Observation**: see `serverFeatures`; docs/load_balancing.md says what each
 * number is.
 *
 * **End**: truncated after `episodeSeconds`; never terminated.
 *
 * @example An episode with equal weights
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { LoadBalanceEnv } from "./load_balance_env.ts";
 *
 * const env = new LoadBalanceEnv({
 *   numServers: 4,
 *   equalAction: true,
 *   episodeSeconds: 10,
 * });
 * env.reset({ seed: 1 });
 * let steps = 0;
 * for (let over = false; !over; steps++) over = env.step(4).truncated;
 * assertEquals(steps, 40);
 * ```
 */
export class LoadBalanceEnv implements Environment<Float32Array> {
  /** Name and version; models record it. */
  readonly id = "LoadBalance-v1";
  /** Where observations lie. */
  readonly observationSpace: Box;
  /** Where actions lie. */
  readonly actionSpace: Space;
  /** What each number of an observation is, with its unit. */
  readonly observationNames: readonly string[];
  /** The options with every default filled in. */
  readonly settings: LoadBalanceSettings;
  readonly #world: World;

  /**
   * An environment that has yet to be reset.
   *
   * @param options Throws `TypeError` for values of another kind and
   * `RangeError` for values that make no sense.
   */
  constructor(options: LoadBalanceOptions = {}) {
    this.settings = loadBalanceSettings(options);
    this.#world = new World(this.settings, { records: true });
    const [{ observation, actions }] = this.#world.agents;
    this.observationSpace = observation.space;
    this.actionSpace = actions.space;
    this.observationNames = observationNames(
      this.settings.groups[0],
      this.settings,
    );
  }

  /** Begins an episode. */
  reset(
    options: ResetOptions = {},
  ): ResetResult<Float32Array> & { info: LoadBalanceInfo } {
    this.#world.begin(options.seed);
    return { observation: this.#observation(), info: this.#info() };
  }

  /** Takes one action and lets a step's time pass. */
  step(
    action: SpaceValue,
  ): StepResult<Float32Array> & { info: LoadBalanceInfo } {
    const world = this.#world;
    if (!world.running) {
      throw new Error("Cannot step an episode that is over: call reset first");
    }
    if (!world.agents[0].actions.contains(action)) {
      throw new RangeError(
        `Cannot take action ${action}, expected ${
          describeSpace(this.actionSpace)
        }`,
      );
    }
    world.act(0, action);
    world.advance();
    return {
      observation: this.#observation(),
      reward: world.rewards[0],
      terminated: false,
      truncated: world.over,
      info: this.#info(),
    };
  }

  #observation(): Float32Array {
    const observation = new Float32Array(this.observationSpace.low.length);
    this.#world.observe(0, observation, 0);
    return observation;
  }

  #info(): LoadBalanceInfo {
    const world = this.#world;
    const mask = world.masked ? { actionMask: world.maskOf(0) } : {};
    return { ...world.info(), weights: world.weightsOf(0), ...mask };
  }

  /**
   * The episode's simulator, for a look at what agents do not see; another one
   * with each episode. Throws `Error` before the first reset.
   */
  get simulator(): Simulator {
    return this.#world.simulator;
  }

  /**
   * Results of the episode so far. Throws `Error` before the first reset.
   */
  results(): EpisodeResults {
    return this.#world.results();
  }

  /** All that is needed to go on from here, callbacks of your own excepted. */
  saveState(): State {
    return this.#world.saveState();
  }

  /** Goes on from a saved state. Throws `TypeError` when it does not fit. */
  loadState(state: State): void {
    this.#world.loadState(state);
  }
}
