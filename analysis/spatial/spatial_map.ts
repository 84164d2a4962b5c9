/**
 * Maps over an arena: where somebody was, and what a cell did there.
 *
 * @module
 */

/** Values over an arena, bin by bin, from the lowest x and y. */
export interface SpatialMap {
  /** Row by row. Shape [rows, columns]; NaN where nothing is known. */
  readonly values: Float64Array;
  /** Bins along x. */
  readonly columns: number;
  /** Bins along y. */
  readonly rows: number;
}

/** How an arena is cut into bins. */
export interface BinOptions {
  /** Smallest and largest x. */
  readonly xLimits: readonly number[];
  /** Smallest and largest y. */
  readonly yLimits: readonly number[];
  /** Bins along x. */
  readonly columns: number;
  /** Bins along y. */
  readonly rows: number;
}

/**
 * A map of given values.
 *
 * @param values Row by row. Throws `TypeError` where they are not as many as
 * bins.
 * @param size Bins along x and y.
 */
export function spatialMap(
  values: ArrayLike<number>,
  size: { columns: number; rows: number },
): SpatialMap {
  const { columns, rows } = size;
  if (
    !(Number.isInteger(columns) && Number.isInteger(rows) && columns > 0 &&
      rows > 0 && values.length === columns * rows)
  ) {
    throw new TypeError(
      `Cannot map ${values.length} values in ${rows} rows of ${columns}: expected as many as bins`,
    );
  }
  return { values: Float64Array.from(values), columns, rows };
}

/** The bin of each place; -1 outside. */
function binsOf(places: ArrayLike<number>, options: BinOptions): Int32Array {
  const { xLimits, yLimits, columns, rows } = options;
  const along = (
    value: number,
    [low, high]: readonly number[],
    count: number,
  ) => {
    const bin = Math.floor((value - low) / (high - low) * count);
    // The upper limit belongs to the last bin.
    return value === high ? count - 1 : bin >= 0 && bin < count ? bin : -1;
  };
  return Int32Array.from({ length: places.length / 2 }, (_, i) => {
    const x = along(places[2 * i], xLimits, columns);
    const y = along(places[2 * i + 1], yLimits, rows);
    return x < 0 || y < 0 ? -1 : y * columns + x;
  });
}

/**
 * How long somebody was in each bin, in steps.
 *
 * @param places Shape [places, 2]; those outside the limits do not count.
 * @param options Limits and bins.
 */
export function occupancyMap(
  places: ArrayLike<number>,
  options: BinOptions,
): SpatialMap {
  const { columns, rows } = options;
  const values = new Float64Array(columns * rows);
  for (const bin of binsOf(places, options)) if (bin >= 0) values[bin]++;
  return { values, columns, rows };
}

/**
 * The mean rate of a cell in each bin; NaN where nobody was.
 *
 * @param places Shape [places, 2].
 * @param rates The rate at each place, or spikes over the step's length.
 * Throws `TypeError` where they are not as many.
 * @param options Limits and bins.
 */
export function rateMap(
  places: ArrayLike<number>,
  rates: ArrayLike<number>,
  options: BinOptions,
): SpatialMap {
  if (rates.length * 2 !== places.length) {
    throw new TypeError(
      `Cannot map ${rates.length} rates at ${
        places.length / 2
      } places: expected as many`,
    );
  }
  const visits = occupancyMap(places, options);
  const values = new Float64Array(visits.values.length);
  binsOf(places, options).forEach((bin, i) => {
    if (bin >= 0) values[bin] += rates[i];
  });
  for (let i = 0; i < values.length; i++) {
    values[i] = visits.values[i] > 0 ? values[i] / visits.values[i] : NaN;
  }
  return { values, columns: visits.columns, rows: visits.rows };
}

/** Smooths along x, and transposes. */
function smoothedLines(
  map: SpatialMap,
  weights: Float64Array,
): { sums: Float64Array; known: Float64Array } {
  const { values, columns, rows } = map;
  const reach = (weights.length - 1) / 2;
  const sums = new Float64Array(values.length);
  const known = new Float64Array(values.length);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const low = Math.max(0, x - reach);
      const high = Math.min(columns - 1, x + reach);
      const to = x * rows + y;
      for (let k = low; k <= high; k++) {
        const value = values[y * columns + k];
        if (Number.isNaN(value)) continue;
        const weight = weights[k - x + reach];
        sums[to] += weight * value;
        known[to] += weight;
      }
    }
  }
  return { sums, known };
}

/**
 * A map smoothed by a Gaussian, over the bins whose value is known: unknown
 * bins stay unknown, and do not dim their neighbours.
 *
 * @param map The map.
 * @param sigma Standard deviation in bins, above 0; the Gaussian ends at four.
 */
export function smoothedMap(map: SpatialMap, sigma: number): SpatialMap {
  if (!(sigma > 0 && sigma < Infinity)) {
    throw new RangeError(
      `Cannot smooth a map over ${sigma} bins: expected a number above 0`,
    );
  }
  const reach = Math.ceil(4 * sigma);
  const weights = Float64Array.from(
    { length: 2 * reach + 1 },
    (_, i) => Math.exp(-0.5 * ((i - reach) / sigma) ** 2),
  );
  const { values, columns, rows } = map;
  const turned = { columns: rows, rows: columns };
  const along = smoothedLines(map, weights);
  const sums = smoothedLines({ values: along.sums, ...turned }, weights).sums;
  const known = smoothedLines({ values: along.known, ...turned }, weights).sums;
  return {
    values: values.map((value, i) =>
      Number.isNaN(value) ? NaN : sums[i] / known[i]
    ),
    columns,
    rows,
  };
}

/**
 * A map of larger bins: the mean of those known in each.
 *
 * @param map The map.
 * @param factor How many bins become one along each axis. Throws `RangeError`
 * where it does not divide their numbers.
 */
export function coarserMap(map: SpatialMap, factor: number): SpatialMap {
  const columns = map.columns / factor;
  const rows = map.rows / factor;
  if (!(Number.isInteger(columns) && Number.isInteger(rows))) {
    throw new RangeError(
      `Cannot join ${factor} of ${map.columns} by ${map.rows} bins: expected a divisor of both`,
    );
  }
  const sums = new Float64Array(columns * rows);
  const known = new Float64Array(columns * rows);
  map.values.forEach((value, i) => {
    if (Number.isNaN(value)) return;
    const x = Math.floor(i % map.columns / factor);
    const y = Math.floor(Math.floor(i / map.columns) / factor);
    sums[y * columns + x] += value;
    known[y * columns + x]++;
  });
  return { values: sums.map((sum, i) => sum / known[i]), columns, rows };
}
