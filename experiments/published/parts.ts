/**
 * Every part of what is published: the command that regenerates it, and its
 * numbers.
 *
 * @module
 */
import { pairedDifference } from "../load_balancing/comparison.ts";
import { rewardSignal } from "../load_balancing/weight_scan.ts";
import {
  analysisNumbers,
  autoencoderNumbers,
  controlNumbers,
  queueNumbers,
  timescaleNumbers,
} from "./_queueing_numbers.ts";
import type {
  ArenaDocument,
  DevicesDocument,
  FirstResultDocument,
  FluidDocument,
  LoadBalancingDocument,
  RewardsDocument,
  RoutingDocument,
  ScoresDocument,
} from "./documents.ts";
import { exactly, meanOf, type PublishedNumber } from "./numbers.ts";

export type { PublishedNumber };

/** What one command regenerates. */
export interface PublishedPart {
  /** Its name; its file is `docs/results/NAME.json`. */
  readonly name: string;
  /** The task. */
  readonly task: string;
  /** What the task is given besides `--json`. */
  readonly args: readonly string[];
  /** How long it takes on one quiet core, minutes. */
  readonly minutes: number;
  /** What of the printed document is published. Default all of it. */
  readonly kept?: (document: unknown) => unknown;
  /** The numbers in what is published. */
  readonly numbers: (document: unknown) => PublishedNumber[];
}

function scoreNumbers(document: unknown): PublishedNumber[] {
  const { scores } = document as ScoresDocument;
  return scores.flatMap(({ name, policy, scores, target, reached }) => {
    // The median of tables' returns stands in brackets behind their policy.
    const line = `${name}, ${policy.replace(/ \(.*\)$/, "")}`;
    const verdict = typeof reached === "boolean"
      ? [exactly(`${line}: ${target}`, reached)]
      : [];
    return [meanOf(line, scores), ...verdict];
  });
}

function deviceNumbers(document: unknown): PublishedNumber[] {
  const { results } = document as DevicesDocument;
  return results.flatMap(({ part, native, wasm, toldApart }) => [
    meanOf(`${part}, native`, native),
    meanOf(`${part}, wasm`, wasm),
    exactly(`${part}: told apart`, toldApart),
  ]);
}

function loadBalancingNumbers(document: unknown): PublishedNumber[] {
  const { outcomes, verdicts } = document as LoadBalancingDocument;
  const times = outcomes.flatMap(({ name, blocks }) => [
    meanOf(`${name}, mean`, blocks.map(({ mean }) => mean)),
    meanOf(`${name}, p95`, blocks.map(({ p95 }) => p95)),
    meanOf(`${name}, p99`, blocks.map(({ p99 }) => p99)),
  ]);
  const sed = outcomes.find(({ name }) => name === "sed");
  const differences = outcomes.filter(({ learned }) => learned && sed).map(
    (outcome) => ({
      name: `${outcome.name} less sed`,
      ...pairedDifference(outcome, sed!),
    }),
  );
  return [
    ...times,
    ...differences,
    ...verdicts.map(({ name, reached }) => exactly(`${name} reached`, reached)),
  ];
}

function rewardNumbers(document: unknown): PublishedNumber[] {
  const { scanned } = document as RewardsDocument;
  return scanned.flatMap(({ ratio, means, rewards }) => [
    meanOf(`ratio ${ratio}`, means),
    ...Object.keys(rewards).map((name) =>
      exactly(`ratio ${ratio}, ${name}`, rewardSignal(scanned, ratio, name))
    ),
  ]);
}

function routingNumbers(document: unknown): PublishedNumber[] {
  return (document as RoutingDocument).lines.flatMap(({ name, seeds }) => [
    meanOf(`${name}, utilisation`, seeds.map((seed) => seed.utilisation)),
    meanOf(`${name}, gain`, seeds.map(({ gain }) => gain)),
  ]);
}

function fluidNumbers(document: unknown): PublishedNumber[] {
  const { checks } = document as FluidDocument;
  return checks.flatMap((check) => {
    const of = `load ${check.load}, lengths ${check.lengths}`;
    return [
      exactly(`${of}, fluid delay`, check.fluidDelayMs),
      exactly(`${of}, packet delay`, check.packetDelayMs),
      exactly(`${of}, fluid loss`, check.fluidLoss),
      exactly(`${of}, packet loss`, check.packetLoss),
    ];
  });
}

function firstResultNumbers(document: unknown): PublishedNumber[] {
  const [{ policies }] = (document as FirstResultDocument).comparisons;
  return policies.flatMap((policy) => [
    exactly(`${policy.name}, return`, policy.return),
    exactly(`${policy.name}, bill`, policy.billPerSecond),
    exactly(`${policy.name}, late`, policy.violations),
  ]);
}

function arenaNumbers(document: unknown): PublishedNumber[] {
  const { grids, spacing = [], successor = [] } = document as ArenaDocument;
  const share = (name: "before" | "after") =>
    meanOf(
      `grid scores above 0, ${name}`,
      grids!.runs.map((run) => Number(run[name] > 0)),
    );
  return [
    ...grids === undefined ? [] : [share("before"), share("after")],
    ...spacing.map(({ set, ratios }) => meanOf(set, ratios)),
    ...successor.map(({ discount, meanSquare }) =>
      exactly(`discount ${discount}, mean square`, meanSquare)
    ),
  ];
}

/** Parts of one task, as its `--part` calls them, with their minutes. */
function partsOf(
  task: string,
  numbers: PublishedPart["numbers"],
  minutes: Readonly<Record<string, number>>,
): PublishedPart[] {
  return Object.entries(minutes).map(([part, minutes]) => ({
    name: `${task}/${part}`,
    task: `reproduce:${task}`,
    args: ["--part", part],
    minutes,
    numbers,
  }));
}

/** All that is published. */
export const PUBLISHED_PARTS: readonly PublishedPart[] = [
  {
    name: "first-result",
    task: "train-dqn",
    args: "--name first_result --out results/first_result".split(" "),
    minutes: 0.1,
    kept: (document) => {
      const { comparisons } = document as FirstResultDocument;
      return { comparisons };
    },
    numbers: firstResultNumbers,
  },
  ...partsOf("autoscaling", scoreNumbers, {
    dqn: 0.5,
    ppo: 0.3,
    qlearning: 0.4,
  }),
  ...partsOf("reference-envs", scoreNumbers, {
    "cartpole-dqn": 1,
    "cartpole-ppo": 1,
    "acrobot-dqn": 1,
    "pendulum-ppo": 0.5,
    "pendulum-ddpg": 0.5,
    "pendulum-td3": 0.7,
    "pendulum-sac": 1,
    "pendulum-position-sac-gru": 4,
    "pendulum-position-sac": 2,
    "recall-sac-gru": 0.2,
    "recall-sac": 0.1,
    "two-step-game-qmix": 0.1,
    "two-step-game-vdn": 0.1,
    "tabular": 0.1,
  }),
  ...partsOf("devices", deviceNumbers, {
    "autoscaling-dqn": 13,
    "autoscaling-ppo": 7,
    "cartpole-dqn": 10,
    "cartpole-ppo": 13,
  }),
  {
    name: "load-balancing",
    task: "reproduce:load-balancing",
    args: [],
    minutes: 9,
    numbers: loadBalancingNumbers,
  },
  {
    name: "load-balancing-rewards",
    task: "reproduce:load-balancing-rewards",
    args: [],
    minutes: 5,
    numbers: rewardNumbers,
  },
  {
    name: "sdn",
    task: "reproduce:sdn",
    args: [],
    minutes: 3,
    numbers: routingNumbers,
  },
  {
    name: "sdn-unseen",
    task: "reproduce:sdn",
    args: "--seed 5 --seeds 3".split(" "),
    minutes: 2,
    numbers: routingNumbers,
  },
  {
    name: "queueing/timescale",
    task: "reproduce:queueing",
    args: ["--part", "timescale"],
    minutes: 4,
    numbers: timescaleNumbers,
  },
  {
    name: "queueing/reference",
    task: "reproduce:queueing",
    args: "--part reference --counts 100".split(" "),
    minutes: 0.3,
    numbers: autoencoderNumbers,
  },
  ...partsOf("queueing", controlNumbers, { control: 1 }),
  {
    name: "queueing-simulator",
    task: "reproduce:queueing-simulator",
    args: [],
    minutes: 0.3,
    numbers: queueNumbers,
  },
  {
    name: "analyse-metastability",
    task: "analyse-metastability",
    args: "--out results/metastability".split(" "),
    minutes: 0.7,
    kept: (document) => {
      const { page: _, ...numbers } = document as { page: string };
      return numbers;
    },
    numbers: analysisNumbers,
  },
  {
    name: "check-fluid-emulator",
    task: "check-fluid-emulator",
    args: [],
    minutes: 0.2,
    numbers: fluidNumbers,
  },
  ...partsOf("arena", arenaNumbers, { successor: 2, spacing: 2, grids: 4 }),
];

/**
 * The parts that names mean: a part, or all parts of a task.
 *
 * @param names Such as `sdn`, `reference-envs` or `arena/grids`; none for all.
 * Throws `RangeError` for what is no part.
 */
export function partsNamed(names: readonly string[]): PublishedPart[] {
  const isMeant = (name: string, part: PublishedPart) =>
    part.name === name || part.name.startsWith(`${name}/`);
  for (const name of names) {
    if (PUBLISHED_PARTS.some((part) => isMeant(name, part))) continue;
    const known = PUBLISHED_PARTS.map(({ name }) => name).join(", ");
    throw new RangeError(
      `Cannot reproduce ${JSON.stringify(name)}: expected one of ${known}`,
    );
  }
  return PUBLISHED_PARTS.filter((part) =>
    names.length === 0 || names.some((name) => isMeant(name, part))
  );
}
