/**
 * What a cell of a notebook shows.
 *
 * @module
 */
import { displayFigure } from "../../analysis/figures/display.ts";
import type { Figure } from "../../analysis/figures/figure.ts";
import { formatTable, type Table } from "../../core/table.ts";
import { tableHtml } from "../../core/table_html.ts";
import { type NotebookKernel, notebookKernel, settle } from "./kernel.ts";

export type { Figure, NotebookKernel, Table };

/** A figure, a table, or a paragraph of Markdown. */
export type Shown = Figure | Table | string;

/** A value by MIME type; notebooks show the richest that they know. */
function mimeBundle(item: Shown): Record<string, unknown> {
  if (typeof item === "string") {
    return { "text/markdown": item, "text/plain": item };
  }
  if ("columns" in item) {
    return { "text/html": tableHtml(item), "text/plain": formatTable(item) };
  }
  return displayFigure(item).mimeBundle();
}

/**
 * Shows figures, tables and paragraphs in the cell that is running, one below
 * the other. Figures are shown by plotly where the notebook has it (VS Code
 * does, JupyterLab with its extension), and as drawings elsewhere.
 *
 * A cell's last value would be shown as well, but may come too late and be lost:
 * see `settle`. Outside a notebook texts are printed and figures passed over.
 *
 * @param items What is shown. Throws `TypeError` for a table with a row that
 * has not one value a column.
 */
export async function show(...items: readonly Shown[]): Promise<void> {
  await showIn(notebookKernel(), items);
}

/**
 * {@linkcode show} by a kernel of one's own, for tests.
 *
 * @param kernel Where messages go; undefined prints.
 * @param items What is shown.
 */
export async function showIn(
  kernel: NotebookKernel | undefined,
  items: readonly Shown[],
): Promise<void> {
  for (const item of items) {
    const data = mimeBundle(item);
    if (kernel) {
      await kernel.broadcast("display_data", {
        data,
        metadata: {},
        transient: {},
      });
    } else if (data["text/plain"] !== undefined) {
      console.log(data["text/plain"]);
    }
  }
  if (kernel) await settle();
}
