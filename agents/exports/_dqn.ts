/**
 * DQN in other formats.
 *
 * @module
 */
import type { Discrete } from "../../core/spaces.ts";
import {
  type NetworkWriter,
  writePerceptron,
} from "../../learning/exports/network_writer.ts";
import {
  layerCount,
  type PolicyPlaces,
  type SavedPolicy,
  type WrittenPolicy,
} from "./_policy_parts.ts";

/** Value and advantages as Q-values: V + A - mean(A), a layer by itself. */
function duellingLayer(actions: number) {
  const weight = new Float32Array((actions + 1) * actions);
  weight.fill(1, 0, actions);
  for (let i = 0; i < actions; i++) {
    for (let j = 0; j < actions; j++) {
      weight[(i + 1) * actions + j] = (i === j ? 1 : 0) - 1 / actions;
    }
  }
  return {
    weight: { shape: [actions + 1, actions], data: weight },
    bias: { shape: [actions], data: new Float32Array(actions) },
  };
}

/** Writes a Q-network: `q_values`, and the best of them. */
export function writeDqn<Value>(
  writer: NetworkWriter<Value>,
  { actionSpace, observation, mask }: PolicyPlaces<Value>,
  { weights, settings }: SavedPolicy,
): WrittenPolicy {
  // Checked when the model was loaded.
  const { n } = actionSpace as Discrete;
  const layers = layerCount(settings);
  const outputs = writePerceptron(writer, observation, {
    arrays: weights,
    prefix: "q",
    layers,
    activation: "relu",
  });
  const dueling = weights[`q.${layers - 1}.bias`].shape[0] === n + 1;
  writer.output(
    "q_values",
    dueling ? writer.dense(outputs, duellingLayer(n)) : outputs,
    "Discounted sum of rewards expected of each action",
  );
  const { decisions } = writer;
  if (decisions) {
    // Advantages compare as acting does: what they have in common rounds.
    const compared = dueling ? writer.slice(outputs, 1, n) : outputs;
    decisions.outputChoices(
      "action",
      decisions.choose(compared, { sizes: [n], stride: n, mask }),
      "The allowed action with the largest value",
    );
  }
  return { memory: {} };
}
