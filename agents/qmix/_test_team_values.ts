/**
 * What a trained team believes.
 *
 * @module
 */
import type { MultiAgentEnvironment } from "../../envs/multi_agent.ts";
import { unpack, vectorOf } from "../../learning/parameters.ts";
import * as tf from "../../learning/tensorflow.ts";
import { mix, mixerLayout } from "./mixing.ts";
import {
  mixerShape,
  type QmixSettings,
  utilityShape,
} from "./qmix_settings.ts";
import { teamOf, writeInputs } from "../team.ts";
import type { SavedTrainer } from "../trainer.ts";
import { createUtilityNetwork, utilityLayout } from "./utility_network.ts";

/** Where and how values are read. */
export interface TeamValuesOptions {
  settings: QmixSettings;
  /** Joint actions of the steps before. */
  played?: readonly (readonly number[])[];
}

/** Utilities of two agents, and the team's value of each pair of actions. */
export interface TeamValues {
  utilities: number[][];
  /** By the first agent's action, then the second's; of `none`, their sum. */
  total: number[][];
}

/** What a saved team of two believes after some steps of an environment. */
export function teamValues(
  { tensors }: SavedTrainer,
  env: MultiAgentEnvironment,
  { settings, played = [] }: TeamValuesOptions,
): TeamValues {
  const team = teamOf(env);
  const shape = utilityShape(team, settings);
  const mixer = mixerShape(team, settings);
  const network = createUtilityNetwork(
    shape,
    vectorOf(tensors.weights, utilityLayout(shape)),
  );
  const { actions } = team;
  const memory = new Float32Array(team.numAgents * shape.hiddenSize);
  const inputs = new Float32Array(team.numAgents * shape.inputs);
  const outputs = new Float32Array(team.numAgents * actions);
  let lastActions = new Int32Array(team.numAgents).fill(-1);
  let seen = env.reset({ seed: 0 });
  for (let step = 0; step <= played.length; step++) {
    const { observations } = seen;
    writeInputs(team, settings, { observations, lastActions, into: inputs });
    network.forward(inputs, memory, outputs);
    if (step === played.length) break;
    lastActions = Int32Array.from(played[step]);
    seen = env.step(lastActions);
  }
  const utilities = [0, 1].map((agent) => [
    ...outputs.subarray(agent * actions, (agent + 1) * actions),
  ]);
  const pairs = utilities[0].flatMap((first) =>
    utilities[1].map((second) => [first, second])
  );
  const layout = mixerLayout(mixer);
  const values = tf.tidy(() => {
    const chosen = tf.tensor2d(pairs);
    if (layout.length === 0) return tf.sum(chosen, 1).dataSync();
    const states = tf.tensor2d(pairs.map(() => [...seen.state]));
    const weights = unpack(
      tf.tensor1d(vectorOf(tensors.weights, layout)),
      layout,
    );
    return mix(weights, chosen, { shape: mixer, states }).dataSync();
  });
  const total = utilities[0].map((
    _,
    i,
  ) => [...values.slice(i * actions, (i + 1) * actions)]);
  return { utilities, total };
}
