/**
 * What learn-koopman prints.
 *
 * @module
 */
import {
  type SettlingBound,
  settlingBound,
} from "../../analysis/koopman/settling_bound.ts";
import type { Table } from "../../core/table.ts";
import type { LearnedKoopman } from "./koopman_training.ts";
import type { StationaryTimescale } from "./stationary_timescale.ts";
import type { Baselines } from "./timescale_baselines.ts";

export type {
  Baselines,
  LearnedKoopman,
  SettlingBound,
  StationaryTimescale,
  Table,
};

/**
 * Learned times beside those of simpler methods and of long runs.
 *
 * @param learned The model's.
 * @param baselines Of simpler methods.
 * @param stationary Of long runs, where there were any.
 */
export function timescaleTable(
  { timescale, autocorrelationTime, slowDecay, fromRuns, model }:
    LearnedKoopman,
  { timescales }: Baselines,
  stationary: StationaryTimescale | undefined,
): Table {
  const source = fromRuns ? "runs" : "means";
  const fixed = { format: (value: number) => value.toFixed(0) };
  return {
    title: "Slowest timescale, with 95 % intervals",
    columns: [
      { header: "method" },
      { header: "lag", ...fixed },
      { header: "timescale", ...fixed },
      { header: "low", ...fixed },
      { header: "high", ...fixed },
    ],
    rows: [
      row(
        `Koopman autoencoder (${model.kind}), from ${source}: slowest mode`,
        timescale,
      ),
      ...Number.isFinite(autocorrelationTime.estimate)
        ? [
          row("its autocorrelation time of the queue", autocorrelationTime),
          row("its slow decay (rho 0.5 to 0.1)", slowDecay),
        ]
        : [],
      ...timescales.map((
        { method, lag, timescale },
      ) => [method, lag, timescale]),
      ...stationary
        ? [
          row(
            "autocorrelation time of the queue, long runs",
            stationary.integrated,
          ),
          row(
            "slow decay of the queue (rho 0.5 to 0.1), long runs",
            stationary.exponential,
          ),
        ]
        : [],
    ].map((row) => [...row, ...Array(5 - row.length).fill(undefined)]),
  };
}

function row(
  name: string,
  { estimate, low, high }: { estimate: number; low: number; high: number },
) {
  return [name, undefined, estimate, low, high];
}

/**
 * The factors of a model's bound.
 *
 * @param learned The model.
 */
export function boundOf(
  { model }: LearnedKoopman,
): Omit<SettlingBound, "time" | "timeFrom" | "lowerFrom"> {
  const { lower, upper, diameter, condition, timescale, pairs } = settlingBound(
    model,
    { series: [-1] },
  );
  return { lower, upper, diameter, condition, timescale, pairs };
}

/**
 * What the model is, and the factors of its bound.
 *
 * @param learned The model.
 */
export function factorTable(learned: LearnedKoopman): Table {
  const { lower, upper, diameter, condition, pairs } = boundOf(learned);
  const { modulus } = learned.model.spectrum.eigenvalues[0];
  const fixedPoint = learned.model.decode(learned.model.fixedPoint);
  return {
    title: "The model, and the factors of its settling bound",
    columns: [{ header: "what" }, { header: "value" }],
    rows: [
      ["largest modulus of an eigenvalue of K", modulus],
      ["condition of the eigenvectors", condition],
      [`least stretch L' over ${pairs} pairs after the fault`, lower],
      ["greatest stretch L", upper],
      ["diameter of the data after the fault", diameter],
      ...learned.model.features.map((name, i) => [
        `fixed point, ${name}`,
        fixedPoint[i],
      ]),
    ],
  };
}

/**
 * What is to be known of the numbers.
 *
 * @param learned The model's times.
 * @param baselines Hold the Chapman-Kolmogorov test.
 * @param stationary Of long runs, where there were any.
 */
export function remarks(
  { timescale, autocorrelationTime }: LearnedKoopman,
  { largestDeviation, largestDifference }: Baselines,
  stationary: StationaryTimescale | undefined,
): string[] {
  const lines = Number.isNaN(largestDifference) ? [] : [
    `Chapman-Kolmogorov test of the Markov model: largest difference ${
      largestDifference.toFixed(3)
    }${
      Number.isFinite(largestDeviation)
        ? ` (${largestDeviation.toFixed(1)} standard errors)`
        : ""
    }`,
  ];
  if (!stationary) return lines;
  const { integrated, mixed, longEnough, fromEmpty, fromOverload } = stationary;
  const learned = Number.isFinite(autocorrelationTime.estimate)
    ? autocorrelationTime
    : timescale;
  const difference = 100 * (learned.estimate / integrated.estimate - 1);
  lines.push(
    `The learned time differs by ${
      difference.toFixed(0)
    } % from the autocorrelation time of long runs.`,
  );
  if (!longEnough) {
    lines.push(
      "The long runs last for less than ten autocorrelation times: its estimate is uncertain (--stationary-time).",
    );
  }
  if (!mixed) {
    lines.push(
      `The long runs have not forgotten how they began (mean queue ${
        fromEmpty.estimate.toFixed(1)
      } from empty, ${
        fromOverload.estimate.toFixed(1)
      } from an overload): the autocorrelation time is that within a basin, not that of leaving it.`,
    );
  }
  return lines;
}
