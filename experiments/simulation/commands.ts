/**
 * What `deno task simulate` does: run, status, logs, rerun, compare.
 *
 * @module
 */
import { commandOf, shellQuoted } from "../../core/command_names.ts";
import { basename, dirname, join } from "@std/path";
import {
  asUsageError,
  InterruptedError,
  type ScriptContext,
  type ScriptResult,
  UsageError,
} from "../../core/script.ts";
import { standardOutput } from "../../core/console_stream.ts";
import { defaultSimulation } from "./default_simulations.ts";
import { SimulationManager } from "./simulation_manager.ts";
import type { SingleSim } from "./single_sim.ts";
import {
  compareRuns,
  comparisonTable,
  writeComparisonPage,
} from "./comparison.ts";
import { followLogs, readLog } from "./logs.ts";
import { runOptions, type SimulateOptions, words } from "./command_options.ts";
import type { ObservedRun } from "./observe.ts";
import type { RunAllOptions } from "./run_all.ts";
import { isTree, readManifest } from "./run_tree.ts";
import { readSimulationList, setParameter } from "./simulation_list.ts";
import {
  countStates,
  runSeconds,
  statusTable,
  statusTree,
} from "./status_text.ts";

export type { SimulateOptions } from "./command_options.ts";

const LOOK_MS = 500;

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

async function simulationsOf(options: SimulateOptions): Promise<SingleSim[]> {
  const named = asUsageError(() =>
    words(options.simulations).map(defaultSimulation)
  );
  const listed = options.file === undefined
    ? []
    : await readSimulationList(options.file);
  if (named.length + listed.length > 0) return [...named, ...listed];
  throw new UsageError(
    `Cannot make ${
      JSON.stringify(options.tree)
    }: expected --simulations or --file to say what is run`,
  );
}

/** A run as messages call it: the simulation and the folder. */
function runName(folder: string): string {
  return `${basename(dirname(folder))}/${basename(folder)}`;
}

function openTree(options: SimulateOptions): SimulationManager {
  return new SimulationManager({ existingSimulation: options.tree });
}

/** The place of the simulation that is meant. */
function simulationIndex(
  manager: SimulationManager,
  options: SimulateOptions,
): number {
  const ids = manager.simulationList.map(({ simulationId }) => simulationId!);
  const { simulation } = options;
  const index = simulation === undefined
    ? (ids.length === 1 ? 0 : -1)
    : ids.includes(simulation)
    ? ids.indexOf(simulation)
    : /^\d+$/.test(simulation)
    ? Number(simulation)
    : -1;
  if (index >= 0 && index < ids.length) return index;
  throw new UsageError(
    `Cannot find the simulation ${
      JSON.stringify(simulation ?? "")
    }: expected --simulation with one of ${
      ids.map((id, i) => `${i} (${id})`).join(", ")
    }`,
  );
}

/** Shows progress and, with `follow`, what the runs print. */
function watchRuns(context: ScriptContext, options: SimulateOptions) {
  const started = new Set<string>();
  const follower = followLogs("run");
  const errors = followLogs("error");
  const show = (last: boolean) => {
    for (const folder of options.follow ? started : []) {
      for (const lines of [follower, errors]) {
        for (const line of lines.newLines(folder, last)) {
          context.note(`[${runName(folder)}] ${line}`);
        }
      }
    }
  };
  let progress: ReturnType<ScriptContext["progress"]> | undefined;
  let ended = 0;
  const timer = setInterval(() => show(false), LOOK_MS);
  const callbacks: Pick<RunAllOptions, "onBegin" | "onChange"> = {
    onBegin(total) {
      if (total === 0) return;
      progress = context.progress({ total, label: "Running", unit: "runs" });
    },
    onChange(folder, { state, message }) {
      started.add(folder);
      if (state === "error") {
        context.note(`${runName(folder)} failed: ${message}`);
      }
      if (state !== "running") progress?.update(++ended);
    },
  };
  return {
    callbacks,
    stop() {
      clearInterval(timer);
      show(true);
      progress?.finish();
    },
  };
}

function runJson(run: ObservedRun) {
  const { status } = run;
  return {
    simulation: status?.simulationId ?? null,
    run: run.run,
    state: run.state,
    note: run.note ?? null,
    folder: run.folder ?? null,
    seed: status?.seed ?? null,
    seconds: runSeconds(run) ?? null,
    progress: status?.progress ?? null,
  };
}

/** What is printed of runs; failed ones make the exit code 1. */
function statusResult(
  manager: SimulationManager,
  runs: readonly ObservedRun[],
): ScriptResult {
  const manifest = readManifest(manager.resultsPath);
  const { error, lost } = countStates(runs);
  const lines = error > 0
    ? [
      `${error} failed. Why: ${commandOf("simulate")} logs ${
        shellQuoted(basename(manager.resultsPath))
      } --simulation N`,
    ]
    : [];
  return {
    tables: [statusTable(manifest, runs)],
    lines,
    json: { managerId: manifest.managerId, runs: runs.map(runJson) },
    exitCode: error + lost > 0 ? 1 : 0,
  };
}

/** Makes a tree, or goes on with one, and runs what is not finished. */
export async function makeCommand(
  options: SimulateOptions,
  context: ScriptContext,
): Promise<ScriptResult> {
  const running = runOptions(options, context);
  let manager: SimulationManager;
  if (isTree(options.tree)) {
    if (options.simulations !== undefined || options.file !== undefined) {
      throw new UsageError(
        `Cannot make ${
          JSON.stringify(options.tree)
        } anew: it holds runs already; leave --simulations and --file out to go on with them, or choose another place`,
      );
    }
    manager = openTree(options);
  } else {
    manager = new SimulationManager({
      simulationList: await simulationsOf(options),
      runsPerSim: options.runsPerSim,
      managerId: options.tree,
      seed: options.seed,
    });
    await manager.generateSimPaths(running);
  }
  const watched = watchRuns(context, options);
  try {
    const runs = await manager.runAll({ ...running, ...watched.callbacks });
    return statusResult(manager, runs);
  } finally {
    watched.stop();
  }
}

/** Begins the runs of one simulation anew that are not finished. */
export async function rerunCommand(
  options: SimulateOptions,
  context: ScriptContext,
): Promise<ScriptResult> {
  const manager = openTree(options);
  const index = simulationIndex(manager, options);
  for (const assignment of words(options.set)) {
    asUsageError(() => setParameter(manager.simulationList[index], assignment));
  }
  const watched = watchRuns(context, options);
  try {
    const runs = await manager.rerunSimulation({
      ...runOptions(options, context),
      ...watched.callbacks,
      simulationIndex: index,
      all: options.all,
    });
    return statusResult(manager, runs);
  } finally {
    watched.stop();
  }
}

/** Shows how runs stand; with `follow` until none is under way. */
export async function statusCommand(
  options: SimulateOptions,
  context: ScriptContext,
): Promise<ScriptResult> {
  const manager = openTree(options);
  const manifest = readManifest(manager.resultsPath);
  let runs = await manager.observe();
  let shown = "";
  while (options.follow && !context.signal.aborted) {
    const text = statusTree(manifest, runs, { color: standardOutput().color });
    if (text !== shown) context.note(text);
    shown = text;
    if (!runs.some(({ state }) => state === "running")) break;
    await sleep(2 * LOOK_MS);
    runs = await manager.observe();
  }
  const result = statusResult(manager, runs);
  const { color } = standardOutput();
  return {
    ...result,
    lines: [statusTree(manifest, runs, { color }), ...result.lines ?? []],
    exitCode: 0,
  };
}

/** Shows a log of every run of a simulation; with `follow` as it grows. */
export async function logsCommand(
  options: SimulateOptions,
  context: ScriptContext,
): Promise<ScriptResult> {
  const manager = openTree(options);
  const index = simulationIndex(manager, options);
  const ofSimulation = async () =>
    (await manager.observe()).filter((run) => run.simulationIndex === index);
  const { logType } = options;
  const follower = followLogs(logType);
  while (options.follow && !context.signal.aborted) {
    const runs = await ofSimulation();
    const isOver = !runs.some(({ state }) =>
      state === "running" || state === "in_queue"
    );
    for (const { folder } of runs) {
      if (folder === undefined) continue;
      for (const line of follower.newLines(folder, isOver)) {
        console.log(`[${basename(folder)}] ${line}`);
      }
    }
    if (isOver) return { json: runs.map(runJson) };
    await sleep(LOOK_MS);
  }
  if (options.follow) throw new InterruptedError("Interrupted");
  const logs = (await ofSimulation()).map(({ folder, run, state }) => ({
    run: folder === undefined ? `run_${run}` : basename(folder),
    state,
    text: folder === undefined ? undefined : readLog(folder, logType),
  }));
  return {
    lines: logs.flatMap(({ run, state, text }) => [
      `${run} (${state}), ${logType}.log`,
      text === undefined ? "(it has not begun)" : text.trimEnd(),
      "",
    ]),
    json: logs,
  };
}

/** Compares the finished runs. */
export async function compareCommand(
  options: SimulateOptions,
): Promise<ScriptResult> {
  const { metric, lastShare, seed, out, tree } = options;
  const comparison = await compareRuns(tree, { metric, lastShare, seed });
  const lines = [...comparison.notes];
  if (out !== undefined) {
    const page = join(out, `comparison_${comparison.metric}.html`);
    await writeComparisonPage(page, comparison);
    lines.push(`Page: ${page}`);
  }
  return {
    tables: [comparisonTable(comparison)],
    lines,
    json: {
      metric: comparison.metric,
      confidence: comparison.confidence,
      notes: comparison.notes,
      simulations: comparison.simulations.map((each) => ({
        simulation: each.simulationId,
        runs: each.runs,
        scores: each.scores,
        mean: each.mean,
        interquartileMean: each.interquartileMean,
      })),
    },
  };
}
