/**
 * SAC-GRU as an object that is told what happens.
 *
 * @module
 */
import { readArchive, writeArchive } from "../../core/archive.ts";
import { Random } from "../../core/random.ts";
import {
  box,
  contains,
  describeSpace,
  type Space,
  spaceSize,
  type SpaceValue,
} from "../../core/spaces.ts";
import type { State } from "../../core/state.ts";
import type { JsonRecord } from "../../core/state_json.ts";
import type { EnvironmentSpec } from "../../envs/registry.ts";
import { actionMaskSize } from "../../envs/vector.ts";
import { savedSpace } from "../model_environment.ts";
import { createSacAgent, type SacAgent } from "./_sac_agent.ts";
import { fullSacSettings, type SacSettings } from "./sac_settings.ts";

/** What a {@linkcode SacGruAgent} is made of. */
export interface SacGruAgentOptions {
  /** Values of an observation. */
  obsDim: number;
  /** Values of an action, from -1 to 1 each, unless `actionSpace` is given. */
  actionDim: number;
  /** Where actions lie, such as `discrete(4)` or `multiDiscrete([3, 3])`. */
  actionSpace?: Space;
  /** Seeds weights, actions and replay. Default 0. */
  seed?: number;
  /** Settings that differ from `SAC_GRU_DEFAULTS`. */
  settings?: Partial<SacSettings>;
  /** Where it acts: named in what is saved, so that models can be played. */
  environment?: EnvironmentSpec;
}

/** What {@linkcode SacGruAgent.update} takes beside the usual five. */
export interface SacUpdateOptions {
  /** What may be done after the step. Default: everything. */
  nextActionMask?: Uint8Array;
  /** Whether the episode was cut though the task goes on. Default false. */
  truncated?: boolean;
}

/** What {@linkcode SacGruAgent.selectAction} takes beside the observation. */
export interface SelectActionOptions {
  /** What may be done. Default: everything. */
  actionMask?: Uint8Array;
}

/**
 * An agent that learns by SAC-GRU while somebody else steps the environment:
 *
 *     const agent = new SacGruAgent({ obsDim: 20, actionDim: 4 });
 *     const action = agent.selectAction(obs);
 *     await agent.update(obs, action, reward, nextObs, done);
 *     await agent.save("sac_gru.zip");
 *
 * It remembers what it saw since the episode began. Learns in `update`, on the
 * device that `selectDevice` started.
 */
export class SacGruAgent {
  /** What it was made of. */
  readonly options: Readonly<SacGruAgentOptions>;
  /** Where actions lie. */
  readonly actionSpace: Space;
  readonly #settings: SacSettings;
  readonly #agent: SacAgent;
  readonly #everything: Uint8Array;
  readonly #chosen: Int32Array | Float32Array;
  #timesteps = 0;
  /** Whether it has acted on the present observation. */
  #acted = false;

  /**
   * An agent that has seen nothing yet.
   *
   * @param options Throws `RangeError` for sizes that are no whole numbers
   * from 1, and for settings that mean nothing.
   */
  constructor(options: SacGruAgentOptions) {
    const { obsDim, actionDim, seed = 0 } = options;
    for (const [name, value] of Object.entries({ obsDim, actionDim })) {
      if (!Number.isInteger(value) || value < 1) {
        throw new RangeError(
          `Cannot make a SAC-GRU agent with ${name} ${value}, expected a whole number from 1`,
        );
      }
    }
    this.options = { ...options, seed };
    this.actionSpace = options.actionSpace ??
      box(-1, 1, { shape: [actionDim] });
    this.#settings = fullSacSettings(options.settings);
    const { learningRateSchedule } = this.#settings;
    if (learningRateSchedule !== "constant") {
      throw new RangeError(
        `Cannot make a SAC-GRU agent with learningRateSchedule "${learningRateSchedule}", expected constant, for nobody says how long it is trained`,
      );
    }
    this.#everything = new Uint8Array(actionMaskSize(this.actionSpace)).fill(1);
    const size = spaceSize(this.actionSpace);
    this.#chosen = this.actionSpace.kind === "box"
      ? new Float32Array(size)
      : new Int32Array(size);
    this.#agent = createSacAgent({
      observationSpace: box(-Infinity, Infinity, { shape: [obsDim] }),
      actionSpace: this.actionSpace,
      copies: 1,
      settings: this.#settings,
      random: new Random(seed),
    });
  }

  /** Steps it was told of. */
  get timesteps(): number {
    return this.#timesteps;
  }

  /** Latest numbers of learning, such as `loss` and `entropy`. */
  statistics(): Record<string, number> {
    return this.#agent.statistics();
  }

  /**
   * Draws an action; asked again before `update`, it is the same.
   *
   * @param obs Shape [obsDim]. Throws `TypeError` for another.
   * @param options What may be done.
   */
  selectAction(
    obs: ArrayLike<number>,
    options: SelectActionOptions = {},
  ): SpaceValue {
    if (!this.#acted) {
      this.#agent.act({
        observations: this.#row(obs),
        masks: options.actionMask ?? this.#everything,
        random: this.#timesteps < this.#settings.learningStarts,
      }, this.#chosen);
      this.#acted = true;
    }
    return this.actionSpace.kind === "discrete"
      ? this.#chosen[0]
      : this.#chosen.slice();
  }

  /**
   * The best known action; remembers by itself what it saw since
   * {@linkcode resetPolicy}.
   *
   * @param obs Shape [obsDim].
   * @param options What may be done.
   */
  bestAction(
    obs: ArrayLike<number>,
    options: SelectActionOptions = {},
  ): SpaceValue {
    const actions = this.#chosen.slice();
    const masks = options.actionMask ?? this.#everything;
    this.#agent.policy.act(this.#row(obs), masks, actions);
    return this.actionSpace.kind === "discrete" ? actions[0] : actions;
  }

  /** Makes {@linkcode bestAction} forget what it saw: an episode begins. */
  resetPolicy(): void {
    this.#agent.policy.reset?.();
  }

  /**
   * Takes in one step, and learns when it is due.
   *
   * @param obs What was seen. Shape [obsDim].
   * @param action What was done. Throws `RangeError` for an action that there
   * is not.
   * @param reward What it brought.
   * @param nextObs What was seen then. Shape [obsDim].
   * @param done Whether the task has ended.
   * @param options Mask, and whether the episode was cut.
   */
  async update(
    obs: ArrayLike<number>,
    action: SpaceValue,
    reward: number,
    nextObs: ArrayLike<number>,
    done: boolean,
    options: SacUpdateOptions = {},
  ): Promise<void> {
    if (!contains(this.actionSpace, action)) {
      throw new RangeError(
        `Cannot learn from the action ${action}, expected one of ${
          describeSpace(this.actionSpace)
        }`,
      );
    }
    const { nextActionMask = this.#everything, truncated = false } = options;
    const nextObservations = this.#row(nextObs);
    // Also where nobody asked: its memory has to see everything.
    this.selectAction(obs);
    this.#acted = false;
    const taken = typeof action === "number" ? [action] : action;
    const same = taken.length === this.#chosen.length &&
      this.#chosen.every((value, i) => value === taken[i]);
    this.#agent.observe({
      observations: this.#row(obs),
      actions: same ? undefined : taken,
      rewards: [reward],
      terminated: [done ? 1 : 0],
      truncated: [!done && truncated ? 1 : 0],
      nextObservations,
      nextMasks: nextActionMask,
    });
    this.#timesteps++;
    const { learningStarts, trainFreq, gradientSteps } = this.#settings;
    if (
      this.#timesteps > learningStarts && this.#timesteps % trainFreq === 0 &&
      this.#agent.ready
    ) {
      await this.#agent.learn(
        gradientSteps < 0 ? trainFreq : gradientSteps,
        this.#settings.learningRate,
      );
    }
  }

  /**
   * Writes everything that is needed to go on.
   *
   * @param path Of the `.zip`.
   */
  async save(path: string): Promise<void> {
    const { tensors, state } = await this.#agent.save();
    const { obsDim, actionDim, environment, seed } = this.options;
    const space = this.actionSpace;
    const config = {
      agent: "sac-gru",
      name: "sac-gru",
      ...(environment && { environment }),
      observationSpace: `Box(${obsDim})`,
      actionSpace: describeSpace(space),
      sizes: { obsDim, actionDim },
      space: space.kind === "box"
        ? {
          kind: "box",
          shape: [...space.shape],
          low: [...space.low],
          high: [...space.high],
        }
        : { ...space },
      settings: { ...this.#settings },
      timesteps: this.#timesteps,
      seed,
      device: "",
    } as unknown as JsonRecord;
    await writeArchive(path, {
      config,
      tensors,
      states: {
        state: {
          agent: state,
          acted: this.#acted,
          chosen: this.#chosen.slice(),
        },
      },
    });
  }

  /**
   * An agent that goes on from what {@linkcode SacGruAgent.save} wrote.
   *
   * @param path Of the `.zip`. Throws `SyntaxError` where it holds none.
   */
  static async load(path: string): Promise<SacGruAgent> {
    const { config, tensors, states } = await readArchive(path);
    if (config.agent !== "sac-gru" || !config.sizes || !states.state) {
      throw new SyntaxError(
        `Cannot load a SAC-GRU agent from "${path}", expected one that SacGruAgent saved`,
      );
    }
    const agent = new SacGruAgent({
      ...config.sizes as unknown as SacGruAgentOptions,
      actionSpace: savedSpace(config.space as JsonRecord),
      environment: config.environment as EnvironmentSpec | undefined,
      seed: config.seed as number,
      settings: config.settings as unknown as SacSettings,
    });
    const { state } = states;
    agent.#agent.load({ tensors, state: state.agent as State });
    agent.#timesteps = config.timesteps as number;
    agent.#acted = state.acted as boolean;
    agent.#chosen.set(state.chosen as Float32Array);
    return agent;
  }

  /** Frees the tensors. */
  dispose(): void {
    this.#agent.dispose();
  }

  #row(obs: ArrayLike<number>): Float32Array {
    if (obs.length !== this.options.obsDim) {
      throw new TypeError(
        `Cannot take ${obs.length} values as an observation, expected ${this.options.obsDim}`,
      );
    }
    return obs instanceof Float32Array ? obs : Float32Array.from(obs);
  }
}
