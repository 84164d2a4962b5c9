/** The layout that all builders share. */
import type { LayoutAxis, Shape } from "plotly.js";
import { measureText } from "./_text.ts";
import { finiteExtent } from "./_values.ts";
import type { AxisOptions, FigureLayout, FigureOptions } from "./figure.ts";
import {
  AXIS_COLOR,
  AXIS_TITLE_SIZE,
  DEFAULT_WIDTH,
  FONT_FAMILY,
  FONT_SIZE,
  GRID_COLOR,
  TEXT_COLOR,
  TITLE_SIZE,
} from "./style.ts";

/** The text of an axis title. */
function axisTitle({ title = "", unit }: AxisOptions): string {
  return unit === undefined ? title : `${title} (${unit})`;
}

function checkAxis(axis: AxisOptions, name: string): void {
  const { range, log } = axis;
  if (range === undefined) return;
  const [low, high] = range;
  if (!Number.isFinite(low) || !Number.isFinite(high) || low === high) {
    throw new RangeError(
      `Cannot show the ${name} axis from ${low} to ${high}, expected two different finite numbers`,
    );
  }
  if (log && !(low > 0 && high > 0)) {
    throw new RangeError(
      `Cannot show a logarithmic ${name} axis from ${low} to ${high}, expected positive numbers`,
    );
  }
}

/**
 * plotly's axis in the house's style.
 *
 * @param name `"x"` or `"y"`, for messages.
 * @param given The axis, or its title. Throws `RangeError` for a range that
 * cannot be shown.
 * @param values What lies along the axis, to choose the number format.
 */
export function styledAxis(
  name: "x" | "y",
  given: AxisOptions | string = {},
  values: Iterable<number | null> = [],
): Partial<LayoutAxis> {
  const options = typeof given === "string" ? { title: given } : given;
  checkAxis(options, name);
  const [low, high] = finiteExtent(values);
  const largest = Math.max(Math.abs(low), Math.abs(high));
  const axis: Partial<LayoutAxis> = {
    title: {
      text: axisTitle(options),
      standoff: name === "x" ? 10 : 12,
      font: { size: AXIS_TITLE_SIZE },
    },
    type: options.log ? "log" : "linear",
    automargin: true,
    showline: true,
    linecolor: AXIS_COLOR,
    linewidth: 1,
    ticks: "outside",
    ticklen: 5,
    tickcolor: AXIS_COLOR,
    gridcolor: GRID_COLOR,
    zeroline: false,
    exponentformat: !options.log && largest >= 1e4 ? "SI" : "power",
  };
  if (options.range !== undefined) {
    axis.range = options.log
      ? options.range.map(Math.log10)
      : [...options.range];
  }
  return axis;
}

/** Lines across the figure, as plotly's shapes with labels. */
function referenceShapes(options: FigureOptions): Partial<Shape>[] {
  const line = { color: AXIS_COLOR, width: 1.2, dash: "dash" as const };
  const label = (text = "") => ({
    text,
    textposition: "end" as const,
    font: { size: FONT_SIZE - 1, color: AXIS_COLOR },
  });
  const shapes: Partial<Shape>[] = [];
  for (const { value, label: text } of options.horizontalLines ?? []) {
    shapes.push({
      type: "line",
      xref: "paper",
      yref: "y",
      x0: 0,
      x1: 1,
      y0: value,
      y1: value,
      line,
      label: { ...label(text), yanchor: "bottom" },
    } as Partial<Shape>);
  }
  for (const { value, label: text } of options.verticalLines ?? []) {
    shapes.push({
      type: "line",
      xref: "x",
      yref: "paper",
      x0: value,
      x1: value,
      y0: 0,
      y1: 1,
      line,
      label: { ...label(text), textangle: 0, xanchor: "left" },
    } as Partial<Shape>);
  }
  return shapes;
}

/**
 * How many rows a horizontal legend takes. Like plotly, it sets the entries
 * in columns of equal width when they do not fit one row.
 *
 * @param names The entries.
 * @param width Width in pixels that there is.
 */
export function legendRows(names: readonly string[], width: number): number {
  if (names.length === 0) return 0;
  const widths = names.map((name) => legendEntryWidth(name));
  if (widths.reduce((sum, one) => sum + one, 0) <= width) return 1;
  const columns = Math.max(1, Math.floor(width / Math.max(...widths)));
  return Math.ceil(names.length / columns);
}

/**
 * Width of a legend's entry in pixels: sample, name and the space behind it.
 *
 * @param name The entry's text.
 */
export function legendEntryWidth(name: string): number {
  return 36 + measureText(name, FONT_SIZE).width + 16;
}

/** Height of a legend's row, in pixels. */
export const LEGEND_ROW_HEIGHT = 20;

/** Whether the legend stands above, beside or nowhere. */
function legendPlace(
  names: readonly string[],
  options: FigureOptions,
): "top" | "right" | "none" {
  if (options.legend !== undefined) return options.legend;
  if (names.length < 2) return "none";
  const width = (options.width ?? DEFAULT_WIDTH) - 100;
  return legendRows(names, width) <= 2 ? "top" : "right";
}

/** plotly's legend above the rectangle whose upper edge is at `y`. */
export function topLegend(x: number, y: number): FigureLayout["legend"] {
  return {
    orientation: "h",
    x,
    xanchor: "left",
    y,
    yanchor: "bottom",
    font: { size: FONT_SIZE },
    bgcolor: "rgba(255,255,255,0)",
  };
}

/**
 * The layout of a figure in the house's style.
 *
 * @param options What the builder was given.
 * @param content The names in the legend, and what lies along the axes.
 */
export function styledLayout(
  options: FigureOptions,
  content: {
    names: readonly string[];
    x?: Iterable<number | null>;
    y?: Iterable<number | null>;
  },
): FigureLayout {
  for (const side of ["width", "height"] as const) {
    const size = options[side];
    if (size !== undefined && !(size >= 100 && size <= 10_000)) {
      throw new RangeError(
        `Cannot make a figure with a ${side} of ${size} pixels, expected 100 to 10000`,
      );
    }
  }
  const place = legendPlace(content.names, options);
  const rows = place === "top"
    ? legendRows(content.names, (options.width ?? DEFAULT_WIDTH) - 100)
    : 0;
  const { title } = options;
  const titleLines = title === undefined ? 0 : title.split(/<br\s*\/?>/).length;
  const layout: FigureLayout = {
    font: { family: FONT_FAMILY, size: FONT_SIZE, color: TEXT_COLOR },
    paper_bgcolor: "#ffffff",
    plot_bgcolor: "#ffffff",
    margin: {
      l: 64,
      r: 24,
      t: 18 + titleLines * 24 + rows * (LEGEND_ROW_HEIGHT + 2),
      b: 56,
    },
    xaxis: styledAxis("x", options.x, content.x),
    yaxis: styledAxis("y", options.y, content.y),
    showlegend: place !== "none",
    hovermode: "closest",
  };
  if (place === "top") layout.legend = topLegend(0, 1.01);
  if (place === "right") {
    layout.legend = { orientation: "v", x: 1.02, xanchor: "left", y: 1 };
  }
  if (title !== undefined) {
    layout.title = styledTitle(title, 12);
  }
  const shapes = referenceShapes(options);
  if (shapes.length > 0) layout.shapes = shapes;
  if (options.width !== undefined) layout.width = options.width;
  if (options.height !== undefined) layout.height = options.height;
  return layout;
}

/**
 * A figure's title: bold, at the left end of the panels.
 *
 * @param text The title.
 * @param above Pixels between it and the figure's upper edge.
 */
export function styledTitle(
  text: string,
  above: number,
): Exclude<FigureLayout["title"], string | undefined> {
  return {
    text: `<b>${text}</b>`,
    font: { size: TITLE_SIZE },
    x: 0,
    xref: "paper",
    xanchor: "left",
    y: 1,
    yref: "container",
    yanchor: "top",
    pad: { t: above, b: 0, l: 0, r: 0 },
  };
}
