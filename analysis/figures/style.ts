/**
 * How figures look: colours that colour-blind readers can tell apart, line
 * dashes, sizes and fonts.
 *
 * @module
 */

/**
 * Series colours: those of Okabe and Ito ("Color Universal Design", 2008)
 * without the yellow, which is too pale for lines on white.
 */
export const SERIES_COLORS: readonly string[] = [
  "#0072b2",
  "#d55e00",
  "#009e73",
  "#cc79a7",
  "#e69f00",
  "#56b4e9",
  "#4d4d4d",
];

/** The dash of a line. */
export type LineDash = "solid" | "dash" | "dot" | "dashdot";

/** Line dashes, taken in turn once every colour has been used. */
export const SERIES_DASHES: readonly LineDash[] = [
  "solid",
  "dash",
  "dot",
  "dashdot",
];

/** Stops of a colour scale: a position from 0 to 1 and a colour each. */
export type ColorStops = Array<[number, string]>;

function evenStops(colors: readonly string[]): ColorStops {
  return colors.map((color, i) => [i / (colors.length - 1), color]);
}

/** Viridis (Smith and van der Walt 2015): from dark blue to yellow. */
export const SEQUENTIAL_COLORS: ColorStops = evenStops([
  "#440154",
  "#482475",
  "#414487",
  "#355f8d",
  "#2a788e",
  "#21918c",
  "#22a884",
  "#44bf70",
  "#7ad151",
  "#bddf26",
  "#fde725",
]);

/** ColorBrewer's RdBu, reversed: from blue over white to red. */
export const DIVERGING_COLORS: ColorStops = evenStops([
  "#053061",
  "#2166ac",
  "#4393c3",
  "#92c5de",
  "#d1e5f0",
  "#f7f7f7",
  "#fddbc7",
  "#f4a582",
  "#d6604d",
  "#b2182b",
  "#67001f",
]);

/** Width of a figure that names none, in pixels. */
export const DEFAULT_WIDTH = 720;
/** Height of a figure that names none, in pixels. */
export const DEFAULT_HEIGHT = 440;
/** Font family: Helvetica or what has its widths. */
export const FONT_FAMILY =
  "Helvetica, Arial, Liberation Sans, Nimbus Sans, sans-serif";
/** Font size of tick labels and legends, in pixels. */
export const FONT_SIZE = 13;
/** Font size of axis titles, in pixels. */
export const AXIS_TITLE_SIZE = 14;
/** Font size of the figure's title, in pixels. */
export const TITLE_SIZE = 16;
/** Colour of text. */
export const TEXT_COLOR = "#262626";
/** Colour of axis lines and ticks. */
export const AXIS_COLOR = "#4d4d4d";
/** Colour of grid lines. */
export const GRID_COLOR = "#e6e6e6";
/** Opacity of the bands around lines. */
export const BAND_OPACITY = 0.2;
/** Width of lines, in pixels. */
export const LINE_WIDTH = 2;
/** Diameter of markers, in pixels. */
export const MARKER_SIZE = 7;

/**
 * The colour of the i-th series.
 *
 * @param index Counted from 0.
 */
export function seriesColor(index: number): string {
  return SERIES_COLORS[index % SERIES_COLORS.length];
}

/**
 * The dash of the i-th series: solid until the colours repeat.
 *
 * @param index Counted from 0.
 */
export function seriesDash(index: number): LineDash {
  const round = Math.floor(index / SERIES_COLORS.length);
  return SERIES_DASHES[round % SERIES_DASHES.length];
}
