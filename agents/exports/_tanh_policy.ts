/**
 * Deterministic policies (DDPG, TD3, and those learned from data) in other
 * formats.
 *
 * @module
 */
import type { Box } from "../../core/spaces.ts";
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

/** Writes a policy whose network's outputs are squashed into the bounds. */
export function writeTanhPolicy<Value>(
  writer: NetworkWriter<Value>,
  { actionSpace, observation }: PolicyPlaces<Value>,
  { weights, settings }: SavedPolicy,
): WrittenPolicy {
  const outputs = writePerceptron(writer, observation, {
    arrays: weights,
    prefix: "actor",
    layers: layerCount(settings),
    activation: "relu",
  });
  writer.output(
    "action",
    // A box, which was checked when the model was loaded.
    writer.scale(writer.activate(outputs, "tanh"), actionSpace as Box),
    "The action, within its bounds",
  );
  return { memory: {} };
}
