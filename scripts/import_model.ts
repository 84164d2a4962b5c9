/**
 * Makes a model of weights from NumPy.
 *
 * @module
 */
import { basename, extname } from "@std/path";
import { writeArchive } from "../core/archive.ts";
import { readArrays } from "../core/array_file.ts";
import { choiceOption, pathOption, stringOption } from "../core/options.ts";
import { userPath } from "../core/paths.ts";
import { runScript, UsageError } from "../core/script.ts";
import type { JsonRecord } from "../core/state_json.ts";
import { ENVIRONMENT_IDS } from "../envs/registry.ts";
import {
  IMPORTED_AGENTS,
  importModel,
} from "../experiments/models/model_import.ts";
import { useNoLibrary } from "../ffi/library.ts";
import { ACTIVATIONS } from "../learning/activations.ts";

function environmentOptions(text: string): JsonRecord {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new UsageError(
      `Cannot read --environment-options ${
        JSON.stringify(text)
      }: expected a JSON object`,
    );
  }
  return value as JsonRecord;
}

// Nothing here is made faster by it, and the task may not open it.
useNoLibrary();

await runScript({
  name: "import_model",
  task: "import-model",
  description:
    "Makes a model of a perceptron's weights from NumPy: w0 [inputs, outputs], b0, w1, ... or PyTorch's names.",
  positionals: {
    weights: pathOption({
      description: "The .npz, or a pickled dictionary of arrays.",
      required: true,
    }),
  },
  options: {
    agent: choiceOption(IMPORTED_AGENTS, {
      description:
        "What comes out: Q-values (dqn), logits or means (ppo), actions before tanh (td3).",
      default: "dqn",
    }),
    environment: choiceOption(ENVIRONMENT_IDS, {
      description: "Where the policy acts.",
      default: "Autoscaling-v1",
    }),
    "environment-options": stringOption({
      description: "The environment's options, as JSON.",
      default: "{}",
      placeholder: "JSON",
    }),
    activation: choiceOption(ACTIVATIONS, {
      description: "Of the hidden layers, with ppo; the others have relu.",
      default: "relu",
    }),
    out: pathOption({
      description: "The model, in place of the weights' name with .zip.",
      placeholder: "FILE",
    }),
  },
  examples: [
    "weights.npz --agent dqn --environment CartPole-v1 --out models/mine.zip",
  ],
}, async (options) => {
  const { weights, agent, activation } = options;
  const name = basename(weights, extname(weights));
  const out = options.out ?? userPath(`${name}.zip`);
  if (out === weights) {
    throw new UsageError(
      `Cannot write ${
        JSON.stringify(out)
      }, which holds the weights: expected another --out`,
    );
  }
  const arrays = await readArrays(weights);
  const environment = {
    id: options.environment,
    options: environmentOptions(options.environmentOptions),
  };
  if (agent !== "ppo" && activation !== "relu") {
    throw new UsageError(
      `Cannot use --activation ${activation} with ${agent}: expected relu`,
    );
  }
  let content;
  try {
    content = importModel(arrays, { agent, name, environment, activation });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    error.message = `Cannot import ${
      JSON.stringify(weights)
    }: ${error.message}`;
    throw error;
  }
  await writeArchive(out, content);
  const { netArch } = content.config.settings as JsonRecord;
  return {
    lines: [`Saved ${out}: ${agent}, hidden layers ${JSON.stringify(netArch)}`],
    json: { out, agent, netArch },
  };
});
