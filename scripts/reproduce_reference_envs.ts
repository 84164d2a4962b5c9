/**
 * Regenerates the README's scores on the reference environments.
 *
 * @module
 */
import { mean } from "../analysis/statistics.ts";
import { choiceOption, integerOption } from "../core/options.ts";
import { DEVICES } from "../learning/devices.ts";
import { runScript } from "../core/script.ts";
import { PUBLISHED_RUNS } from "../experiments/reproduction/published_runs.ts";
import {
  pendulumRegret,
  tabularScores,
} from "../experiments/reproduction/reference_scores.ts";
import {
  type Score,
  scoreTable,
  testScore,
  trainSeeds,
} from "../experiments/reproduction/reproduction.ts";

/** Episodes that policies are scored on; they are not chosen by them. */
const TEST = { episodes: 100, firstSeed: 20_000 };

/** A mean to be reached. */
function atLeast(least: number) {
  return {
    target: `${least} or better`,
    reached: (scores: readonly number[]) => mean(scores) >= least,
  };
}

/** What is to be reached by the last policies and by the best checkpoints. */
const GOALS: Record<
  string,
  Partial<
    Record<
      "last" | "best",
      { target: string; reached: (scores: readonly number[]) => boolean }
    >
  >
> = {
  "cartpole-dqn": {
    last: {
      target: "mean 450 or more",
      reached: (scores) => mean(scores) >= 450,
    },
    best: {
      target: "475 or more for every seed",
      reached: (scores) => Math.min(...scores) >= 475,
    },
  },
  "cartpole-ppo": {
    best: { target: "475 or more", reached: (scores) => mean(scores) >= 475 },
  },
  "acrobot-dqn": { best: atLeast(-85) },
  "pendulum-ppo": { best: atLeast(-200) },
  "pendulum-ddpg": { last: atLeast(-160) },
  "pendulum-td3": { last: atLeast(-160) },
  "pendulum-sac": { last: atLeast(-165) },
  "pendulum-position-sac-gru": { last: atLeast(-200) },
  "pendulum-position-sac": {
    last: {
      target: "below -1000: no memory",
      reached: (scores) => Math.max(...scores) < -1000,
    },
  },
  "recall-sac-gru": {
    last: { target: "1", reached: (scores) => Math.min(...scores) === 1 },
  },
  "recall-sac": {
    last: {
      target: "about 0.5: no memory",
      reached: (scores) => Math.max(...scores) < 0.7,
    },
  },
  "two-step-game-qmix": {
    last: { target: "8", reached: (scores) => mean(scores) === 8 },
  },
  "two-step-game-vdn": {
    last: { target: "7", reached: (scores) => mean(scores) === 7 },
  },
};

const PARTS = Object.keys(GOALS) as (keyof typeof PUBLISHED_RUNS)[];

await runScript({
  name: "reproduce_reference_envs",
  task: "reproduce:reference-envs",
  description:
    "Trains on the reference environments over several seeds. Networks are scored on 100 fixed starts that their checkpoints were not chosen by, tables by exact evaluation.",
  options: {
    part: choiceOption(["all", ...PARTS, "tabular"], {
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
  for (const part of PARTS) {
    if (options.part !== "all" && options.part !== part) continue;
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
        target: GOALS[part][policy]?.target ?? "",
        reached: GOALS[part][policy]?.reached(returns),
        seconds,
      });
    }
    if (["ddpg", "ppo", "sac", "td3"].some((a) => part === `pendulum-${a}`)) {
      lines.push(`${part}: ${pendulumRegret(scores.at(-1)!.scores, TEST)}`);
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
