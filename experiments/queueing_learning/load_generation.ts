/**
 * Simulating one load among several.
 *
 * @module
 */
import { join } from "@std/path";
import type { ScriptContext } from "../../core/script.ts";
import { UsageError } from "../../core/usage_error.ts";
import { generate } from "../queueing_data/generation.ts";
import {
  faultTimes,
  systemOf,
  type SystemValues,
} from "../queueing_data/generator_options.ts";

export type { ScriptContext, SystemValues };

/** What is simulated. */
export type LoadGeneration = Omit<SystemValues, "rho"> & {
  /** Load in percent, which the file's name ends in. */
  suffix: string;
  /** Folder of the file. */
  folder: string;
  /** Runs. */
  runs: number;
  /** Time between points. */
  stepTime: number;
  /** Seed of all runs. */
  seed: number;
};

/**
 * Makes `discrete_results_{suffix}.npz`; rows are made in a temporary folder
 * and go.
 *
 * @param load What is simulated. Throws `UsageError` where its suffix is no load
 * in percent.
 * @param context The script's.
 */
export async function generateLoad(
  load: LoadGeneration,
  context: Pick<ScriptContext, "progress" | "signal">,
): Promise<void> {
  const rho = Number(load.suffix) / 100;
  if (!(rho > 0)) {
    throw new UsageError(
      `Cannot simulate the load ${
        JSON.stringify(load.suffix)
      }, expected a number of percent above 0`,
    );
  }
  const values = { ...load, rho };
  const { rhoFault = 10 * rho, rhoReset = rho } = values;
  const perLoad = load.threadPool / load.meanT;
  using shown = context.progress({
    total: load.runs,
    label: `Simulating load ${rho}`,
    unit: "runs",
  });
  const rows = await Deno.makeTempDir({ prefix: "loadstar_load_" });
  let done = 0;
  try {
    await generate({
      folder: rows,
      system: systemOf(values),
      runs: load.runs,
      seed: load.seed,
      horizon: load.simTime,
      step: load.stepTime,
      fault: faultTimes(values),
      rho,
      rates: [rho * perLoad, rhoFault * perLoad, rhoReset * perLoad],
      multi: false,
      pickles: false,
      piEvery: 1000,
      measureRuntime: false,
      jobs: 2,
      resume: false,
      signal: context.signal,
      onRun: () => shown.update(++done),
    });
    await Deno.mkdir(load.folder, { recursive: true });
    await Deno.copyFile(
      join(rows, "discrete_results_.npz"),
      join(load.folder, `discrete_results_${load.suffix}.npz`),
    );
  } finally {
    await Deno.remove(rows, { recursive: true });
  }
}
