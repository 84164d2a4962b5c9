/**
 * Asks a trained model for actions.
 *
 * @module
 */
import { loadAgent } from "../agents/model.ts";
import { standardOutput } from "../core/console_stream.ts";
import { serveLoopback } from "../core/loopback_server.ts";
import {
  booleanOption,
  integerOption,
  pathOption,
  stringOption,
} from "../core/options.ts";
import { asUsageError, runScript, UsageError } from "../core/script.ts";
import { describeModel } from "../experiments/models/model_description.ts";
import { observationRows } from "../experiments/models/observation_arrays.ts";
import { readObservationLine } from "../experiments/models/observation_lines.ts";
import {
  type ActionRecord,
  createPredictor,
  type LoadedAgent,
  type ObservationInput,
} from "../experiments/models/prediction.ts";
import { predictionHandler } from "../experiments/models/prediction_server.ts";
import { textLines } from "../core/text_lines.ts";
import { useNoLibrary } from "../ffi/library.ts";

/** Observations on standard input, line by line. */
async function* standardInput(
  agent: LoadedAgent,
  signal: AbortSignal,
): AsyncGenerator<ObservationInput> {
  const spaces = agent.makeEnvironment();
  let number = 0;
  for await (const line of textLines(Deno.stdin.readable, signal)) {
    number++;
    const place = { name: `line ${number}`, mayBeHeader: number === 1 };
    const input = readObservationLine(line, spaces, place);
    if (input !== undefined) yield input;
  }
}

// Nothing here is made faster by it, and the task may not open it.
useNoLibrary();

await runScript({
  name: "predict",
  task: "predict",
  description:
    'Loads a model and prints an action, as a line of JSON, for each observation on standard input: lines of JSON ([0.5, 0.1] or {"observation": [0.5, 0.1]}) or of CSV. With --serve it answers over HTTP.',
  positionals: {
    model: pathOption({ description: "The model's file.", required: true }),
  },
  options: {
    observation: stringOption({
      description: "One observation, in place of standard input.",
      placeholder: "X,X,...",
    }),
    data: pathOption({
      description:
        "Observations from a .npy, .npz or .pkl file, in place of standard input.",
    }),
    array: stringOption({
      description:
        "Which array of --data, in place of observations, states, or the only one.",
      placeholder: "NAME",
    }),
    serve: booleanOption({
      description:
        "Answers POST /predict, GET /model and GET /health on this machine until Ctrl-C.",
    }),
    port: integerOption({
      description: "Where --serve listens; 0 for any free port.",
      default: 8000,
      minimum: 0,
      maximum: 65535,
    }),
    describe: booleanOption({
      description: "Prints what the model is and sees, and no action.",
    }),
  },
  examples: [
    'models/a.zip --observation "0.5,0.8,0.6,0,0,0.5,0.2,0.1,0"',
    "models/a.zip --describe",
    "models/a.zip < observations.csv",
    "models/a.zip --data observations.npy",
    "models/a.zip --serve --port 8000",
  ],
}, async (options, { signal, note }) => {
  const { observation, data, array, serve, describe, json } = options;
  const ways = { observation, data, serve, describe };
  const given = Object.entries(ways).filter(([, value]) => value);
  if (given.length > 1) {
    const names = given.map(([name]) => `--${name}`);
    throw new UsageError(`Cannot use ${names.join(" with ")}: expected one`);
  }
  if (array !== undefined && data === undefined) {
    throw new UsageError("Cannot use --array without --data");
  }
  const agent = await loadAgent(options.model);
  if (describe) {
    const { observationNames } = agent.makeEnvironment();
    return {
      lines: describeModel(agent),
      json: { ...agent.config, observationNames },
    };
  }
  if (serve) {
    const handler = predictionHandler(agent);
    const server = serveLoopback(handler, { port: options.port, signal });
    note(
      `Listening on ${server.url} for POST /predict; GET /model says what the model sees; Ctrl-C ends it`,
    );
    await server.finished;
    return { json: { url: server.url }, exitCode: 0 };
  }
  const { predict } = createPredictor(agent);
  if (observation !== undefined) {
    const spaces = agent.makeEnvironment();
    const input = asUsageError(() =>
      readObservationLine(observation, spaces, { name: "--observation" })
    );
    if (input === undefined) {
      throw new UsageError("Cannot act on --observation: it is empty");
    }
    const action = predict(input);
    return { lines: [JSON.stringify(action)], json: [action] };
  }
  if (data === undefined && Deno.stdin.isTerminal()) {
    throw new UsageError(
      "Cannot predict without observations: expected --observation, --data, --serve or lines on standard input",
    );
  }
  const stdout = standardOutput();
  const actions: ActionRecord[] = [];
  const inputs = data === undefined
    ? standardInput(agent, signal)
    : observationRows(data, agent.makeEnvironment(), array);
  for await (const input of inputs) {
    if (signal.aborted) break;
    const action = predict(input);
    if (json) actions.push(action);
    // Written at once: whoever steers waits for it.
    else if (!stdout.write(`${JSON.stringify(action)}\n`)) break;
  }
  return { json: actions };
});
