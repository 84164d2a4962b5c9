/**
 * Two lines over time, drawn with Braille characters.
 *
 * @module
 */

/** Where in a character cell the lines run. */
export const enum Ink {
  /** Neither line. */
  None = 0,
  /** The demand alone. */
  Demand = 1,
  /** The capacity alone. */
  Capacity = 2,
  /** Both. */
  Both = 3,
}

/** One character of a chart. */
export interface ChartCell {
  /** A Braille character, or a blank. */
  readonly text: string;
  /** Which lines it shows. */
  readonly ink: Ink;
}

/** What is drawn, and how large. */
export interface ChartOptions {
  /** Width in characters. */
  columns: number;
  /** Height in characters. */
  rows: number;
  /** Steps of the whole episode, which the width stands for. */
  steps: number;
  /** Values at the lower and the upper edge; lines beyond stay at the edge. */
  range: readonly [number, number];
  /** Draws every other dot of the capacity, for terminals without colour. */
  dotted?: boolean;
}

/** Dots of a Braille cell by column and row, as bits above U+2800. */
const DOTS = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];
const BRAILLE = 0x2800;

/** Room above the largest demand and below the smallest, in its spread. */
const ROOM = 0.15;
/** A load that hardly changes is shown with this share of it as its spread. */
const LEAST_SPREAD = 0.25;

/**
 * A range that shows a demand with some room around it.
 *
 * @param demand All of it.
 */
export function chartRange(demand: Float64Array): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of demand) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const spread = Math.max(high - low, LEAST_SPREAD * high, 1);
  return [Math.max(0, low - ROOM * spread), high + ROOM * spread];
}

/**
 * Draws demand and capacity of the steps so far; each column of dots spans
 * what the lines reach in its steps.
 *
 * @param demand Items that arrived, shape [steps so far].
 * @param capacity Items that could be served, shape [steps so far].
 * @param options Size and range.
 * @returns Rows of cells, the upper one first.
 */
export function drawChart(
  demand: ArrayLike<number>,
  capacity: ArrayLike<number>,
  options: ChartOptions,
): ChartCell[][] {
  const { columns, rows, dotted = false } = options;
  const bits = new Uint8Array(columns * rows);
  const ink = new Uint8Array(columns * rows);
  drawLine(demand, Ink.Demand, { bits, ink, dotted: false, options });
  drawLine(capacity, Ink.Capacity, { bits, ink, dotted, options });
  return Array.from(
    { length: rows },
    (_, row) =>
      Array.from({ length: columns }, (_, column) => {
        const place = row * columns + column;
        const text = bits[place] === 0
          ? " "
          : String.fromCharCode(BRAILLE + bits[place]);
        return { text, ink: ink[place] };
      }),
  );
}

interface Canvas {
  readonly bits: Uint8Array;
  readonly ink: Uint8Array;
  readonly dotted: boolean;
  readonly options: ChartOptions;
}

function drawLine(
  values: ArrayLike<number>,
  color: Ink,
  canvas: Canvas,
): void {
  const { columns, rows, steps } = canvas.options;
  const width = 2 * columns;
  const firstStep = (x: number) => Math.floor(x * (steps + 1) / width);
  let before: number | undefined;
  for (let x = 0; x < width; x++) {
    const first = firstStep(x);
    const last = Math.max(first, firstStep(x + 1) - 1);
    if (first >= values.length) return;
    let low = Infinity;
    let high = -Infinity;
    for (let i = first; i <= Math.min(last, values.length - 1); i++) {
      const y = level(values[i], 4 * rows, canvas.options.range);
      low = Math.min(low, y);
      high = Math.max(high, y);
    }
    // Joined to the column before, so that a steep line has no gaps.
    const from = before === undefined || before >= low
      ? low
      : Math.min(low, before + 1);
    const to = before === undefined || before <= high
      ? high
      : Math.max(high, before - 1);
    for (let y = from; y <= to; y++) setDot(canvas, { x, y, color });
    before = level(
      values[Math.min(last, values.length - 1)],
      4 * rows,
      canvas.options.range,
    );
  }
}

/** Rows of dots between the lower edge and a value. */
function level(
  value: number,
  height: number,
  [low, high]: readonly [number, number],
): number {
  const y = Math.round((value - low) / (high - low) * (height - 1));
  return Math.min(height - 1, Math.max(0, y));
}

function setDot(
  { bits, ink, dotted, options }: Canvas,
  { x, y, color }: { x: number; y: number; color: Ink },
): void {
  if (dotted && (x + y) % 2 === 1) return;
  const { columns, rows } = options;
  const fromTop = 4 * rows - 1 - y;
  const place = (fromTop >> 2) * columns + (x >> 1);
  bits[place] |= DOTS[x & 1][fromTop & 3];
  ink[place] |= color;
}
