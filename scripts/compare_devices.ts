/**
 * Compares what agents learn on the native device with what they learn on
 * tfjs's own wasm backend.
 *
 * @module
 */
import { evaluatePolicy } from "../agents/evaluation.ts";
import { meanInterval } from "../analysis/statistics.ts";
import { permutationTest } from "../analysis/permutation_test.ts";
import { choiceOption, integerOption } from "../core/options.ts";
import { runScript } from "../core/script.ts";
import { makeEnvironment } from "../envs/registry.ts";
import {
  PUBLISHED_RUNS,
  SINE_CURVE_FROM_START,
} from "../experiments/reproduction/published_runs.ts";
import {
  testScore,
  trainSeeds,
} from "../experiments/reproduction/reproduction.ts";
import { DEVICES } from "../learning/devices.ts";

/** Episodes of the reference environments that policies are scored on. */
const TEST = { episodes: 100, firstSeed: 20_000 };
/** Samples whose probability is below this are told apart. */
const SIGNIFICANCE = 1e-3;

const PARTS = [
  "autoscaling-dqn",
  "autoscaling-ppo",
  "cartpole-dqn",
  "cartpole-ppo",
] as const;

function scoreOf(
  part: typeof PARTS[number],
  policy: Parameters<typeof testScore>[0],
): number {
  if (part.startsWith("cartpole")) {
    return testScore(policy, PUBLISHED_RUNS[part].environment, TEST);
  }
  const env = makeEnvironment(SINE_CURVE_FROM_START);
  const once = { episodes: 1, firstSeed: 0 };
  return evaluatePolicy(policy, env, once).returns[0];
}

await runScript({
  name: "compare_devices",
  task: "reproduce:devices",
  description:
    `Trains over several seeds on two devices and asks whether the scores of the last policies can be told apart: an exact permutation test of their means, at ${SIGNIFICANCE}.`,
  options: {
    part: choiceOption(["all", ...PARTS], {
      description: "What to train.",
      default: "all",
    }),
    device: choiceOption(DEVICES, {
      description: "The device that is looked at.",
      default: "native",
    }),
    against: choiceOption(DEVICES, {
      description: "The device that it is compared with.",
      default: "wasm",
    }),
    seeds: integerOption({
      description: "Seeds of each training.",
      default: 10,
      minimum: 2,
    }),
  },
}, async (options, context) => {
  const results = [];
  for (const part of PARTS) {
    if (options.part !== "all" && options.part !== part) continue;
    const scores: number[][] = [];
    for (const device of [options.device, options.against]) {
      const { finished } = await trainSeeds(`${part}, ${device}`, {
        ...PUBLISHED_RUNS[part],
        device,
      }, { ...options, context });
      scores.push(finished.map(({ policy }) => scoreOf(part, policy)));
    }
    const probability = permutationTest(scores[0], scores[1]);
    results.push({
      part,
      [options.device]: scores[0],
      [options.against]: scores[1],
      probability,
      toldApart: probability < SIGNIFICANCE,
    });
  }
  const shown = (scores: unknown) => {
    const { low, high } = meanInterval(scores as number[]);
    return `${((low + high) / 2).toFixed(2)} +- ${
      ((high - low) / 2).toFixed(2)
    }`;
  };
  return {
    tables: [{
      title: `Scores of the last policies, ${options.seeds} seeds`,
      columns: [
        { header: "what" },
        { header: options.device },
        { header: options.against },
        { header: "probability" },
        { header: "told apart" },
      ],
      rows: results.map((result) => [
        result.part,
        shown(result[options.device]),
        shown(result[options.against]),
        result.probability,
        result.toldApart ? "yes" : "no",
      ]),
    }],
    json: { results },
  };
});
