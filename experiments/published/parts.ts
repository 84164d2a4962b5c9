/**
 * Every part of what is published: the command that regenerates it, and its
 * numbers.
 *
 * @module
 */
import { pairedDifference } from "../load_balancing/comparison.ts";
import { rewardSignal } from "../load_balancing/weight_scan.ts";
import type {
  ArenaDocument,
  ControlOutcomes,
  DevicesDocument,
  LoadBalancingDocument,
  QueueingDocument,
  QueueingSimulatorDocument,
  RewardsDocument,
  RoutingDocument,
  ScoresDocument,
} from "./documents.ts";
import {
  estimateOf,
  exactly,
  type Interval,
  meanOf,
  type PublishedNumber,
} from "./numbers.ts";

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
  /** The numbers in what it prints. */
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

function claimNumbers(document: unknown): PublishedNumber[] {
  const { claims } = document as QueueingDocument<unknown>;
  return claims.map(({ claim, reached }) => exactly(claim, reached));
}

function controlNumbers(document: unknown): PublishedNumber[] {
  const { parts: [levers] } = document as QueueingDocument<
    Record<string, ControlOutcomes>
  >;
  const numbers = Object.entries(levers).flatMap(([lever, outcomes]) => {
    const agents = outcomes.filter(({ name }) => name.startsWith("PPO"));
    const agent = (
      what: "onTimeShare" | "refusedShare" | "notRecovered" | "extraThreads",
    ) =>
      meanOf(`${lever}: PPO, ${what}`, agents.map((outcome) => outcome[what]));
    return [
      ...outcomes.flatMap((outcome) => [
        estimateOf(`${lever}: ${outcome.name}, median`, {
          estimate: outcome.median,
          low: outcome.medianLow,
          high: outcome.medianHigh,
        }),
        ...agents.includes(outcome) ? [] : [
          exactly(
            `${lever}: ${outcome.name}, notRecovered`,
            outcome.notRecovered,
          ),
          exactly(
            `${lever}: ${outcome.name}, refusedShare`,
            outcome.refusedShare,
          ),
        ],
      ]),
      agent("notRecovered"),
      agent("refusedShare"),
      agent("onTimeShare"),
      agent("extraThreads"),
    ];
  });
  return [...numbers, ...claimNumbers(document)];
}

/** What is known of the slowest mode. */
type Timescales = Record<string, unknown> & {
  autocorrelation: { integrated: Interval; exponential: Interval };
};

function timescaleNumbers(document: unknown): PublishedNumber[] {
  const { parts: [part] } = document as QueueingDocument<Timescales>;
  const { integrated, exponential } = part.autocorrelation;
  const learned = Object.entries(part).filter(([name]) => /^runs\d/.test(name))
    .flatMap(([name, value]) => {
      const { timescale, autocorrelationTime, slowDecay } = value as Record<
        "timescale" | "autocorrelationTime" | "slowDecay",
        Interval
      >;
      return [
        estimateOf(`${name}, timescale`, timescale),
        estimateOf(`${name}, autocorrelation time`, autocorrelationTime),
        estimateOf(`${name}, slow decay`, slowDecay),
      ];
    });
  return [
    estimateOf("autocorrelation, integrated", integrated),
    estimateOf("autocorrelation, exponential", exponential),
    ...learned,
    ...claimNumbers(document),
  ];
}

function autoencoderNumbers(document: unknown): PublishedNumber[] {
  const { parts: [{ reference }] } = document as QueueingDocument<
    { reference: Record<string, unknown> }
  >;
  return ["bestLoss", "modulus", "next", "timescale", "condition"].map((name) =>
    exactly(name, reference[name])
  );
}

function queueNumbers(document: unknown): PublishedNumber[] {
  const { windows, chains } = document as QueueingSimulatorDocument;
  return [
    ...windows.flatMap(({ retryModel, rate, means }) =>
      means.flatMap(({ window, queueLength, throughput }) => {
        const of = `${retryModel} at ${rate}, ${window.join(" to ")}`;
        return [
          exactly(`${of}, queue`, queueLength),
          exactly(`${of}, throughput`, throughput),
        ];
      })
    ),
    ...chains.flatMap(({ retryModel, arrivalRate, measures }) =>
      measures.flatMap(({ name, chain, simulated }) => {
        const of = `${retryModel} at ${arrivalRate}, ${name}`;
        return [
          exactly(`${of}, chain`, chain),
          estimateOf(`${of}, simulated`, simulated),
        ];
      })
    ),
  ];
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
  ...partsOf("autoscaling", scoreNumbers, { dqn: 1, ppo: 0.5, qlearning: 1 }),
  ...partsOf("reference-envs", scoreNumbers, {
    "cartpole-dqn": 2,
    "cartpole-ppo": 2,
    "acrobot-dqn": 3,
    "pendulum-ppo": 1,
    "pendulum-ddpg": 2,
    "pendulum-td3": 4,
    "pendulum-sac": 4,
    "pendulum-position-sac-gru": 16,
    "recall-sac-gru": 1,
    "recall-sac": 0.2,
    "two-step-game-qmix": 1,
    "two-step-game-vdn": 1,
    "tabular": 0.2,
  }),
  ...partsOf("devices", deviceNumbers, {
    "autoscaling-dqn": 12,
    "autoscaling-ppo": 5,
    "cartpole-dqn": 8,
    "cartpole-ppo": 12,
  }),
  {
    name: "load-balancing",
    task: "reproduce:load-balancing",
    args: [],
    minutes: 34,
    numbers: loadBalancingNumbers,
  },
  {
    name: "load-balancing-rewards",
    task: "reproduce:load-balancing-rewards",
    args: [],
    minutes: 3,
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
    name: "queueing/timescale",
    task: "reproduce:queueing",
    args: ["--part", "timescale"],
    minutes: 15,
    numbers: timescaleNumbers,
  },
  {
    name: "queueing/reference",
    task: "reproduce:queueing",
    args: "--part reference --counts 100".split(" "),
    minutes: 1,
    numbers: autoencoderNumbers,
  },
  ...partsOf("queueing", controlNumbers, { control: 5 }),
  {
    name: "queueing-simulator",
    task: "reproduce:queueing-simulator",
    args: [],
    minutes: 1,
    numbers: queueNumbers,
  },
  ...partsOf("arena", arenaNumbers, { successor: 1, spacing: 1, grids: 8 }),
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
