/** Layers as drawing commands. */
import { type Axis, fraction } from "./_axes.ts";
import { fade, isDark, parseColor, type Rgba, scaleColor } from "./_color.ts";
import {
  type Command,
  lineCommand,
  type Stroke,
  textCommands,
} from "./_drawing.ts";
import type {
  BarLayer,
  CellLayer,
  Errors,
  Layer,
  PointLayer,
} from "./_layers.ts";
import { measureText } from "./_text.ts";
import { thinned } from "./_thin.ts";
import { FONT_SIZE, TEXT_COLOR } from "./style.ts";

/** A panel's rectangle in pixels, with the axes that span it. */
export interface Frame {
  x: Axis;
  y: Axis;
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Dashes and gaps in line widths, by plotly's names. */
const DASHES: Record<string, readonly number[] | undefined> = {
  solid: undefined,
  dot: [1, 2],
  dash: [4, 2.5],
  longdash: [7, 3],
  dashdot: [4, 2, 1, 2],
  longdashdot: [7, 2, 1, 2],
};

/** How far cells reach under those drawn later, in pixels. */
const SEAM = 1;

/** Polygons of markers around the unit circle. */
const SHAPES: Record<string, readonly number[]> = {
  square: [-0.89, -0.89, 0.89, -0.89, 0.89, 0.89, -0.89, 0.89],
  diamond: [0, -1.2, 1.2, 0, 0, 1.2, -1.2, 0],
  "triangle-up": [0, -1.2, 1.1, 0.8, -1.1, 0.8],
  "triangle-down": [0, 1.2, 1.1, -0.8, -1.1, -0.8],
  cross: plus(1.15, 0.4),
  x: rotated(plus(1.15, 0.4)),
};

function plus(r: number, w: number): number[] {
  // deno-fmt-ignore
  return [-w, -r, w, -r, w, -w, r, -w, r, w, w, w, w, r, -w, r, -w, w, -r, w, -r, -w, -w, -w];
}

function rotated(points: number[]): number[] {
  const turned: number[] = [];
  for (let i = 0; i < points.length; i += 2) {
    turned.push(
      (points[i] - points[i + 1]) * Math.SQRT1_2,
      (points[i] + points[i + 1]) * Math.SQRT1_2,
    );
  }
  return turned;
}

/** How a line with plotly's dash is drawn. */
export function lineStroke(color: Rgba, width: number, dash: string): Stroke {
  const pattern = DASHES[dash]?.map((length) => length * width);
  return pattern === undefined
    ? { color, width }
    : { color, width, dash: pattern };
}

/** Pixels from the left of a coordinate. */
export function pixelX(frame: Frame, value: number): number {
  return frame.left + fraction(frame.x, value) * frame.width;
}

/** Pixels from the top of a coordinate. */
export function pixelY(frame: Frame, value: number): number {
  return frame.top + (1 - fraction(frame.y, value)) * frame.height;
}

/** Points in pixels, in runs without gaps: x, y in turn. */
function pixelRuns(layer: PointLayer, frame: Frame): number[][] {
  const runs: number[][] = [];
  let run: number[] = [];
  for (let i = 0; i < layer.x.length; i++) {
    if (Number.isNaN(layer.x[i]) || Number.isNaN(layer.y[i])) {
      if (run.length > 0) runs.push(run);
      run = [];
      continue;
    }
    const y = pixelY(frame, layer.y[i]);
    if (layer.line?.steps && run.length > 0) {
      run.push(pixelX(frame, layer.x[i]), run[run.length - 1]);
    }
    run.push(pixelX(frame, layer.x[i]), y);
  }
  if (run.length > 0) runs.push(run);
  return runs;
}

function fillPolygons(
  runs: readonly number[][],
  context: { layer: PointLayer; frame: Frame; below: readonly number[][] },
): number[][] {
  const { layer, frame, below } = context;
  if (layer.fill!.kind === "toself") return runs.map((run) => [...run]);
  if (layer.fill!.kind === "tozeroy") {
    const zero = frame.y.kind === "linear"
      ? pixelY(frame, 0)
      : frame.top + frame.height;
    return runs.map((run) => [...run, run[run.length - 2], zero, run[0], zero]);
  }
  const back: number[] = [];
  const flat = below.flat();
  for (let i = flat.length - 2; i >= 0; i -= 2) back.push(flat[i], flat[i + 1]);
  return [[...runs.flat(), ...back]];
}

/** The marker's shape by plotly's name. */
export function markerShape(symbol: string): "circle" | readonly number[] {
  return SHAPES[symbol] ?? "circle";
}

function markerCommands(layer: PointLayer, frame: Frame): Command[] {
  const { markers } = layer;
  if (markers === undefined) return [];
  const points: number[] = [];
  const radii: number[] = [];
  for (let i = 0; i < layer.x.length; i++) {
    const size = markers.size(i);
    if (!(size > 0) || Number.isNaN(layer.x[i] + layer.y[i])) continue;
    points.push(pixelX(frame, layer.x[i]), pixelY(frame, layer.y[i]));
    radii.push(size / 2);
  }
  if (radii.length === 0) return [];
  return [{
    kind: "markers",
    points,
    radii,
    shape: markerShape(markers.symbol),
    fill: markers.color,
    stroke: markers.outline,
  }];
}

function errorCommands(
  errors: readonly Errors[],
  at: (i: number) => number,
  frame: Frame,
): Command[] {
  return errors.flatMap(({ along, low, high, color, thickness, cap }) => {
    const parts: number[][] = [];
    const end = along === "x" ? pixelX : pixelY;
    for (let i = 0; i < low.length; i++) {
      const across = at(i);
      const from = end(frame, low[i]);
      const to = end(frame, high[i]);
      if (Number.isNaN(across + from + to) || from === to) continue;
      const lines = [
        [across, from, across, to],
        [across - cap, from, across + cap, from],
        [across - cap, to, across + cap, to],
      ];
      for (const [x0, y0, x1, y1] of lines) {
        parts.push(along === "y" ? [x0, y0, x1, y1] : [y0, x0, y1, x1]);
      }
    }
    return parts.length === 0 ? [] : [{
      kind: "path" as const,
      parts,
      closed: false,
      stroke: { color, width: thickness },
    }];
  });
}

function pointCommands(
  layer: PointLayer,
  frame: Frame,
  below: readonly number[][],
): { commands: Command[]; runs: number[][] } {
  const runs = pixelRuns(layer, frame);
  const commands: Command[] = [];
  if (layer.fill !== undefined && runs.length > 0) {
    commands.push({
      kind: "path",
      parts: fillPolygons(runs, { layer, frame, below }).map(thinned),
      closed: true,
      fill: layer.fill.color,
    });
  }
  for (const errors of layer.errors) {
    const at = errors.along === "y"
      ? (i: number) => pixelX(frame, layer.x[i])
      : (i: number) => pixelY(frame, layer.y[i]);
    commands.push(...errorCommands([errors], at, frame));
  }
  if (layer.line !== undefined) {
    const { color, width, dash } = layer.line;
    const parts = runs.filter((run) => run.length >= 4).map(thinned);
    if (parts.length > 0) {
      commands.push({
        kind: "path",
        parts,
        closed: false,
        stroke: lineStroke(color, width, dash),
      });
    }
  }
  commands.push(...markerCommands(layer, frame));
  layer.text?.forEach((text, i) => {
    if (Number.isNaN(layer.x[i] + layer.y[i])) return;
    commands.push(...textCommands(text, {
      x: pixelX(frame, layer.x[i]),
      y: pixelY(frame, layer.y[i]) - 6,
      size: FONT_SIZE - 1,
      color: parseColor(TEXT_COLOR),
      anchor: "middle",
      vertical: "bottom",
    }));
  });
  return { commands, runs };
}

function barCommands(layer: BarLayer, frame: Frame): Command[] {
  const { horizontal, at, width, base, end, color, outline } = layer;
  const along = horizontal ? pixelX : pixelY;
  const across = horizontal ? pixelY : pixelX;
  const axis = horizontal ? frame.x : frame.y;
  const commands: Command[] = [];
  for (let i = 0; i < at.length; i++) {
    if (Number.isNaN(at[i] + end[i])) continue;
    const from = along(frame, Math.max(base[i], axis.low - 1));
    const to = along(frame, end[i]);
    const left = across(frame, at[i] - width[i] / 2);
    const right = across(frame, at[i] + width[i] / 2);
    const [x0, x1, y0, y1] = horizontal
      ? [from, to, left, right]
      : [left, right, from, to];
    commands.push({
      kind: "rectangle",
      x: Math.min(x0, x1),
      y: Math.min(y0, y1),
      width: Math.abs(x1 - x0),
      height: Math.abs(y1 - y0),
      fill: color,
      stroke: outline,
    });
  }
  commands.push(
    ...errorCommands(layer.errors, (i) => across(frame, at[i]), frame),
  );
  return commands;
}

/** A heat map's cells; each reaches under its neighbours, lest seams show. */
function cellCommands(layer: CellLayer, frame: Frame): Command[] {
  const { xEdges, yEdges, values, low, high, stops } = layer;
  const columns = Math.max(0, xEdges.length - 1);
  const commands: Command[] = [];
  const colorAt = (i: number, j: number) =>
    scaleColor(stops, (values[i * columns + j] - low) / (high - low));
  for (let i = 0; i + 1 < yEdges.length; i++) {
    const bottom = pixelY(frame, yEdges[i]);
    const top = pixelY(frame, yEdges[i + 1]);
    for (let j = 0; j < columns; j++) {
      if (Number.isNaN(values[i * columns + j])) continue;
      const left = pixelX(frame, xEdges[j]);
      const right = pixelX(frame, xEdges[j + 1]);
      // Rightwards and towards the next row, which is drawn later.
      const [up, back] = [bottom > top, right < left];
      commands.push({
        kind: "rectangle",
        x: Math.min(left, right) - (back ? SEAM : 0),
        y: Math.min(top, bottom) - (up ? SEAM : 0),
        width: Math.abs(right - left) + SEAM,
        height: Math.abs(bottom - top) + SEAM,
        fill: colorAt(i, j),
      });
    }
  }
  if (layer.text !== undefined) {
    for (let i = 0; i + 1 < yEdges.length; i++) {
      for (let j = 0; j < columns; j++) {
        if (Number.isNaN(values[i * columns + j])) continue;
        commands.push(
          ...cellText(layer, frame, { i, j, color: colorAt(i, j) }),
        );
      }
    }
  }
  return commands;
}

function cellText(
  layer: CellLayer,
  frame: Frame,
  cell: { i: number; j: number; color: Rgba },
): Command[] {
  const { i, j, color } = cell;
  const text = layer.text![i]?.[j] ?? "";
  const left = pixelX(frame, layer.xEdges[j]);
  const right = pixelX(frame, layer.xEdges[j + 1]);
  const bottom = pixelY(frame, layer.yEdges[i]);
  const top = pixelY(frame, layer.yEdges[i + 1]);
  const { width, height } = measureText(text, layer.textSize);
  if (
    width > Math.abs(right - left) - 2 || height > Math.abs(bottom - top) + 2
  ) return [];
  return textCommands(text, {
    x: (left + right) / 2,
    y: (top + bottom) / 2,
    size: layer.textSize,
    color: parseColor(isDark(color) ? "#ffffff" : TEXT_COLOR),
    anchor: "middle",
    vertical: "middle",
  });
}

/** All layers of a panel, clipped to its rectangle. */
export function layerCommands(layers: readonly Layer[], frame: Frame): Command {
  let below: number[][] = [];
  // Layers of any length: `push` takes some hundred thousand at most.
  const commands = layers.flatMap((layer) => {
    if (layer.kind === "bars") return barCommands(layer, frame);
    if (layer.kind === "cells") return cellCommands(layer, frame);
    const drawn = pointCommands(layer, frame, below);
    below = drawn.runs;
    return drawn.commands;
  });
  // Lines and markers at the very edge keep their full width.
  const margin = layers.some(({ kind }) => kind === "cells") ? 0 : 3;
  return {
    kind: "clip",
    x: frame.left - (layers.some(({ kind }) => kind === "bars") ? 0 : margin),
    y: frame.top - margin,
    width: frame.width + 2 * margin,
    height: frame.height +
      (layers.some(({ kind }) => kind === "bars") ? margin : 2 * margin),
    commands,
  };
}

/** A straight line from a legend's or a shape's point to another. */
export function strokeLine(
  points: readonly number[],
  style: { color: Rgba; width: number; dash: string; opacity?: number },
): Command {
  const color = fade(style.color, style.opacity ?? 1);
  return lineCommand(points, lineStroke(color, style.width, style.dash));
}
