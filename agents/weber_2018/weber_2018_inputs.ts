/**
 * The inputs of a neuron that learns in an arena: cells whose rates depend on
 * the place.
 *
 * Weber and Sprekeler ("Learning place cells, grid cells and invariances with
 * excitatory and inhibitory plasticity", eLife 7:e34560, 2018): place-like
 * inputs are single Gaussians on a jittered lattice, sparse ones sums of many,
 * dense ones smoothed noise.
 *
 * @module
 */
import type { Random } from "../../core/random.ts";
import {
  type CellRates,
  type RateTable,
  rateTable,
  SMALLEST_PART,
} from "../../ffi/rate_table.ts";

export type { RateTable };

/** What inputs can be. */
export const INPUT_KINDS = ["place", "sparse", "dense", "scattered"] as const;

/** What inputs are. */
export type InputKind = typeof INPUT_KINDS[number];

/** Where inputs have rates: a rectangle or a line around 0, in pixels. */
export interface InputArea {
  /** Length along x. */
  readonly width: number;
  /** Length along y; undefined for a line. */
  readonly depth: number | undefined;
  /** Whether what leaves on one side comes in on the other. */
  readonly periodic: boolean;
  /** Pixels along x. */
  readonly pixelsX: number;
  /** Pixels along y; 1 for a line. */
  readonly pixelsY: number;
}

/** What {@linkcode inputRates} makes. */
export interface InputOptions {
  /** What the inputs are. */
  readonly kind: InputKind;
  /** How many there are; on a lattice the nearest number that fills it. */
  readonly cells: number;
  /** Standard deviations of the Gaussians along x and y, in units of length. */
  readonly sigma: readonly number[];
  /** Largest rate of a Gaussian, Hz; of dense inputs twice the mean rate. */
  readonly height: number;
  /** Gaussians of one cell. */
  readonly fields: number;
  /** What is drawn from. */
  readonly random: Random;
}

/** How far the lattice of centres reaches beyond the area, in sigma. */
const MARGIN = 3;
/** The room in which centres are scattered in reference mode, over the area. */
const SCATTER = 1.2;
/** Where smoothing ends, in sigma. */
const KERNEL_REACH = 4;
/** Where a Gaussian falls below what counts, in sigma. */
const REACH = Math.sqrt(-2 * Math.log(SMALLEST_PART));

/** One axis of the area. */
interface Axis {
  length: number;
  pixels: number;
  periodic: boolean;
  sigma: number;
}

function axesOf(area: InputArea, sigma: readonly number[]): Axis[] {
  const { width, depth, periodic, pixelsX, pixelsY } = area;
  const x = { length: width, pixels: pixelsX, periodic, sigma: sigma[0] };
  return depth === undefined
    ? [x]
    : [x, { length: depth, pixels: pixelsY, periodic, sigma: sigma[1] }];
}

/** A Gaussian at the pixels of an axis, where it is not silent. */
interface Profile {
  first: number;
  values: Float64Array;
}

/** The whole of a line's other axis. */
const ALONE: Profile = { first: 0, values: Float64Array.of(1) };

function profile(axis: Axis, center: number): Profile {
  const { length, pixels, periodic, sigma } = axis;
  const size = length / pixels;
  const reach = Math.ceil(REACH * sigma / size) + 1;
  const middle = Math.floor((center + length / 2) / size);
  const first = periodic ? 0 : Math.max(0, middle - reach);
  const end = periodic ? pixels : Math.min(pixels, middle + reach + 1);
  const values = new Float64Array(Math.max(0, end - first));
  for (let i = 0; i < values.length; i++) {
    let distance = (first + i + 0.5) * size - length / 2 - center;
    if (periodic) distance -= length * Math.round(distance / length);
    values[i] = Math.exp(-0.5 * (distance / sigma) ** 2);
  }
  return { first, values };
}

/** A cell that sums Gaussians around some centres. */
function gaussians(
  axes: readonly Axis[],
  centers: readonly (readonly number[])[],
  height: number,
): CellRates {
  const [axisX, axisY] = axes;
  const fields = centers.map((center) => ({
    x: profile(axisX, center[0]),
    y: axisY === undefined ? ALONE : profile(axisY, center[1]),
  }));
  const x0 = Math.min(...fields.map(({ x }) => x.first));
  const y0 = Math.min(...fields.map(({ y }) => y.first));
  const x1 = Math.max(...fields.map(({ x }) => x.first + x.values.length));
  const y1 = Math.max(...fields.map(({ y }) => y.first + y.values.length));
  const across = x1 - x0;
  return {
    window: [x0, x1, y0, y1],
    write(out) {
      for (const { x, y } of fields) {
        for (let j = 0; j < y.values.length; j++) {
          const scale = height * y.values[j];
          const start = (y.first + j - y0) * across + x.first - x0;
          for (let i = 0; i < x.values.length; i++) {
            out[start + i] += scale * x.values[i];
          }
        }
      }
    },
  };
}

/** Extent of the centres along an axis. */
function reachOf({ length, periodic, sigma }: Axis): number {
  return periodic ? length : length + 2 * MARGIN * sigma;
}

/** Centres on a lattice, each moved by up to half its spacing. */
function latticeCenters(
  axes: readonly Axis[],
  cells: number,
  random: Random,
): number[][] {
  const [x, y] = axes.map(reachOf);
  const columns = y === undefined
    ? cells
    : Math.max(1, Math.round(Math.sqrt(cells * x / y)));
  const rows = Math.max(1, Math.round(cells / columns));
  const place = (i: number, count: number, extent: number) =>
    ((i + 0.5 + random.uniform(-0.5, 0.5)) / count - 0.5) * extent;
  return Array.from(
    { length: columns * rows },
    (_, cell) =>
      y === undefined ? [place(cell, columns, x)] : [
        place(cell % columns, columns, x),
        place(Math.floor(cell / columns), rows, y),
      ],
  );
}

function kernel(sigma: number, reach: number): Float64Array {
  const weights = Float64Array.from(
    { length: 2 * reach + 1 },
    (_, i) => Math.exp(-0.5 * ((i - reach) / sigma) ** 2),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** Smooths lines of noise that are longer by the kernel, and transposes. */
function smooth(
  noise: Float64Array,
  lines: number,
  weights: Float64Array,
): Float64Array {
  const length = noise.length / lines;
  const short = length - weights.length + 1;
  const out = new Float64Array(lines * short);
  for (let line = 0; line < lines; line++) {
    for (let i = 0; i < short; i++) {
      const start = line * length + i;
      let sum = 0;
      for (let k = 0; k < weights.length; k++) {
        sum += weights[k] * noise[start + k];
      }
      out[i * lines + line] = sum;
    }
  }
  return out;
}

/** White noise, smoothed, from 0 and of mean height / 2. */
function smoothNoise(
  axes: readonly Axis[],
  { height, random }: InputOptions,
): CellRates {
  const [x, y] = axes;
  const reaches = axes.map(({ sigma, length, pixels }) =>
    Math.ceil(KERNEL_REACH * sigma * pixels / length)
  );
  const kernels = axes.map(({ sigma, length, pixels }, i) =>
    kernel(sigma * pixels / length, reaches[i])
  );
  const columns = x.pixels + 2 * reaches[0];
  const rows = y === undefined ? 1 : y.pixels + 2 * reaches[1];
  const wrapped = (i: number, axis: number) => {
    const { pixels, periodic } = axes[axis];
    const from = i - reaches[axis];
    return periodic ? from - pixels * Math.floor(from / pixels) : i;
  };
  const noise = new Float64Array(columns * rows);
  for (let i = 0; i < noise.length; i++) noise[i] = random.uniform(-1, 1);
  const periodicNoise = x.periodic
    ? noise.map((_, i) => {
      const row = y === undefined ? 0 : wrapped(Math.floor(i / columns), 1);
      return noise[row * columns + wrapped(i % columns, 0)];
    })
    : noise;
  // Twice transposed, it stands as it stood.
  const along = smooth(periodicNoise, rows, kernels[0]);
  const rates = y === undefined ? along : smooth(along, x.pixels, kernels[1]);
  const least = rates.reduce((low, rate) => Math.min(low, rate), Infinity);
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  const scale = height / 2 / (mean - least);
  return {
    window: [0, x.pixels, 0, y?.pixels ?? 1],
    write(out) {
      for (let i = 0; i < out.length; i++) out[i] += (rates[i] - least) * scale;
    },
  };
}

/**
 * Rates of inputs at every pixel.
 *
 * @param area Where.
 * @param options What they are.
 */
export function inputRates(area: InputArea, options: InputOptions): RateTable {
  const { kind, cells, sigma, height, fields, random } = options;
  const axes = axesOf(area, sigma);
  const { pixelsX: width, pixelsY: depth } = area;
  const table = (count: number, ratesOf: (cell: number) => CellRates) =>
    rateTable({ cells: count, width, depth, largest: height, ratesOf });
  if (kind === "place") {
    const centers = latticeCenters(axes, cells, random);
    return table(
      centers.length,
      (cell) => gaussians(axes, [centers[cell]], height),
    );
  }
  if (kind === "dense") return table(cells, () => smoothNoise(axes, options));
  const extent = (axis: Axis) =>
    kind === "scattered" && !axis.periodic
      ? SCATTER * axis.length
      : reachOf(axis);
  const draw = () =>
    axes.map((axis) => random.uniform(-extent(axis) / 2, extent(axis) / 2));
  return table(
    cells,
    () => gaussians(axes, Array.from({ length: fields }, draw), height),
  );
}

/**
 * Mean over all pixels of the sum of the cells' rates.
 *
 * @param table The rates.
 */
export function meanTotalRate(table: RateTable): number {
  return table.rates.reduce((sum, rate) => sum + rate, 0) / table.pixels;
}
