/**
 * Agents that learn from recorded steps alone: behaviour cloning, TD3+BC, IQL.
 *
 * @module
 */
import { Random, type RandomState } from "../../core/random.ts";
import { describeSpace, type Space, spaceSize } from "../../core/spaces.ts";
import type { State } from "../../core/state.ts";
import { createPerceptron } from "../../learning/perceptron.ts";
import { type Schedule, scheduled } from "../../learning/schedules.ts";
import { boxActions } from "../_box_actions.ts";
import {
  CLONING_DEFAULTS,
  type CloningSettings,
  createCloningLearner,
} from "./cloning_learner.ts";
import { createTanhPolicy } from "../ddpg/ddpg.ts";
import { createDdpgLearner } from "../ddpg/ddpg_learner.ts";
import { type DdpgSettings, ddpgSettings } from "../ddpg/ddpg_settings.ts";
import {
  createIqlLearner,
  type IqlSettings,
  iqlSettings,
} from "./iql_learner.ts";
import {
  checkOfflineData,
  type OfflineData,
  sampleOffline,
} from "./offline_data.ts";
import type { OfflineLearner } from "./offline_learner.ts";
import { createReplayBatch } from "../replay.ts";
import {
  createEpisodeRecord,
  type SavedTrainer,
  type Trainer,
} from "../trainer.ts";

/** Agents that learn from data: cloning, TD3 with cloning, implicit Q. */
export const OFFLINE_AGENTS = ["bc", "td3-bc", "iql"] as const;

/** Name of one. */
export type OfflineAgent = typeof OFFLINE_AGENTS[number];

/** Settings of the three, and the schedule of their learning rates. */
export type OfflineSettings =
  & (CloningSettings | DdpgSettings | IqlSettings)
  & { learningRateSchedule: Schedule };

/** What a run needs beside its settings. */
export interface OfflineOptions {
  /** Which agent. */
  agent: OfflineAgent;
  /** Recorded steps. */
  data: OfflineData;
  /**
   * Steps held out, on which `validationLoss` is measured: the mean squared
   * distance of the policy's actions to theirs, each from -1 to 1.
   */
  validation?: OfflineData;
  /** Settings that differ from the agent's defaults. */
  settings?: Partial<OfflineSettings>;
  /** Seeds weights, noise and the rows drawn. */
  seed: number;
  /** Updates over which schedules run. */
  totalTimesteps: number;
}

/**
 * Settings with an agent's defaults filled in: TD3+BC's alpha is 2.5, its
 * learning rates 3e-4.
 *
 * @param agent Whose defaults.
 * @param given Throws `RangeError` for those that mean nothing.
 */
export function offlineSettings(
  agent: OfflineAgent,
  given: Partial<OfflineSettings> = {},
): OfflineSettings {
  const common = { learningRateSchedule: "constant" as const };
  switch (agent) {
    case "bc":
      return { ...common, ...CLONING_DEFAULTS, ...given };
    case "iql":
      return { ...common, ...iqlSettings(given) };
    case "td3-bc":
      return ddpgSettings("td3", {
        learningRate: 3e-4,
        criticLearningRate: 3e-4,
        behaviourCloning: 2.5,
        ...given,
      });
  }
}

function learnerOf(
  agent: OfflineAgent,
  options: {
    observationSize: number;
    actionSize: number;
    settings: OfflineSettings;
    random: Random;
  },
): OfflineLearner {
  const { settings, ...rest } = options;
  switch (agent) {
    case "bc":
      return createCloningLearner({ ...rest, settings });
    case "iql":
      return createIqlLearner({ ...rest, settings: settings as IqlSettings });
    case "td3-bc":
      return createDdpgLearner({ ...rest, settings: settings as DdpgSettings });
  }
}

function checkFits(
  { agent, data }: OfflineOptions,
  spaces: { observationSpace: Space; actionSpace: Space },
): void {
  checkOfflineData(data);
  const { rows, observationSize, actionSize } = data;
  for (
    const [what, space, found] of [
      ["observations", spaces.observationSpace, observationSize],
      ["actions", spaces.actionSpace, actionSize],
    ] as const
  ) {
    if (spaceSize(space) !== found) {
      throw new TypeError(
        `Cannot learn from ${what} of ${found} values, expected ${
          describeSpace(space)
        }`,
      );
    }
  }
  if (rows < 1) {
    throw new RangeError("Cannot learn from data without rows");
  }
  if (agent !== "bc" && !(data.rewards && data.nextObservations)) {
    throw new TypeError(
      `Cannot train ${agent} on states and actions alone: expected rewards and next states too`,
    );
  }
}

/**
 * An agent that learns from recorded steps. A step of the trainer is an
 * update; episodes are those of evaluations alone.
 *
 * @param spaces Where observations and actions lie. Throws `TypeError` for
 * actions that are no box, and for data of other sizes.
 * @param options Throws `RangeError` for settings that mean nothing.
 */
export function createOffline(
  spaces: { observationSpace: Space; actionSpace: Space },
  options: OfflineOptions,
): Trainer {
  const { agent, data } = options;
  const settings = offlineSettings(agent, options.settings);
  const { actionSpace } = spaces;
  if (actionSpace.kind !== "box") {
    throw new TypeError(
      `Cannot train ${agent} on actions in ${
        describeSpace(actionSpace)
      }: expected a box of continuous actions`,
    );
  }
  checkFits(options, spaces);
  const { observationSize, actionSize } = data;
  const { fromSpace } = boxActions(actionSpace);

  // Streams: one for each purpose, so that changing one leaves the others.
  const root = new Random(options.seed);
  const learnerStream = root.split();
  const rowStream = root.split();
  const learner = learnerOf(agent, {
    observationSize,
    actionSize,
    settings,
    random: learnerStream,
  });
  const acting = learner.actor.dataSync().slice() as Float32Array;
  const network = createPerceptron(learner.actorSizes, "relu", {
    parameters: acting,
  });
  const batch = createReplayBatch(settings.batchSize, {
    capacity: data.rows,
    observationSize,
    actionSize,
    actionCount: 0,
  });
  const episodes = createEpisodeRecord(1);
  const gamma = "gamma" in settings ? settings.gamma : 0;
  let timesteps = 0;
  let last: Record<string, number> = { loss: NaN };

  /** Mean squared distance of the policy's actions to recorded ones. */
  function distance({ rows, observations, actions }: OfflineData): number {
    const outputs = new Float32Array(rows * actionSize);
    const done = new Float32Array(rows * actionSize);
    network.forward(observations, outputs);
    fromSpace(actions, done);
    return done.reduce(
      (sum, action, i) => sum + (Math.tanh(outputs[i]) - action) ** 2,
      0,
    ) / done.length;
  }

  async function step(): Promise<void> {
    sampleOffline(data, batch, { random: rowStream, gamma, fromSpace });
    const rateFactor = scheduled(1, settings.learningRateSchedule, {
      progress: timesteps / options.totalTimesteps,
    });
    const results = learner.update(batch, rateFactor);
    timesteps++;
    for (const [name, value] of Object.entries(results)) {
      last[name] = (await value.data())[0];
    }
    acting.set(await learner.actor.data() as Float32Array);
  }

  return {
    get timesteps() {
      return timesteps;
    },
    stepsPerCall: 1,
    step,
    statistics: () => ({
      ...last,
      ...options.validation &&
        { validationLoss: distance(options.validation) },
      updates: learner.updates,
    }),
    episodes,
    policy: createTanhPolicy(network, actionSpace),
    async save(): Promise<SavedTrainer> {
      return {
        tensors: await learner.save(),
        state: {
          timesteps,
          last: { ...last },
          learnerStream: learner.saveState?.() ?? null,
          rowStream: rowStream.saveState(),
          episodes: episodes.saveState(),
        },
      };
    },
    load({ tensors, state }) {
      learner.load(tensors);
      timesteps = state.timesteps as number;
      learner.updates = timesteps;
      last = { ...state.last as Record<string, number> };
      if (state.learnerStream !== null) {
        learner.loadState?.(state.learnerStream as RandomState);
      }
      rowStream.loadState(state.rowStream as RandomState);
      episodes.loadState(state.episodes as State);
      acting.set(learner.actor.dataSync());
      return Promise.resolve();
    },
    dispose: learner.dispose,
  };
}
