/**
 * What a controller tells people: a line while it runs, a table at the end.
 *
 * @module
 */
import { formatNumber, type Table } from "../../core/table.ts";
import type { ControlSummary } from "./controller.ts";

export type { ControlSummary, Table };

const round = (value: number) => formatNumber(Number(value.toPrecision(3)));

/**
 * The line while it runs.
 *
 * @param summary What was done so far.
 */
export function controllerLine(summary: ControlSummary): string {
  const { state, message, servers, decisions, fallbacks, missed } = summary;
  const { latency, weights: [low, high] } = summary;
  const parts: string[] = [state];
  if (servers > 0) parts.push(`${servers} servers`, `message ${message}`);
  parts.push(`${decisions} decisions`);
  if (latency.count > 0) {
    parts.push(`${round(latency.p50)} us (p99 ${round(latency.p99)})`);
  }
  if (high > 0) parts.push(`weights ${low.toFixed(2)} to ${high.toFixed(2)}`);
  if (fallbacks > 0) parts.push(`SED ${fallbacks} times`);
  if (missed > 0) parts.push(`${missed} missed`);
  return parts.join("  ");
}

/**
 * The closing table.
 *
 * @param summary What was done.
 */
export function controllerTable(summary: ControlSummary): Table {
  const { decisions, fallbacks, missed, dataPlanes, latency } = summary;
  return {
    columns: [
      { header: "decisions" },
      { header: "SED instead" },
      { header: "missed messages" },
      { header: "data planes" },
      { header: "median", unit: "us" },
      { header: "p99", unit: "us" },
      { header: "longest", unit: "us" },
    ],
    rows: [[
      decisions,
      fallbacks,
      missed,
      dataPlanes,
      latency.p50,
      latency.p99,
      latency.longest,
    ]],
  };
}
