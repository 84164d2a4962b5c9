/**
 * Deterministic policy gradients: the networks and their update.
 *
 * DDPG (Lillicrap et al., "Continuous control with deep reinforcement
 * learning", ICLR 2016); by its settings TD3 (Fujimoto et al., "Addressing
 * Function Approximation Error in Actor-Critic Methods", ICML 2018), and
 * TD3+BC for data alone (Fujimoto and Gu, "A Minimalist Approach to Offline
 * Reinforcement Learning", NeurIPS 2021).
 *
 * @module
 */
import type { NdArray } from "../../core/nd_array.ts";
import type { Random, RandomState } from "../../core/random.ts";
import { compile } from "../../learning/compile/compile.ts";
import type { StepOutput } from "../../learning/compile/specs.ts";
import { initialParameters, mlp, mlpLayout } from "../../learning/networks.ts";
import { adamCorrection, polyakAverage } from "../../learning/optimizers.ts";
import {
  assignArrays,
  pack,
  parameterCount,
  type ParameterLayout,
  parameterVariable,
  readArrays,
  unpack,
  vectorOf,
} from "../../learning/parameters.ts";
import * as tf from "../../learning/tensorflow.ts";
import { createNetworkParts } from "../_network_parts.ts";
import type { DdpgSettings } from "./ddpg_settings.ts";
import type { OfflineLearner } from "../offline/offline_learner.ts";
import type { ReplayBatch } from "../replay.ts";

/** What {@linkcode createDdpgLearner} needs to know. */
export interface DdpgLearnerOptions {
  /** Floats of an observation. */
  observationSize: number;
  /** Floats of an action. */
  actionSize: number;
  /** With nothing left out. */
  settings: DdpgSettings;
  /** Draws first weights and the noise on the target's actions. */
  random: Random;
}

/** Results of an update; those of the policy only where it was updated. */
export type DdpgUpdate = Readonly<
  & Record<"loss" | "meanQ", StepOutput>
  & Partial<Record<"actorLoss", StepOutput>>
>;

/** Networks that learn from batches of transitions. */
export interface DdpgLearner extends OfflineLearner {
  /**
   * One update of the critics, and in every `policyDelay`-th of the policy and
   * the targets.
   *
   * @param batch Transitions; actions lie from -1 to 1.
   * @param rateFactor What the learning rates are multiplied with.
   */
  update(batch: ReplayBatch, rateFactor: number): DdpgUpdate;
  /** The stream of the noise on the target's actions. */
  saveState(): RandomState;
  /** Goes on from a saved stream. */
  loadState(state: RandomState): void;
  /** Takes over a policy that was trained before, in policy and target. */
  startFrom(weights: Readonly<Record<string, NdArray>>): void;
}

/** Widths of the policy's layers. */
export function actorSizes(
  observationSize: number,
  actionSize: number,
  settings: Pick<DdpgSettings, "netArch">,
): number[] {
  return [observationSize, ...settings.netArch, actionSize];
}

/** Arrays of a policy whose layers have these widths. */
export function actorLayout(sizes: readonly number[]): ParameterLayout {
  return mlpLayout("actor", sizes);
}

/**
 * Networks with fresh weights, and their compiled update.
 *
 * @param options What they are for.
 */
export function createDdpgLearner(options: DdpgLearnerOptions): DdpgLearner {
  const { observationSize, actionSize, settings, random } = options;
  const { batchSize, maxGradNorm: maximumNorm } = settings;
  const sizes = actorSizes(observationSize, actionSize, settings);
  const criticSizes = [observationSize + actionSize, ...settings.netArch, 1];
  const criticNames = ["critic1", "critic2"].slice(0, settings.critics);
  const oneCritic = mlpLayout("", criticSizes);
  const layouts = {
    actor: actorLayout(sizes),
    critics: criticNames.flatMap((name) => mlpLayout(name, criticSizes)),
  };
  const weightStream = random.split();
  const noiseStream = random.split();
  const firstActor = initialParameters(layouts.actor, weightStream);
  const firstCritics = new Float32Array(parameterCount(layouts.critics));
  criticNames.forEach((_, i) => {
    const own = initialParameters(oneCritic, weightStream);
    firstCritics.set(own, i * own.length);
  });
  const networks = createNetworkParts({
    actor: { layout: layouts.actor, first: firstActor },
    critics: { layout: layouts.critics, first: firstCritics },
  });
  const { variables, move } = networks;
  const targets = {
    actor: parameterVariable(firstActor),
    critics: parameterVariable(firstCritics),
  };
  const noise = new Float32Array(batchSize * actionSize);
  type Part = keyof typeof variables;
  const parts: Part[] = ["actor", "critics"];

  const act = (tensors: tf.Tensor[], observations: tf.Tensor) =>
    tf.tanh(mlp(tensors, observations, "relu"));
  /** Value of each critic, shape [batch] each. */
  function valuesOf(tensors: tf.Tensor[], inputs: tf.Tensor[]): tf.Tensor[] {
    const joined = tf.concat(inputs, 1);
    return criticNames.map((_, i) => {
      const own = tensors.slice(
        i * oneCritic.length,
        (i + 1) * oneCritic.length,
      );
      return tf.reshape(mlp(own, joined, "relu"), [-1]);
    });
  }

  /** y = r + d min Q'(s', mu'(s') + clipped noise); squared errors to it. */
  function learnValues(inputs: Record<string, tf.Tensor>) {
    const { observations, actions, nextObservations } = inputs;
    const nextActions = act(
      unpack(targets.actor, layouts.actor),
      nextObservations,
    );
    const tried = settings.targetPolicyNoise > 0
      ? tf.clipByValue(tf.add(nextActions, inputs.noise), -1, 1)
      : nextActions;
    const nextValues = valuesOf(unpack(targets.critics, layouts.critics), [
      nextObservations,
      tried,
    ]);
    const goal = tf.add(
      inputs.rewards,
      tf.mul(inputs.discounts, nextValues.reduce((a, b) => tf.minimum(a, b))),
    );
    let meanQ: tf.Tensor = goal;
    const { value: loss, grads } = tf.valueAndGrads(
      (...tensors: tf.Tensor[]) => {
        const values = valuesOf(tensors, [observations, actions]);
        // Kept, for differentiation frees what it does not return.
        meanQ = tf.keep(tf.mean(values[0]));
        return values
          .map((value) => tf.mean(tf.square(tf.sub(value, goal))))
          .reduce((a, b) => tf.add(a, b)) as tf.Scalar;
      },
    )(unpack(variables.critics, layouts.critics));
    const critics = move("critics", pack(grads), {
      correction: inputs.criticCorrection,
      maximumNorm,
    });
    return { loss, meanQ, critics };
  }

  /** Up the first critic's value; near the data's actions if so asked. */
  function learnPolicy(inputs: Record<string, tf.Tensor>, critics: tf.Tensor) {
    const { observations, actions } = inputs;
    const criticTensors = unpack(critics, layouts.critics);
    const policy = unpack(variables.actor, layouts.actor);
    const valueOf = (tensors: tf.Tensor[]) => {
      const chosen = act(tensors, observations);
      const [value] = valuesOf(criticTensors, [observations, chosen]);
      return { chosen, value };
    };
    // lambda = alpha / mean |Q|: a number, not to be differentiated.
    const lambda = settings.behaviourCloning === null ? 1 : tf.div(
      settings.behaviourCloning,
      tf.mean(tf.abs(valueOf(policy).value)),
    );
    const { value: actorLoss, grads } = tf.valueAndGrads(
      (...tensors: tf.Tensor[]) => {
        const { chosen, value } = valueOf(tensors);
        const worth = tf.neg(tf.mul(lambda, tf.mean(value)));
        if (settings.behaviourCloning === null) return worth as tf.Scalar;
        const distance = tf.mean(tf.square(tf.sub(chosen, actions)));
        return tf.add(worth, distance) as tf.Scalar;
      },
    )(policy);
    const actor = move("actor", pack(grads), {
      correction: inputs.actorCorrection,
      maximumNorm,
    });
    const moved = { actor, critics };
    for (const part of parts) {
      targets[part].assign(
        polyakAverage(targets[part], moved[part], settings.tau) as tf.Tensor1D,
      );
    }
    return { actorLoss };
  }

  // Pure functions of their inputs and the variables, so that they compile.
  const shared = {
    observations: [batchSize, observationSize],
    actions: [batchSize, actionSize],
    rewards: [batchSize],
    discounts: [batchSize],
    nextObservations: [batchSize, observationSize],
    noise: [batchSize, actionSize],
    criticCorrection: [2],
  };
  const whole = compile((inputs) => {
    const { critics, ...results } = learnValues(inputs);
    return { ...results, ...learnPolicy(inputs, critics) };
  }, {
    inputs: { ...shared, actorCorrection: [2] },
    variables: [...networks.variablesOf(...parts), ...Object.values(targets)],
  });
  const valuesAlone = settings.policyDelay === 1 ? undefined : compile(
    (inputs) => {
      const { loss, meanQ } = learnValues(inputs);
      return { loss, meanQ };
    },
    {
      inputs: shared,
      variables: [
        ...networks.variablesOf("critics"),
        ...Object.values(targets),
      ],
    },
  );

  let updates = 0;

  function drawNoise(): void {
    const { targetPolicyNoise, targetNoiseClip } = settings;
    if (targetPolicyNoise === 0) return;
    for (let i = 0; i < noise.length; i++) {
      const value = targetPolicyNoise * noiseStream.normal();
      noise[i] = Math.max(-targetNoiseClip, Math.min(targetNoiseClip, value));
    }
  }

  return {
    actorSizes: sizes,
    actor: variables.actor,
    get updates() {
      return updates;
    },
    set updates(count) {
      updates = count;
    },
    saveState: () => noiseStream.saveState(),
    loadState: (state) => noiseStream.loadState(state),
    update(batch, rateFactor) {
      updates++;
      drawNoise();
      const { learningRate, criticLearningRate, policyDelay, policyStarts } =
        settings;
      const actorRate = updates > policyStarts ? learningRate : 0;
      const { observations, actions, rewards, discounts, nextObservations } =
        batch;
      const inputs = {
        observations,
        actions,
        rewards,
        discounts,
        nextObservations,
        noise,
        criticCorrection: adamCorrection(
          criticLearningRate * rateFactor,
          updates,
        ),
      };
      if (valuesAlone && updates % policyDelay > 0) return valuesAlone(inputs);
      return whole({
        ...inputs,
        actorCorrection: adamCorrection(
          actorRate * rateFactor,
          Math.ceil(updates / policyDelay),
        ),
      });
    },
    async save() {
      const target: Record<string, NdArray> = {};
      for (const part of parts) {
        const arrays = await readArrays(targets[part], layouts[part]);
        Object.assign(target, arrays);
      }
      return { ...await networks.save(), target };
    },
    load(tensors) {
      // All of it is read before any of it is used.
      for (const part of parts) vectorOf(tensors.target ?? {}, layouts[part]);
      networks.load(tensors);
      for (const part of parts) {
        assignArrays(targets[part], tensors.target, layouts[part]);
      }
    },
    startFrom(weights) {
      for (const { actor } of [variables, targets]) {
        assignArrays(actor, weights, layouts.actor);
      }
    },
    dispose() {
      whole.dispose();
      valuesAlone?.dispose();
      networks.dispose();
      tf.dispose(Object.values(targets));
    },
  };
}
