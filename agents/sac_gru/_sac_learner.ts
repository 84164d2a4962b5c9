/**
 * The soft actor-critic's networks and their update (Haarnoja et al., "Soft
 * Actor-Critic Algorithms and Applications", 2018; with discrete actions,
 * Christodoulou, "Soft Actor-Critic for Discrete Action Settings", 2019), over
 * sequences with stored states and burn-in (Kapturowski et al., "Recurrent
 * Experience Replay in Distributed Reinforcement Learning", 2019).
 *
 * @module
 */
import type { NdArray } from "../../core/nd_array.ts";
import type { Random } from "../../core/random.ts";
import { compile } from "../../learning/compile/compile.ts";
import type { StepInput, StepOutput } from "../../learning/compile/specs.ts";
import { adamCorrection, polyakAverage } from "../../learning/optimizers.ts";
import {
  assignArrays,
  pack,
  type ParameterLayout,
  parameterVariable,
  readArrays,
  unpack,
  vectorOf,
} from "../../learning/parameters.ts";
import * as tf from "../../learning/tensorflow.ts";
import { createNetworkParts } from "../_network_parts.ts";
import type { MemoryNetwork } from "./memory_networks.ts";
import {
  memories,
  nextMemories,
  readExperience,
  refreshed,
} from "./_sac_experience.ts";
import type { ActionHeads } from "./_sac_heads.ts";
import {
  type SacColumn,
  sacColumns,
  type SacNetworks,
  sacNetworks,
} from "./_sac_networks.ts";
import type { SacSettings } from "./sac_settings.ts";

/** What {@linkcode createSacLearner} needs to know. */
export interface SacLearnerOptions {
  /** Floats of an observation. */
  observationSize: number;
  /** Of the actions. */
  heads: ActionHeads;
  /** With nothing left out. */
  settings: SacSettings;
  /** Draws the first weights. */
  random: Random;
}

/** Results of an update. */
export type SacUpdate = Readonly<
  Record<
    | "loss"
    | "actorLoss"
    | "meanQ"
    | "entropy"
    | "targetEntropy"
    | "temperature",
    StepOutput
  >
>;

/** Networks that learn from batches of sequences. */
export interface SacLearner {
  /** Its networks. */
  readonly networks: SacNetworks;
  /** Parameters of the policy. */
  readonly actor: tf.Variable<tf.Rank.R1>;
  /** Parameters of both critics, behind one another. */
  readonly critics: tf.Variable<tf.Rank.R1>;
  /**
   * One update of critics, policy, temperature and targets.
   *
   * @param batch Sequences and states of a replay, and `noise` and `nextNoise`,
   * shape [batch x steps learned from, noise].
   * @param learningRate The schedule's current value.
   */
  update(
    batch: Readonly<
      Record<SacColumn | "states" | "noise" | "nextNoise", StepInput>
    >,
    learningRate: number,
  ): SacUpdate;
  /** Updates so far. */
  updates: number;
  /** Weights and optimizer as an archive takes them. */
  save(): Promise<Record<string, Record<string, NdArray>>>;
  /** Goes on from saved arrays. */
  load(
    tensors: Readonly<Record<string, Readonly<Record<string, NdArray>>>>,
  ): void;
  /** Frees the tensors. */
  dispose(): void;
}

const TEMPERATURE: ParameterLayout = [{ name: "logTemperature", shape: [1] }];

/** The smaller of two critics' values plus the entropy's worth. */
function softValue(
  { entropy, values }: { entropy: tf.Tensor; values: tf.Tensor[] },
  temperature: tf.Tensor,
): tf.Tensor {
  const [first, second] = values;
  return tf.add(tf.minimum(first, second), tf.mul(temperature, entropy));
}

/**
 * Networks with fresh weights, and their compiled update.
 *
 * @param options What they are for.
 */
export function createSacLearner(options: SacLearnerOptions): SacLearner {
  const { observationSize, heads, settings, random } = options;
  const { batchSize, sequenceLength, burnIn, recurrent } = settings;
  const networks = sacNetworks(observationSize, heads, settings);
  const { actor: policy, critics: twins } = networks;
  const criticLayout = [...twins[0].layout, ...twins[1].layout];
  const firstActor = policy.initial(random);
  const firstCritics = Float32Array.from(
    twins.flatMap((twin) => [...twin.initial(random)]),
  );
  const parts = createNetworkParts({
    actor: { layout: policy.layout, first: firstActor },
    critics: { layout: criticLayout, first: firstCritics },
    temperature: {
      layout: TEMPERATURE,
      first: Float32Array.of(Math.log(settings.temperature)),
    },
  });
  const { actor, critics, temperature: logTemperature } = parts.variables;
  const targets = parameterVariable(firstCritics);

  const units = policy.sizes.units;
  const time = burnIn + sequenceLength;
  const rows = batchSize * sequenceLength;
  const columns = sacColumns(observationSize, heads);
  const sequences = Object.fromEntries(
    Object.entries(columns).map((
      [name, width],
    ) => [name, [batchSize, time, width]]),
  ) as Record<SacColumn, [number, number, number]>;

  // A pure function of its inputs and the variables, so that it compiles.
  const step = compile((inputs) => {
    const temperature = tf.exp(logTemperature);
    const actorNow = unpack(actor, policy.layout);
    const criticsNow = unpack(critics, criticLayout);
    const targetsNow = unpack(targets, criticLayout);
    const half = criticLayout.length / 2;
    const ofTwin = (tensors: tf.Tensor[], i: number) =>
      tensors.slice(i * half, (i + 1) * half);
    const [actorState, ...criticStates] = recurrent
      ? tf.split<tf.Tensor2D>(inputs.states, 3, 1)
      : [inputs.states, inputs.states, inputs.states];

    const past = readExperience(inputs, { heads, settings });
    const { observations, nextObservations, actions, masks } = past;
    const starts = {
      actor: refreshed(policy, actorNow, { past, state: actorState }),
      critics: twins.map((twin, i) =>
        refreshed(twin, ofTwin(criticsNow, i), { past, state: criticStates[i] })
      ),
      targets: twins.map((twin, i) =>
        refreshed(twin, ofTwin(targetsNow, i), { past, state: criticStates[i] })
      ),
    };
    const respond = (
      network: MemoryNetwork,
      tensors: tf.Tensor[],
      memory: tf.Tensor2D,
      beside: tf.Tensor[],
    ) => network.respond(tensors, memory, tf.concat(beside, 1) as tf.Tensor2D);
    const criticInputs = (seen: tf.Tensor, action: tf.Tensor) =>
      heads.criticInputs > 0 ? [seen, action] : [seen];

    // y = r + d (min Q'(s', pi) + alpha H(pi(s'))).
    const nextPolicy = heads.evaluate(
      respond(
        policy,
        actorNow,
        nextMemories(policy, actorNow, { past, state: starts.actor }),
        [nextObservations],
      ),
      {
        masks: past.nextMasks,
        noise: inputs.nextNoise,
        critics: twins.map((twin, i) => {
          const tensors = ofTwin(targetsNow, i);
          const memory = nextMemories(twin, tensors, {
            past,
            state: starts.targets[i],
          });
          return (action: tf.Tensor) =>
            respond(
              twin,
              tensors,
              memory,
              criticInputs(nextObservations, action),
            );
        }),
      },
    );
    const goal = tf.add(
      tf.mul(past.rewards, settings.rewardScale),
      tf.mul(past.discounts, softValue(nextPolicy, temperature)),
    );

    const kept: Record<string, tf.Tensor> = {};
    const criticStep = tf.valueAndGrads((...tensors: tf.Tensor[]) => {
      const values = twins.map((twin, i) => {
        const own = ofTwin(tensors, i);
        const memory = memories(twin, own, { past, state: starts.critics[i] });
        const outputs = respond(
          twin,
          own,
          memory,
          criticInputs(observations, actions),
        );
        return heads.valueOf(outputs, actions);
      });
      kept.meanQ = tf.keep(tf.mean(values[0]));
      const [first, second] = values.map((value) =>
        tf.mean(tf.square(tf.sub(value, goal)))
      );
      return tf.mul(tf.add(first, second), 0.5) as tf.Scalar;
    })(criticsNow);

    // Up the soft value: the critics' memories and weights are given.
    const criticMemories = twins.map((twin, i) =>
      memories(twin, ofTwin(criticsNow, i), { past, state: starts.critics[i] })
    );
    const actorStep = tf.valueAndGrads((...tensors: tf.Tensor[]) => {
      const memory = memories(policy, tensors, { past, state: starts.actor });
      const evaluated = heads.evaluate(
        respond(policy, tensors, memory, [observations]),
        {
          masks,
          noise: inputs.noise,
          critics: twins.map((twin, i) => (action: tf.Tensor) =>
            respond(
              twin,
              ofTwin(criticsNow, i),
              criticMemories[i],
              criticInputs(observations, action),
            )
          ),
        },
      );
      kept.entropy = tf.keep(tf.mean(evaluated.entropy));
      return tf.neg(
        tf.mean(softValue(evaluated, temperature)),
      ) as tf.Scalar;
    })(actorNow);

    // Copies, which are freed as other tensors are.
    const [entropy, meanQ] = [kept.entropy, kept.meanQ].map((each) =>
      tf.clone(each)
    );
    tf.dispose(kept);

    const move = {
      correction: inputs.correction,
      maximumNorm: settings.maxGradNorm,
    };
    parts.move("actor", pack(actorStep.grads), move);
    const criticsNext = parts.move("critics", pack(criticStep.grads), move);
    targets.assign(
      polyakAverage(targets, criticsNext, settings.tau) as tf.Tensor1D,
    );
    // Down when the policy is more uncertain than it should be. By log alpha:
    // a loss of log alpha (H - target), whose gradient does not vanish with
    // alpha.
    const targetEntropy = tf.mean(
      heads.targetEntropy(masks, settings.targetEntropyFraction),
    );
    if (settings.tuneTemperature) {
      const excess = tf.sub(entropy, targetEntropy);
      parts.move("temperature", tf.reshape(excess, [1]), move);
    }
    return {
      loss: criticStep.value,
      actorLoss: actorStep.value,
      meanQ,
      entropy,
      targetEntropy,
      temperature,
    };
  }, {
    inputs: {
      ...sequences,
      states: [batchSize, 3 * units],
      noise: [rows, heads.noiseSize],
      nextNoise: [rows, heads.noiseSize],
      correction: [2],
    },
    variables: [
      ...parts.variablesOf("actor", "critics", "temperature"),
      targets,
    ],
  });

  let updates = 0;

  return {
    networks,
    actor,
    critics,
    get updates() {
      return updates;
    },
    set updates(count) {
      updates = count;
    },
    update(batch, learningRate) {
      updates++;
      return step({
        ...batch,
        correction: adamCorrection(learningRate, updates),
      });
    },
    async save() {
      const target = await readArrays(targets, criticLayout);
      return { ...await parts.save(), target };
    },
    load(tensors) {
      // All of it is read before any of it is used.
      vectorOf(tensors.target ?? {}, criticLayout);
      parts.load(tensors);
      assignArrays(targets, tensors.target, criticLayout);
    },
    dispose() {
      step.dispose();
      parts.dispose();
      targets.dispose();
    },
  };
}
