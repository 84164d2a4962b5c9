/** A figure's traces, sorted by the pair of axes that they belong to. */
import {
  type Axis,
  coordinate,
  type Extent,
  makeAxis,
  setRange,
} from "./_axes.ts";
import { placeBars } from "./_bars.ts";
import {
  type BarLayer,
  barLayer,
  cellLayer,
  type Errors,
  type Layer,
  pointLayer,
} from "./_layers.ts";
import type { Figure, Trace } from "./figure.ts";
import { chooseBins, countInBins } from "./histogram_figure.ts";

/** What is drawn between one pair of axes. */
export interface Panel {
  x: Axis;
  y: Axis;
  layers: Layer[];
  /** The traces that the layers came from. */
  traces: Trace[];
}

const DRAWN_TYPES = ["scatter", "scattergl", "bar", "histogram", "heatmap"];

/** A histogram trace as the bar trace it looks like. */
function binned(trace: Trace): Trace {
  const values = trace.x as ArrayLike<number> | undefined;
  if (values === undefined || trace.orientation === "h") {
    throw new TypeError(
      "Cannot draw a histogram without x without a browser, expected values in x",
    );
  }
  const { start, end, size } = (trace.xbins ?? {}) as Record<string, number>;
  const bins = size > 0 && start < end
    ? { start, width: size, count: Math.ceil((end - start) / size - 1e-9) }
    : chooseBins(Array.from(values, Number));
  const counts = countInBins(values, bins);
  return {
    ...trace,
    type: "bar",
    x: Array.from(counts, (_, i) => bins.start + (i + 0.5) * bins.width),
    y: Array.from(counts),
    width: bins.width,
  };
}

function checkTrace(trace: Trace): void {
  const { type = "scatter" } = trace;
  if (!DRAWN_TYPES.includes(type)) {
    throw new TypeError(
      `Cannot draw a trace of type "${type}" without a browser, expected one of ${
        DRAWN_TYPES.join(", ")
      }`,
    );
  }
}

function makeLayer(
  trace: Trace,
  index: number,
  axes: { x: Axis; y: Axis },
): Layer {
  switch (trace.type) {
    case "bar":
      return barLayer(trace, index, axes);
    case "heatmap":
      return cellLayer(trace, axes);
    default:
      return pointLayer(trace, index, axes);
  }
}

class Reach implements Extent {
  low = Infinity;
  high = -Infinity;
  tightLow = false;
  tightHigh = false;

  /** Takes one value in; a tight end wants no space beyond it. */
  add(value: number, tight: boolean): void {
    if (!Number.isFinite(value)) return;
    if (value < this.low || (value === this.low && !tight)) {
      this.low = value;
      this.tightLow = tight;
    }
    if (value > this.high || (value === this.high && !tight)) {
      this.high = value;
      this.tightHigh = tight;
    }
  }
}

function addErrors(reach: { x: Reach; y: Reach }, errors: Errors[]): void {
  for (const { along, low, high } of errors) {
    for (const value of low) reach[along].add(value, false);
    for (const value of high) reach[along].add(value, false);
  }
}

function addLayer(
  layer: Layer,
  reach: { x: Reach; y: Reach },
): void {
  if (layer.kind === "cells") {
    for (const edge of layer.xEdges) reach.x.add(edge, true);
    for (const edge of layer.yEdges) reach.y.add(edge, true);
    return;
  }
  if (layer.kind === "points") {
    for (let i = 0; i < layer.x.length; i++) {
      if (Number.isNaN(layer.x[i]) || Number.isNaN(layer.y[i])) continue;
      // Only markers want space beside them.
      reach.x.add(layer.x[i], !(layer.markers && layer.markers.size(i) > 0));
      reach.y.add(layer.y[i], false);
    }
    if (layer.fill?.kind === "tozeroy") reach.y.add(0, true);
  } else {
    const [across, along] = layer.horizontal
      ? [reach.y, reach.x]
      : [reach.x, reach.y];
    for (let i = 0; i < layer.at.length; i++) {
      if (Number.isNaN(layer.end[i])) continue;
      across.add(layer.at[i] - layer.width[i] / 2, true);
      across.add(layer.at[i] + layer.width[i] / 2, true);
      along.add(layer.end[i], layer.end[i] === layer.base[i]);
      along.add(layer.base[i], layer.base[i] === 0);
    }
  }
  addErrors(reach, layer.errors);
}

/** Visible traces by pairs of axes, with ranges set. */
export function makePanels(figure: Figure): Panel[] {
  const { layout } = figure;
  const shown = figure.data
    .filter(({ visible }) => visible !== false && visible !== "legendonly")
    .map((trace) => {
      checkTrace(trace);
      return trace.type === "histogram" ? binned(trace) : trace;
    });
  const axes = new Map<string, Axis>();
  const reaches = new Map<string, Reach>();
  const axisOf = (id: string) => {
    if (!axes.has(id)) {
      const letter = id[0] as "x" | "y";
      const members = shown.filter((trace) =>
        (trace[`${letter}axis`] ?? letter) === id
      );
      const values = members.flatMap((trace) => {
        const one = trace[letter] as ArrayLike<unknown> | undefined;
        return one === undefined ? [] : [one];
      });
      axes.set(id, makeAxis(id, layout, values));
      reaches.set(id, new Reach());
    }
    return axes.get(id)!;
  };
  const panels = new Map<string, Panel>();
  const panelOf = (trace: Trace) => {
    const [x, y] = [trace.xaxis ?? "x", trace.yaxis ?? "y"];
    const key = `${x} ${y}`;
    if (!panels.has(key)) {
      panels.set(key, { x: axisOf(x), y: axisOf(y), layers: [], traces: [] });
    }
    return panels.get(key)!;
  };
  shown.forEach((trace, index) => {
    const panel = panelOf(trace);
    panel.layers.push(makeLayer(trace, index, panel));
    panel.traces.push(trace);
  });
  if (panels.size === 0) panelOf({});
  for (const panel of panels.values()) {
    const bars = panel.layers.filter((layer): layer is BarLayer =>
      layer.kind === "bars"
    );
    placeBars(bars, layout);
    for (const layer of panel.layers) {
      addLayer(layer, {
        x: reaches.get(panel.x.id)!,
        y: reaches.get(panel.y.id)!,
      });
    }
  }
  for (const shape of layout.shapes ?? []) {
    for (const letter of ["x", "y"] as const) {
      const axis = axes.get(String(shape[`${letter}ref`]));
      if (axis === undefined) continue;
      for (const end of [shape[`${letter}0`], shape[`${letter}1`]]) {
        reaches.get(axis.id)!.add(coordinate(axis, end), false);
      }
    }
  }
  for (const axis of axes.values()) setRange(axis, reaches.get(axis.id)!);
  return [...panels.values()];
}
