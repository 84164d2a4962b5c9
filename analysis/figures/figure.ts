/**
 * Figures: plotly's own objects, typed, and the options that all builders
 * share.
 *
 * @module
 */
/** One series of marks, as plotly defines it. */
export type Trace = Extract<
  Parameters<typeof import("plotly.js")["newPlot"]>[1][number],
  { xbins?: unknown }
>;

/** What a figure looks like around its traces, as plotly defines it. */
export type FigureLayout = NonNullable<
  Parameters<typeof import("plotly.js")["newPlot"]>[2]
>;

/**
 * A figure as plotly takes it: `Plotly.newPlot(element, data, layout)`. It is
 * plain data without NaN, so that JSON keeps all of it.
 */
export interface Figure {
  /** What is drawn. */
  data: Trace[];
  /** Titles, axes, sizes, legend. */
  layout: FigureLayout;
}

/** An axis. */
export interface AxisOptions {
  /** What is measured, such as `"Response time"`. */
  title?: string;
  /** The unit, put behind the title in parentheses. */
  unit?: string;
  /** Logarithmic. Default false. Values that are not positive are left out. */
  log?: boolean;
  /** First and last value shown. Default: what holds all values. */
  range?: [number, number];
}

/** A thin dashed line across the figure, such as a published score. */
export interface ReferenceLine {
  /** Where it crosses its axis. */
  value: number;
  /** What it stands for, written beside it. */
  label?: string;
}

/** What every builder takes. */
export interface FigureOptions {
  /** Above the figure. plotly's `<b> <i> <sup> <sub> <br>` are understood. */
  title?: string;
  /** The horizontal axis; a string is its title. */
  x?: AxisOptions | string;
  /** The vertical axis; a string is its title. */
  y?: AxisOptions | string;
  /**
   * Where the legend stands: above, beside or nowhere. Default: above while
   * it takes at most two rows, then beside; nowhere for a single series.
   */
  legend?: "top" | "right" | "none";
  /** Width in pixels. Default 720; a page fits the window. */
  width?: number;
  /** Height in pixels. Default 440. */
  height?: number;
  /** Lines across, at values of y. */
  horizontalLines?: ReferenceLine[];
  /** Lines from top to bottom, at values of x. */
  verticalLines?: ReferenceLine[];
}
