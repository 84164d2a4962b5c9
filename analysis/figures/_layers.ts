/** Traces in the coordinates of their axes, ready to be drawn. */
import { parseColor, type Rgba } from "./_color.ts";
import { type Axis, coordinate, coordinates } from "./_axes.ts";
import type { Trace } from "./figure.ts";
import { LINE_WIDTH, seriesColor } from "./style.ts";

/** Error bars: ends in the axis' coordinate, NaN where there is none. */
export interface Errors {
  along: "x" | "y";
  low: Float64Array;
  high: Float64Array;
  color: Rgba;
  thickness: number;
  cap: number;
}

/** The line around markers and bars. */
export interface Outline {
  color: Rgba;
  width: number;
}

/** Points, the line through them and the surface below it. */
export interface PointLayer {
  kind: "points";
  x: Float64Array;
  y: Float64Array;
  line?: { color: Rgba; width: number; dash: string; steps: boolean };
  markers?: {
    color: Rgba;
    symbol: string;
    size: (i: number) => number;
    outline?: Outline;
  };
  fill?: { color: Rgba; kind: "toself" | "tozeroy" | "tonexty" };
  text?: readonly string[];
  errors: Errors[];
}

/** Bars from `base` to `end`. */
export interface BarLayer {
  kind: "bars";
  horizontal: boolean;
  at: Float64Array;
  width: Float64Array;
  base: Float64Array;
  end: Float64Array;
  color: Rgba;
  outline?: Outline;
  errors: Errors[];
}

/** Coloured cells between edges. */
export interface CellLayer {
  kind: "cells";
  xEdges: Float64Array;
  yEdges: Float64Array;
  /** Row after row. */
  values: Float64Array;
  low: number;
  high: number;
  stops: [number, Rgba][];
  text?: ArrayLike<ArrayLike<string>>;
  textSize: number;
}

/** A trace in the coordinates of its axes. */
export type Layer = PointLayer | BarLayer | CellLayer;

type Options = Record<string, unknown>;

/** A trace's colour; arrays of colours are for the browser. */
export function traceColor(given: unknown, index: number): Rgba {
  if (given === undefined || given === null) {
    return parseColor(seriesColor(index));
  }
  if (typeof given !== "string") {
    throw new TypeError(
      "Cannot draw a colour for each mark without a browser, expected one colour a trace",
    );
  }
  return parseColor(given);
}

function outlineOf(marker: Options): Outline | undefined {
  const line = (marker.line ?? {}) as { color?: unknown; width?: number };
  return line.color === undefined || !(line.width ?? 1)
    ? undefined
    : { color: traceColor(line.color, 0), width: line.width ?? 1 };
}

/** Distances of error bars as ends. */
function readErrors(
  trace: Trace,
  along: "x" | "y",
  axis: Axis,
  color: Rgba,
): Errors[] {
  const error = (along === "x" ? trace.error_x : trace.error_y) as
    | Options
    | undefined;
  const values = trace[along] as ArrayLike<unknown> | undefined;
  if (error === undefined || error.visible === false || !values) return [];
  const { type, value, array, valueminus = value, arrayminus = array } = error;
  const distance = (single: unknown, many: unknown, i: number) => {
    if (type === "constant") return Number(single);
    if (type === "percent") {
      return Math.abs(Number(values[i])) * Number(single) / 100;
    }
    return Number((many as ArrayLike<unknown> | undefined)?.[i] ?? 0);
  };
  const ends = (sign: 1 | -1) =>
    Float64Array.from(values, (middle, i) => {
      const length = sign > 0
        ? distance(value, array, i)
        : distance(valueminus, arrayminus, i);
      return length > 0 && middle !== null
        ? coordinate(axis, Number(middle) + sign * length)
        : coordinate(axis, middle);
    });
  return [{
    along,
    low: ends(-1),
    high: ends(1),
    color: error.color === undefined ? color : traceColor(error.color, 0),
    thickness: Number(error.thickness ?? 1.5),
    cap: Number(error.width ?? 4),
  }];
}

/** A scatter trace. */
export function pointLayer(
  trace: Trace,
  index: number,
  axes: { x: Axis; y: Axis },
): PointLayer {
  const given = { x: trace.x, y: trace.y } as Record<
    string,
    ArrayLike<unknown>
  >;
  const count = (given.y ?? given.x ?? []).length;
  const counting = Array.from({ length: count }, (_, i) => i);
  const line = (trace.line ?? {}) as Options;
  const marker = (trace.marker ?? {}) as Options;
  const mode = trace.mode ?? (count < 20 ? "lines+markers" : "lines");
  const color = traceColor(line.color ?? marker.color, index);
  const width = Number(line.width ?? LINE_WIDTH);
  const layer: PointLayer = {
    kind: "points",
    x: coordinates(axes.x, given.x ?? counting),
    y: coordinates(axes.y, given.y ?? counting),
    errors: [
      ...readErrors(trace, "y", axes.y, color),
      ...readErrors(trace, "x", axes.x, color),
    ],
  };
  if (mode.includes("lines") && width > 0) {
    const shape = line.shape ?? "linear";
    layer.line = {
      color,
      width,
      dash: String(line.dash ?? "solid"),
      steps: shape === "hv",
    };
  }
  if (mode.includes("markers")) {
    layer.markers = readMarkers(trace, index, color);
  }
  if (mode.includes("text") && trace.text !== undefined) {
    layer.text = typeof trace.text === "string"
      ? new Array(count).fill(trace.text)
      : trace.text;
  }
  const { fill } = trace;
  if (fill === "toself" || fill === "tozeroy" || fill === "tonexty") {
    const [red, green, blue, alpha] = color;
    layer.fill = {
      kind: fill,
      color: trace.fillcolor === undefined
        ? [red, green, blue, alpha * 0.5]
        : parseColor(trace.fillcolor),
    };
  }
  return layer;
}

function readMarkers(
  trace: Trace,
  index: number,
  color: Rgba,
): PointLayer["markers"] {
  const marker = (trace.marker ?? {}) as Options;
  const own = marker.color === undefined
    ? color
    : traceColor(marker.color, index);
  const opacity = Number(marker.opacity ?? 1) * Number(trace.opacity ?? 1);
  const { size = 6 } = marker;
  return {
    color: [own[0], own[1], own[2], own[3] * opacity],
    symbol: String(marker.symbol ?? "circle"),
    size: typeof size === "number"
      ? () => size
      : (i) => Number((size as ArrayLike<unknown>)[i] ?? 0),
    outline: outlineOf(marker),
  };
}

/** A bar trace; placeBars() puts it beside or onto the others. */
export function barLayer(
  trace: Trace,
  index: number,
  axes: { x: Axis; y: Axis },
): BarLayer {
  const horizontal = trace.orientation === "h";
  const given = { x: trace.x, y: trace.y } as Record<
    string,
    ArrayLike<unknown>
  >;
  const values = (horizontal ? given.x : given.y) ?? [];
  const across = (horizontal ? given.y : given.x) ??
    Array.from(values, (_, i) => i);
  const [along, at] = horizontal ? [axes.x, axes.y] : [axes.y, axes.x];
  const marker = (trace.marker ?? {}) as Options;
  const color = traceColor(marker.color, index);
  const opacity = Number(trace.opacity ?? 1) * Number(marker.opacity ?? 1);
  const { width } = trace;
  return {
    kind: "bars",
    horizontal,
    at: coordinates(at, across),
    width: Float64Array.from(
      values,
      (_, i) => typeof width === "number" ? width : Number(width?.[i] ?? NaN),
    ),
    // On a logarithmic axis bars rise from wherever it begins.
    base: new Float64Array(values.length).fill(
      along.kind === "log" ? -Infinity : 0,
    ),
    end: coordinates(along, values),
    color: [color[0], color[1], color[2], color[3] * opacity],
    outline: outlineOf(marker),
    errors: readErrors(
      trace,
      horizontal ? "x" : "y",
      along,
      parseColor("#4d4d4d"),
    ),
  };
}

/** Edges half way between centres. */
function edges(centres: Float64Array): Float64Array {
  const count = centres.length;
  if (count === 0) return new Float64Array(0);
  if (count === 1) return Float64Array.of(centres[0] - 0.5, centres[0] + 0.5);
  const result = new Float64Array(count + 1);
  for (let i = 1; i < count; i++) {
    result[i] = (centres[i - 1] + centres[i]) / 2;
  }
  result[0] = centres[0] - (result[1] - centres[0]);
  result[count] = centres[count - 1] + (centres[count - 1] - result[count - 1]);
  return result;
}

/** A heat map. */
export function cellLayer(trace: Trace, axes: { x: Axis; y: Axis }): CellLayer {
  const rows = Array.from((trace.z ?? []) as ArrayLike<ArrayLike<unknown>>);
  const columns = rows[0]?.length ?? 0;
  const given = { x: trace.x, y: trace.y } as Record<
    string,
    ArrayLike<unknown>
  >;
  const values = new Float64Array(rows.length * columns).fill(NaN);
  rows.forEach((row, i) => {
    for (let j = 0; j < columns; j++) {
      if (row[j] !== null) values[i * columns + j] = Number(row[j]);
    }
  });
  const finite = values.filter(Number.isFinite);
  const low = trace.zmin ?? finite.reduce((a, b) => Math.min(a, b), Infinity);
  const high = trace.zmax ?? finite.reduce((a, b) => Math.max(a, b), -Infinity);
  const { colorscale } = trace;
  if (!Array.isArray(colorscale) || typeof colorscale[0] === "string") {
    throw new TypeError(
      `Cannot draw the colour scale ${
        JSON.stringify(colorscale)
      } without a browser, expected pairs of position and colour`,
    );
  }
  const counting = (n: number) => Array.from({ length: n }, (_, i) => i);
  const texts = trace.texttemplate === undefined ? undefined : trace.text;
  return {
    kind: "cells",
    xEdges: edges(coordinates(axes.x, given.x ?? counting(columns))),
    yEdges: edges(coordinates(axes.y, given.y ?? counting(rows.length))),
    values,
    low: low <= high ? low : 0,
    high: low < high ? high : (low <= high ? low + 1 : 1),
    stops: (colorscale as [number, string][])
      .map(([position, color]) => [position, parseColor(color)]),
    text: texts as unknown as ArrayLike<ArrayLike<string>> | undefined,
    textSize: Number(trace.textfont?.size ?? 11),
  };
}
