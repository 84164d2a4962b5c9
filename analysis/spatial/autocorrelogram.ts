/**
 * How much a map is like itself, moved.
 *
 * @module
 */
import type { SpatialMap } from "./spatial_map.ts";

/** Options of {@linkcode spatialAutocorrelogram}. */
export interface AutocorrelogramOptions {
  /**
   * With fewer bins known in both the map and the moved map, the correlation is
   * NaN. Default 20.
   */
  readonly minimumOverlap?: number;
}

/** Pearson's correlation of the map with itself, moved by dx and dy. */
function correlation(
  map: SpatialMap,
  [dx, dy]: readonly [number, number],
  minimumOverlap: number,
): number {
  const { values, columns, rows } = map;
  let count = 0;
  let sumA = 0, sumB = 0, sumAA = 0, sumBB = 0, sumAB = 0;
  for (let y = Math.max(0, -dy); y < Math.min(rows, rows - dy); y++) {
    const row = y * columns;
    const moved = (y + dy) * columns + dx;
    const end = Math.min(columns, columns - dx);
    for (let x = Math.max(0, -dx); x < end; x++) {
      const a = values[row + x];
      const b = values[moved + x];
      const sum = a + b;
      if (sum !== sum) continue;
      count++;
      sumA += a;
      sumB += b;
      sumAA += a * a;
      sumBB += b * b;
      sumAB += a * b;
    }
  }
  if (count < minimumOverlap) return NaN;
  const variance = (count * sumAA - sumA * sumA) *
    (count * sumBB - sumB * sumB);
  // Below rounding errors there is no variance.
  return variance > 1e-20 * (count * sumAA) * (count * sumBB)
    ? (count * sumAB - sumA * sumB) / Math.sqrt(variance)
    : NaN;
}

/**
 * The spatial autocorrelogram: Pearson's correlation of a map with itself moved
 * by every number of bins, over the bins known in both (Sargolini et al.,
 * Science 312:758, 2006). Its middle is 1, and it is symmetric about it.
 *
 * @param map The map.
 * @param options When overlaps are too small. Throws `RangeError` for a
 * `minimumOverlap` below 2.
 * @returns 2 columns - 1 by 2 rows - 1 bins; NaN where overlaps are small or
 * do not vary.
 */
export function spatialAutocorrelogram(
  map: SpatialMap,
  options: AutocorrelogramOptions = {},
): SpatialMap {
  const { minimumOverlap = 20 } = options;
  if (!(minimumOverlap >= 2)) {
    throw new RangeError(
      `Cannot correlate ${minimumOverlap} bins: expected a minimumOverlap from 2`,
    );
  }
  const columns = 2 * map.columns - 1;
  const rows = 2 * map.rows - 1;
  const values = new Float64Array(columns * rows);
  const last = values.length - 1;
  for (let i = 0; i <= last / 2; i++) {
    const move = [
      i % columns - map.columns + 1,
      Math.floor(i / columns) - map.rows + 1,
    ] as const;
    values[i] = correlation(map, move, minimumOverlap);
    values[last - i] = values[i];
  }
  return { values, columns, rows };
}
