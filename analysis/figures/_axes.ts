/** Axes: which values they know, from where to where, and their ticks. */
import type { LayoutAxis } from "plotly.js";
import type { FigureLayout } from "./figure.ts";
import { linearTicks, logTicks, type Tick } from "./_ticks.ts";

/** An axis, in its own coordinate: a number, a decimal logarithm, an index. */
export interface Axis {
  /** plotly's name, such as `x2`. */
  id: string;
  letter: "x" | "y";
  kind: "linear" | "log" | "category";
  options: Partial<LayoutAxis>;
  /** Names of the categories, in the order they were met. */
  categories: string[];
  /** Range in view; `low > high` never holds. */
  low: number;
  high: number;
  /** Whether `low` lies at the right or on top. */
  reversed: boolean;
  /** Where it lies across the figure, from 0 to 1. */
  domain: readonly [number, number];
}

/** How far values and marks reach along an axis. */
export interface Extent {
  low: number;
  high: number;
  /** Whether the ends want no space beyond them. */
  tightLow: boolean;
  tightHigh: boolean;
}

function isCategory(values: ArrayLike<unknown>): boolean {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value === "string") return !Number.isFinite(Number(value));
    if (value instanceof Date) {
      throw new TypeError(
        "Cannot draw dates without a browser, expected numbers or names",
      );
    }
  }
  return false;
}

/** Begins an axis; the range comes with {@linkcode setRange}. */
export function makeAxis(
  id: string,
  layout: FigureLayout,
  values: readonly ArrayLike<unknown>[],
): Axis {
  const letter = id[0] as "x" | "y";
  const options = (layout as Record<string, Partial<LayoutAxis>>)[
    `${letter}axis${id.slice(1)}`
  ] ?? {};
  const { type = "-" } = options;
  if (type === "date" || type === "multicategory") {
    throw new TypeError(
      `Cannot draw an axis of type "${type}" without a browser, expected linear, log or category`,
    );
  }
  const kind = type === "-"
    ? (values.some(isCategory) ? "category" : "linear")
    : type;
  const axis: Axis = {
    id,
    letter,
    kind,
    options,
    categories: [],
    low: 0,
    high: 1,
    reversed: false,
    domain: (options.domain ?? [0, 1]) as [number, number],
  };
  if (kind === "category") {
    const names = values.flatMap((one) => Array.from(one, String));
    axis.categories = [...new Set(names)];
  }
  return axis;
}

/** A value in the axis' coordinate; NaN for what it cannot show. */
export function coordinate(axis: Axis, value: unknown): number {
  if (value === null || value === undefined || value === "") return NaN;
  if (axis.kind === "category") return axis.categories.indexOf(String(value));
  const number = Number(value);
  if (axis.kind === "linear") return Number.isFinite(number) ? number : NaN;
  return number > 0 && number < Infinity ? Math.log10(number) : NaN;
}

/** Values in the axis' coordinate. */
export function coordinates(
  axis: Axis,
  values: ArrayLike<unknown>,
): Float64Array {
  return Float64Array.from(values, (value) => coordinate(axis, value));
}

function paddedRange(extent: Extent, axis: Axis): [number, number] {
  let { low, high } = extent;
  if (!(low <= high)) return [0, 1];
  if (low === high) {
    const reach = axis.kind === "log" ? 0.5 : Math.abs(low) * 0.1 || 1;
    if (low === 0 && extent.tightLow) return [0, reach];
    return [low - reach, high + reach];
  }
  if (axis.options.rangemode === "tozero" && axis.kind === "linear") {
    low = Math.min(low, 0);
    high = Math.max(high, 0);
  }
  const space = (high - low) * 0.05;
  return [
    extent.tightLow || (low === 0 && axis.options.rangemode === "tozero")
      ? low
      : low - space,
    extent.tightHigh ? high : high + space,
  ];
}

/** Sets the range in view, from the layout or from what is drawn. */
export function setRange(axis: Axis, extent: Extent): void {
  const { range, autorange } = axis.options;
  axis.reversed = autorange === "reversed";
  if (range !== undefined && autorange === undefined) {
    const [first, last] = range.map(Number);
    axis.low = Math.min(first, last);
    axis.high = Math.max(first, last);
    axis.reversed = first > last;
  } else if (axis.kind === "category") {
    axis.low = -0.5;
    axis.high = Math.max(axis.categories.length, 1) - 0.5;
  } else {
    [axis.low, axis.high] = paddedRange(extent, axis);
  }
}

/** Where a coordinate lies, from 0 (left, below) to 1. */
export function fraction(axis: Axis, value: number): number {
  const share = (value - axis.low) / (axis.high - axis.low);
  return axis.reversed ? 1 - share : share;
}

/** The axis' ticks, about `count` of them. */
export function axisTicks(axis: Axis, count: number): Tick[] {
  const { tickvals, ticktext } = axis.options;
  if (tickvals !== undefined) {
    return tickvals.flatMap((value, i) => {
      const at = coordinate(axis, value);
      return at >= axis.low && at <= axis.high
        ? [{ at, label: String(ticktext?.[i] ?? value) }]
        : [];
    });
  }
  switch (axis.kind) {
    case "category":
      return axis.categories
        .map((label, at) => ({ at, label }))
        .filter(({ at }) => at >= axis.low && at <= axis.high);
    case "log":
      return logTicks(axis.low, axis.high, count);
    case "linear":
      return linearTicks(axis.low, axis.high, count);
  }
}
