/**
 * Settling times of learned models, as tables and figures.
 *
 * @module
 */
import type { Figure } from "../../analysis/figures/figure.ts";
import { lineFigure } from "../../analysis/figures/line_figure.ts";
import {
  type LearnedSettling,
  learnedSettling,
  type SettlingNorm,
} from "../../analysis/koopman/learned_settling.ts";
import {
  type KoopmanModel,
  koopmanModel,
} from "../../analysis/koopman/model.ts";
import type { Table } from "../../core/table.ts";

export type { Figure, KoopmanModel, LearnedSettling, SettlingNorm, Table };

/** How settling is measured. */
export interface SettleModelOptions {
  /** What has to be near. */
  readonly norm: SettlingNorm;
  /** The original's way: no bias, and in steps of 0.5. Default `default`. */
  readonly mode?: "default" | "reference";
}

/** Grid steps of the original in a learning step. */
const REFERENCE_STEPS = 10;

/**
 * Settling of a model from the states of its first series.
 *
 * @param model Throws `RangeError` where it does not settle.
 * @param deltas Distances, above 0.
 * @param options Norm and mode.
 */
export function settleModel(
  model: KoopmanModel,
  deltas: readonly number[],
  { norm, mode = "default" }: SettleModelOptions,
): LearnedSettling[] {
  if (mode === "default") return learnedSettling(model, deltas, { norm });
  const bias = new Float64Array(model.latent);
  const unbiased = koopmanModel({ ...model, bias }, model.data);
  const scale = REFERENCE_STEPS / model.interval;
  return learnedSettling(unbiased, deltas, { norm }).map((settled) => ({
    ...settled,
    mean: settled.mean * scale,
    standardDeviation: settled.standardDeviation * scale,
    times: settled.times.map((time) => time * scale),
  }));
}

/**
 * The slowest of several servers, band by band.
 *
 * @param servers Settling of each, with the same bands.
 */
export function jointSettling(
  servers: readonly (readonly LearnedSettling[])[],
): LearnedSettling[] {
  return servers[0].map((_, i) =>
    servers.map((settled) => settled[i]).reduce((slowest, other) =>
      other.mean > slowest.mean ? other : slowest
    )
  );
}

/** Settling of something that has a name. */
export interface NamedSettling {
  /** What settles. */
  readonly name: string;
  /** A line for each band. */
  readonly settled: readonly LearnedSettling[];
  /** Whether it lies on another's: dashed, without a band. Default not. */
  readonly dashed?: boolean;
}

function unitOf({ mode }: SettleModelOptions): string {
  return mode === "reference" ? "steps of 0.5" : "time units";
}

/**
 * Settling as a table.
 *
 * @param all Models.
 * @param options How it was measured.
 */
export function learnedTable(
  all: readonly NamedSettling[],
  options: SettleModelOptions,
): Table {
  const fixed = { format: (value: number) => value.toFixed(0) };
  const named = all.length > 1;
  return {
    title: `Time until the ${
      options.norm === "latent" ? "latent state" : "queue"
    } stays within delta of the fixed point, over first states (${
      unitOf(options)
    })`,
    columns: [
      ...(named ? [{ header: "model" }] : []),
      { header: "delta" },
      { header: "mean", ...fixed },
      { header: "deviation", ...fixed },
    ],
    rows: all.flatMap(({ name, settled }) =>
      settled.map(({ threshold, mean, standardDeviation }) => [
        ...(named ? [name] : []),
        threshold,
        mean,
        standardDeviation,
      ])
    ),
  };
}

/**
 * Mean and deviation over delta, a line for each model.
 *
 * @param all Models.
 * @param options How it was measured.
 */
export function learnedFigure(
  all: readonly NamedSettling[],
  options: SettleModelOptions,
): Figure {
  return lineFigure(
    all.map(({ name, settled, dashed }) => ({
      name,
      dash: dashed ? "dash" : undefined,
      x: settled.map(({ threshold }) => threshold),
      y: settled.map(({ mean }) => mean),
      ...(!dashed && {
        low: settled.map(({ mean, standardDeviation }) =>
          Math.max(0, mean - standardDeviation)
        ),
        high: settled.map(({ mean, standardDeviation }) =>
          mean + standardDeviation
        ),
      }),
      markers: true,
    })),
    {
      title:
        "Settling time of the learned model, mean and deviation over first states",
      // Time grows by the logarithm of one over delta.
      x: {
        log: true,
        title: options.norm === "latent"
          ? "delta (latent units)"
          : "delta (jobs)",
      },
      y: `Time (${unitOf(options)})`,
    },
  );
}
