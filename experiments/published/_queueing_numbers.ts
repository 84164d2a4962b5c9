/**
 * The published numbers of queues with retries.
 *
 * @module
 */
import type {
  AnalysisDocument,
  AutoencoderPart,
  ControlOutcomes,
  LearnedTimes,
  QueueingDocument,
  QueueingSimulatorDocument,
  TimescalePart,
} from "./documents.ts";
import {
  estimateOf,
  exactly,
  meanOf,
  type PublishedNumber,
} from "./numbers.ts";

function claimNumbers(document: unknown): PublishedNumber[] {
  const { claims } = document as QueueingDocument<unknown>;
  return claims.map(({ claim, reached }) => exactly(claim, reached));
}

export function controlNumbers(document: unknown): PublishedNumber[] {
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

/**
 * What was learned from each number of runs, the most first.
 *
 * @param part Learned times under `runs1000` and so on.
 */
export function learnedTimes(
  part: TimescalePart,
): { runs: string; learned: LearnedTimes }[] {
  return Object.entries(part)
    .filter(([name]) => /^runs\d/.test(name))
    .map(([name, learned]) => ({
      runs: name.slice("runs".length),
      learned: learned as LearnedTimes,
    }));
}

/** Bounds are in proportion to the slowest mode's time, and so their interval. */
function settlingNumbers(
  name: string,
  { timescale, settling }: LearnedTimes,
): PublishedNumber[] {
  const boundOf = (name: string, bound: number) => {
    const end = (end: number) => bound * end / timescale.estimate;
    return estimateOf(name, {
      estimate: bound,
      low: end(timescale.low),
      high: end(timescale.high),
    });
  };
  return settling.filter(({ resolvable }) => resolvable).flatMap((row) => {
    const of = `${name}, within ${row.epsilon}`;
    return [
      exactly(`${of}, settled`, row.empirical.time),
      boundOf(`${of}, bound`, row.bound),
      boundOf(`${of}, bound from the fault`, row.boundFromFault),
    ];
  });
}

export function timescaleNumbers(document: unknown): PublishedNumber[] {
  const { parts: [part] } = document as QueueingDocument<TimescalePart>;
  const { integrated, exponential } = part.autocorrelation;
  return [
    estimateOf("autocorrelation, integrated", integrated),
    estimateOf("autocorrelation, exponential", exponential),
    ...learnedTimes(part).flatMap(({ runs, learned }) => [
      estimateOf(`runs${runs}, timescale`, learned.timescale),
      estimateOf(
        `runs${runs}, autocorrelation time`,
        learned.autocorrelationTime,
      ),
      estimateOf(`runs${runs}, slow decay`, learned.slowDecay),
      ...settlingNumbers(`runs${runs}`, learned),
      ...learned.baselines.map(({ method, lag, timescale }) =>
        exactly(`runs${runs}, ${method}, lag ${lag}`, timescale)
      ),
    ]),
    ...claimNumbers(document),
  ];
}

export function autoencoderNumbers(document: unknown): PublishedNumber[] {
  const { parts: [{ reference }] } = document as QueueingDocument<
    AutoencoderPart
  >;
  const { fixedPoint: [queue, latency] } = reference;
  return [
    ...(["bestLoss", "modulus", "next", "timescale", "condition"] as const)
      .map((name) => exactly(name, reference[name])),
    exactly("fixed point, queue", queue),
    exactly("fixed point, latency", latency),
  ];
}

/** Numbers of a window of time that are published. */
const WINDOW_NUMBERS = [
  "throughput",
  "latency",
  "drops",
  "retriedShare",
  "goodput",
  "stuckShare",
] as const;

export function queueNumbers(document: unknown): PublishedNumber[] {
  const { windows, chains, line } = document as QueueingSimulatorDocument;
  return [
    ...windows.flatMap(({ retryModel, rate, means }) =>
      means.flatMap((mean) => {
        const of = `${retryModel} at ${rate}, ${mean.window.join(" to ")}`;
        return [
          exactly(`${of}, queue`, mean.queueLength),
          ...WINDOW_NUMBERS.map((name) =>
            exactly(`${of}, ${name}`, mean[name])
          ),
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
    ...line.flatMap(({ time, means }) =>
      means.map((mean, server) =>
        exactly(`server ${server + 1} in a line at ${time}`, mean)
      )
    ),
  ];
}

export function analysisNumbers(document: unknown): PublishedNumber[] {
  const { simulation, stationary, chain, learned, mitigations, phaseDiagram } =
    document as AnalysisDocument;
  const { loads, durations, stuck } = phaseDiagram;
  return [
    exactly("not recovered", simulation.recovery.censoredShare),
    ...(["level", "levelAfter", "stuckBefore", "stuckAfter"] as const)
      .map((name) => exactly(`simulation, ${name}`, simulation[name])),
    exactly("long runs, mean", stationary.mean),
    estimateOf("long runs, autocorrelation time", stationary.integrated),
    ...Object.entries(chain).map(([name, value]) =>
      exactly(`chain, ${name}`, value)
    ),
    estimateOf("learned, timescale", learned.timescale),
    estimateOf("learned, autocorrelation time", learned.autocorrelationTime),
    exactly("learned, resting queue", learned.restingQueue),
    exactly("learned, bound", learned.bound),
    ...mitigations.flatMap(({ name, ...outcome }) =>
      Object.entries(outcome).map(([what, value]) =>
        exactly(`${name}, ${what}`, value)
      )
    ),
    ...durations.flatMap((duration, i) =>
      loads.map((load, j) =>
        exactly(`down at ${load} after ${duration}`, stuck[i][j])
      )
    ),
  ];
}
