/**
 * An environment in which several agents weight the servers of a load balancer
 * each.
 *
 * @module
 */
import {
  type Box,
  box,
  describeSpace,
  type Space,
  type SpaceValue,
} from "../../core/spaces.ts";
import type { State } from "../../core/state.ts";
import type { ResetOptions } from "../environment.ts";
import type {
  MultiAgentEnvironment,
  MultiAgentInfo,
  MultiAgentResetResult,
  MultiAgentStepResult,
} from "../multi_agent.ts";
import { World } from "./_world.ts";
import type { StepInfo } from "./env_info.ts";
import type {
  LoadBalanceSettings,
  MultiAgentLoadBalanceOptions,
} from "./env_options.ts";
import { multiAgentSettings } from "./env_settings.ts";
import type { EpisodeResults } from "./episode_results.ts";
import { observationNames } from "./observation.ts";
import type { Simulator } from "./simulator.ts";

export type {
  Box,
  EpisodeResults,
  LoadBalanceSettings,
  MultiAgentEnvironment,
  MultiAgentInfo,
  MultiAgentLoadBalanceOptions,
  MultiAgentResetResult,
  MultiAgentStepResult,
  ResetOptions,
  Simulator,
  Space,
  SpaceValue,
  State,
  StepInfo,
};

/** What it reports beside observations. */
export interface MultiAgentLoadBalanceInfo extends MultiAgentInfo, StepInfo {
  /** Each agent's weights in the last step, shape [agents][servers it has]. */
  weights: readonly Float64Array[];
}

/** Numbers of a server in the oracle's state. */
const ORACLE_NUMBERS = 2;

/**
 * Several load balancers, each weighted by an agent of its own, which sees the
 * flows that its own balancer dispatched and no others. They share all servers
 * (`sharing: "all"`, the paper's) or have groups of their own (the default, 4
 * agents with 4 servers each). Each flow comes to each balancer with the same
 * probability.
 *
 * Dynamics, actions, observations and rewards are those of `LoadBalanceEnv`,
 * for each agent. The team's reward is the mean of the agents'. The state is
 * all observations behind one another, or, with `stateView: "oracle"`, after
 * them flows inside and remaining work of each server, in the same units.
 *
 * @example Four agents with four servers each, who see 20 numbers each
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MultiAgentLoadBalanceEnv } from "./multi_agent_env.ts";
 *
 * const env = new MultiAgentLoadBalanceEnv({
 *   numAgents: 4,
 *   serversPerAgent: 4,
 * });
 * const { observations } = env.reset({ seed: 1 });
 * assertEquals(observations.map(({ length }) => length), [20, 20, 20, 20]);
 * const { rewards } = env.step(Int32Array.of(0, 1, 2, 3));
 * assertEquals(rewards.length, 4);
 * ```
 */
export class MultiAgentLoadBalanceEnv
  implements MultiAgentEnvironment<Float32Array> {
  /** Name and version; models record it. */
  readonly id = "MultiAgentLoadBalance-v1";
  /** Number of agents. */
  readonly numAgents: number;
  /** Where each agent's observations lie. */
  readonly observationSpaces: readonly Box[];
  /** Where each agent's actions lie. */
  readonly actionSpaces: readonly Space[];
  /** What each number of each agent's observation is, with its unit. */
  readonly observationNames: readonly (readonly string[])[];
  /** Where the state lies. */
  readonly stateSpace: Box;
  /** Steps of an episode. */
  readonly maximumSteps: number;
  /** The options with every default filled in. */
  readonly settings: LoadBalanceSettings;
  readonly #world: World;
  readonly #stateView: "observations" | "oracle";

  /**
   * An environment that has yet to be reset.
   *
   * @param options Throws `TypeError` for values of another kind and
   * `RangeError` for values that make no sense.
   */
  constructor(options: MultiAgentLoadBalanceOptions = {}) {
    this.settings = multiAgentSettings(options);
    this.#world = new World(this.settings, { records: true });
    const { agents } = this.#world;
    this.numAgents = agents.length;
    this.observationSpaces = agents.map(({ observation }) => observation.space);
    this.actionSpaces = agents.map(({ actions }) => actions.space);
    this.observationNames = this.settings.groups.map((servers) =>
      observationNames(servers, this.settings)
    );
    this.maximumSteps = this.settings.episodeSteps;
    this.#stateView = options.stateView ?? "observations";
    const seen = agents.reduce((sum, each) => sum + each.observation.size, 0);
    const known = this.#stateView === "oracle"
      ? ORACLE_NUMBERS * this.settings.servers.length
      : 0;
    this.stateSpace = box(0, Infinity, { shape: [seen + known] });
  }

  /** Begins an episode. */
  reset(
    options: ResetOptions = {},
  ): MultiAgentResetResult<Float32Array> & { info: MultiAgentLoadBalanceInfo } {
    this.#world.begin(options.seed);
    return this.#seen();
  }

  /** Takes one action of each agent and lets a step's time pass. */
  step(
    actions: ArrayLike<SpaceValue>,
  ): MultiAgentStepResult<Float32Array> & { info: MultiAgentLoadBalanceInfo } {
    this.#check(actions);
    const world = this.#world;
    for (let agent = 0; agent < this.numAgents; agent++) {
      world.act(agent, actions[agent]);
    }
    world.advance();
    const rewards = world.rewards.slice();
    const reward = rewards.reduce((sum, own) => sum + own, 0) / rewards.length;
    return {
      ...this.#seen(),
      reward,
      rewards,
      terminated: false,
      truncated: world.over,
    };
  }

  /** Throws before anything is changed. */
  #check(actions: ArrayLike<SpaceValue>): void {
    if (!this.#world.running) {
      throw new Error("Cannot step an episode that is over: call reset first");
    }
    if (actions?.length !== this.numAgents) {
      throw new TypeError(
        `Cannot take ${actions?.length} actions, expected one of each of ${this.numAgents} agents`,
      );
    }
    for (let agent = 0; agent < this.numAgents; agent++) {
      if (this.#world.agents[agent].actions.contains(actions[agent])) continue;
      throw new RangeError(
        `Cannot take action ${actions[agent]} of agent ${agent}, expected ${
          describeSpace(this.actionSpaces[agent])
        }`,
      );
    }
  }

  #seen() {
    const world = this.#world;
    const state = new Float32Array(this.stateSpace.low.length);
    let place = 0;
    const observations = world.agents.map(({ observation }, agent) => {
      const row = new Float32Array(observation.size);
      world.observe(agent, row, 0);
      state.set(row, place);
      place += row.length;
      return row;
    });
    if (this.#stateView === "oracle") world.writeOracle(state, place);
    const weights = observations.map((_, agent) => world.weightsOf(agent));
    const masks = world.masked
      ? { actionMasks: observations.map((_, agent) => world.maskOf(agent)) }
      : {};
    return {
      observations,
      state,
      info: { ...world.info(), weights, ...masks },
    };
  }

  /**
   * The episode's simulator, for a look at what agents do not see; another one
   * with each episode. Throws `Error` before the first reset.
   */
  get simulator(): Simulator {
    return this.#world.simulator;
  }

  /** Results of the episode so far. Throws `Error` before the first reset. */
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
