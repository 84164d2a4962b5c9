/**
 * Regenerates the README's scores on the autoscaling environment.
 *
 * @module
 */
import { Q_LEARNING_ORIGINAL } from "../agents/settings/autoscaling.ts";
import { mean, median } from "../analysis/statistics.ts";
import { choiceOption, integerOption } from "../core/options.ts";
import { DEVICES } from "../learning/devices.ts";
import { runScript } from "../core/script.ts";
import {
  comparePolicies,
  policyContender,
} from "../experiments/autoscaling/comparison.ts";
import {
  PUBLISHED_RUNS,
  SINE_CURVE_FROM_START,
} from "../experiments/reproduction/published_runs.ts";
import { startQLearning } from "../experiments/training/q_learning_run.ts";
import {
  type Score,
  scoreTable,
  trainSeeds,
} from "../experiments/reproduction/reproduction.ts";

const PARTS = ["all", "dqn", "ppo", "qlearning"];

await runScript({
  name: "reproduce_autoscaling",
  task: "reproduce:autoscaling",
  description:
    "Trains DQN, PPO and Q-tables over several seeds and scores 200 steps of SINE_CURVE from step 0. The best checkpoint is chosen on random starts of the curve.",
  options: {
    part: choiceOption(PARTS, { description: "What to run.", default: "all" }),
    device: choiceOption(DEVICES, {
      description: "Where tensors are computed.",
      default: "native",
    }),
    seeds: integerOption({
      description: "Seeds of each network.",
      default: 5,
      minimum: 1,
    }),
    "table-seeds": integerOption({
      description: "Seeds of each table.",
      default: 20,
      minimum: 1,
    }),
    timesteps: integerOption({
      description: "Steps of each network's training.",
      default: 100_000,
      minimum: 1,
      unit: "steps",
    }),
  },
}, async (options, context) => {
  const scores: Score[] = [];
  const wanted = (part: string) =>
    options.part === "all" || options.part === part;
  const score = (
    policies: Parameters<typeof policyContender>[1],
    mode?: "reference",
  ) =>
    comparePolicies([policyContender("", policies, mode)], {
      specs: [SINE_CURVE_FROM_START],
      optimum: false,
    }).results[0].returns;

  for (const agent of ["dqn", "ppo"] as const) {
    if (!wanted(agent)) continue;
    const { finished, seconds } = await trainSeeds(agent.toUpperCase(), {
      ...PUBLISHED_RUNS[`autoscaling-${agent}`],
      totalTimesteps: options.timesteps,
      device: options.device,
    }, { ...options, context });
    const best = score(finished.map(({ bestPolicy }) => bestPolicy));
    const name = agent.toUpperCase();
    scores.push({
      name,
      policy: "last",
      scores: score(finished.map(({ policy }) => policy)),
      target: "",
      reached: undefined,
      seconds,
    }, {
      name,
      policy: "best checkpoint",
      scores: best,
      target: "mean above -6.0, none below -9",
      reached: mean(best) > -6 && Math.min(...best) >= -9,
      seconds,
    });
  }

  for (const states of ["original", "demand-ratio"] as const) {
    if (!wanted("qlearning")) continue;
    const original = states === "original";
    const policies = [];
    const started = performance.now();
    for (let i = 0; i < options.tableSeeds; i++) {
      const { policy } = await startQLearning(
        {
          name: `table ${i}`,
          environment: {
            id: SINE_CURVE_FROM_START.id,
            options: {
              ...SINE_CURVE_FROM_START.options,
              mode: original ? "reference" : "default",
              episodeSteps: 200,
            },
          },
          states,
          settings: Q_LEARNING_ORIGINAL,
          episodes: 10_000,
          checkpointEvery: Infinity,
          seed: options.seed + i,
          tests: [],
        },
        undefined,
        context,
      );
      policies.push(policy);
    }
    const returns = score(policies, original ? "reference" : undefined);
    const limit = original ? -8.6 : -5.5;
    scores.push({
      name: `Q-learning, ${states} states`,
      policy: `last (median ${median(returns).toFixed(3)})`,
      scores: returns,
      target: `median ${limit} or better`,
      reached: median(returns) >= limit,
      seconds: (performance.now() - started) / 1000 / options.tableSeeds,
    });
  }
  const title =
    "Return of 200 steps of SINE_CURVE from step 0 (optimum -3.0948)";
  return { tables: [scoreTable(scores, title)], json: { scores } };
});
