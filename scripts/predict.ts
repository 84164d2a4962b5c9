/**
 * Asks a trained model for actions.
 *
 * @module
 */
import { loadAgent } from "../agents/model.ts";
import { standardOutput } from "../core/console_stream.ts";
import { booleanOption, pathOption, stringOption } from "../core/options.ts";
import { asUsageError, runScript, UsageError } from "../core/script.ts";
import {
  type ActionRecord,
  actionWriter,
  describeModel,
  observationNames,
} from "../experiments/models/model_description.ts";
import {
  type LinePlace,
  readObservationLine,
} from "../experiments/models/observation_lines.ts";
import { textLines } from "../core/text_lines.ts";

await runScript({
  name: "predict",
  task: "predict",
  description:
    'Loads a model and prints an action, as a line of JSON, for each observation on standard input: lines of JSON ([0.5, 0.1] or {"observation": [0.5, 0.1]}) or of CSV.',
  positionals: {
    model: pathOption({ description: "The model's file.", required: true }),
  },
  options: {
    observation: stringOption({
      description: "One observation, in place of standard input.",
      placeholder: "X,X,...",
    }),
    describe: booleanOption({
      description: "Prints what the model is and sees, and no action.",
    }),
  },
  examples: [
    'models/a.zip --observation "0.5,0.8,0.6,0,0,0.5,0.2,0.1,0"',
    "models/a.zip --describe",
    "models/a.zip < observations.csv",
  ],
}, async ({ model, observation, describe, json }, { signal }) => {
  const agent = await loadAgent(model);
  if (describe) {
    return {
      lines: describeModel(agent),
      json: { ...agent.config, observationNames: observationNames(agent) },
    };
  }
  const { observationSpace } = agent.makeEnvironment();
  const write = actionWriter(agent);
  const predict = (line: string, place: LinePlace) => {
    const read = readObservationLine(line, observationSpace, place);
    if (read === undefined) return undefined;
    const { observation, actionMask } = read;
    return write(agent.act(observation, { actionMask }));
  };
  if (observation !== undefined) {
    const name = "--observation";
    const action = asUsageError(() => predict(observation, { name }));
    if (action === undefined) {
      throw new UsageError("Cannot act on --observation: it is empty");
    }
    return { lines: [JSON.stringify(action)], json: [action] };
  }
  if (Deno.stdin.isTerminal()) {
    throw new UsageError(
      "Cannot predict without observations: expected --observation or lines on standard input",
    );
  }
  const stdout = standardOutput();
  const actions: ActionRecord[] = [];
  let number = 0;
  for await (const line of textLines(Deno.stdin.readable, signal)) {
    number++;
    const place = { name: `line ${number}`, mayBeHeader: number === 1 };
    const action = predict(line, place);
    if (action === undefined) continue;
    if (json) actions.push(action);
    // Written at once: whoever steers waits for it.
    else if (!stdout.write(`${JSON.stringify(action)}\n`)) break;
  }
  return { json: actions };
});
