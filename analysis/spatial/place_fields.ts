/**
 * Place fields, and how much a cell tells of the place.
 *
 * @module
 */
import type { SpatialMap } from "./spatial_map.ts";

/** A region in which a cell is active. */
export interface PlaceField {
  /** Its bins, as places in the map's values. */
  readonly bins: readonly number[];
  /** Largest rate. */
  readonly peak: number;
  /** Mean rate. */
  readonly mean: number;
  /** Its middle, weighted by rates: column and row, the first bin's middle 0. */
  readonly center: readonly [column: number, row: number];
}

/** Options of {@linkcode placeFields}. */
export interface PlaceFieldOptions {
  /** Rates from this part of the map's largest one belong to a field. Default 0.2. */
  readonly threshold?: number;
  /** Fields have at least so many bins. Default 9. */
  readonly minimumBins?: number;
}

/** All bins that hang together with one, by their sides. */
function connected(
  map: SpatialMap,
  start: number,
  isPart: (bin: number) => boolean,
): number[] {
  const { columns, rows } = map;
  const seen = new Set([start]);
  for (const bin of seen) {
    const [x, y] = [bin % columns, Math.floor(bin / columns)];
    const beside = [
      x > 0 ? bin - 1 : -1,
      x < columns - 1 ? bin + 1 : -1,
      y > 0 ? bin - columns : -1,
      y < rows - 1 ? bin + columns : -1,
    ];
    for (const other of beside) {
      if (other >= 0 && isPart(other)) seen.add(other);
    }
  }
  return [...seen].sort((a, b) => a - b);
}

function fieldOf(map: SpatialMap, bins: readonly number[]): PlaceField {
  const { values, columns } = map;
  let total = 0;
  let x = 0;
  let y = 0;
  let peak = -Infinity;
  for (const bin of bins) {
    const rate = values[bin];
    peak = Math.max(peak, rate);
    total += rate;
    x += rate * (bin % columns);
    y += rate * Math.floor(bin / columns);
  }
  return {
    bins,
    peak,
    mean: total / bins.length,
    center: [x / total, y / total],
  };
}

/**
 * The place fields of a map: bins that hang together and have at least a part
 * of the largest rate.
 *
 * @param map Rates; NaN belongs to no field.
 * @param options Threshold and least size. Throws `RangeError` for a threshold
 * that is not above 0 and at most 1.
 * @returns The field of the largest rate first; none where no rate is above 0.
 */
export function placeFields(
  map: SpatialMap,
  options: PlaceFieldOptions = {},
): PlaceField[] {
  const { threshold = 0.2, minimumBins = 9 } = options;
  if (!(threshold > 0 && threshold <= 1)) {
    throw new RangeError(
      `Cannot find place fields from ${threshold} of the largest rate: expected a part above 0 and at most 1`,
    );
  }
  const { values } = map;
  const largest = values.reduce(
    (most, rate) => rate > most ? rate : most,
    0,
  );
  if (largest === 0) return [];
  const isPart = (bin: number) => values[bin] >= threshold * largest;
  const taken = new Set<number>();
  const fields: PlaceField[] = [];
  for (let bin = 0; bin < values.length; bin++) {
    if (!isPart(bin) || taken.has(bin)) continue;
    const bins = connected(map, bin, isPart);
    for (const part of bins) taken.add(part);
    if (bins.length >= minimumBins) fields.push(fieldOf(map, bins));
  }
  return fields.sort((a, b) => b.peak - a.peak);
}

/**
 * How much each spike tells of the place, in bits: the sum over bins of
 * p (r / mean r) log2(r / mean r) (Skaggs et al., "An information-theoretic
 * approach to deciphering the hippocampal code", 1993).
 *
 * @param map Rates, from 0; bins of NaN are left out.
 * @param occupancy Time in each bin; default the same in all. Throws
 * `TypeError` for another size.
 * @returns 0 for a cell that is equally active everywhere; NaN for one that is
 * silent.
 */
export function spatialInformation(
  map: SpatialMap,
  occupancy?: SpatialMap,
): number {
  const { values } = map;
  if (
    occupancy !== undefined &&
    (occupancy.columns !== map.columns || occupancy.rows !== map.rows)
  ) {
    throw new TypeError(
      `Cannot weigh ${map.rows} x ${map.columns} bins by ${occupancy.rows} x ${occupancy.columns}: expected maps of one size`,
    );
  }
  let time = 0;
  let activity = 0;
  values.forEach((rate, bin) => {
    if (Number.isNaN(rate)) return;
    const weight = occupancy?.values[bin] ?? 1;
    time += weight;
    activity += weight * rate;
  });
  const mean = activity / time;
  if (!(mean > 0)) return NaN;
  return values.reduce((bits, rate, bin) => {
    const weight = occupancy?.values[bin] ?? 1;
    return rate > 0 && weight > 0
      ? bits + weight / time * (rate / mean) * Math.log2(rate / mean)
      : bits;
  }, 0);
}
