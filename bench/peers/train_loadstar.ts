/**
 * Our own training as the peers do it: it begins, learns, and is evaluated at
 * its end, without logs, checkpoints or files.
 *
 * @module
 */
import { choiceOption, integerOption } from "../../core/options.ts";
import { runScript } from "../../core/script.ts";
import configuration from "../../deno.json" with { type: "json" };
import { startTraining } from "../../experiments/training/training_run.ts";
import type { PeerResult } from "./measurements.ts";
import {
  createPeerSettings,
  EVALUATION_EPISODES,
  EVALUATION_SEED,
} from "./reference.ts";

const STARTED_MS = performance.now();

await runScript({
  name: "train_loadstar",
  description: "Trains an agent as the peers' scripts do, and times it.",
  options: {
    algorithm: choiceOption(["dqn", "ppo"], {
      description: "What learns.",
      default: "dqn",
    }),
    steps: integerOption({
      description: "Environment steps.",
      default: 100_000,
      minimum: 1,
      unit: "steps",
    }),
  },
}, async ({ algorithm, steps, seed }) => {
  const { settings, copies } = createPeerSettings();
  let taken = 0;
  let ended = 0;
  const begun = performance.now();
  const environment = {
    id: "Autoscaling-v1",
    // Waits and bills, which the peers' environment does not count.
    options: { randomStart: true, metrics: false },
  };
  const finished = await startTraining(
    {
      name: "peer",
      task: "none",
      agent: algorithm,
      settings: settings[algorithm],
      environment,
      copies: copies[algorithm],
      evaluationEnvironment: environment,
      tests: [],
      evaluationEpisodes: EVALUATION_EPISODES,
      evaluationSeed: EVALUATION_SEED,
      evaluateEvery: Infinity,
      checkpointEvery: Infinity,
      logEvery: Infinity,
      seed,
      totalTimesteps: steps,
      device: "auto",
      bestPath: "",
      evaluationsPath: "",
    },
    undefined,
    {
      onProgress: (timesteps) => {
        taken = timesteps;
        if (timesteps >= steps) ended = performance.now();
      },
    },
  );
  const seconds = (ended - begun) / 1000;
  const result: PeerResult = {
    library: "Loadstar",
    versions: { loadstar: configuration.version, deno: Deno.version.deno },
    algorithm,
    threads: null,
    seed,
    steps: taken,
    seconds,
    stepsPerSecond: taken / seconds,
    importSeconds: STARTED_MS / 1000,
    meanReturn: finished.evaluations.latest ?? null,
    differences: [],
  };
  return {
    lines: [`${taken} steps in ${seconds.toFixed(2)} s`],
    json: result,
  };
});
