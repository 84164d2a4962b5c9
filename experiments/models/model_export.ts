/**
 * Models as files of other tools.
 *
 * @module
 */
import type { LoadedAgent, ModelContent } from "../../agents/model.ts";
import {
  writePolicy,
  type WritePolicyOptions,
} from "../../agents/exports/write_policy.ts";
import { describeSpace, type Space } from "../../core/spaces.ts";
import type { JsonValue } from "../../core/state_json.ts";
import { LOADSTAR_VERSION } from "../../core/version.ts";
import { createLayersWriter } from "../../learning/exports/layers_writer.ts";
import {
  createOnnxWriter,
  ONNX_OPSET,
} from "../../learning/exports/onnx_writer.ts";
import { actionChanges } from "./model_description.ts";

export type { JsonValue, LoadedAgent, ModelContent, WritePolicyOptions };

/** Formats that models can be written in. */
export const EXPORT_FORMATS = ["onnx", "tfjs-layers"] as const;

/** Name of a format. */
export type ExportFormat = typeof EXPORT_FORMATS[number];

/** Values that go in or come out. */
export interface ExportedValue {
  /** What they are called. */
  readonly name: string;
  /** Axes; rows are `batch`. */
  readonly shape: readonly (number | string)[];
  /** Type of the values. */
  readonly type: string;
}

/** A model in another format. */
export interface ExportedModel {
  /** Files by name; of the format `onnx` there is one, without a name. */
  readonly files: Readonly<Record<string, Uint8Array | string>>;
  /** What goes in. */
  readonly inputs: readonly ExportedValue[];
  /** What comes out. */
  readonly outputs: readonly ExportedValue[];
  /** What the file says of the model. */
  readonly metadata: Readonly<Record<string, JsonValue>>;
}

/** Bounds of a space too, where it has some. */
function spaceNotes(space: Space): JsonValue {
  const text = describeSpace(space);
  if (space.kind !== "box") return text;
  // JSON has no infinity.
  const finite = (bounds: Float32Array) =>
    [...bounds].map((bound) => Number.isFinite(bound) ? bound : null);
  return { space: text, low: finite(space.low), high: finite(space.high) };
}

function metadataOf(
  agent: LoadedAgent<ModelContent>,
  memory: Readonly<Record<string, string>>,
): Record<string, JsonValue> {
  const { config } = agent;
  const { observationSpace, actionSpace, observationNames } = agent
    .makeEnvironment();
  const changes = actionChanges(agent);
  return {
    agent: config.agent,
    name: config.name,
    environment: config.environment as unknown as JsonValue,
    observation_space: spaceNotes(observationSpace),
    action_space: spaceNotes(actionSpace),
    ...(observationNames && { observation_names: [...observationNames] }),
    ...(changes && { action_changes_in_instances: [...changes] }),
    settings: config.settings,
    timesteps: config.timesteps,
    seed: config.seed,
    loadstar_version: LOADSTAR_VERSION,
    memory: { ...memory },
  };
}

/**
 * Writes a model's policy in another format.
 *
 * @param agent The model. Throws `TypeError` for one that the format has no
 * means for. Layers are written on the backend that runs.
 * @param format Which.
 * @param options Whether actions may be forbidden.
 */
export async function exportModel(
  agent: LoadedAgent<ModelContent>,
  format: ExportFormat,
  options: WritePolicyOptions = {},
): Promise<ExportedModel> {
  const { config } = agent;
  if (format === "onnx") {
    const writer = createOnnxWriter();
    const { memory } = writePolicy(agent, writer, options);
    const metadata = metadataOf(agent, memory);
    const text = Object.entries(metadata).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
    const bytes = writer.encode({
      name: config.name,
      description:
        `What ${config.agent} learned in ${config.environment.id}, by Loadstar ${LOADSTAR_VERSION} (opset ${ONNX_OPSET})`,
      metadata: Object.fromEntries(text),
    });
    const { inputs, outputs } = writer;
    return { files: { "": bytes }, inputs, outputs, metadata };
  }
  const writer = createLayersWriter();
  const { memory } = writePolicy(agent, writer, options);
  const metadata = metadataOf(agent, memory);
  const { model, weights } = await writer.encode(metadata);
  const valueOf = ({ name, size }: { name: string; size: number }) => ({
    name,
    shape: ["batch", size],
    type: "float",
  });
  return {
    files: { "weights.bin": weights, "model.json": model },
    inputs: writer.inputs.map(valueOf),
    outputs: writer.outputs.map(valueOf),
    metadata,
  };
}
