/** Legends and colour scales. */
import { parseColor, scaleColor } from "./_color.ts";
import { linearTicks } from "./_ticks.ts";
import { type Command, lineCommand, textCommands } from "./_drawing.ts";
import type { CellLayer, Layer } from "./_layers.ts";
import { markerShape, strokeLine } from "./_marks.ts";
import { measureText } from "./_text.ts";
import { LEGEND_ROW_HEIGHT, legendEntryWidth } from "./_layout.ts";
import type { Figure } from "./figure.ts";
import type { Panel } from "./_panels.ts";
import { AXIS_COLOR, FONT_SIZE, TEXT_COLOR } from "./style.ts";

/** One legend of a figure; subplots may have one each. */
export interface Legend {
  horizontal: boolean;
  /** Where plotly would put it, in parts of the plotting area. */
  x: number;
  y: number;
  entries: { name: string; layer: Layer }[];
}

const SAMPLE_WIDTH = 28;

/** The figure's legends with what they name. */
export function readLegends(
  figure: Figure,
  panels: readonly Panel[],
): Legend[] {
  const { layout } = figure;
  const legends = new Map<string, Legend>();
  const named = panels.flatMap(({ traces, layers }) =>
    traces.map((trace, i) => ({ trace, layer: layers[i] }))
  ).filter(({ trace, layer }) =>
    trace.showlegend !== false && trace.name !== undefined &&
    layer.kind !== "cells"
  );
  if (!(layout.showlegend ?? named.length > 1)) return [];
  for (const { trace, layer } of named) {
    const { legend: id = "legend" } = trace as { legend?: string };
    const options = (layout as Record<string, Figure["layout"]["legend"]>)[id];
    if (!legends.has(id)) {
      const horizontal = options?.orientation === "h";
      legends.set(id, {
        horizontal,
        x: options?.x ?? (horizontal ? 0 : 1.02),
        y: options?.y ?? 1,
        entries: [],
      });
    }
    legends.get(id)!.entries.push({ name: trace.name!, layer });
  }
  return [...legends.values()];
}

/** Width and height in pixels, given the width there is. */
export function legendSize(
  legend: Legend,
  width: number,
): { width: number; height: number; columns: number } {
  const widths = legend.entries.map(({ name }) => legendEntryWidth(name));
  const widest = Math.max(0, ...widths);
  const count = widths.length;
  if (!legend.horizontal) {
    return { width: widest, height: count * LEGEND_ROW_HEIGHT, columns: 1 };
  }
  const total = widths.reduce((sum, one) => sum + one, 0);
  const columns = total <= width
    ? count
    : Math.max(1, Math.floor(width / widest));
  return {
    width: columns === count ? total : columns * widest,
    height: Math.ceil(count / Math.max(1, columns)) * LEGEND_ROW_HEIGHT,
    columns,
  };
}

function sampleCommands(layer: Layer, x: number, y: number): Command[] {
  if (layer.kind === "bars") {
    return [{
      kind: "rectangle",
      x: x + 6,
      y: y - 6,
      width: 16,
      height: 12,
      fill: layer.color,
      stroke: layer.outline,
    }];
  }
  if (layer.kind !== "points") return [];
  const commands: Command[] = [];
  const { fill, line, markers } = layer;
  if (fill !== undefined) {
    commands.push({
      kind: "rectangle",
      x,
      y: y - 5,
      width: SAMPLE_WIDTH,
      height: 10,
      fill: fill.color,
    });
  }
  if (line !== undefined) {
    commands.push(strokeLine([x, y, x + SAMPLE_WIDTH, y], line));
  }
  const size = markers === undefined ? 0 : markerSampleSize(layer);
  if (markers !== undefined && size > 0 && !(line && size < 6)) {
    commands.push({
      kind: "markers",
      points: [x + SAMPLE_WIDTH / 2, y],
      radii: [Math.max(size, 6) / 2],
      shape: markerShape(markers.symbol),
      fill: [
        ...markers.color.slice(0, 3),
        1,
      ] as unknown as typeof markers.color,
      stroke: markers.outline,
    });
  }
  return commands;
}

function markerSampleSize(layer: Layer): number {
  if (layer.kind !== "points" || layer.markers === undefined) return 0;
  return layer.x.length === 0 ? 7 : layer.markers.size(0);
}

/** A legend with its upper left corner at a place. */
export function legendCommands(
  legend: Legend,
  place: { x: number; y: number; width: number },
): Command[] {
  const { columns } = legendSize(legend, place.width);
  const widths = legend.entries.map(({ name }) => legendEntryWidth(name));
  const oneRow = columns === legend.entries.length;
  const widest = Math.max(0, ...widths);
  let x = place.x;
  return legend.entries.flatMap(({ name, layer }, i) => {
    const left = oneRow ? x : place.x + (i % columns) * widest;
    if (oneRow) x += widths[i];
    const middle = place.y +
      (Math.floor(i / columns) + 0.5) * LEGEND_ROW_HEIGHT;
    return [
      ...sampleCommands(layer, left, middle),
      ...textCommands(name, {
        x: left + SAMPLE_WIDTH + 8,
        y: middle,
        size: FONT_SIZE,
        color: parseColor(TEXT_COLOR),
        vertical: "middle",
      }),
    ];
  });
}

/** A colour scale beside its heat map. */
export interface ColorScaleBar {
  layer: CellLayer;
  title: string;
  /** Where plotly would put its left edge; undefined beside the panel. */
  x?: number;
  /** Thickness in pixels. */
  thickness: number;
}

/** Space between a heat map and its scale. */
export const SCALE_GAP = 12;

/** The scale of a heat map, unless the trace wants none. */
export function readColorScale(panel: Panel): ColorScaleBar | undefined {
  const index = panel.layers.findIndex(({ kind }) => kind === "cells");
  if (index < 0) return undefined;
  const trace = panel.traces[index];
  if (trace.showscale === false) return undefined;
  const { title, x, thickness } = (trace.colorbar ?? {}) as {
    title?: string | { text?: string };
    x?: number;
    thickness?: number;
  };
  return {
    layer: panel.layers[index] as CellLayer,
    title: typeof title === "string" ? title : title?.text ?? "",
    x,
    thickness: thickness ?? 14,
  };
}

/** Width of a colour scale with ticks and title, in pixels. */
export function colorScaleWidth(bar: ColorScaleBar, height: number): number {
  const widths = scaleTicks(bar, height).map(({ label }) =>
    measureText(label, FONT_SIZE).width
  );
  const title = bar.title === "" ? 0 : FONT_SIZE * 1.25 + 6;
  return SCALE_GAP + bar.thickness + 8 + Math.max(0, ...widths) + title;
}

function scaleTicks(bar: ColorScaleBar, height: number) {
  return linearTicks(bar.layer.low, bar.layer.high, Math.max(2, height / 45));
}

/** A colour scale, its bar at `x`. */
export function colorScaleCommands(
  bar: ColorScaleBar,
  place: { x: number; y: number; height: number },
): Command[] {
  const { x, y, height } = place;
  const { low, high, stops } = bar.layer;
  const commands: Command[] = [];
  const steps = 128;
  for (let i = 0; i < steps; i++) {
    const top = y + height * (1 - (i + 1) / steps);
    commands.push({
      kind: "rectangle",
      x,
      // Each reaches under the one drawn next, lest seams show.
      y: i === steps - 1 ? top : top - 1,
      width: bar.thickness,
      height: height / steps + (i === steps - 1 ? 0 : 1),
      fill: scaleColor(stops, (i + 0.5) / steps),
    });
  }
  const text = parseColor(TEXT_COLOR);
  let widest = 0;
  for (const { at, label } of scaleTicks(bar, height)) {
    const middle = y + height * (1 - (at - low) / (high - low));
    const right = x + bar.thickness;
    widest = Math.max(widest, measureText(label, FONT_SIZE).width);
    commands.push(
      lineCommand([right, middle, right + 4, middle], {
        color: parseColor(AXIS_COLOR),
        width: 1,
      }),
      ...textCommands(label, {
        x: right + 8,
        y: middle,
        size: FONT_SIZE,
        color: text,
        vertical: "middle",
      }),
    );
  }
  commands.push(...textCommands(bar.title, {
    x: x + bar.thickness + 8 + widest + 8,
    y: y + height / 2,
    size: FONT_SIZE,
    color: text,
    anchor: "middle",
    vertical: "bottom",
    angle: 90,
  }));
  return commands;
}
