/**
 * Several figures in one.
 *
 * @module
 */
import type { Annotations, Layout, LayoutAxis, Shape } from "plotly.js";
import {
  LEGEND_ROW_HEIGHT,
  legendRows,
  styledTitle,
  topLegend,
} from "./_layout.ts";
import type { Figure, FigureLayout, Trace } from "./figure.ts";
import { colorScaleWidth, readColorScale } from "./_legend.ts";
import { planAxis } from "./_axis_marks.ts";
import { makePanels } from "./_panels.ts";
import { AXIS_TITLE_SIZE, TEXT_COLOR, TITLE_SIZE } from "./style.ts";

export type * from "./figure.ts";

/** What {@linkcode subplots} takes. */
export interface SubplotOptions {
  /** Above all of them. */
  title?: string;
  /** How many stand side by side. Default: 2, or 1 for a single figure. */
  columns?: number;
  /** Width in pixels. Default 480 a column. */
  width?: number;
  /** Height in pixels. Default 340 a row. */
  height?: number;
}

/** Where a figure's plotting area lies, in parts of the whole. */
interface Cell {
  x: [number, number];
  y: [number, number];
}

const EDGE = 12;

function suffix(index: number): string {
  return index === 0 ? "" : `${index + 1}`;
}

function titleOf(figure: Figure): string {
  const { title } = figure.layout as { title?: { text?: string } };
  return (title?.text ?? "").replace(/^<b>|<\/b>$/g, "");
}

/** Names in a figure's legend; none when it has no legend. */
function legendNames(figure: Figure): string[] {
  if (figure.layout.showlegend === false) return [];
  return figure.data
    .filter(({ showlegend, name }) =>
      showlegend !== false && name !== undefined
    )
    .map(({ name }) => name!);
}

/** What is seen of a legend entry, to find out whether two are the same. */
function legendKey(figure: Figure): string {
  return JSON.stringify(
    figure.data.filter(({ showlegend }) => showlegend !== false)
      .map(({ type, name, line, marker, mode }) => [
        type,
        name,
        (line as { color?: unknown; dash?: unknown } | undefined)?.color,
        (line as { color?: unknown; dash?: unknown } | undefined)?.dash,
        (marker as { color?: unknown } | undefined)?.color,
        mode,
      ]),
  );
}

/** Pixels that a figure's axes and scale need on each side. */
function surroundings(figure: Figure, size: [number, number]): {
  left: number;
  right: number;
  bottom: number;
} {
  const [panel] = makePanels(figure);
  const x = planAxis(panel.x, size[0]);
  const y = planAxis(panel.y, size[1]);
  const scale = readColorScale(panel);
  return {
    left: Math.max(y.depth, x.before),
    right: Math.max(
      x.after,
      scale === undefined ? 0 : colorScaleWidth(scale, size[1]),
    ),
    bottom: x.depth,
  };
}

/** A trace on its own axes. */
function movedTrace(
  trace: Trace,
  place: { index: number; shared: boolean; cell: Cell },
): Trace {
  const { index, shared, cell } = place;
  const moved: Trace = { ...trace };
  if (index > 0) {
    moved.xaxis = `x${suffix(index)}`;
    moved.yaxis = `y${suffix(index)}`;
  }
  if (shared && index > 0) moved.showlegend = false;
  if (!shared && index > 0) {
    (moved as { legend?: string }).legend = `legend${suffix(index)}`;
  }
  if (trace.legendgroup !== undefined && !shared) {
    moved.legendgroup = `${trace.legendgroup} ${index + 1}`;
  }
  if (trace.type === "heatmap") {
    moved.colorbar = {
      ...trace.colorbar,
      x: cell.x[1],
      y: (cell.y[0] + cell.y[1]) / 2,
      len: cell.y[1] - cell.y[0],
    } as Trace["colorbar"];
  }
  return moved;
}

function movedShape(shape: Partial<Shape>, index: number): Partial<Shape> {
  const ref = (given: string | undefined, letter: "x" | "y") =>
    given === "paper"
      ? `${letter}${suffix(index)} domain`
      : `${letter}${suffix(index)}`;
  return {
    ...shape,
    xref: ref(shape.xref, "x"),
    yref: ref(shape.yref, "y"),
  } as Partial<Shape>;
}

/**
 * Several figures in one, row after row, each with axes, title and legend of
 * its own. Where all have the same legend, it stands once above all.
 *
 * @param figures Figures with one pair of axes each, at least one. Throws
 * `RangeError` otherwise.
 * @param options Title, columns, size. Throws `RangeError` when `columns` is
 * not a whole number from 1.
 */
export function subplots(
  figures: readonly Figure[],
  options: SubplotOptions = {},
): Figure {
  const { columns: wanted = 2, title } = options;
  if (figures.length === 0) {
    throw new RangeError("Cannot arrange no figures, expected at least one");
  }
  if (!Number.isInteger(wanted) || wanted < 1) {
    throw new RangeError(
      `Cannot arrange figures in ${wanted} columns, expected a whole number from 1`,
    );
  }
  const columns = Math.min(wanted, figures.length);
  const rows = Math.ceil(figures.length / columns);
  const width = options.width ?? Math.max(720, 480 * columns);
  const height = options.height ?? 340 * rows + (title === undefined ? 0 : 30);
  const names = figures.map(legendNames);
  const shared = names[0].length > 0 &&
    figures.every((figure) => legendKey(figure) === legendKey(figures[0]));
  const cellWidth = width / columns - 90;
  const cellHeight = height / rows - 110;
  const around = figures.map((figure) =>
    surroundings(figure, [cellWidth, cellHeight])
  );
  const legendHeight = (index: number) =>
    shared ? 0 : legendRows(names[index], cellWidth) * LEGEND_ROW_HEIGHT;
  const heads = figures.map((figure, i) =>
    (titleOf(figure) === "" ? 0 : AXIS_TITLE_SIZE * 1.25 + 6) +
    (legendHeight(i) > 0 ? legendHeight(i) + 6 : 0)
  );
  const column = (index: number) => index % columns;
  const row = (index: number) => Math.floor(index / columns);
  const largest = (values: readonly number[], keep: (i: number) => boolean) =>
    Math.max(0, ...values.filter((_, i) => keep(i)));
  const lefts = around.map(({ left }) => left);
  const rights = around.map(({ right }) => right);
  const bottoms = around.map(({ bottom }) => bottom);
  const indexes = (count: number) => Array.from({ length: count }, (_, i) => i);
  const left = indexes(columns).map((c) =>
    largest(lefts, (i) => column(i) === c)
  );
  const right = indexes(columns).map((c) =>
    largest(rights, (i) => column(i) === c)
  );
  const bottom = indexes(rows).map((r) =>
    largest(bottoms, (i) => row(i) === r)
  );
  const top = indexes(rows).map((r) => largest(heads, (i) => row(i) === r));
  const sharedHeight = shared
    ? legendRows(names[0], width - 100) * LEGEND_ROW_HEIGHT + 8
    : 0;
  const margin = {
    l: left[0] + EDGE,
    r: right[columns - 1] + EDGE,
    t: EDGE + (title === undefined ? 0 : TITLE_SIZE * 1.25 + 10) +
      sharedHeight + top[0],
    b: bottom[rows - 1] + EDGE,
  };
  const paper = {
    width: width - margin.l - margin.r,
    height: height - margin.t - margin.b,
  };
  const gapsX = indexes(columns - 1).map((c) => right[c] + left[c + 1] + 16);
  const gapsY = indexes(rows - 1).map((r) => bottom[r] + top[r + 1] + 16);
  const sum = (values: readonly number[]) =>
    values.reduce((total, value) => total + value, 0);
  const panelWidth = Math.max(20, (paper.width - sum(gapsX)) / columns);
  const panelHeight = Math.max(20, (paper.height - sum(gapsY)) / rows);
  const cells = figures.map((_, i): Cell => {
    const [c, r] = [column(i), row(i)];
    const x0 = c * panelWidth + sum(gapsX.slice(0, c));
    const y1 = paper.height - (r * panelHeight + sum(gapsY.slice(0, r)));
    return {
      x: [x0 / paper.width, Math.min(1, (x0 + panelWidth) / paper.width)],
      y: [Math.max(0, (y1 - panelHeight) / paper.height), y1 / paper.height],
    };
  });
  return assemble(figures, {
    cells,
    shared,
    title,
    layout: { width, height, margin },
    legendHeight,
    titleShift: sharedHeight,
  });
}

function assemble(
  figures: readonly Figure[],
  plan: {
    cells: readonly Cell[];
    shared: boolean;
    title: string | undefined;
    layout: FigureLayout;
    legendHeight: (index: number) => number;
    titleShift: number;
  },
): Figure {
  const { cells, shared, title } = plan;
  const [first] = figures;
  const layout: FigureLayout = {
    font: first.layout.font,
    paper_bgcolor: "#ffffff",
    plot_bgcolor: "#ffffff",
    hovermode: "closest",
    ...plan.layout,
    showlegend: figures.some((figure) => figure.layout.showlegend !== false),
  };
  const named = layout as Record<string, unknown>;
  const annotations: Partial<Annotations>[] = [];
  const shapes: Partial<Shape>[] = [];
  figures.forEach((figure, index) => {
    const cell = cells[index];
    const [x, y] = [`x${suffix(index)}`, `y${suffix(index)}`];
    named[`xaxis${suffix(index)}`] = movedAxis(figure.layout.xaxis, cell.x, y);
    named[`yaxis${suffix(index)}`] = movedAxis(figure.layout.yaxis, cell.y, x);
    const legendHeight = plan.legendHeight(index);
    if (!shared && figure.layout.showlegend !== false) {
      named[`legend${suffix(index)}`] = topLegend(cell.x[0], cell.y[1]);
    }
    const text = titleOf(figure);
    if (text !== "") {
      annotations.push({
        text: `<b>${text}</b>`,
        x: cell.x[0],
        y: cell.y[1],
        xref: "paper",
        yref: "paper",
        xanchor: "left",
        yanchor: "bottom",
        yshift: 4 + (legendHeight > 0 ? legendHeight + 4 : 0),
        showarrow: false,
        font: { size: AXIS_TITLE_SIZE, color: TEXT_COLOR },
      } as Partial<Annotations>);
    }
    shapes.push(
      ...(figure.layout.shapes ?? []).map((shape) => movedShape(shape, index)),
    );
  });
  for (const key of ["barmode", "bargap", "bargroupgap"] as const) {
    const set = figures.find((figure) => figure.layout[key] !== undefined);
    if (set !== undefined) named[key] = set.layout[key];
  }
  if (shared) layout.legend = sharedLegend(annotations, plan);
  if (annotations.length > 0) layout.annotations = annotations;
  if (shapes.length > 0) layout.shapes = shapes;
  if (title !== undefined) {
    layout.title = styledTitle(title, EDGE);
  }
  return {
    data: figures.flatMap((figure, index) =>
      figure.data.map((trace) =>
        movedTrace(trace, { index, shared, cell: cells[index] })
      )
    ),
    layout,
  };
}

/** The one legend of all, above the titles of the first row. */
function sharedLegend(
  annotations: readonly Partial<Annotations>[],
  plan: { layout: FigureLayout },
): Layout["legend"] {
  const { height = 1, margin } = plan.layout;
  const paperHeight = height - (margin?.t ?? 0) - (margin?.b ?? 0);
  const above = annotations.length > 0 ? AXIS_TITLE_SIZE * 1.25 + 6 : 0;
  return topLegend(0, 1 + (above + 2) / paperHeight)!;
}

function movedAxis(
  axis: Partial<LayoutAxis> | undefined,
  domain: [number, number],
  anchor: string,
): Partial<LayoutAxis> {
  return {
    ...axis,
    domain,
    anchor: anchor as LayoutAxis["anchor"],
    automargin: false,
  };
}
