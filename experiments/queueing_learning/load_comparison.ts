/**
 * The same fault at several loads.
 *
 * @module
 */
import { join } from "@std/path";
import type { Figure } from "../../analysis/figures/figure.ts";
import { lineFigure } from "../../analysis/figures/line_figure.ts";
import type { Table } from "../../core/table.ts";
import { type DiscreteResults, readDiscreteResults } from "./results_file.ts";

export type { DiscreteResults, Figure, Table };

/** Results at one load. */
export interface LoadResults {
  /** What the legend calls it. */
  readonly name: string;
  /** The file that they were read from. */
  readonly path: string;
  /** Means over runs. */
  readonly results: DiscreteResults;
}

const POINTS = 1000;

/**
 * Reads `{prefix}{suffix}.npz`, or `.pkl` where there is none, for each suffix.
 *
 * @param folder Where they lie.
 * @param options Suffixes and what stands before them. Files that are not there
 * are listed in the result.
 */
export async function readLoadResults(
  folder: string,
  options: { prefix: string; suffixes: readonly string[] },
): Promise<{ found: LoadResults[]; missing: string[] }> {
  const found: LoadResults[] = [];
  const missing: string[] = [];
  for (const suffix of options.suffixes) {
    const stem = join(folder, `${options.prefix}${suffix}`);
    const path = await firstFile([`${stem}.npz`, `${stem}.pkl`]);
    if (path === undefined) missing.push(suffix);
    else {
      const results = await readDiscreteResults(path);
      found.push({ name: `load ${results.rho}`, path, results });
    }
  }
  return { found, missing };
}

async function firstFile(
  paths: readonly string[],
): Promise<string | undefined> {
  for (const path of paths) {
    try {
      if ((await Deno.stat(path)).isFile) return path;
    } catch {
      // Not there: the next one may be.
    }
  }
  return undefined;
}

/**
 * Curves of all loads over time.
 *
 * @param all Results.
 * @param options Which curve, and when the fault was.
 */
export function loadFigure(
  all: readonly LoadResults[],
  options: { curve: "queue" | "latency"; fault?: readonly [number, number] },
): Figure {
  const { curve, fault } = options;
  const label = curve === "queue" ? "Average queue length" : "Average latency";
  return lineFigure(
    all.map(({ name, results }) => {
      const values = curve === "queue"
        ? results.queueMean
        : results.latencyMean;
      const every = Math.max(1, Math.floor(values.length / POINTS));
      const kept = (_: unknown, i: number) => i % every === 0;
      return {
        name,
        x: values.map((_, i) => i * results.step).filter(kept),
        y: values.filter(kept),
      };
    }),
    {
      title: `${label} by load`,
      x: "Time",
      y: label,
      verticalLines: (fault ?? []).map((value, i) => ({
        value,
        label: i === 0 ? "fault" : undefined,
      })),
    },
  );
}

/**
 * Levels before, during and after the fault.
 *
 * @param all Results.
 * @param fault When it was.
 */
export function loadTable(
  all: readonly LoadResults[],
  fault: readonly [number, number],
): Table {
  const fixed = { format: (value: number) => value.toFixed(2) };
  return {
    title: "Mean queue length and latency",
    columns: [
      { header: "load" },
      { header: "queue before", ...fixed },
      { header: "fault", ...fixed },
      { header: "at the end", ...fixed },
      { header: "latency before", ...fixed },
      { header: "at the end", ...fixed },
    ],
    rows: all.map(({ results }) => {
      const { step, queueMean, latencyMean, rho } = results;
      const end = (queueMean.length - 1) * step;
      const level = (values: Float64Array, from: number, to: number) => {
        const part = values.subarray(
          Math.ceil(from / step),
          Math.max(Math.ceil(from / step) + 1, Math.floor(to / step)),
        );
        return part.reduce((sum, value) => sum + value, 0) / part.length;
      };
      const [start, stop] = fault;
      return [
        rho,
        level(queueMean, start / 2, start),
        level(queueMean, start, stop),
        level(queueMean, end - (end - stop) / 10, end),
        level(latencyMean, start / 2, start),
        level(latencyMean, end - (end - stop) / 10, end),
      ];
    }),
  };
}
