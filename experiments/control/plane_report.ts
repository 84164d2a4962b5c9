/**
 * What a data plane tells people: a line while it runs, tables at the end.
 *
 * @module
 */
import { formatNumber, type Table } from "../../core/table.ts";
import type { EpisodeResults } from "../../envs/load_balancing/data_plane.ts";
import { OUTCOMES } from "../../envs/load_balancing/observers.ts";
import type { DataPlaneSummary } from "./data_plane_side.ts";

export type { DataPlaneSummary, EpisodeResults, Table };

const MS = 1000;

function milliseconds(seconds: number): string {
  return `${formatNumber(Number((MS * seconds).toPrecision(3)))} ms`;
}

/**
 * The line while it runs, about the last interval.
 *
 * @param summary What has happened so far.
 */
export function planeLine(summary: DataPlaneSummary): string {
  const { time, messages, steered, recent, lostSeconds } = summary;
  const { finished, failed, completionSeconds, jain } = recent;
  const parts = [
    `${time.toFixed(1)} s`,
    `message ${messages}`,
    steered > 0 ? "steered" : "own weights",
    `${finished} flows in ${milliseconds(completionSeconds)}`,
  ];
  if (failed > 0) parts.push(`${failed} failed`);
  parts.push(`Jain ${jain.toFixed(3)}`);
  if (lostSeconds > 0) {
    parts.push(`stood still for ${lostSeconds.toFixed(1)} s`);
  }
  return parts.join("  ");
}

/**
 * Completion times and ends.
 *
 * @param results Of all flows.
 */
export function planeTables(results: EpisodeResults): Table[] {
  const { completion, byKind, ended, failedShare, loads } = results;
  const kinds = byKind.length > 1 ? byKind : [];
  const rows = [{ name: "all", completion }, ...kinds];
  return [
    {
      title: "Completion times of flows",
      columns: [
        { header: "flows" },
        { header: "served" },
        ...["mean", "p50", "p90", "p95", "p99"].map((header) => ({
          header,
          unit: "ms",
        })),
      ],
      rows: rows.map(({ name, completion: c }) => [
        name,
        c.count,
        ...[c.mean, c.p50, c.p90, c.p95, c.p99].map((seconds) => MS * seconds),
      ]),
    },
    {
      columns: [
        ...OUTCOMES.map((header) => ({ header })),
        { header: "failed", unit: "%" },
        { header: "Jain" },
        { header: "product fairness" },
        { header: "over-provision" },
      ],
      rows: [[
        ...ended,
        100 * failedShare,
        loads.jain,
        loads.product,
        loads.overProvision,
      ]],
    },
  ];
}

/** What programs are told. */
export interface PlaneJson extends
  Pick<
    DataPlaneSummary,
    "time" | "messages" | "weightsTaken" | "lostSeconds"
  >,
  Pick<EpisodeResults, "flows" | "failedShare" | "completion" | "loads"> {
  /** Flows by how they ended. */
  ended: Record<string, number>;
  /** Completion times of each kind. */
  byKind: Record<string, EpisodeResults["completion"]>;
}

/**
 * The same for programs.
 *
 * @param summary What has happened.
 * @param results Of all flows, in seconds.
 */
export function planeJson(
  summary: DataPlaneSummary,
  results: EpisodeResults,
): PlaneJson {
  const { time, messages, weightsTaken, lostSeconds } = summary;
  const { flows, ended, failedShare, completion, byKind, loads } = results;
  return {
    time,
    messages,
    weightsTaken,
    lostSeconds,
    flows,
    ended: Object.fromEntries(OUTCOMES.map((name, i) => [name, ended[i]])),
    failedShare,
    completion,
    byKind: Object.fromEntries(
      byKind.map(({ name, completion }) => [name, completion]),
    ),
    loads,
  };
}
