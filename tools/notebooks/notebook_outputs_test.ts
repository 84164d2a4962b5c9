import { assertEquals } from "@std/assert";
import { displayFigure } from "../../analysis/figures/display.ts";
import type { Figure } from "../../analysis/figures/figure.ts";
import { lineFigure } from "../../analysis/figures/line_figure.ts";
import { type Notebook, notebookOutputs } from "./notebook_outputs.ts";

function executed(...outputs: unknown[]): Notebook {
  return {
    cells: [{
      cell_type: "code",
      execution_count: 1,
      metadata: {
        execution: {
          "iopub.execute_input": "2026-01-01T00:00:00.000000Z",
          "shell.execute_reply": "2026-01-01T00:00:02.500000Z",
        },
      },
      outputs: outputs as Notebook["cells"][number]["outputs"],
      source: "",
    }],
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5,
  };
}

const shown = (figure: Figure) => ({
  output_type: "display_data",
  data: displayFigure(figure).mimeBundle(),
});

Deno.test("notebookOutputs() counts figures and tables", () => {
  const figure = lineFigure([{ name: "a", y: [1, 2] }]);
  const table = {
    output_type: "display_data",
    data: { "text/html": ["<table>\n", "</table>"] },
  };
  assertEquals(notebookOutputs(executed(shown(figure), table)), {
    cells: 1,
    figures: 1,
    tables: 1,
    slowestSeconds: 2.5,
    faults: [],
  });
});

Deno.test("notebookOutputs() finds figures without points or marks", () => {
  for (const y of [[], [NaN, NaN]]) {
    const { faults } = notebookOutputs(
      executed(shown(lineFigure([{ name: "a", y }]))),
    );
    assertEquals(faults.includes("cell 1: a figure has no points"), true);
  }
  const pie = shown({ data: [{ type: "pie", values: [1] }], layout: {} });
  assertEquals(notebookOutputs(executed(pie)).faults, [
    "cell 1: a figure has no drawing",
  ]);
  const figure = shown(lineFigure([{ name: "a", y: [1, 2] }]));
  figure.data["image/svg+xml"] = "<svg></svg>";
  assertEquals(notebookOutputs(executed(figure)).faults, [
    "cell 1: a figure's drawing has no marks",
  ]);
});

Deno.test("notebookOutputs() names errors, and cells that were not run", () => {
  const error = { output_type: "error", ename: "RangeError", evalue: "no" };
  assertEquals(notebookOutputs(executed(error)).faults, [
    "cell 1: RangeError: no",
  ]);
  const notebook = executed();
  const [cell] = notebook.cells;
  const waiting = { ...notebook, cells: [{ ...cell, execution_count: null }] };
  assertEquals(notebookOutputs(waiting).faults, ["cell 1: was not run"]);
});
