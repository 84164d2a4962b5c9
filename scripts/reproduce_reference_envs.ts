/**
 * Regenerates the README's scores on the reference environments.
 *
 * @module
 */
import {
  DQN_ACROBOT,
  DQN_CART_POLE,
  PPO_CART_POLE,
  PPO_PENDULUM,
} from "../agents/settings/reference.ts";
import { mean } from "../analysis/statistics.ts";
import { choiceOption, integerOption } from "../core/options.ts";
import { runScript } from "../core/script.ts";
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

const RUNS = {
  "cartpole-dqn": {
    agent: "dqn",
    id: "CartPole-v1",
    tuned: DQN_CART_POLE,
    target: { last: "mean 450 or more", best: "475 or more for every seed" },
    reached: {
      last: (scores: number[]) => mean(scores) >= 450,
      best: (scores: number[]) => Math.min(...scores) >= 475,
    },
  },
  "cartpole-ppo": {
    agent: "ppo",
    id: "CartPole-v1",
    tuned: PPO_CART_POLE,
    target: { last: "", best: "475 or more" },
    reached: {
      last: undefined,
      best: (scores: number[]) => mean(scores) >= 475,
    },
  },
  "acrobot-dqn": {
    agent: "dqn",
    id: "Acrobot-v1",
    tuned: DQN_ACROBOT,
    target: { last: "", best: "-85 or better" },
    reached: {
      last: undefined,
      best: (scores: number[]) => mean(scores) >= -85,
    },
  },
  "pendulum-ppo": {
    agent: "ppo",
    id: "Pendulum-v1",
    tuned: PPO_PENDULUM,
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
    part: choiceOption(["all", ...Object.keys(RUNS), "tabular"], {
      description: "What to run.",
      default: "all",
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
  for (const [part, { agent, id, tuned, ...goal }] of Object.entries(RUNS)) {
    if (options.part !== "all" && options.part !== part) continue;
    const environment = { id, options: {} };
    const { finished, seconds } = await trainSeeds(part, {
      agent,
      ...tuned,
      environment,
      evaluationEnvironment: environment,
      evaluationEpisodes: 20,
      evaluationSeed: 10_000,
      evaluateEvery: 2500,
      device: "wasm",
    }, { ...options, context });
    for (const policy of ["last", "best"] as const) {
      const returns = finished.map((run) =>
        testScore(
          policy === "last" ? run.policy : run.bestPolicy,
          environment,
          TEST,
        )
      );
      scores.push({
        name: part,
        policy: policy === "last" ? "last" : "best checkpoint",
        scores: returns,
        target: goal.target[policy],
        reached: goal.reached[policy]?.(returns),
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
