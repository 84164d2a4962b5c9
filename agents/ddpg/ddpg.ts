/**
 * DDPG and TD3: agents that learn continuous actions in an environment.
 *
 * @module
 */
import type { NdArray } from "../../core/nd_array.ts";
import { Random } from "../../core/random.ts";
import {
  type Box,
  describeSpace,
  type Space,
  spaceSize,
} from "../../core/spaces.ts";
import type { VectorEnvironment } from "../../envs/environment.ts";
import { vectorBuffers } from "../../envs/vector.ts";
import { createActingNetwork } from "../../learning/acting_network.ts";
import { vectorOf } from "../../learning/parameters.ts";
import {
  createPerceptron,
  type Perceptron,
} from "../../learning/perceptron.ts";
import { scheduled } from "../../learning/schedules.ts";
import { boxActions } from "../_box_actions.ts";
import { savedParts } from "../_saved_parts.ts";
import { actorLayout, actorSizes, createDdpgLearner } from "./ddpg_learner.ts";
import {
  type DdpgName,
  type DdpgSettings,
  ddpgSettings,
} from "./ddpg_settings.ts";
import type { Policy } from "../policy.ts";
import { createReplay, createReplayBatch } from "../replay.ts";
import {
  createEpisodeRecord,
  type SavedTrainer,
  type Trainer,
} from "../trainer.ts";

/** What a run needs beside its settings. */
export interface DdpgOptions {
  /** Whose defaults: `ddpg` or `td3`. Default `ddpg`. */
  agent?: DdpgName;
  /** Settings that differ from the agent's defaults. */
  settings?: Partial<DdpgSettings>;
  /** Seeds weights, noise, replay and environment. */
  seed: number;
  /** Steps over which schedules run. */
  totalTimesteps: number;
  /** A policy trained before, to begin with: its arrays by name. */
  pretrained?: Readonly<Record<string, NdArray>>;
}

function boxOf(space: Space, use: string): Box {
  if (space.kind !== "box") {
    throw new TypeError(
      `Cannot ${use} actions in ${
        describeSpace(space)
      }: expected a box of continuous actions`,
    );
  }
  return space;
}

/**
 * A deterministic policy: the tangent of a network's outputs, scaled.
 *
 * @param network Of the widths of `actorSizes`.
 * @param space Where actions lie.
 */
export function createTanhPolicy(network: Perceptron, space: Box): Policy {
  const { size, toSpace } = boxActions(space);
  let outputs = new Float32Array(size);
  return {
    observationSize: network.inputs,
    actionSize: size,
    act(observations, _masks, actions) {
      if (outputs.length !== actions.length) {
        outputs = new Float32Array(actions.length);
      }
      network.forward(observations, outputs);
      for (let i = 0; i < outputs.length; i++) {
        outputs[i] = Math.tanh(outputs[i]);
      }
      toSpace(outputs, actions);
    },
  };
}

/**
 * The policy of a saved agent.
 *
 * @param spaces Where observations and actions lie. Throws `TypeError` where
 * actions are not a box.
 * @param settings Those it was trained with.
 * @param saved Its weights. Throws `TypeError` where an array is missing.
 */
export function ddpgPolicy(
  spaces: { observationSpace: Space; actionSpace: Space },
  settings: Pick<DdpgSettings, "netArch">,
  saved: {
    tensors: Readonly<Record<string, Readonly<Record<string, NdArray>>>>;
  },
): Policy {
  const space = boxOf(spaces.actionSpace, "load a deterministic policy for");
  const sizes = actorSizes(
    spaceSize(spaces.observationSpace),
    spaceSize(space),
    settings,
  );
  const parameters = vectorOf(saved.tensors.weights ?? {}, actorLayout(sizes));
  return createTanhPolicy(
    createPerceptron(sizes, "relu", { parameters }),
    space,
  );
}

/**
 * A DDPG or TD3 agent that learns in an environment.
 *
 * @param env Stepped by the trainer alone; reset here.
 * @param options Throws `TypeError` for an environment whose actions are not a
 * box, `RangeError` for settings that mean nothing.
 */
export function createDdpg(
  env: VectorEnvironment,
  options: DdpgOptions,
): Trainer {
  const settings = ddpgSettings(options.agent ?? "ddpg", options.settings);
  const space = boxOf(env.actionSpace, `train ${options.agent ?? "ddpg"} on`);
  const observationSize = spaceSize(env.observationSpace);
  const { size: actionSize, toSpace, fromSpace } = boxActions(space);

  // Streams: one for each purpose, so that changing one leaves the others.
  const root = new Random(options.seed);
  const learnerStream = root.split();
  const exploration = root.split();
  const replayStream = root.split();
  const environmentSeed = root.integer(0, 2 ** 32 - 1);

  const learner = createDdpgLearner({
    observationSize,
    actionSize,
    settings,
    random: learnerStream,
  });
  if (options.pretrained) learner.startFrom(options.pretrained);
  const acting = learner.actor.dataSync().slice() as Float32Array;
  const network = createActingNetwork(learner.actorSizes, {
    activation: "relu",
    variable: learner.actor,
    parameters: acting,
    rows: env.count,
  });
  const policy = createTanhPolicy(network, space);

  const memoryOptions = {
    capacity: Math.min(settings.bufferSize, options.totalTimesteps),
    observationSize,
    actionSize,
    actionCount: 0,
  };
  const replay = createReplay(memoryOptions);
  const batch = createReplayBatch(settings.batchSize, memoryOptions);
  const buffers = vectorBuffers(env);
  const previous = new Float32Array(buffers.observations.length);
  const tried = new Float32Array(env.count * actionSize);
  const actions = new Float32Array(env.count * actionSize);
  const noMask = new Uint8Array(0);
  const episodes = createEpisodeRecord(env.count);
  const parts = savedParts({
    learnerStream: learner,
    exploration,
    replayStream,
    replay,
    episodes,
    environment: env,
    observations: buffers.observations,
  });
  env.reset(buffers, { seed: environmentSeed });
  let timesteps = 0;
  let last = { loss: NaN, meanQ: NaN, actorLoss: NaN };

  function rateFactor(): number {
    return scheduled(1, settings.learningRateSchedule, {
      progress: timesteps / options.totalTimesteps,
    });
  }

  function noiseScale(): number {
    const { actionNoise, finalActionNoise, noiseFraction } = settings;
    const steps = noiseFraction * options.totalTimesteps;
    const done = steps > 0 ? Math.min(1, timesteps / steps) : 1;
    return actionNoise + (finalActionNoise - actionNoise) * done;
  }

  function chooseActions(): void {
    if (timesteps < settings.learningStarts && settings.randomStart) {
      for (let i = 0; i < tried.length; i++) {
        tried[i] = exploration.uniform(-1, 1);
      }
    } else {
      policy.act(buffers.observations, noMask, actions);
      fromSpace(actions, tried);
      const scale = noiseScale();
      for (let i = 0; i < tried.length; i++) {
        const value = tried[i] + scale * exploration.normal();
        tried[i] = Math.max(-1, Math.min(1, value));
      }
    }
    toSpace(tried, actions);
  }

  function remember(copy: number): void {
    const start = copy * observationSize;
    const end = start + observationSize;
    const over = buffers.terminated[copy] + buffers.truncated[copy] > 0;
    const following = over ? buffers.finalObservations : buffers.observations;
    replay.add({
      observation: previous.subarray(start, end),
      action: tried.subarray(copy * actionSize, (copy + 1) * actionSize),
      reward: buffers.rewards[copy],
      discount: buffers.terminated[copy] === 1 ? 0 : settings.gamma,
      nextObservation: following.subarray(start, end),
      nextMask: noMask,
    });
    episodes.add(copy, buffers.rewards[copy], over);
  }

  async function learn(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      replay.sample(batch, replayStream, { importanceExponent: 0 });
      const { loss, meanQ, actorLoss } = learner.update(batch, rateFactor());
      if (i < count - 1 && !actorLoss) continue;
      last = {
        loss: (await loss.data())[0],
        meanQ: (await meanQ.data())[0],
        actorLoss: actorLoss ? (await actorLoss.data())[0] : last.actorLoss,
      };
    }
    await network.refresh();
  }

  function step(): void | Promise<void> {
    chooseActions();
    previous.set(buffers.observations);
    env.step(actions, buffers);
    for (let copy = 0; copy < env.count; copy++) remember(copy);
    const before = timesteps;
    timesteps += env.count;
    // Several intervals may end within one step of many copies.
    const { gradientSteps, trainFreq } = settings;
    const intervals = Math.floor(timesteps / trainFreq) -
      Math.floor(before / trainFreq);
    const count = intervals * (gradientSteps < 0 ? trainFreq : gradientSteps);
    if (count > 0 && timesteps > settings.learningStarts) return learn(count);
  }

  async function save(): Promise<SavedTrainer> {
    return {
      tensors: await learner.save(),
      state: {
        timesteps,
        updates: learner.updates,
        last: { ...last },
        ...parts.saveState(),
      },
    };
  }

  function load({ tensors, state }: SavedTrainer): Promise<void> {
    learner.load(tensors);
    timesteps = state.timesteps as number;
    learner.updates = state.updates as number;
    last = { ...state.last as typeof last };
    parts.loadState(state);
    return Promise.resolve(network.refresh());
  }

  return {
    get timesteps() {
      return timesteps;
    },
    stepsPerCall: env.count,
    step,
    statistics: () => ({
      ...last,
      noise: noiseScale(),
      updates: learner.updates,
    }),
    episodes,
    policy,
    save,
    load,
    dispose() {
      network.dispose();
      learner.dispose();
    },
  };
}
