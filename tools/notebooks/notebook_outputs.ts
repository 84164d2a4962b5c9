/**
 * What an executed notebook shows, and what is wrong with it.
 *
 * @module
 */
import { joined, type Notebook } from "./notebook_file.ts";

export type { Notebook };

/** MIME type of plotly's figures. */
const PLOTLY = "application/vnd.plotly.v1+json";

/** What an executed notebook came to. */
export interface NotebookOutputs {
  /** Code cells. */
  readonly cells: number;
  /** Figures shown. */
  readonly figures: number;
  /** Tables shown. */
  readonly tables: number;
  /** Seconds of the slowest cell; NaN where times were not noted. */
  readonly slowestSeconds: number;
  /** What is wrong, a line each. */
  readonly faults: readonly string[];
}

/** Whether a value, or a value within lists, can be drawn. */
function isThere(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isThere);
  return value !== null && value !== undefined && !Number.isNaN(value);
}

/** Whether a trace has a point: one that has all of its coordinates. */
function hasPoints({ x, y, z, values }: Record<string, unknown>): boolean {
  if (z !== undefined || values !== undefined) return isThere(z ?? values);
  const lists = [x, y].filter(Array.isArray);
  return lists.length > 0 &&
    lists[0].some((_, i) => lists.every((list) => isThere(list[i])));
}

/** What is wrong with one figure. */
function figureFaults(data: Readonly<Record<string, unknown>>): string[] {
  const { data: traces = [] } = data[PLOTLY] as {
    data?: Record<string, unknown>[];
  };
  const faults = traces.some(hasPoints) ? [] : ["a figure has no points"];
  const svg = data["image/svg+xml"];
  if (svg === undefined) return [...faults, "a figure has no drawing"];
  const marks = joined(svg as string | string[]).match(
    /<(?:path|polyline|polygon|circle|rect|image)\b/g,
  );
  return (marks?.length ?? 0) > 1
    ? faults
    : [...faults, "a figure's drawing has no marks"];
}

/** Seconds that a cell took, as nbclient notes them; NaN without. */
function secondsOf(metadata: Readonly<Record<string, unknown>>): number {
  const times = metadata.execution as Record<string, string> | undefined;
  const end = times?.["shell.execute_reply"];
  const begin = times?.["iopub.execute_input"];
  return (Date.parse(end ?? "") - Date.parse(begin ?? "")) / 1000;
}

/**
 * Looks at what a notebook shows.
 *
 * @param notebook An executed notebook.
 */
export function notebookOutputs(notebook: Notebook): NotebookOutputs {
  const faults: string[] = [];
  let figures = 0;
  let tables = 0;
  let slowestSeconds = NaN;
  const code = notebook.cells.filter((cell) => cell.cell_type === "code");
  for (const [index, cell] of code.entries()) {
    const seconds = secondsOf(cell.metadata);
    if (!(seconds <= slowestSeconds) && !Number.isNaN(seconds)) {
      slowestSeconds = seconds;
    }
    const fault = (text: string) => faults.push(`cell ${index + 1}: ${text}`);
    if ((cell.execution_count ?? 0) < 1) fault("was not run");
    for (const output of cell.outputs ?? []) {
      const { output_type, data = {} } = output;
      if (output_type === "error") fault(`${output.ename}: ${output.evalue}`);
      if (joined((data["text/html"] ?? "") as string).includes("<table")) {
        tables++;
      }
      if (data[PLOTLY] === undefined) continue;
      figures++;
      figureFaults(data).forEach(fault);
    }
  }
  return { cells: code.length, figures, tables, slowestSeconds, faults };
}
