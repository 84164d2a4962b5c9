/**
 * Regenerates the README's scores on the reference environments.
 *
 * @module
 */
import { mean } from "../analysis/statistics.ts";
import { choiceOption, integerOption } from "../core/options.ts";
import { DEVICES } from "../learning/devices.ts";
import { runScript } from "../core/script.ts";
import { PUBLISHED_RUNS } from "../experiments/published_runs.ts";
import {
  pendulumRegret,
  tabularScores,
} from "../experiments/reference_scores.ts";
import {
  type Score,
  scoreTable,
  testScore,
  trainSeeds,
} from "../experiments/reproduction.ts";

/** Episodes that policies are scored on; they are not chosen by them. */
const TEST = { episodes: 100, firstSeed: 20_000 };

const GOALS = {
  "cartpole-dqn": {
    target: { last: "mean 450 or more", best: "475 or more for every seed" },
    reached: {
      last: (scores: number[]) => mean(scores) >= 450,
      best: (scores: number[]) => Math.min(...scores) >= 475,
    },
  },
  "cartpole-ppo": {
    target: { last: "", best: "475 or more" },
    reached: {
      last: undefined,
      best: (scores: number[]) => mean(scores) >= 475,
    },
  },
  "acrobot-dqn": {
    target: { last: "", best: "-85 or better" },
    reached: {
      last: undefined,
      best: (scores: number[]) => mean(scores) >= -85,
    },
  },
  "pendulum-ppo": {
    target: { last: "", best: "-200 or better" },
    reached: {
      last: undefined,
      best: (scores: number[]) => mean(scores) >= -200,
    },
  },
} as const;

await runScript({
  name: "reproduce_reference_envs",
  task: "reproduce:reference-envs",
  description:
    "Trains on the reference environments over several seeds. Networks are scored on 100 fixed starts that their checkpoints were not chosen by, tables by exact evaluation.",
  options: {
    part: choiceOption(["all", ...Object.keys(GOALS), "tabular"], {
      description: "What to run.",
      default: "all",
    }),
    device: choiceOption(DEVICES, {
      description: "Where tensors are computed.",
      default: "native",
    }),
    seeds: integerOption({
      description: "Seeds of each training.",
      default: 5,
      minimum: 1,
    }),
  },
}, async (options, context) => {
  const scores: Score[] = [];
  const lines: string[] = [];
  for (const part of Object.keys(GOALS) as (keyof typeof GOALS)[]) {
    if (options.part !== "all" && options.part !== part) continue;
    const { target, reached } = GOALS[part];
    const run = { ...PUBLISHED_RUNS[part], device: options.device };
    const { finished, seconds } = await trainSeeds(part, run, {
      ...options,
      context,
    });
    for (const policy of ["last", "best"] as const) {
      const returns = finished.map((run) =>
        testScore(
          policy === "last" ? run.policy : run.bestPolicy,
          PUBLISHED_RUNS[part].environment,
          TEST,
        )
      );
      scores.push({
        name: part,
        policy: policy === "last" ? "last" : "best checkpoint",
        scores: returns,
        target: target[policy],
        reached: reached[policy]?.(returns),
        seconds,
      });
    }
    if (part === "pendulum-ppo") {
      lines.push(pendulumRegret(scores.at(-1)!.scores, TEST));
    }
  }
  if (["all", "tabular"].includes(options.part)) {
    scores.push(...await tabularScores(options));
  }
  const title = "Mean return of 100 episodes, of each seed";
  return {
    tables: [scoreTable(scores, title)],
    lines,
    json: { scores, lines },
  };
});
