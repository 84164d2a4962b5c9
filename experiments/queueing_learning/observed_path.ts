/**
 * The mean path of a queue, as a folder of generated data has it.
 *
 * @module
 */
import { join } from "@std/path";
import { readJsonFile } from "../../core/json_file.ts";
import { UsageError } from "../../core/usage_error.ts";
import type { QueueingOptions } from "../../envs/queueing/options.ts";
import { faultOf } from "./learning_data.ts";
import { type DiscreteResults, readDiscreteResults } from "./results_file.ts";
import type { ObservedPath } from "./settling_comparison.ts";

export type { DiscreteResults, ObservedPath };

/** Where a mean path is read from. */
export interface ObservedPathOptions {
  /** Folder of generated data. */
  readonly data: string;
  /** The file of means. Default `discrete_results_.npz` or `.pkl` in it. */
  readonly results?: string;
  /** Runs that they are of. Default: as many as there are files of rows. */
  readonly runs?: number;
}

/**
 * Reads means and their standard errors.
 *
 * @param options Where. Throws `UsageError` where the number of runs cannot be
 * told, and a one-line error that names the file for one that is damaged.
 */
export async function observedPath(
  options: ObservedPathOptions,
): Promise<{ path: ObservedPath; results: DiscreteResults }> {
  const names = filesOf(options.data);
  const file = options.results ?? join(
    options.data,
    names.includes("discrete_results_.npz") ||
      !names.includes("discrete_results_.pkl")
      ? "discrete_results_.npz"
      : "discrete_results_.pkl",
  );
  const results = await readDiscreteResults(file);
  const counted = names.filter((name) => /^\d+_exp_results\.csv$/.test(name));
  const runs = options.runs ?? counted.length;
  if (runs < 2) {
    throw new UsageError(
      `Cannot tell how many runs ${
        JSON.stringify(file)
      } is of, expected --runs, 2 or more`,
    );
  }
  const { step, queueMean, queueDeviation } = results;
  const horizon = (queueMean.length - 1) * step;
  return {
    results,
    path: {
      mean: queueMean,
      // The files' deviations have the divisor n.
      standardError: queueDeviation.map((x) => x / Math.sqrt(runs - 1)),
      interval: step,
      faultEnd: await faultEnd(options.data, names) ?? 0.46 * horizon,
      runs,
    },
  };
}

function filesOf(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name);
  } catch {
    return [];
  }
}

async function faultEnd(
  folder: string,
  names: readonly string[],
): Promise<number | undefined> {
  if (!names.includes("generation.json")) return undefined;
  const record = await readJsonFile(join(folder, "generation.json"));
  const { system } = Object(record) as { system?: QueueingOptions };
  return system && faultOf(system)?.end;
}
