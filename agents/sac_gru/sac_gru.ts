/**
 * The soft actor-critic with memory (SAC-GRU), and without: an agent that
 * learns in an environment with discrete, multi-discrete or box actions.
 *
 * @module
 */
import type { NdArray } from "../../core/nd_array.ts";
import { Random } from "../../core/random.ts";
import { type Space, spaceSize } from "../../core/spaces.ts";
import type { State } from "../../core/state.ts";
import type { VectorEnvironment } from "../../envs/environment.ts";
import { actionMaskSize, vectorBuffers } from "../../envs/vector.ts";
import { parameterVariable, vectorOf } from "../../learning/parameters.ts";
import { scheduled } from "../../learning/schedules.ts";
import { savedParts } from "../_saved_parts.ts";
import { createSacAgent } from "./_sac_agent.ts";
import { createActionHeads } from "./_sac_heads.ts";
import { sacNetworks } from "./_sac_networks.ts";
import { createSacPolicy } from "./_sac_policy.ts";
import { createActingMemory, createMemoryStepper } from "./memory_networks.ts";
import type { Policy } from "../policy.ts";
import { fullSacSettings, type SacSettings } from "./sac_settings.ts";
import {
  createEpisodeRecord,
  type SavedTrainer,
  type Trainer,
} from "../trainer.ts";

/** What a SAC run needs beside its settings. */
export interface SacGruOptions {
  /** Settings that differ from `SAC_GRU_DEFAULTS`. */
  settings?: Partial<SacSettings>;
  /** Seeds weights, actions, replay and environment. */
  seed: number;
  /** Steps over which schedules run. */
  totalTimesteps: number;
}

/**
 * A soft actor-critic that learns in an environment.
 *
 * @param env Stepped by the trainer alone; reset here.
 * @param options Throws `RangeError` for settings that mean nothing and for
 * continuous actions without bounds.
 */
export function createSacGru(
  env: VectorEnvironment,
  options: SacGruOptions,
): Trainer {
  const settings = fullSacSettings(options.settings);
  const root = new Random(options.seed);
  const agentStream = root.split();
  const environmentSeed = root.integer(0, 2 ** 32 - 1);
  const agent = createSacAgent({
    observationSpace: env.observationSpace,
    actionSpace: env.actionSpace,
    copies: env.count,
    settings: {
      ...settings,
      bufferSize: Math.min(
        settings.bufferSize,
        options.totalTimesteps + 2 * env.count *
            (settings.sequenceLength + settings.burnIn),
      ),
    },
    random: agentStream,
  });

  const buffers = vectorBuffers(env);
  const observationSize = spaceSize(env.observationSpace);
  const maskSize = actionMaskSize(env.actionSpace);
  const previous = new Float32Array(buffers.observations.length);
  const following = new Float32Array(buffers.observations.length);
  const masks = new Uint8Array(buffers.actionMasks.length);
  const nextMasks = new Uint8Array(buffers.actionMasks.length);
  const actionSize = env.count * spaceSize(env.actionSpace);
  const actions = env.actionSpace.kind === "box"
    ? new Float32Array(actionSize)
    : new Int32Array(actionSize);
  const episodes = createEpisodeRecord(env.count);
  const parts = savedParts({
    episodes,
    environment: env,
    observations: buffers.observations,
    actionMasks: buffers.actionMasks,
  });
  env.reset(buffers, { seed: environmentSeed });
  let timesteps = 0;

  function learningRate(): number {
    return scheduled(settings.learningRate, settings.learningRateSchedule, {
      progress: Math.min(1, timesteps / options.totalTimesteps),
    });
  }

  /** What followed each step: where an episode is over, its last observation. */
  function readFollowing(): void {
    following.set(buffers.observations);
    nextMasks.set(buffers.actionMasks);
    for (let copy = 0; copy < env.count; copy++) {
      const over = buffers.terminated[copy] + buffers.truncated[copy] > 0;
      episodes.add(copy, buffers.rewards[copy], over);
      if (!over) continue;
      const start = copy * observationSize;
      for (let i = start; i < start + observationSize; i++) {
        following[i] = buffers.finalObservations[i];
      }
      const end = (copy + 1) * maskSize;
      for (let i = copy * maskSize; i < end; i++) {
        nextMasks[i] = buffers.finalActionMasks[i];
      }
    }
  }

  function step(): void | Promise<void> {
    previous.set(buffers.observations);
    masks.set(buffers.actionMasks);
    const random = timesteps < settings.learningStarts;
    agent.act({ observations: previous, masks, random }, actions);
    env.step(actions, buffers);
    readFollowing();
    agent.observe({
      observations: previous,
      rewards: buffers.rewards,
      terminated: buffers.terminated,
      truncated: buffers.truncated,
      nextObservations: following,
      nextMasks,
    });
    const before = timesteps;
    timesteps += env.count;
    // Several intervals may end within one step of many copies.
    const { gradientSteps, trainFreq } = settings;
    const intervals = Math.floor(timesteps / trainFreq) -
      Math.floor(before / trainFreq);
    const count = intervals * (gradientSteps < 0 ? trainFreq : gradientSteps);
    if (count > 0 && timesteps > settings.learningStarts && agent.ready) {
      return agent.learn(count, learningRate());
    }
  }

  async function save(): Promise<SavedTrainer> {
    const { tensors, state } = await agent.save();
    return {
      tensors,
      state: { timesteps, agent: state, ...parts.saveState() },
    };
  }

  function load({ tensors, state }: SavedTrainer): Promise<void> {
    agent.load({ tensors, state: state.agent as State });
    timesteps = state.timesteps as number;
    parts.loadState(state);
    return Promise.resolve();
  }

  return {
    get timesteps() {
      return timesteps;
    },
    stepsPerCall: env.count,
    step,
    statistics: agent.statistics,
    episodes,
    policy: agent.policy,
    save,
    load,
    dispose: agent.dispose,
  };
}

/**
 * The greedy policy of a saved agent; it needs no device, unless it is
 * compiled.
 *
 * @param spaces Where observations and actions lie.
 * @param settings Those it was trained with.
 * @param saved Its weights, and whether single rows go through a compiled step
 * on the device that runs. Throws `TypeError` where an array is missing.
 */
export function sacGruPolicy(
  spaces: { observationSpace: Space; actionSpace: Space },
  settings: Partial<SacSettings>,
  saved: {
    tensors: Readonly<Record<string, Readonly<Record<string, NdArray>>>>;
    compiled?: boolean;
  },
): Policy {
  const heads = createActionHeads(spaces.actionSpace);
  const observationSize = spaceSize(spaces.observationSpace);
  const { actor } = sacNetworks(
    observationSize,
    heads,
    fullSacSettings(settings),
  );
  const parameters = vectorOf(saved.tensors.weights ?? {}, actor.layout);
  const stepper = saved.compiled
    ? createActingMemory(actor, {
      variable: parameterVariable(parameters),
      parameters,
      rows: 1,
    })
    : createMemoryStepper(actor.sizes, parameters);
  return createSacPolicy(stepper, { heads, observationSize });
}
