/**
 * Deterministic policies (DDPG, TD3, and those learned from data) in other
 * formats.
 *
 * @module
 */
import type { Box } from "../../core/spaces.ts";
import {
  type NamedArrays,
  type NetworkWriter,
  writePerceptron,
} from "../../learning/exports/network_writer.ts";
import type { PolicyPlaces, WrittenPolicy } from "./write_policy.ts";

/** Writes a policy whose network's outputs are squashed into the bounds. */
export function writeTanhPolicy<Value>(
  writer: NetworkWriter<Value>,
  { actionSpace, observation }: PolicyPlaces<Value>,
  weights: NamedArrays,
): WrittenPolicy {
  const outputs = writePerceptron(writer, observation, {
    arrays: weights,
    prefix: "actor",
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
