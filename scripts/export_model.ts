/**
 * Writes a trained model in a format of other tools.
 *
 * @module
 */
import { basename, extname, join } from "@std/path";
import { loadAgent } from "../agents/model.ts";
import { writeFilesAtomically } from "../core/atomic_file.ts";
import { choiceOption, pathOption } from "../core/options.ts";
import { userPath } from "../core/paths.ts";
import { runScript, UsageError } from "../core/script.ts";
import {
  EXPORT_FORMATS,
  type ExportedValue,
  exportModel,
} from "../experiments/models/model_export.ts";
import { useNoLibrary } from "../ffi/library.ts";
import { selectDevice } from "../learning/devices.ts";

const shapeOf = ({ shape }: ExportedValue) => `[${shape.join(", ")}]`;

// Nothing here is made faster by it, and the task may not open it.
useNoLibrary();

await runScript({
  name: "export_model",
  task: "export-model",
  description:
    "Writes a trained model as ONNX, which onnxruntime runs, or as layers, which tf.loadLayersModel reads.",
  positionals: {
    model: pathOption({ description: "The model's file.", required: true }),
  },
  options: {
    format: choiceOption(EXPORT_FORMATS, {
      description: "What is written.",
      default: "onnx",
    }),
    out: pathOption({
      description:
        "The file, or for tfjs-layers the folder, in place of the model's name with .onnx or _tfjs.",
      placeholder: "PATH",
    }),
    mask: choiceOption(["auto", "yes", "no"], {
      description:
        "Whether ONNX takes action_mask; auto is where the environment forbids actions.",
      default: "auto",
    }),
  },
  examples: [
    "models/dqn.zip",
    "models/ppo.zip --format tfjs-layers --out page/policy",
  ],
}, async ({ model, format, out, mask }) => {
  const agent = await loadAgent(model);
  await selectDevice("cpu", { parameters: 1, batchSize: 1 });
  const stem = basename(model, extname(model));
  const path = out ??
    userPath(format === "onnx" ? `${stem}.onnx` : `${stem}_tfjs`);
  if (format === "tfjs-layers" && path.endsWith(".onnx")) {
    throw new UsageError(
      `Cannot write layers to ${
        JSON.stringify(path)
      }: expected a folder, or --format onnx`,
    );
  }
  if (format === "tfjs-layers" && mask !== "auto") {
    throw new UsageError(
      `Cannot use --mask ${mask} with layers, which choose no actions`,
    );
  }
  if (path === model) {
    throw new UsageError(
      `Cannot write ${
        JSON.stringify(path)
      }, which is the model: expected another --out`,
    );
  }
  const { files, inputs, outputs, metadata } = await exportModel(
    agent,
    format,
    { mask: mask === "auto" ? undefined : mask === "yes" },
  );
  let bytes = 0;
  for (const content of Object.values(files)) bytes += content.length;
  await writeFilesAtomically(
    Object.entries(files).map(([name, content]) => [
      name ? join(path, name) : path,
      content,
    ]),
  );
  const row = (way: string) => (value: ExportedValue) => [
    way,
    value.name,
    shapeOf(value),
    value.type,
  ];
  return {
    tables: [{
      columns: [
        { header: "" },
        { header: "name" },
        { header: "shape" },
        { header: "type" },
      ],
      rows: [...inputs.map(row("in")), ...outputs.map(row("out"))],
    }],
    lines: [`Saved ${path} (${format}, ${bytes} bytes)`],
    json: { out: path, format, bytes, inputs, outputs, metadata },
  };
});
