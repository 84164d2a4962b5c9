/**
 * QMIX as an object that is told what happens.
 *
 * @module
 */
import { readArchive, writeArchive } from "../../core/archive.ts";
import type { JsonRecord } from "../../core/state_json.ts";
import type { EnvironmentSpec } from "../../envs/registry.ts";
import {
  createQmixLearner,
  type QmixLearner,
  qmixStreams,
  type TeamMoment,
} from "./qmix_learner.ts";
import { type QmixSettings, qmixSettings } from "./qmix_settings.ts";
import { sizedTeam } from "../model_environment.ts";
import { type Team, teamOf } from "../team.ts";

/** What a {@linkcode QmixAgent} is made of. */
export interface QmixAgentOptions {
  /** Number of agents. */
  numAgents: number;
  /** Values of each agent's observation. */
  obsDim: number;
  /** Number of each agent's actions. */
  actionDim: number;
  /**
   * Values of the global state. Default: all observations behind one another,
   * which is then what the state is.
   */
  stateDim?: number;
  /** Steps of the longest episode; longer ones are learned in pieces. Default 50. */
  maximumSteps?: number;
  /** Seeds weights, exploration and replay. Default 0. */
  seed?: number;
  /** Settings that differ from `QMIX_DEFAULTS`. */
  settings?: Partial<QmixSettings>;
  /** Where it acts: named in what is saved, so that models can be played. */
  environment?: EnvironmentSpec;
}

/** Observations of all agents: one row each, or all behind one another. */
export type TeamObservations = Float32Array | readonly ArrayLike<number>[];

/** What {@linkcode QmixAgent.update} takes beside the seed's five. */
export interface QmixUpdateOptions {
  /** The global state before the step, where it is no row of observations. */
  state?: Float32Array;
  /** The global state after the step. */
  nextState?: Float32Array;
  /** What each agent may do after the step. Default: all. */
  nextActionMasks?: readonly Uint8Array[];
  /** Whether the episode was cut though the task goes on. Default false. */
  truncated?: boolean;
}

/** What {@linkcode QmixAgent.selectActions} takes beside observations. */
export interface SelectActionsOptions {
  /** The global state, where it is no row of observations. */
  state?: Float32Array;
  /** What each agent may do. Default: all. */
  actionMasks?: readonly Uint8Array[];
}

function checkWhole(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new RangeError(
      `Cannot make a QMIX agent with ${name} ${value}: expected a whole number from 1`,
    );
  }
}

/**
 * A team that learns by QMIX while somebody else steps the environment:
 *
 *     const agent = new QmixAgent({ numAgents: 4, obsDim: 20, actionDim: 4 });
 *     const actions = agent.selectActions(observations);
 *     await agent.update(observations, actions, reward, next, done);
 *     await agent.save("qmix.zip");
 *
 * Learns after each episode, from the device that `selectDevice` started.
 */
export class QmixAgent {
  /** What it was made of. */
  readonly options: Readonly<QmixAgentOptions>;
  readonly #settings: QmixSettings;
  readonly #team: Team;
  readonly #learner: QmixLearner;
  /** Whether an episode is under way. */
  #begun = false;
  /** Whether the agents have taken in the present observations. */
  #chosen: Int32Array | undefined;

  /**
   * An agent that knows nothing yet.
   *
   * @param options Throws `RangeError` for sizes that are no whole numbers
   * from 1, and for settings that mean nothing.
   */
  constructor(options: QmixAgentOptions) {
    const { numAgents, obsDim, actionDim, seed = 0 } = options;
    const { stateDim = numAgents * obsDim, maximumSteps = 50 } = options;
    const sizes = { numAgents, obsDim, actionDim, stateDim, maximumSteps };
    for (const [name, value] of Object.entries(sizes)) checkWhole(name, value);
    this.options = { ...options, stateDim, maximumSteps, seed };
    this.#settings = qmixSettings(options.settings);
    const { learningRateSchedule } = this.#settings;
    if (learningRateSchedule !== "constant") {
      throw new RangeError(
        `Cannot make a QMIX agent with learningRateSchedule "${learningRateSchedule}": expected constant, for nobody says how long it is trained`,
      );
    }
    this.#team = teamOf(sizedTeam(sizes));
    this.#learner = createQmixLearner(this.#team, {
      settings: this.#settings,
      sequenceLength: this.#settings.sequenceLength || maximumSteps,
      totalTimesteps: Infinity,
      streams: qmixStreams(seed),
    });
  }

  /** Steps it was told of. */
  get timesteps(): number {
    return this.#learner.timesteps;
  }

  /** Latest numbers of learning, such as `loss` and `epsilon`. */
  statistics(): Record<string, number> {
    return this.#learner.statistics();
  }

  /**
   * One action of each agent, some of them drawn by chance while it explores;
   * asked again before `update`, they are the same.
   *
   * @param observations Shape [agents, observation]. Throws `TypeError` for
   * another.
   * @param options State and masks.
   */
  selectActions(
    observations: TeamObservations,
    options: SelectActionsOptions = {},
  ): Int32Array {
    if (!this.#begun) {
      this.#learner.begin(this.#moment(observations, options));
      this.#begun = true;
    } else if (options.actionMasks && !this.#chosen) {
      this.#checkMasks(options.actionMasks);
      this.#learner.allow(options.actionMasks);
    }
    this.#chosen ??= this.#learner.chooseActions().slice();
    return this.#chosen.slice();
  }

  /**
   * The best known action of each agent; remembers by itself what it saw since
   * {@linkcode resetPolicy}.
   *
   * @param observations Shape [agents, observation].
   * @param options Masks.
   */
  bestActions(
    observations: TeamObservations,
    options: SelectActionsOptions = {},
  ): Int32Array {
    const { numAgents, actionDim } = this.options;
    this.#checkMasks(options.actionMasks);
    const masks = new Uint8Array(numAgents * actionDim).fill(1);
    options.actionMasks?.forEach((mask, agent) =>
      masks.set(mask, agent * actionDim)
    );
    const actions = new Int32Array(numAgents);
    this.#learner.policy.act(this.#row(observations), masks, actions);
    return actions;
  }

  /** Makes {@linkcode bestActions} forget what it saw: an episode begins. */
  resetPolicy(): void {
    this.#learner.policy.reset?.();
  }

  /**
   * Takes in one step, and learns at an episode's end.
   *
   * @param observations What was seen. Shape [agents, observation].
   * @param actions What was done. Shape [agents]. Throws `RangeError` for
   * actions that there are not.
   * @param reward The team's, or without a mixer one of each agent.
   * @param nextObservations What was seen then. Shape [agents, observation].
   * @param done Whether the task has ended.
   * @param options States, masks, and whether the episode was cut.
   */
  async update(
    observations: TeamObservations,
    actions: ArrayLike<number>,
    reward: number | ArrayLike<number>,
    nextObservations: TeamObservations,
    done: boolean,
    options: QmixUpdateOptions = {},
  ): Promise<void> {
    const { numAgents, actionDim } = this.options;
    const taken = Array.from(actions);
    if (
      taken.length !== numAgents ||
      !taken.every((a) => Number.isInteger(a) && a >= 0 && a < actionDim)
    ) {
      throw new RangeError(
        `Cannot learn from the actions ${taken}: expected ${numAgents} whole numbers from 0 to ${
          actionDim - 1
        }`,
      );
    }
    // All is checked before any of it is taken in.
    const rewards = typeof reward === "number"
      ? taken.map(() => reward)
      : Array.from(reward);
    if (rewards.length !== numAgents || !rewards.every(Number.isFinite)) {
      throw new TypeError(
        `Cannot learn from the rewards ${rewards}: expected one finite number, or ${numAgents}`,
      );
    }
    const next = this.#moment(nextObservations, {
      state: options.nextState,
      actionMasks: options.nextActionMasks,
    });
    // Also where nobody asked: the agents' memory has to see everything.
    this.selectActions(observations, { state: options.state });
    this.#learner.replaceActions(taken);
    this.#chosen = undefined;
    const mean = rewards.reduce((sum, one) => sum + one, 0) / rewards.length;
    const truncated = !done && (options.truncated ?? false);
    if (done || truncated) this.#begun = false;
    await this.#learner.observe({
      reward: typeof reward === "number" ? reward : mean,
      rewards,
      terminated: done,
      truncated,
      next,
    });
  }

  /**
   * Writes everything that is needed to go on.
   *
   * @param path Of the `.zip`.
   */
  async save(path: string): Promise<void> {
    const { tensors, state } = await this.#learner.save();
    const { numAgents, obsDim, actionDim, stateDim, maximumSteps, seed } =
      this.options;
    const { environment } = this.options;
    const config = {
      agent: "qmix",
      name: "qmix",
      ...(environment && { environment }),
      observationSpace: `Box(${numAgents * obsDim})`,
      actionSpace: `MultiDiscrete(${
        Array.from({ length: numAgents }, () => actionDim).join(", ")
      })`,
      sizes: { numAgents, obsDim, actionDim, stateDim, maximumSteps },
      settings: { ...this.#settings },
      timesteps: this.timesteps,
      seed,
      device: "",
    } as unknown as JsonRecord;
    await writeArchive(path, {
      config,
      tensors,
      states: {
        state: {
          ...state,
          begun: this.#begun,
          chosenAhead: this.#chosen !== undefined,
        },
      },
    });
  }

  /**
   * An agent that goes on from what {@linkcode QmixAgent.save} wrote.
   *
   * @param path Of the `.zip`. Throws `SyntaxError` where it holds none.
   */
  static async load(path: string): Promise<QmixAgent> {
    const { config, tensors, states } = await readArchive(path);
    if (config.agent !== "qmix" || !config.sizes || !states.state) {
      throw new SyntaxError(
        `Cannot load a QMIX agent from "${path}": expected one that QmixAgent saved`,
      );
    }
    const agent = new QmixAgent({
      ...config.sizes as unknown as QmixAgentOptions,
      environment: config.environment as EnvironmentSpec | undefined,
      seed: config.seed as number,
      settings: config.settings as unknown as QmixSettings,
    });
    await agent.#learner.load({ tensors, state: states.state });
    agent.#begun = states.state.begun as boolean;
    if (states.state.chosenAhead) {
      agent.#chosen = Int32Array.from(states.state.chosen as Int32Array);
    }
    return agent;
  }

  /** Frees the tensors. */
  dispose(): void {
    this.#learner.dispose();
  }

  #checkMasks(masks: readonly Uint8Array[] | undefined): void {
    const { numAgents, actionDim } = this.options;
    if (masks === undefined) return;
    const agent = masks.findIndex((mask) =>
      mask.length !== actionDim || !mask.includes(1)
    );
    if (masks.length === numAgents && agent < 0) return;
    throw new TypeError(
      `Cannot use ${masks.length} action masks${
        agent < 0 ? "" : `, of agent ${agent} [${masks[agent]}]`
      }: expected ${numAgents} of ${actionDim} zeros and ones, at least one of which is a one`,
    );
  }

  #row(observations: TeamObservations): Float32Array {
    const { numAgents, obsDim } = this.options;
    const row = observations instanceof Float32Array
      ? observations
      : Float32Array.from(observations.flatMap((one) => Array.from(one)));
    if (row.length !== numAgents * obsDim) {
      throw new TypeError(
        `Cannot take ${row.length} values as observations: expected ${numAgents} x ${obsDim}`,
      );
    }
    return row;
  }

  #moment(
    given: TeamObservations,
    { state, actionMasks }: SelectActionsOptions,
  ): TeamMoment {
    const { numAgents, obsDim, stateDim } = this.options;
    this.#checkMasks(actionMasks);
    const row = this.#row(given);
    const seen = state ?? row;
    if (seen.length !== stateDim) {
      throw new TypeError(
        `Cannot take a state of ${seen.length} values: expected ${stateDim}`,
      );
    }
    const observations = Array.from(
      { length: numAgents },
      (_, agent) => row.subarray(agent * obsDim, (agent + 1) * obsDim),
    );
    return { observations, state: seen, actionMasks };
  }
}
