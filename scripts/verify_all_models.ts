/**
 * Checks that trained models are whole, act, and are worth something.
 *
 * @module
 */
import { commandOf } from "../core/command_names.ts";
import { booleanOption, integerOption, pathOption } from "../core/options.ts";
import { InterruptedError, runScript } from "../core/script.ts";
import { findModelsIfAny } from "../experiments/models/model_files.ts";
import {
  refusedVerification,
  resultOf,
  verificationRemarks,
  verificationTable,
  verifyModel,
} from "../experiments/models/verification.ts";

await runScript({
  name: "verify_all_models",
  task: "verify",
  description:
    "Loads every model below a folder and lets it run in its own environment, beside random and hold. A damaged file or a model that cannot act fails (exit code 1); a weak score is a warning.",
  options: {
    models: pathOption({
      description: "Folder with trained models, searched with those below it.",
      default: "./models",
      placeholder: "DIR",
    }),
    checkpoints: booleanOption({
      description: "Also looks at folders named checkpoints.",
    }),
    strict: booleanOption({ description: "A weak score fails too." }),
    episodes: integerOption({
      description: "Paired episodes at random starts.",
      default: 20,
      minimum: 2,
      maximum: 10_000,
      unit: "episodes",
    }),
  },
  examples: ["--strict", "--models runs/a --checkpoints"],
}, async (options, { progress, breathe, signal }) => {
  const { models, refused } = await findModelsIfAny(options.models, options);
  if (models.length + refused.length === 0) {
    throw new Error(
      `Cannot verify models in "${options.models}": there are none, train one with "${
        commandOf("train-dqn")
      }" or name another folder with --models`,
    );
  }
  using shown = progress({
    total: models.length,
    label: "Verifying",
    unit: "models",
  });
  const verifications = refused.map(refusedVerification);
  for (const model of models) {
    verifications.push(verifyModel(model, options));
    shown.update(verifications.length - refused.length);
    await breathe();
    if (signal.aborted) throw new InterruptedError("Interrupted");
  }
  shown.finish();

  verifications.sort((a, b) => a.name < b.name ? -1 : 1);
  const count = (result: ReturnType<typeof resultOf>) =>
    verifications.filter((found) => resultOf(found) === result).length;
  const failed = count("failed");
  const weak = count("weak");
  return {
    tables: [verificationTable(verifications)],
    lines: [
      ...verificationRemarks(verifications),
      `${count("ok")} ok, ${weak} weak, ${failed} failed`,
    ],
    json: {
      models: verifications.map((found) => ({
        ...found,
        result: resultOf(found),
      })),
      ok: count("ok"),
      weak,
      failed,
    },
    exitCode: failed > 0 || (options.strict && weak > 0) ? 1 : 0,
  };
});
