/**
 * The three answers side by side, and what each assumes.
 *
 * @module
 */
import type { Cell, Table } from "../../core/table.ts";
import type { StationaryTimescale } from "../queueing_learning/stationary_timescale.ts";
import type { ChainAnswer } from "./chain_answer.ts";
import type { LearnedAnswer } from "./learned_answer.ts";
import type { FaultStudy } from "./simulation_answer.ts";

export type {
  ChainAnswer,
  FaultStudy,
  LearnedAnswer,
  StationaryTimescale,
  Table,
};

/** What the three methods said. */
export interface Answers {
  /** Simulation of the fault. */
  readonly simulation: FaultStudy;
  /** Simulation of long runs without it. */
  readonly stationary: StationaryTimescale;
  /** The chain, where it is a model of the system. */
  readonly chain: ChainAnswer | undefined;
  /** The learned model. */
  readonly learned: LearnedAnswer;
}

/** What each method assumes, in sentences. */
export const ASSUMPTIONS: readonly string[] = [
  "The simulation runs the system event by event, as it is. Its answers have the errors of a finite number of runs, and no run says anything of the time beyond the horizon: runs that have not recovered by then are counted and not averaged.",
  "The Markov chain knows a queue and an orbit of jobs that wait to retry. It takes service and all waits to be exponential, time-outs to be independent of each other given the queue's length, and lets a quarter of slow jobs count twice; it knows no deadline of a single request, no fault and no mitigation. Its numbers are exact for that system, which is another one.",
  "The learned model is an autoencoder with a linear, contracting step between encodings, trained on the simulated queue lengths alone. It takes the queue for the whole state and its dynamics for those of all times before and after the fault. Its bound is an estimate under that model: bi-Lipschitz constants are taken over pairs of the data, and a model that contracts towards one fixed point cannot say that there are two basins.",
];

function whole(value: number): Cell {
  return Number.isFinite(value) ? Math.round(value) : undefined;
}

/**
 * A time with its interval, where it has one.
 *
 * @param time Both.
 */
export function interval(
  { estimate, low, high }: { estimate: number; low: number; high: number },
): string {
  const text = estimate.toFixed(0);
  return Number.isFinite(low) && Number.isFinite(high)
    ? `${text} (${low.toFixed(0)} to ${high.toFixed(0)})`
    : text;
}

/**
 * The autocorrelation time, with what is to be known of it.
 *
 * @param stationary Of long runs.
 */
export function remembered(
  { integrated, mixed, longEnough }: Pick<
    StationaryTimescale,
    "integrated" | "mixed" | "longEnough"
  >,
): string {
  const text = interval(integrated);
  if (!mixed) return `${text} within a basin`;
  return longEnough ? text : `${text}, runs too short for it`;
}

/**
 * The answers as a table.
 *
 * @param answers What was found.
 * @param epsilon Half width of the band of the bound, jobs.
 */
export function answerTable(answers: Answers, epsilon: number): Table {
  const { simulation, stationary, chain, learned } = answers;
  const { recovery } = simulation;
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
  const median = Number.isFinite(recovery.median)
    ? interval({
      estimate: recovery.median,
      low: recovery.medianLow,
      high: recovery.medianHigh,
    })
    : "beyond the horizon";
  const { autocorrelationTime } = learned.learned;
  return {
    title: "Three answers",
    columns: [
      { header: "question" },
      { header: "simulation", align: "right" },
      { header: "Markov chain", align: "right" },
      { header: "learned model", align: "right" },
    ],
    rows: [
      [
        "mean queue in the long run",
        stationary.mean.toFixed(1),
        chain?.meanQueue.toFixed(1),
        learned.restingQueue.toFixed(1),
      ],
      [
        "mean queue before the fault, and in the last tenth",
        `${simulation.level.toFixed(1)}, ${simulation.levelAfter.toFixed(1)}`,
        undefined,
        undefined,
      ],
      [
        "share of runs, or of time, nearly full: before, after",
        `${percent(simulation.stuckBefore)}, ${percent(simulation.stuckAfter)}`,
        chain && percent(chain.stuck),
        undefined,
      ],
      [
        "not recovered within the horizon",
        percent(recovery.censoredShare),
        undefined,
        undefined,
      ],
      ["median time to recover", median, undefined, undefined],
      [
        "mean time from a long queue to a short one",
        undefined,
        chain && whole(chain.highToLow),
        undefined,
      ],
      [
        "mean time from a short queue to a long one",
        undefined,
        chain && whole(chain.lowToHigh),
        undefined,
      ],
      [
        "how long the queue remembers (95 %)",
        remembered(stationary),
        chain && whole(chain.timescale),
        interval(autocorrelationTime),
      ],
      [
        `bound of settling within ${epsilon} jobs`,
        undefined,
        undefined,
        whole(learned.bound.time(epsilon)),
      ],
      [
        "answers in time over requests: before, after",
        `${percent(simulation.goodputBefore)}, ${
          percent(simulation.goodputAfter)
        }`,
        undefined,
        undefined,
      ],
    ],
  };
}

/**
 * Whether the system can stay down, in a sentence.
 *
 * @param answers What was found.
 */
export function verdict({ simulation, stationary }: Answers): string {
  const { stuckBefore, stuckAfter, recovery } = simulation;
  if (stuckBefore >= 0.5) {
    return "The system is down before the fault already: it is overloaded by its own retries at this load, not metastable.";
  }
  if (stuckAfter >= 0.5) {
    return `The system is metastable: healthy before the fault, and still down at the horizon in ${
      (100 * stuckAfter).toFixed(0)
    } % of the runs though the fault is gone.`;
  }
  if (stuckAfter > stuckBefore + 0.05 || recovery.censoredShare > 0.05) {
    return `The system recovers slowly: ${
      (100 * recovery.censoredShare).toFixed(0)
    } % of the runs had not recovered by the horizon.`;
  }
  return stationary.mixed
    ? "The system recovers by itself within the horizon."
    : "The system recovered from this fault, but long runs that began overloaded have not forgotten it.";
}

/** One mitigation's outcome. */
export interface MitigationOutcome {
  /** What was changed. */
  readonly name: string;
  /** What came of it. */
  readonly study: FaultStudy;
}

/**
 * What each mitigation buys.
 *
 * @param outcomes The system as it is first.
 */
export function mitigationTable(
  outcomes: readonly MitigationOutcome[],
): Table {
  const percent = {
    unit: "%",
    format: (value: number) => (100 * value).toFixed(0),
  };
  return {
    title:
      "What each mitigation buys: recovery to the queue before the fault, answers in time and attempts lost per request",
    columns: [
      { header: "mitigation" },
      { header: "not recovered", ...percent },
      { header: "median time", align: "right" },
      { header: "in time before", ...percent },
      { header: "after", ...percent },
      { header: "losses", ...percent },
    ],
    rows: outcomes.map(({ name, study }) => [
      name,
      study.recovery.censoredShare,
      Number.isFinite(study.recovery.median)
        ? study.recovery.median.toFixed(0)
        : "beyond",
      study.goodputBefore,
      study.goodputAfter,
      study.lossesAfter,
    ]),
  };
}
