/**
 * What the scripts that generate queueing data have in common.
 *
 * @module
 */
import {
  booleanOption,
  integerOption,
  numberOption,
  type Option,
  type OptionValues,
  pathOption,
} from "../../core/options.ts";
import {
  InterruptedError,
  type ScriptContext,
  type ScriptResult,
} from "../../core/script.ts";
import { userPath } from "../../core/paths.ts";
import { UsageError } from "../../core/usage_error.ts";
import type { Table } from "../../core/table.ts";
import { generate, type Generation } from "./generation.ts";
import {
  faultTimes,
  systemOf,
  type SystemValues,
} from "./generator_options.ts";

export type { Option, OptionValues, ScriptContext, ScriptResult, SystemValues };

/** Options about files and runs, by name. */
export type RunScriptOptions = {
  /** Independent runs. */
  runs: Option<number>;
  /** Time between points of the summary. */
  step_time: Option<number>;
  /** Whether pickles are written. */
  genpkl: Option<boolean>;
  /** Points between entries of `pi`. */
  pi_every: Option<number>;
  /** Whether the clock is read. */
  runtime: Option<boolean>;
  /** Most seconds by the clock. */
  total_time: Option<number | undefined>;
  /** Runs at a time. */
  jobs: Option<number>;
  /** Whether finished runs are kept. */
  resume: Option<boolean>;
  /** Folder of the files. */
  out: Option<string>;
};

/** Options about files and runs: spread them into a script's own. */
export const runScriptOptions: RunScriptOptions = {
  runs: integerOption({
    description: "Independent runs.",
    default: 100,
    minimum: 1,
  }),
  step_time: numberOption({
    description: "Time between points of the summary.",
    default: 0.5,
    exclusiveMinimum: 0,
    unit: "time units",
  }),
  genpkl: booleanOption({
    description: "Writes the original's pickles as well.",
  }),
  pi_every: integerOption({
    description:
      "Points of the summary between two distributions in pi; the original's is 1.",
    default: 10,
    minimum: 1,
  }),
  runtime: booleanOption({
    description:
      "Measures the column runtime, in seconds; else it is 0, and files are the same each time.",
  }),
  total_time: numberOption({
    description: "Stops after this time by the clock. Default: never.",
    minimum: 0,
    unit: "seconds",
  }),
  jobs: integerOption({
    description: "Runs at a time; files do not depend on it.",
    default: 2,
    minimum: 1,
  }),
  resume: booleanOption({
    description: "Keeps finished runs and makes only those that are missing.",
  }),
  out: pathOption({
    description: "Folder of the files.",
    placeholder: "DIR",
    default: ".",
  }),
};

/** The values of {@linkcode runScriptOptions}, and the seed. */
export type RunValues = OptionValues<RunScriptOptions> & {
  /** Seed of all runs. */
  seed: number;
};

function windowTable(
  { summaries }: Generation,
  { fault: [start, end], horizon }: {
    fault: readonly [number, number];
    horizon: number;
  },
): Table {
  const windows: [string, number, number][] = [
    ["before the fault", start / 10, start],
    ["fault", start, end],
    ["the tenth after it", end, end + (horizon - end) / 10],
    ["the last tenth", horizon - (horizon - end) / 10, Infinity],
  ];
  const rows = summaries.flatMap(({ curves }, server) =>
    windows.map(([name, from, to]) => {
      const inside = curves.time.map((time, i) =>
        time >= from && time < to ? i : -1
      )
        .filter((i) => i >= 0);
      const mean = (values: number[]) =>
        inside.reduce((sum, i) => sum + values[i], 0) / inside.length;
      return [server + 1, name, mean(curves.queueLength), mean(curves.latency)];
    })
  );
  return {
    title: "Means over runs",
    columns: [
      { header: "server" },
      { header: "window" },
      { header: "queue length" },
      { header: "latency" },
    ],
    rows,
  };
}

/**
 * Generates what the options say, and says what was generated.
 *
 * @param values Options of the system and of the runs.
 * @param context The script's.
 * @param servers How many servers. Default: one, whose files have plain names.
 */
export async function runGenerator(
  values: SystemValues & RunValues,
  context: Pick<ScriptContext, "signal" | "progress">,
  servers?: number,
): Promise<ScriptResult> {
  const { rho, rhoFault = 10 * rho, rhoReset = rho } = values;
  const fault = faultTimes(values);
  if (values.stepTime > values.simTime) {
    throw new UsageError(
      `Cannot sample each ${values.stepTime} time units of a run of ${values.simTime}: expected a --step-time within it`,
    );
  }
  const system = systemOf(values, servers);
  const perLoad = values.threadPool / values.meanT;
  const signals = [context.signal];
  if (values.totalTime !== undefined) {
    signals.push(AbortSignal.timeout(values.totalTime * 1000));
  }
  const signal = AbortSignal.any(signals);
  using progress = context.progress({
    total: values.runs,
    label: "Simulating",
    unit: "runs",
  });
  let done = 0;
  const generation = await generate({
    folder: userPath(values.out),
    system,
    runs: values.runs,
    seed: values.seed,
    horizon: values.simTime,
    step: values.stepTime,
    fault,
    rho,
    rates: [rho * perLoad, rhoFault * perLoad, rhoReset * perLoad],
    multi: servers !== undefined,
    pickles: values.genpkl,
    piEvery: values.piEvery,
    measureRuntime: values.runtime,
    jobs: values.jobs,
    resume: values.resume,
    signal,
    onRun: () => progress.update(++done),
  }).catch((error) => {
    if (!signal.aborted || error !== signal.reason) throw error;
    throw new InterruptedError(
      `Stopped after ${done} of ${values.runs} runs, which are kept in "${values.out}": go on with --resume and the same options`,
    );
  });
  const { reports, files } = generation;
  const rows = reports.reduce((sum, report) => sum + report.rows, 0);
  const kept = reports.filter(({ reused }) => reused).length;
  const table = windowTable(generation, { fault, horizon: values.simTime });
  return {
    tables: [table],
    lines: [
      `${reports.length} runs (${kept} kept), ${rows} rows: ${values.out}`,
      ...files.map((path) => `Wrote ${path}`),
      ...(generation.summaries.some(({ sequences }) => !("pi" in sequences))
        ? [
          "Left pi out, which would take more than 1 GiB: a larger --pi-every makes it smaller",
        ]
        : []),
    ],
    json: {
      runs: reports.length,
      kept,
      rows,
      folder: values.out,
      files,
      means: table.rows,
    },
  };
}
