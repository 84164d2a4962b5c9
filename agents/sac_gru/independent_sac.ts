/**
 * Independent learners (Tan, "Multi-agent reinforcement learning: independent
 * versus cooperative agents", 1993) by the soft actor-critic: each agent of a
 * team learns from what it sees and earns itself, with networks and memory of
 * its own, and takes the others for a part of its world.
 *
 * (Independent Q-learners are `createQmix` with the mixer `none`.)
 *
 * @module
 */
import type { NdArray } from "../../core/nd_array.ts";
import { Random } from "../../core/random.ts";
import { type Space, spaceSize, type SpaceValue } from "../../core/spaces.ts";
import type { State } from "../../core/state.ts";
import type {
  MultiAgentEnvironment,
  MultiAgentResetResult,
} from "../../envs/multi_agent.ts";
import { actionMaskSize } from "../../envs/vector.ts";
import { scheduled } from "../../learning/schedules.ts";
import { createSacAgent, type SacAgent } from "./_sac_agent.ts";
import type { Policy } from "../policy.ts";
import { sacGruPolicy } from "./sac_gru.ts";
import { fullSacSettings, type SacSettings } from "./sac_settings.ts";
import type { TeamSpaces } from "../team.ts";
import {
  createEpisodeRecord,
  type SavedTrainer,
  type Trainer,
} from "../trainer.ts";

/** What independent learners need beside their settings. */
export interface IndependentSacOptions {
  /** Settings that differ from `SAC_GRU_DEFAULTS`, of every agent. */
  settings?: Partial<SacSettings>;
  /** Seeds weights, actions, replay and environment. */
  seed: number;
  /** Steps over which schedules run. */
  totalTimesteps: number;
}

type Tensors = Record<string, Record<string, NdArray>>;
/** Arrays of a model by part and name. */
export type SavedTensors = Readonly<
  Record<string, Readonly<Record<string, NdArray>>>
>;

/** What an agent's arrays are called among those of all. */
const prefixOf = (agent: number) => `agent${agent}/`;

function joinTensors(each: readonly Tensors[]): Tensors {
  const all: Tensors = {};
  each.forEach((tensors, agent) => {
    for (const [part, arrays] of Object.entries(tensors)) {
      all[part] ??= {};
      for (const [name, array] of Object.entries(arrays)) {
        all[part][prefixOf(agent) + name] = array;
      }
    }
  });
  return all;
}

/**
 * The arrays of one learner among those of all.
 *
 * @param all Of a model.
 * @param agent Which.
 */
export function tensorsOfLearner(
  all: SavedTensors,
  agent: number,
): SavedTensors {
  const prefix = prefixOf(agent);
  return Object.fromEntries(
    Object.entries(all).map(([part, arrays]) => [
      part,
      Object.fromEntries(
        Object.entries(arrays)
          .filter(([name]) => name.startsWith(prefix))
          .map(([name, array]) => [name.slice(prefix.length), array]),
      ),
    ]),
  );
}

/** An agent's place in rows of all. */
interface Place {
  readonly start: number;
  readonly size: number;
}

function placesOf(sizes: readonly number[]): Place[] {
  let start = 0;
  return sizes.map((size) => ({ start: (start += size) - size, size }));
}

/** Copies an agent's part of each row. */
function gather<T extends Float32Array | Uint8Array>(
  all: T,
  { start, size }: Place,
  into: T,
): void {
  const rows = into.length / size;
  const width = all.length / rows;
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < size; i++) {
      into[row * size + i] = all[row * width + start + i];
    }
  }
}

/**
 * Policies of single agents as one of `jointEnvironment`, in which all
 * observations, masks and actions lie behind one another.
 *
 * @param policies Of each agent.
 * @param actionSpaces Of each agent.
 */
export function jointPolicy(
  policies: readonly Policy[],
  actionSpaces: readonly Space[],
): Policy {
  const observations = placesOf(policies.map((one) => one.observationSize));
  const masks = placesOf(actionSpaces.map(actionMaskSize));
  const actions = placesOf(policies.map((one) => one.actionSize));
  const total = (places: readonly Place[]) =>
    places.reduce((sum, { size }) => sum + size, 0);
  const actionSize = total(actions);
  return {
    observationSize: total(observations),
    actionSize,
    act(seen, allowed, chosen) {
      const rows = chosen.length / actionSize;
      policies.forEach((policy, agent) => {
        const own = new Float32Array(rows * observations[agent].size);
        gather(seen, observations[agent], own);
        const mask = new Uint8Array(rows * masks[agent].size);
        if (masks[agent].size > 0) gather(allowed, masks[agent], mask);
        const { start, size } = actions[agent];
        const done = chosen instanceof Int32Array
          ? new Int32Array(rows * size)
          : new Float32Array(rows * size);
        policy.act(own, mask, done);
        for (let row = 0; row < rows; row++) {
          chosen.set(
            done.subarray(row * size, (row + 1) * size),
            row * actionSize + start,
          );
        }
      });
    },
    reset(row) {
      for (const policy of policies) policy.reset?.(row);
    },
  };
}

/** One agent, and what it sees and does. */
interface Learner {
  readonly agent: SacAgent;
  readonly observations: Float32Array;
  readonly next: Float32Array;
  readonly masks: Uint8Array;
  readonly nextMasks: Uint8Array;
  readonly actions: Int32Array | Float32Array;
}

function writeRow(value: SpaceValue, into: Float32Array): void {
  if (typeof value === "number") into[0] = value;
  else into.set(value);
}

function createLearner(
  env: MultiAgentEnvironment,
  index: number,
  options: { settings: SacSettings; random: Random },
): Learner {
  const observationSpace = env.observationSpaces[index];
  const actionSpace = env.actionSpaces[index];
  const width = spaceSize(observationSpace);
  const maskSize = actionMaskSize(actionSpace);
  const actionSize = spaceSize(actionSpace);
  return {
    agent: createSacAgent({
      observationSpace,
      actionSpace,
      copies: 1,
      ...options,
    }),
    observations: new Float32Array(width),
    next: new Float32Array(width),
    masks: new Uint8Array(maskSize),
    nextMasks: new Uint8Array(maskSize),
    actions: actionSpace.kind === "box"
      ? new Float32Array(actionSize)
      : new Int32Array(actionSize),
  };
}

/**
 * Independent learners in an environment of several agents. Their policy is
 * that of the environment's `jointEnvironment`.
 *
 * @param env Stepped by the trainer alone; reset here.
 * @param options Throws `RangeError` for settings that mean nothing.
 */
export function createIndependentSac(
  env: MultiAgentEnvironment,
  options: IndependentSacOptions,
): Trainer {
  const given = fullSacSettings(options.settings);
  const sequence = given.sequenceLength + given.burnIn;
  const settings = {
    ...given,
    bufferSize: Math.min(
      given.bufferSize,
      options.totalTimesteps + 2 * sequence,
    ),
  };
  const root = new Random(options.seed);
  const environmentSeed = root.integer(0, 2 ** 32 - 1);
  const learners = env.actionSpaces.map((_, index) =>
    createLearner(env, index, { settings, random: root.split() })
  );
  const episodes = createEpisodeRecord(1);
  let timesteps = 0;

  function see(
    { observations, info }: MultiAgentResetResult<SpaceValue>,
    into: "present" | "next",
  ): void {
    learners.forEach((learner, index) => {
      const present = into === "present";
      const masks = present ? learner.masks : learner.nextMasks;
      writeRow(
        observations[index],
        present ? learner.observations : learner.next,
      );
      if (info.actionMasks) masks.set(info.actionMasks[index]);
      else masks.fill(1);
    });
  }

  function chosenActions(): SpaceValue[] {
    const random = timesteps < settings.learningStarts;
    return learners.map(({ agent, observations, masks, actions }, index) => {
      agent.act({ observations, masks, random }, actions);
      return env.actionSpaces[index].kind === "discrete"
        ? actions[0]
        : actions.slice();
    });
  }

  async function learn(): Promise<void> {
    const { gradientSteps, trainFreq, learningRate, learningRateSchedule } =
      settings;
    const rate = scheduled(learningRate, learningRateSchedule, {
      progress: Math.min(1, timesteps / options.totalTimesteps),
    });
    const count = gradientSteps < 0 ? trainFreq : gradientSteps;
    for (const { agent } of learners) await agent.learn(count, rate);
  }

  function step(): void | Promise<void> {
    const result = env.step(chosenActions());
    const over = result.terminated || result.truncated;
    see(result, "next");
    learners.forEach(({ agent, observations, next, nextMasks }, index) =>
      agent.observe({
        observations,
        rewards: [result.rewards[index]],
        terminated: [result.terminated ? 1 : 0],
        truncated: [result.truncated ? 1 : 0],
        nextObservations: next,
        nextMasks,
      })
    );
    episodes.add(0, result.reward, over);
    see(over ? env.reset() : result, "present");
    timesteps++;
    const due = timesteps % settings.trainFreq === 0 &&
      timesteps > settings.learningStarts;
    if (due && learners.every(({ agent }) => agent.ready)) return learn();
  }

  /** Means over the agents. */
  function statistics(): Record<string, number> {
    const each = learners.map(({ agent }) => agent.statistics());
    return Object.fromEntries(
      Object.keys(each[0]).map((name) => [
        name,
        each.reduce((sum, one) => sum + one[name], 0) / each.length,
      ]),
    );
  }

  async function save(): Promise<SavedTrainer> {
    const saved = await Promise.all(learners.map(({ agent }) => agent.save()));
    return {
      tensors: joinTensors(saved.map(({ tensors }) => tensors)),
      state: {
        timesteps,
        agents: saved.map(({ state }) => state),
        episodes: episodes.saveState(),
        environment: env.saveState(),
        seen: learners.map(({ observations, masks }) => ({
          observations: observations.slice(),
          masks: masks.slice(),
        })),
      },
    };
  }

  function load({ tensors, state }: SavedTrainer): Promise<void> {
    const states = state.agents as State[];
    const seen = state.seen as {
      observations: Float32Array;
      masks: Uint8Array;
    }[];
    learners.forEach(({ agent, observations, masks }, index) => {
      agent.load({
        tensors: tensorsOfLearner(tensors, index),
        state: states[index],
      });
      observations.set(seen[index].observations);
      masks.set(seen[index].masks);
    });
    timesteps = state.timesteps as number;
    episodes.loadState(state.episodes as State);
    env.loadState(state.environment as State);
    return Promise.resolve();
  }

  see(env.reset({ seed: environmentSeed }), "present");
  return {
    get timesteps() {
      return timesteps;
    },
    stepsPerCall: 1,
    step,
    statistics,
    episodes,
    policy: jointPolicy(
      learners.map(({ agent }) => agent.policy),
      env.actionSpaces,
    ),
    save,
    load,
    dispose() {
      for (const { agent } of learners) agent.dispose();
    },
  };
}

/**
 * The greedy joint policy of saved learners; it needs no device, unless it is
 * compiled.
 *
 * @param spaces Of the team they were trained in.
 * @param settings Those they were trained with.
 * @param saved Their weights, and whether single rows go through compiled steps
 * on the device that runs. Throws `TypeError` where an array is missing.
 */
export function independentSacPolicy(
  spaces: Pick<TeamSpaces, "observationSpaces" | "actionSpaces">,
  settings: Partial<SacSettings>,
  saved: { tensors: SavedTensors; compiled?: boolean },
): Policy {
  const { observationSpaces, actionSpaces } = spaces;
  const { compiled } = saved;
  return jointPolicy(
    actionSpaces.map((actionSpace, agent) =>
      sacGruPolicy(
        { observationSpace: observationSpaces[agent], actionSpace },
        settings,
        { tensors: tensorsOfLearner(saved.tensors, agent), compiled },
      )
    ),
    actionSpaces,
  );
}
