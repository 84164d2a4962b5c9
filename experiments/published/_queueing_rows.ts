/**
 * Rows of what is published of queues with retries.
 *
 * @module
 */
import { interval, remembered } from "../metastability/answer_tables.ts";
import { ORIGINAL_QUEUES } from "../queueing_data/line_queues.ts";
import { learnedTimes } from "./_queueing_numbers.ts";
import type {
  AnalysisDocument,
  AutoencoderPart,
  ControlOutcomes,
  QueueingDocument,
  QueueingSimulatorDocument,
  TimescalePart,
} from "./documents.ts";
import type { Interval } from "./numbers.ts";
import { fixed, percent } from "./wording.ts";

/** A number of the timescale's part with its interval, over another. */
function timeRow(what: string, time: Interval, of?: Interval): string[] {
  const ends = [time.low, time.high].map((end) => fixed(end, 0));
  return [
    what,
    fixed(time.estimate, 0),
    ends.join(" to "),
    of === undefined ? "" : fixed(time.estimate / of.estimate, 2),
  ];
}

export function timescaleRows([document]: readonly unknown[]): string[][] {
  const { parts: [part] } = document as QueueingDocument<TimescalePart>;
  const { integrated, exponential } = part.autocorrelation;
  const all = learnedTimes(part);
  const [{ runs, learned: { baselines } }] = all;
  return [
    timeRow("autocorrelation time, long runs", integrated),
    timeRow("its slow decay (rho from 0.5 to 0.1), long runs", exponential),
    ...all.flatMap(({ runs, learned }) => {
      const name = `autoencoder, ${runs} runs`;
      return [
        timeRow(
          `${name}: autocorrelation time`,
          learned.autocorrelationTime,
          integrated,
        ),
        timeRow(`${name}: slow decay`, learned.slowDecay, exponential),
        timeRow(`${name}: slowest mode`, learned.timescale, exponential),
      ];
    }),
    ...baselines.map(({ method, lag, timescale }) => [
      `${method}, lag ${lag}, ${runs} runs`,
      fixed(timescale, 0),
      "",
      fixed(timescale / exponential.estimate, 2),
    ]),
  ];
}

export function settlingRows([document]: readonly unknown[]): string[][] {
  const { parts: [part] } = document as QueueingDocument<TimescalePart>;
  return learnedTimes(part).flatMap(({ runs, learned }) =>
    learned.settling.filter(({ resolvable }) => resolvable).map((row) => {
      const { time } = row.empirical;
      return [
        runs,
        String(row.epsilon),
        fixed(time, 0),
        fixed(row.bound, 0),
        fixed(row.bound / time, 2),
        fixed(row.boundFromFault, 0),
        fixed(row.boundFromFault / time, 2),
      ];
    })
  );
}

export function claimRows([document]: readonly unknown[]): string[][] {
  const { claims } = document as QueueingDocument<unknown>;
  return claims.map(({ claim, found, reached }) => [
    claim,
    found,
    reached ? "yes" : "no",
  ]);
}

/** The reference's training on 100 other runs, by independent code. */
const INDEPENDENT = {
  bestLoss: "12.6",
  moduli: "0.9965, 0.804",
  timescale: "1426",
  fixedPoint: "58.0, 7.99",
};

export function autoencoderRows([document]: readonly unknown[]): string[][] {
  const { parts: [{ reference }] } = document as QueueingDocument<
    AutoencoderPart
  >;
  const { bestLoss, modulus, next, timescale, condition, fixedPoint } =
    reference;
  return [
    ["least loss", fixed(bestLoss, 1), INDEPENDENT.bestLoss],
    [
      "largest modulus, the next",
      `${fixed(modulus, 4)}, ${fixed(next, 3)}`,
      INDEPENDENT.moduli,
    ],
    ["timescale", fixed(timescale, 0), INDEPENDENT.timescale],
    [
      "fixed point, queue, latency",
      `${fixed(fixedPoint[0], 1)}, ${fixed(fixedPoint[1], 2)}`,
      INDEPENDENT.fixedPoint,
    ],
    ["condition of the eigenvectors", fixed(condition, 1), ""],
    [
      "its logarithm, in timescales of the bound",
      fixed(Math.log(condition), 1),
      "",
    ],
  ];
}

export function chainRows([document]: readonly unknown[]): string[][] {
  const { chains } = document as QueueingSimulatorDocument;
  const rates = [...new Set(chains.map(({ arrivalRate }) => arrivalRate))];
  return rates.map((rate) => {
    const jobs = (model: string) =>
      chains.find(({ retryModel, arrivalRate }) =>
        retryModel === model && arrivalRate === rate
      )!.measures.find(({ name }) => name === "jobs")!;
    const simulated = (model: string) => {
      const { estimate, low, high } = jobs(model).simulated;
      return `${fixed(estimate, 2)} (${fixed(low, 2)} to ${fixed(high, 2)})`;
    };
    return [
      String(rate),
      fixed(jobs("orbit").chain, 2),
      ...["orbit", "reference", "attempt"].map(simulated),
      percent(jobs("attempt").relativeError, 0),
    ];
  });
}

export function lineRows([document]: readonly unknown[]): string[][] {
  const { line } = document as QueueingSimulatorDocument;
  return line.map(({ time, means, errors }, i) => {
    const [, ...original] = ORIGINAL_QUEUES[i];
    return [
      String(time),
      ...means.flatMap((mean, server) => [
        `${fixed(mean, 1)} ± ${fixed(errors[server], 1)}`,
        String(original[server]),
      ]),
    ];
  });
}

export function windowRows([document]: readonly unknown[]): string[][] {
  const { windows } = document as QueueingSimulatorDocument;
  const { means } = windows.find(({ retryModel, rate }) =>
    retryModel === "reference" && rate === 9.7
  )!;
  return means.map((mean) => [
    mean.window.join("-"),
    fixed(mean.throughput, 2),
    `${fixed(mean.queueLength, 2)} ± ${fixed(mean.queueError, 2)}`,
    fixed(mean.latency, 1),
    fixed(mean.drops, 1),
    fixed(mean.retriedShare, 2),
  ]);
}

/** Windows of time that recoveries are shown in. */
export const RECOVERY_WINDOWS = [
  "500-4500",
  "4500-4600",
  "4600-4700",
  "4700-5000",
  "5000-6000",
  "6000-8000",
  "8000-10000",
];

export function recoveryRows([document]: readonly unknown[]): string[][] {
  const { windows } = document as QueueingSimulatorDocument;
  return windows.map(({ retryModel, rate, means }) => [
    `\`${retryModel}\` ${rate}`,
    ...RECOVERY_WINDOWS.map((window) =>
      fixed(means.find((one) => one.window.join("-") === window)!.goodput, 2)
    ),
    fixed(means.at(-1)!.stuckShare, 2),
  ]);
}

/** Simulation, Markov chain and learned model on the same questions. */
export function answerRows([document]: readonly unknown[]): string[][] {
  const { simulation, stationary, chain, learned } =
    document as AnalysisDocument;
  const shares = [simulation.stuckBefore, simulation.stuckAfter];
  return [
    [
      "mean queue in the long run",
      fixed(stationary.mean, 1),
      fixed(chain.meanQueue, 1),
      fixed(learned.restingQueue, 1),
    ],
    [
      "mean queue before the fault, and in the last tenth",
      `${fixed(simulation.level, 1)}, ${fixed(simulation.levelAfter, 1)}`,
      "",
      "",
    ],
    [
      "share of runs, or of time, nearly full: before, after",
      shares.map((share) => percent(share, 1)).join(", "),
      percent(chain.stuck, 1),
      "",
    ],
    [
      "mean time from a long queue to a short one",
      "",
      fixed(chain.highToLow, 0),
      "",
    ],
    [
      "mean time from a short queue to a long one",
      "",
      fixed(chain.lowToHigh, 0),
      "",
    ],
    [
      "how long the queue remembers (95 %)",
      remembered(stationary),
      fixed(chain.timescale, 0),
      interval(learned.autocorrelationTime),
    ],
    [
      "bound of settling within 5 jobs",
      "",
      "",
      fixed(learned.bound, 0),
    ],
  ];
}

export function mitigationRows([document]: readonly unknown[]): string[][] {
  const { mitigations } = document as AnalysisDocument;
  return mitigations.map((outcome) => [
    outcome.name,
    percent(outcome.notRecovered, 0),
    outcome.median === null ? "beyond the horizon" : fixed(outcome.median, 0),
    percent(outcome.inTimeBefore, 0),
    percent(outcome.inTimeAfter, 0),
    fixed(outcome.losses, 2),
  ]);
}

export function controlRows([document]: readonly unknown[]): string[][] {
  const { parts: [levers] } = document as QueueingDocument<
    Record<string, ControlOutcomes>
  >;
  const rows: string[][] = [];
  for (const [lever, outcomes] of Object.entries(levers)) {
    const agents = outcomes.filter(({ name }) => name.startsWith("PPO"));
    const rules = outcomes.filter((outcome) => !agents.includes(outcome));
    const worst = (of: (outcome: ControlOutcomes[number]) => number) =>
      Math.max(...agents.map(of));
    const agent = {
      name: `PPO, ${
        lever === "all" ? "all levers" : "admission alone"
      }, worst of ${agents.length} seeds`,
      median: worst(({ median }) => median ?? Infinity),
      notRecovered: worst(({ notRecovered }) => notRecovered),
      onTimeShare: -worst(({ onTimeShare }) => -onTimeShare),
      refusedShare: worst(({ refusedShare }) => refusedShare),
      extraThreads: worst(({ extraThreads }) => extraThreads),
    };
    for (const outcome of [...rules, agent]) {
      if (rows.some(([name]) => name === outcome.name)) continue;
      rows.push([
        outcome.name,
        Number.isFinite(outcome.median ?? Infinity)
          ? String(outcome.median)
          : "beyond the horizon",
        percent(outcome.notRecovered, 0),
        percent(outcome.onTimeShare, 1),
        fixed(outcome.refusedShare, 2),
        fixed(outcome.extraThreads, 3),
      ]);
    }
  }
  return rows;
}
