/**
 * How the runs of a tree stand, for people.
 *
 * @module
 */
import { basename } from "@std/path";
import type { Table } from "../../core/table.ts";
import type { ObservedRun } from "./observe.ts";
import { RUN_STATES, type RunState } from "./run_status.ts";
import type { TreeManifest } from "./run_tree.ts";

/** ANSI colours of states: what waits is yellow, what failed red. */
const COLORS: Readonly<Record<RunState, number>> = {
  in_queue: 33,
  running: 34,
  finished: 32,
  error: 31,
  interrupted: 35,
  lost: 31,
};

function colored(state: RunState, isColored: boolean): string {
  return isColored ? `\x1b[${COLORS[state]}m${state}\x1b[39m` : state;
}

/** Seconds that a run took, or has taken by now; undefined before it began. */
export function runSeconds(run: ObservedRun): number | undefined {
  const { startedAt, endedAt } = run.status ?? {};
  if (startedAt === undefined) return undefined;
  const end = endedAt !== undefined
    ? Date.parse(endedAt)
    : run.state === "running"
    ? Date.now()
    : undefined;
  return end === undefined ? undefined : (end - Date.parse(startedAt)) / 1000;
}

function details(run: ObservedRun): string {
  const { progress } = run.status ?? {};
  const parts: string[] = [];
  if (run.state === "running" && progress !== undefined) {
    parts.push(`${Math.floor(100 * progress.done / progress.total)} %`);
  }
  const seconds = run.state === "in_queue" ? undefined : runSeconds(run);
  if (seconds !== undefined) parts.push(`${seconds.toFixed(1)} s`);
  if (run.note !== undefined) parts.push(run.note);
  return parts.length === 0 ? "" : `  ${parts.join(", ")}`;
}

/**
 * The tree of runs, a line each, with their states.
 *
 * @param manifest The tree's `simulation.json`.
 * @param runs From `observeRuns`.
 * @param options Whether states are coloured. Default false.
 */
export function statusTree(
  manifest: TreeManifest,
  runs: readonly ObservedRun[],
  options: { color?: boolean } = {},
): string {
  const { color = false } = options;
  const lines = [manifest.managerId];
  manifest.simulations.forEach(({ simulationId }, index) => {
    lines.push(`  ${simulationId}`);
    for (const run of runs) {
      if (run.simulationIndex !== index) continue;
      const name = run.folder === undefined
        ? `run_${run.run}`
        : basename(run.folder);
      lines.push(`    ${name}  ${colored(run.state, color)}${details(run)}`);
    }
  });
  return lines.join("\n");
}

/** How many runs are in each state. */
export function countStates(
  runs: readonly ObservedRun[],
): Record<RunState, number> {
  const counts = Object.fromEntries(
    RUN_STATES.map((state) => [state, 0]),
  ) as Record<RunState, number>;
  for (const { state } of runs) counts[state]++;
  return counts;
}

/**
 * A row for each simulation: how many of its runs are in each state.
 *
 * @param manifest The tree's `simulation.json`.
 * @param runs From `observeRuns`.
 */
export function statusTable(
  manifest: TreeManifest,
  runs: readonly ObservedRun[],
): Table {
  return {
    title: `Runs of ${manifest.managerId}`,
    columns: [
      { header: "simulation" },
      ...RUN_STATES.map((state) => ({ header: state })),
      { header: "mean time", unit: "s" },
    ],
    rows: manifest.simulations.map(({ simulationId }, index) => {
      const own = runs.filter((run) => run.simulationIndex === index);
      const counts = countStates(own);
      const times = own.filter(({ state }) => state === "finished")
        .map((run) => runSeconds(run) ?? 0);
      return [
        simulationId,
        ...RUN_STATES.map((state) => counts[state]),
        times.length === 0
          ? undefined
          : times.reduce((sum, time) => sum + time, 0) / times.length,
      ];
    }),
  };
}
