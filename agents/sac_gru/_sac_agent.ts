/**
 * The soft actor-critic as an agent that acts and learns, whoever steps the
 * environment.
 *
 * @module
 */
import type { NdArray } from "../../core/nd_array.ts";
import type { Random } from "../../core/random.ts";
import { type Space, spaceSize } from "../../core/spaces.ts";
import type { State } from "../../core/state.ts";
import { parameterCount } from "../../learning/parameters.ts";
import { savedParts } from "../_saved_parts.ts";
import { createActingMemory } from "./memory_networks.ts";
import type { Policy } from "../policy.ts";
import { createActionHeads } from "./_sac_heads.ts";
import { createSacLearner } from "./_sac_learner.ts";
import { type SacColumn, sacColumns } from "./_sac_networks.ts";
import { createSacMemory, createSacPolicy } from "./_sac_policy.ts";
import type { SacSettings } from "./sac_settings.ts";
import {
  createSequenceBatch,
  createSequenceReplay,
  type SequenceReplayOptions,
} from "./sequence_replay.ts";
import type { SavedTrainer } from "../trainer.ts";

/** What a {@linkcode createSacAgent} needs to know. */
export interface SacAgentOptions {
  /** Where observations lie. */
  observationSpace: Space;
  /** Where actions lie. */
  actionSpace: Space;
  /** Copies of the environment that it acts in side by side. */
  copies: number;
  /** With nothing left out. */
  settings: SacSettings;
  /** Draws weights, actions and sequences. */
  random: Random;
}

/** What became of the actions; shapes have the copies in front. */
export interface SacOutcome {
  /** What was acted on. */
  observations: Float32Array;
  /** What was done, as the environment takes it. Default: what was drawn. */
  actions?: ArrayLike<number>;
  /** Rewards. Shape [copies]. */
  rewards: ArrayLike<number>;
  /** 1 where the task has ended. Shape [copies]. */
  terminated: ArrayLike<number>;
  /** 1 where the episode was cut. Shape [copies]. */
  truncated: ArrayLike<number>;
  /** What followed, also at an episode's end. */
  nextObservations: Float32Array;
  /** Choices that are allowed there; ones where that is not known. */
  nextMasks: Uint8Array;
}

/** Acts, remembers and learns. */
export interface SacAgent {
  /** Acts for the best, with a memory of its own. */
  readonly policy: Policy;
  /** Whether there is anything to learn from. */
  readonly ready: boolean;
  /**
   * Draws actions and remembers what was seen.
   *
   * @param seen Observations, shape [copies, observation], and masks.
   * @param actions Written to, as the environment takes them.
   */
  act(
    seen: { observations: Float32Array; masks: Uint8Array; random: boolean },
    actions: Int32Array | Float32Array,
  ): void;
  /** Takes in what became of the last actions. */
  observe(outcome: SacOutcome): void;
  /** Updates so many times. */
  learn(count: number, learningRate: number): Promise<void>;
  /** Latest numbers of learning. */
  statistics(): Record<string, number>;
  /** Everything needed to go on. */
  save(): Promise<SavedTrainer>;
  /** Goes on from what `save` returned. */
  load(saved: {
    tensors: Record<string, Record<string, NdArray>>;
    state: State;
  }): void;
  /** Frees the tensors. */
  dispose(): void;
}

/**
 * An agent that has seen nothing yet.
 *
 * @param options Spaces, settings, stream. Throws `RangeError` for continuous
 * actions without bounds and for a memory that holds no sequence.
 */
export function createSacAgent(options: SacAgentOptions): SacAgent {
  const { observationSpace, actionSpace, copies, settings, random } = options;
  const { recurrent, batchSize, burnIn, sequenceLength } = settings;
  const heads = createActionHeads(actionSpace);
  const observationSize = spaceSize(observationSpace);
  // Streams: one for each purpose, so that changing one leaves the others.
  const weightStream = random.split();
  const actionStream = random.split();
  const replayStream = random.split();
  const noiseStream = random.split();

  const learner = createSacLearner({
    observationSize,
    heads,
    settings,
    random: weightStream,
  });
  const { actor, critics } = learner.networks;
  const criticSize = parameterCount(critics[0].layout);
  const actorWeights = actorWeightsNow();
  const criticWeights = learner.critics.dataSync().slice() as Float32Array;
  const acting = createActingMemory(actor, {
    variable: learner.actor,
    parameters: actorWeights,
    rows: copies,
  });
  const recalling = critics.map((critic, i) =>
    createActingMemory(critic, {
      variable: learner.critics,
      start: i * criticSize,
      parameters: criticWeights.subarray(i * criticSize, (i + 1) * criticSize),
      rows: copies,
    })
  );
  const units = actor.sizes.units;
  const memory = createSacMemory(copies, {
    observationSize,
    heads,
    units: [units, units, units],
  });
  const statesBefore = new Float32Array(copies * 3 * units);

  const replayOptions: SequenceReplayOptions<SacColumn> = {
    capacity: settings.bufferSize,
    copies,
    length: burnIn + sequenceLength,
    stride: recurrent ? Math.max(1, Math.floor(sequenceLength / 2)) : 1,
    stateSize: 3 * units,
    columns: sacColumns(observationSize, heads),
    flags: ["masks", "nextMasks"],
  };
  const replay = createSequenceReplay(replayOptions);
  const batch = createSequenceBatch(batchSize, replayOptions);
  const noiseSize = batchSize * sequenceLength * heads.noiseSize;
  const noise = new Float32Array(noiseSize);
  const nextNoise = new Float32Array(noiseSize);

  const outputs = new Float32Array(copies * heads.policyOutputs);
  const chosen = new Float32Array(copies * heads.actionSize);
  const masks = new Uint8Array(copies * heads.maskSize);
  const nextMasks = new Uint8Array(copies * heads.maskSize);
  const parts = savedParts({
    actionStream,
    replayStream,
    noiseStream,
    replay,
    memory: savedParts(memory.parts),
    // Of actions that nothing is known of yet.
    pending: savedParts({ chosen, masks, statesBefore }),
  });
  const discounts = new Float32Array(copies);
  const latest: Record<string, number> = {
    loss: NaN,
    actorLoss: NaN,
    meanQ: NaN,
    entropy: NaN,
    targetEntropy: NaN,
    temperature: settings.temperature,
  };

  function actorWeightsNow(): Float32Array {
    return learner.actor.dataSync().slice() as Float32Array;
  }

  function readWeights(): void {
    actorWeights.set(learner.actor.dataSync() as Float32Array);
    criticWeights.set(learner.critics.dataSync() as Float32Array);
  }

  /** States as the replay keeps them: a row of all three for each copy. */
  function keepStates(): void {
    for (let copy = 0; copy < copies; copy++) {
      memory.states.forEach((state, i) => {
        for (let j = 0; j < units; j++) {
          statesBefore[(copy * 3 + i) * units + j] = state[copy * units + j];
        }
      });
    }
  }

  const policy = createSacPolicy(acting, { heads, observationSize });

  return {
    policy,
    get ready() {
      return replay.sequences > 0;
    },
    act(seen, actions) {
      if (units > 0) keepStates();
      memory.see(seen.observations);
      recalling.forEach((critic, i) =>
        critic.remember(memory.inputs, memory.states[i + 1])
      );
      acting.step(memory.inputs, memory.states[0], {
        beside: seen.observations,
        outputs,
      });
      heads.readMasks(seen.masks, masks);
      const from = { outputs, masks, random: actionStream };
      if (seen.random) heads.drawUniform(from, chosen);
      else heads.draw(from, chosen);
      heads.toSpace(chosen, actions);
    },
    observe(outcome) {
      if (outcome.actions) heads.fromSpace(outcome.actions, chosen);
      heads.readMasks(outcome.nextMasks, nextMasks);
      for (let copy = 0; copy < copies; copy++) {
        discounts[copy] = outcome.terminated[copy] ? 0 : settings.gamma;
      }
      replay.add({
        observations: outcome.observations,
        previousActions: memory.previousActions,
        continues: memory.continues,
        masks,
        actions: chosen,
        rewards: outcome.rewards,
        discounts,
        nextObservations: outcome.nextObservations,
        nextMasks,
      }, statesBefore);
      memory.did(chosen);
      for (let copy = 0; copy < copies; copy++) {
        const over = outcome.terminated[copy] || outcome.truncated[copy];
        if (over) memory.reset(copy);
      }
    },
    learn(count, learningRate) {
      for (let i = 0; i < count; i++) {
        replay.sample(batch, replayStream);
        for (let j = 0; j < noiseSize; j++) noise[j] = noiseStream.normal();
        for (let j = 0; j < noiseSize; j++) nextNoise[j] = noiseStream.normal();
        const results = learner.update(
          { ...batch, noise, nextNoise },
          learningRate,
        );
        if (i < count - 1) continue;
        for (const [name, value] of Object.entries(results)) {
          latest[name] = value.dataSync()[0];
        }
      }
      readWeights();
      return Promise.resolve();
    },
    statistics: () => ({ ...latest, updates: learner.updates }),
    async save() {
      return {
        tensors: await learner.save(),
        state: {
          updates: learner.updates,
          latest: { ...latest },
          ...parts.saveState(),
        },
      };
    },
    load({ tensors, state }) {
      learner.load(tensors);
      readWeights();
      learner.updates = state.updates as number;
      Object.assign(latest, state.latest);
      parts.loadState(state);
    },
    dispose() {
      acting.dispose();
      recalling.forEach((critic) => critic.dispose());
      learner.dispose();
    },
  };
}
