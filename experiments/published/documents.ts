/**
 * What the scripts that reproduce numbers print as JSON, as far as it is
 * published, and the files that keep it.
 *
 * @module
 */
import { readJsonFile } from "../../core/json_file.ts";
import type { Interval } from "../../analysis/statistics.ts";
import type { ContenderResult } from "../autoscaling/comparison.ts";
import type { ContenderOutcome } from "../load_balancing/comparison.ts";
import type { ScannedWeights } from "../load_balancing/weight_scan.ts";
import type { LineQueues } from "../queueing_data/line_queues.ts";
import type { FluidCheck } from "../sdn/fluid_check.ts";

export type {
  ContenderOutcome,
  ContenderResult,
  FluidCheck,
  Interval,
  LineQueues,
  ScannedWeights,
};

/** A file of docs/results: what a command printed, and when. */
export interface PublishedRun {
  /** Day of the run, as 2026-11-29. */
  readonly date: string;
  /** What printed it. */
  readonly command: string;
  /** What it printed. */
  readonly document: unknown;
}

/** Scores of trainings: `reproduce:autoscaling` and `:reference-envs`. */
export interface ScoresDocument {
  /** A line each: what was trained, which of its policies, a score a seed. */
  readonly scores: readonly {
    readonly name: string;
    readonly policy: string;
    readonly scores: readonly number[];
    readonly target: string;
    readonly reached?: boolean;
    readonly seconds: number;
  }[];
}

/** Scores on two devices: `reproduce:devices`. */
export interface DevicesDocument {
  /** A score a seed on both, and the probability of their difference. */
  readonly results: readonly {
    readonly part: string;
    readonly native: readonly number[];
    readonly wasm: readonly number[];
    readonly probability: number;
    readonly toldApart: boolean;
  }[];
}

/** Rules and learners on the same flows: `reproduce:load-balancing`. */
export interface LoadBalancingDocument {
  /** Everyone's numbers. */
  readonly outcomes: readonly ContenderOutcome[];
  /** Whether learners reached what they had to. */
  readonly verdicts: readonly {
    readonly name: string;
    readonly overSed: number;
    readonly reached: boolean;
  }[];
  /** Seconds of one training of each learner. */
  readonly seconds: Readonly<Record<string, number>>;
}

/** Constant weights: `reproduce:load-balancing-rewards`. */
export interface RewardsDocument {
  /** Times and rewards of each ratio of weights. */
  readonly scanned: readonly ScannedWeights[];
}

/** Policies that bring a service back, under one set of levers. */
export type ControlOutcomes = readonly {
  readonly name: string;
  readonly onTimeShare: number;
  readonly refusedShare: number;
  readonly extraThreads: number;
  readonly median: number | null;
  readonly medianLow: number | null;
  readonly medianHigh: number | null;
  readonly notRecovered: number;
}[];

/** `reproduce:queueing`, of one part each. */
export interface QueueingDocument<Part> {
  /** The part's numbers, alone in the list. */
  readonly parts: readonly Part[];
  /** What was to be reached. */
  readonly claims: readonly {
    claim: string;
    found: string;
    reached: boolean;
  }[];
}

/** Times learned from a number of runs, and their bound. */
export interface LearnedTimes {
  /** Of the slowest mode. */
  readonly timescale: Interval;
  /** Of the queue under the model. */
  readonly autocorrelationTime: Interval;
  /** Of the later part of its autocorrelation. */
  readonly slowDecay: Interval;
  /** Settling of the mean path after the fault, a band each. */
  readonly settling: readonly {
    readonly epsilon: number;
    readonly empirical: { readonly time: number };
    readonly bound: number;
    readonly boundFromFault: number;
    readonly resolvable: boolean;
  }[];
  /** Timescales of simpler methods. */
  readonly baselines: readonly {
    readonly method: string;
    readonly lag: number;
    readonly timescale: number;
  }[];
}

/** `--part timescale` of `reproduce:queueing`. */
export type TimescalePart = Readonly<Record<`runs${number}`, LearnedTimes>> & {
  /** Of long runs: the autocorrelation time, and its slow decay. */
  readonly autocorrelation: {
    readonly integrated: Interval;
    readonly exponential: Interval;
  };
};

/** `--part reference` of `reproduce:queueing`. */
export interface AutoencoderPart {
  /** The original's model. */
  readonly reference: {
    readonly bestLoss: number;
    readonly modulus: number;
    readonly next: number;
    readonly timescale: number;
    readonly condition: number;
    readonly fixedPoint: readonly number[];
  };
}

/** `analyse-metastability`. */
export interface AnalysisDocument {
  /** Simulation of the fault. */
  readonly simulation: {
    readonly recovery: { readonly censoredShare: number };
    readonly level: number;
    readonly levelAfter: number;
    readonly stuckBefore: number;
    readonly stuckAfter: number;
  };
  /** Long runs without it. */
  readonly stationary: {
    readonly integrated: Interval;
    readonly mean: number;
    readonly mixed: boolean;
    readonly longEnough: boolean;
  };
  /** The chain of the same system. */
  readonly chain: {
    readonly meanQueue: number;
    readonly stuck: number;
    readonly timescale: number;
    readonly highToLow: number;
    readonly lowToHigh: number;
  };
  /** The learned model. */
  readonly learned: {
    readonly timescale: Interval;
    readonly autocorrelationTime: Interval;
    readonly restingQueue: number;
    readonly bound: number;
  };
  /** What each mitigation buys. */
  readonly mitigations: readonly {
    readonly name: string;
    readonly notRecovered: number;
    readonly median: number | null;
    readonly inTimeBefore: number;
    readonly inTimeAfter: number;
    readonly losses: number;
  }[];
  /** Shares of runs that stay down, a row a duration. */
  readonly phaseDiagram: {
    readonly loads: readonly number[];
    readonly durations: readonly number[];
    readonly stuck: readonly (readonly number[])[];
  };
}

/** The fluid emulator beside packets: `check-fluid-emulator`. */
export interface FluidDocument {
  /** Loads, with lengths redrawn and kept. */
  readonly checks: readonly FluidCheck[];
}

/** What the first command of the README prints: `train-dqn`. */
export interface FirstResultDocument {
  /** Agent, rules and optimum on the same load, alone in the list. */
  readonly comparisons: readonly {
    readonly title: string;
    readonly policies: readonly Omit<ContenderResult, "firstEpisode">[];
  }[];
}

/** Learned routing: `reproduce:sdn`. */
export interface RoutingDocument {
  /** A policy each, with its numbers of every seed. */
  readonly lines: readonly {
    readonly name: string;
    readonly seeds: readonly { utilisation: number; gain: number }[];
    readonly gain: number;
    readonly gainHalfWidth: number | null;
    readonly classicGain: number;
    readonly utilisation: number;
  }[];
}

/** Models of arenas: `reproduce:arena`, of one part each. */
export interface ArenaDocument {
  /** Grid cells before and after learning. */
  readonly grids?: {
    readonly test: { lost: number; won: number; probability: number };
    readonly runs: readonly {
      readonly before: number;
      readonly after: number;
      readonly spacing: number;
      readonly meanRate: number;
      readonly peakRate: number;
    }[];
  };
  /** Spacings over those of the law. */
  readonly spacing?: readonly { set: string; ratios: readonly number[] }[];
  /** Learned successor matrices against the closed form. */
  readonly successor?: readonly {
    discount: number;
    meanSquare: number;
    expected: number;
    largestDifference: number;
  }[];
}

/** `reproduce:queueing-simulator`. */
export interface QueueingSimulatorDocument {
  /** Means before, during and after a trigger, of each case. */
  readonly windows: readonly {
    readonly retryModel: string;
    readonly rate: number;
    readonly means: readonly {
      readonly window: readonly number[];
      readonly queueLength: number;
      readonly queueError: number;
      readonly throughput: number;
      readonly latency: number;
      readonly drops: number;
      readonly retriedShare: number;
      readonly goodput: number;
      readonly stuckShare: number;
    }[];
  }[];
  /** The Markov chain beside the simulation. */
  readonly chains: readonly {
    readonly retryModel: string;
    readonly arrivalRate: number;
    readonly measures: readonly {
      readonly name: string;
      readonly chain: number;
      readonly simulated: Interval;
      readonly relativeError: number;
    }[];
  }[];
  /** Two servers in a line, as the original's first version has them. */
  readonly line: readonly LineQueues[];
}

/**
 * Reads a file of docs/results, or of `deno task reproduce`.
 *
 * @param path The file. Throws `SyntaxError` where it is none.
 */
export async function readPublishedRun(path: string): Promise<PublishedRun> {
  const run = await readJsonFile(path) as Partial<PublishedRun> | null;
  if (
    typeof run?.date !== "string" || typeof run.command !== "string" ||
    typeof run.document !== "object" || run.document === null
  ) {
    throw new SyntaxError(
      `Cannot read ${
        JSON.stringify(path)
      } as a published run: expected date, command and document`,
    );
  }
  return run as PublishedRun;
}
