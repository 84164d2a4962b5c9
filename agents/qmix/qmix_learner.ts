/**
 * A team that learns by QMIX from what it is shown.
 *
 * @module
 */
import { Random } from "../../core/random.ts";
import type { SpaceValue } from "../../core/spaces.ts";
import { parameterCount } from "../../learning/parameters.ts";
import {
  createEpisodeBatch,
  createEpisodeReplay,
  type EpisodeReplayOptions,
} from "./episode_replay.ts";
import { bestAllowed, type Policy } from "../policy.ts";
import { savedParts } from "../_saved_parts.ts";
import { createActingTeam, createTeamPolicy } from "./qmix_policy.ts";
import {
  epsilonAt,
  learningRateAt,
  type QmixSettings,
  utilityShape,
} from "./qmix_settings.ts";
import {
  createQmixUpdate,
  type QmixColumns,
  qmixColumns,
  type QmixLosses,
} from "./qmix_update.ts";
import { type Team, writeInputs, writeMasks } from "../team.ts";
import type { SavedTrainer } from "../trainer.ts";
import { utilityLayout } from "./utility_network.ts";

/** What a team and its trainer see at one moment. */
export interface TeamMoment {
  /** What each agent sees. */
  readonly observations: readonly SpaceValue[];
  /** The global state. */
  readonly state: Float32Array;
  /** What each agent may do; undefined where nothing is forbidden. */
  readonly actionMasks?: readonly Uint8Array[];
}

/** What a team's actions led to. */
export interface TeamOutcome {
  /** The team's reward. */
  readonly reward: number;
  /** Each agent's own; learned from without a mixer only. Shape [agents]. */
  readonly rewards: ArrayLike<number>;
  /** Whether the task has ended. */
  readonly terminated: boolean;
  /** Whether the episode was cut though the task goes on. */
  readonly truncated: boolean;
  /** What is seen afterwards. */
  readonly next: TeamMoment;
}

/** A team that learns from what it is shown; nothing here steps anything. */
export interface QmixLearner {
  /** Steps it was shown. */
  readonly timesteps: number;
  /** An episode begins. */
  begin(moment: TeamMoment): void;
  /**
   * The actions for the present moment, some of them drawn by chance. Shape
   * [agents, entries]; overwritten by the next call.
   */
  chooseActions(): Int32Array;
  /** What may be done at the present moment: in place of what it said. */
  allow(actionMasks: readonly Uint8Array[]): void;
  /** Others were taken than those chosen last. Shape [agents x entries]. */
  replaceActions(actions: ArrayLike<number>): void;
  /**
   * What the actions that were chosen last led to. Returns a promise only when
   * it has learned.
   */
  observe(outcome: TeamOutcome): void | Promise<void>;
  /** Latest numbers of learning. */
  statistics(): Record<string, number>;
  /** Acts greedily, with a memory of its own. */
  readonly policy: Policy;
  /** Everything needed to go on. */
  save(): Promise<SavedTrainer>;
  /** Goes on from what {@linkcode save} returned. */
  load(saved: SavedTrainer): Promise<void>;
  /** Frees the tensors. */
  dispose(): void;
}

/** What {@linkcode createQmixLearner} needs. */
export interface QmixLearnerOptions {
  /** All of them. */
  settings: QmixSettings;
  /** Steps of the longest episode, or of the pieces that it is cut into. */
  sequenceLength: number;
  /** Steps over which the learning rate's schedule runs. */
  totalTimesteps: number;
  /** Three streams: of weights, exploration and replay. */
  streams: { weights: Random; exploration: Random; replay: Random };
}

/**
 * A team that learns from what it is shown.
 *
 * @param team Who acts.
 * @param options Settings, sizes, and streams.
 */
export function createQmixLearner(
  team: Team,
  options: QmixLearnerOptions,
): QmixLearner {
  const { settings, sequenceLength, streams } = options;
  const { exploration } = streams;
  const shape = utilityShape(team, settings);
  const columns = qmixColumns(team, settings);
  const sizes: EpisodeReplayOptions<QmixColumns> = {
    capacity: settings.bufferSize,
    time: sequenceLength,
    batchSize: settings.batchSize,
    columns,
  };
  const replay = createEpisodeReplay(sizes);
  const batch = createEpisodeBatch(sizes);
  const learning = createQmixUpdate(team, {
    settings,
    episodes: sizes,
    random: streams.weights,
  });
  const acting = new Float32Array(parameterCount(utilityLayout(shape)));
  readActing(learning.parameters.dataSync() as Float32Array);
  const network = createActingTeam(shape, {
    variable: learning.parameters,
    parameters: acting,
  });
  const policy = createTeamPolicy(team, network, settings);

  // The episode under way, or its last piece: a batch of one.
  const episode = createEpisodeBatch({ ...sizes, batchSize: 1 }).arrays;
  let length = 0;
  const chosen = new Int32Array(columns.actions.width);
  const memory = new Float32Array(columns.memory.width);
  const mask = new Uint8Array(columns.masks.width);
  const outputs = new Float32Array(columns.masks.width);
  const parts = savedParts({
    episode: savedParts(episode),
    chosen,
    memory,
    mask,
    exploration,
    replayStream: streams.replay,
    replay,
  });
  let timesteps = 0;
  let episodes = 0;
  let losses: QmixLosses = {
    loss: NaN,
    meanQ: NaN,
    meanTarget: NaN,
    gradientNorm: NaN,
  };

  function readActing(parameters: Float32Array): void {
    acting.set(parameters.subarray(0, acting.length));
  }

  /** The row of a column that belongs to the present moment. */
  function now(name: keyof QmixColumns): Float32Array {
    const { width } = columns[name];
    return episode[name].subarray(length * width, (length + 1) * width);
  }

  function write({ observations, state, actionMasks }: TeamMoment): void {
    writeInputs(team, settings, {
      observations,
      lastActions: chosen,
      into: now("inputs"),
    });
    now("states").set(state);
    allow(actionMasks);
  }

  function allow(actionMasks: TeamMoment["actionMasks"]): void {
    writeMasks(team, actionMasks, mask);
    now("masks").set(mask);
  }

  /** What the agents remember when a piece begins. */
  function beginPiece(moment: TeamMoment): void {
    length = 0;
    episode.memory.set(memory);
    write(moment);
  }

  function begin(moment: TeamMoment): void {
    memory.fill(0);
    chosen.fill(-1);
    beginPiece(moment);
  }

  function chooseActions(): Int32Array {
    network.forward(now("inputs"), memory, outputs);
    const epsilon = epsilonAt(settings, timesteps);
    const { actions } = team;
    for (let index = 0; index < chosen.length; index++) {
      chosen[index] = exploration.uniform() < epsilon
        ? randomAllowed(index * actions)
        : bestAllowed(outputs, mask, { index, length: actions });
    }
    return chosen;
  }

  function randomAllowed(start: number): number {
    for (;;) {
      const action = exploration.integer(0, team.actions - 1);
      if (mask[start + action] === 1) return action;
    }
  }

  function observe(outcome: TeamOutcome): void | Promise<void> {
    const { reward, rewards, terminated, truncated, next } = outcome;
    timesteps++;
    now("actions").set(chosen);
    const earned = now("rewards");
    const own = settings.mixer === "none" ? rewards : [reward];
    for (let i = 0; i < earned.length; i++) {
      earned[i] = settings.rewardScale * own[i];
    }
    now("discounts")[0] = terminated ? 0 : settings.gamma;
    length++;
    write(next);
    const over = terminated || truncated;
    if (!over && length < sequenceLength) return;
    replay.add({ length, arrays: episode });
    if (!over) beginPiece(next);
    return learn();
  }

  async function learn(): Promise<void> {
    episodes++;
    if (replay.size >= settings.batchSize) {
      const rate = learningRateAt(settings, timesteps / options.totalTimesteps);
      for (let i = 0; i < settings.updatesPerEpisode; i++) {
        replay.sample(batch, streams.replay);
        learning.step(batch, rate);
      }
      losses = await learning.losses();
      readActing(await learning.parameters.data() as Float32Array);
    }
    if (episodes % settings.targetUpdateInterval === 0) learning.followTarget();
  }

  async function save(): Promise<SavedTrainer> {
    const { tensors, state } = await learning.save();
    return {
      tensors,
      state: {
        ...state,
        timesteps,
        episodes,
        losses: { ...losses },
        length,
        ...parts.saveState(),
      },
    };
  }

  async function load(saved: SavedTrainer): Promise<void> {
    const { state } = saved;
    learning.load(saved);
    readActing(await learning.parameters.data() as Float32Array);
    timesteps = state.timesteps as number;
    episodes = state.episodes as number;
    losses = { ...state.losses as unknown as QmixLosses };
    length = state.length as number;
    parts.loadState(state);
  }

  return {
    get timesteps() {
      return timesteps;
    },
    begin,
    allow,
    chooseActions,
    replaceActions: (actions) => chosen.set(actions),
    observe,
    statistics: () => ({
      ...losses,
      epsilon: epsilonAt(settings, timesteps),
      updates: learning.updates,
    }),
    policy,
    save,
    load,
    dispose() {
      network.dispose();
      learning.dispose();
    },
  };
}

/**
 * Three streams and an environment's seed, for the learner and its world.
 *
 * @param seed Of all of them.
 */
export function qmixStreams(
  seed: number,
): QmixLearnerOptions["streams"] & { environmentSeed: number } {
  const root = new Random(seed);
  return {
    weights: root.split(),
    exploration: root.split(),
    replay: root.split(),
    environmentSeed: root.integer(0, 2 ** 32 - 1),
  };
}
