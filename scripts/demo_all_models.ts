/**
 * Shows policies that scale a service side by side, as they act.
 *
 * @module
 */
import { standardError } from "../core/console_stream.ts";
import {
  booleanOption,
  choiceOption,
  integerOption,
  numberOption,
  parsedOption,
  pathOption,
} from "../core/options.ts";
import { InterruptedError, runScript } from "../core/script.ts";
import { PATTERN_NAMES } from "../envs/autoscaling/patterns.ts";
import { comparisonJson } from "../experiments/autoscaling/comparison.ts";
import { closingTable, compareDemo } from "../experiments/demo/closing.ts";
import { patternLoad, traceLoad } from "../experiments/demo/load.ts";
import { createPlayer } from "../experiments/demo/player.ts";
import {
  choosePolicies,
  DEMO_POLICY_NAMES,
  readPolicyNames,
} from "../experiments/demo/policies.ts";
import { startSession } from "../experiments/demo/session.ts";
import { showSession } from "../experiments/demo/terminal.ts";
import { serveDemo } from "../experiments/demo/web_server.ts";
import { findModelsIfAny } from "../experiments/models/model_files.ts";

await runScript({
  name: "demo_all_models",
  task: "demo",
  description:
    "Shows policies that scale a service side by side under one load, on the terminal or as a page, and ends with a table.",
  options: {
    policy: parsedOption(readPolicyNames, {
      description:
        "Who is shown: all (the usual rules and the newest model of each family), or names with commas between them.",
      expected: `one of ${DEMO_POLICY_NAMES.join(", ")}`,
      placeholder: "NAME,...",
      default: "all",
    }),
    steps: integerOption({
      description: "Steps of 300 s of service time.",
      default: 200,
      minimum: 1,
      maximum: 100_000,
      unit: "steps",
    }),
    render: booleanOption({
      description: "Shows the policies as they act; else only the table.",
      default: true,
    }),
    delay: numberOption({
      description: "Time between two steps.",
      default: 0.05,
      minimum: 0,
      maximum: 3600,
      unit: "s",
    }),
    "load-pattern": choiceOption(PATTERN_NAMES, {
      description: "Load pattern.",
      default: "SINE_CURVE",
    }),
    trace: pathOption({
      description: "Recorded load in place of a pattern: its held-out days.",
    }),
    models: pathOption({
      description: "Folder with trained models.",
      default: "./models",
      placeholder: "DIR",
    }),
    web: booleanOption({
      description: "Serves a page on this machine until Ctrl-C.",
    }),
    port: integerOption({
      description: "Port of the page; 0 for a free one.",
      default: 0,
      minimum: 0,
      maximum: 65_535,
    }),
  },
  examples: [
    "--policy threshold,ppo --load-pattern SPIKE",
    "--web --port 8000",
    "--no-render --steps 500",
  ],
}, async (options, { note, signal }) => {
  const { models, refused } = await findModelsIfAny(options.models);
  for (const { reason } of refused) note(`Warning: ${reason}`);
  const { policies, notes } = choosePolicies(options.policy, models);
  notes.forEach(note);
  for (const { name, file } of policies) {
    if (file !== "") note(`${name} is ${file}`);
  }
  if (policies.length === 0) {
    throw new Error(
      `Cannot show ${
        options.policy.join(", ")
      }: expected a trained model in "${options.models}"`,
    );
  }
  const { steps, seed } = options;
  const load = options.trace === undefined
    ? patternLoad(options.loadPattern, { steps, seed })
    : await traceLoad(options.trace, { steps, seed });
  load.notes.forEach(note);

  const comparison = compareDemo(policies, load);
  const table = closingTable(comparison, load);
  const delayMs = 1000 * options.delay;
  const start = () => startSession(policies, load);
  if (options.web) {
    const files = policies.map(({ file }) => file);
    const player = createPlayer({ start, files, table, delayMs });
    const server = await serveDemo(player, { port: options.port, signal });
    standardError().write(`The page is at ${server.url} until Ctrl-C\n`);
    await player.play(signal);
    await server.finished;
  } else if (options.render && !options.quiet) {
    await showSession(start(), { stream: standardError(), delayMs, signal });
  }
  if (signal.aborted && !options.web) {
    throw new InterruptedError("Interrupted before the end");
  }
  return {
    tables: [table],
    lines: comparison.noOptimum === undefined
      ? []
      : [`No exact optimum: ${comparison.noOptimum}`],
    json: comparisonJson(comparison),
    exitCode: 0,
  };
});
