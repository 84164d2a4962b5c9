/**
 * How much a map looks like that of a grid cell.
 *
 * @module
 */
import {
  type AutocorrelogramOptions,
  spatialAutocorrelogram,
} from "./autocorrelogram.ts";
import type { SpatialMap } from "./spatial_map.ts";

/** A maximum of the autocorrelogram, counted from its middle. */
export interface AutocorrelogramPeak {
  /** Bins to the right of the middle. */
  readonly x: number;
  /** Bins above the middle. */
  readonly y: number;
  /** Distance from the middle, in bins. */
  readonly distance: number;
  /** The correlation. */
  readonly value: number;
}

/** What {@linkcode gridScore} finds. */
export interface GridScore {
  /**
   * The smaller of the correlations at 60 and 120 degrees, less the largest of
   * those at 30, 90 and 150: above 0 for hexagons, at most 2. NaN where there
   * are no peaks beside the middle.
   */
  readonly score: number;
  /** Median distance of the peaks nearest to the middle, in bins. */
  readonly spacing: number;
  /** Smallest angle of such a peak from the x axis, degrees from 0 to 180. */
  readonly orientation: number;
  /** The peaks: six for a grid. */
  readonly peaks: readonly AutocorrelogramPeak[];
  /** Inner and outer radius of the ring that is turned, in bins. */
  readonly ring: readonly [inner: number, outer: number];
  /** Correlations of the ring with itself turned by 30, 60, 90, 120, 150 degrees. */
  readonly correlations: readonly number[];
  /** The autocorrelogram. */
  readonly autocorrelogram: SpatialMap;
}

const NEIGHBOURS = 6;
const ANGLES = [30, 60, 90, 120, 150];

/** The bin uphill of each bin at last: its maximum; -1 where not positive. */
function summits(map: SpatialMap): Int32Array {
  const { values, columns, rows } = map;
  const next = Int32Array.from(values, (value, i) => {
    if (!(value > 0)) return -1;
    let best = i;
    const [x, y] = [i % columns, Math.floor(i / columns)];
    for (let v = Math.max(0, y - 1); v <= Math.min(rows - 1, y + 1); v++) {
      for (let u = Math.max(0, x - 1); u <= Math.min(columns - 1, x + 1); u++) {
        const k = v * columns + u;
        // Of equal bins the last one is higher, so that plateaus have an end.
        if (
          values[k] > values[best] || (values[k] === values[best] && k > best)
        ) best = k;
      }
    }
    return best;
  });
  return next.map((_, i) => {
    let k = i;
    while (k >= 0 && next[k] !== k) k = next[k];
    return k;
  });
}

interface Region extends AutocorrelogramPeak {
  /** Distance of the farthest bin from the middle with half the peak's value. */
  farthest: number;
  /** Whether a bin at the map's edge is as high as any: its top is unseen. */
  atEdge: boolean;
}

/** The maxima with what belongs to them, nearest to the middle first. */
function regions(map: SpatialMap): Region[] {
  const { values, columns, rows } = map;
  const [middleX, middleY] = [(columns - 1) / 2, (rows - 1) / 2];
  const tops = summits(map);
  const found = new Map<number, Region>();
  tops.forEach((top, i) => {
    if (top < 0) return;
    const [x, y] = [
      top % columns - middleX,
      Math.floor(top / columns) - middleY,
    ];
    const region = found.get(top) ?? {
      x,
      y,
      distance: Math.hypot(x, y),
      value: values[top],
      farthest: 0,
      atEdge: Math.abs(x) === middleX || Math.abs(y) === middleY,
    };
    if (values[i] >= region.value / 2) {
      const distance = Math.hypot(
        i % columns - middleX,
        Math.floor(i / columns) - middleY,
      );
      region.farthest = Math.max(region.farthest, distance);
    }
    found.set(top, region);
  });
  return [...found.values()].sort((a, b) => a.distance - b.distance);
}

/** The value between bins; NaN outside and beside unknown ones. */
function between(map: SpatialMap, x: number, y: number): number {
  const { values, columns, rows } = map;
  const [x0, y0] = [Math.floor(x), Math.floor(y)];
  if (x0 < 0 || y0 < 0 || x > columns - 1 || y > rows - 1) return NaN;
  const [x1, y1] = [Math.min(x0 + 1, columns - 1), Math.min(y0 + 1, rows - 1)];
  const [u, v] = [x - x0, y - y0];
  return (1 - v) * ((1 - u) * values[y0 * columns + x0] +
        u * values[y0 * columns + x1]) +
    v * ((1 - u) * values[y1 * columns + x0] + u * values[y1 * columns + x1]);
}

/** Pearson's correlation of a ring with itself, turned. */
function turnedCorrelation(
  map: SpatialMap,
  ring: readonly [number, number],
  degrees: number,
): number {
  const { values, columns, rows } = map;
  const [inner, outer] = ring;
  const [middleX, middleY] = [(columns - 1) / 2, (rows - 1) / 2];
  const [cos, sin] = [
    Math.cos(degrees * Math.PI / 180),
    Math.sin(degrees * Math.PI / 180),
  ];
  let count = 0;
  let sumA = 0, sumB = 0, sumAA = 0, sumBB = 0, sumAB = 0;
  for (let i = 0; i < values.length; i++) {
    const x = i % columns - middleX;
    const y = Math.floor(i / columns) - middleY;
    const distance = Math.hypot(x, y);
    if (!(distance > inner && distance <= outer)) continue;
    const a = values[i];
    const b = between(
      map,
      cos * x - sin * y + middleX,
      sin * x + cos * y + middleY,
    );
    if (Number.isNaN(a + b)) continue;
    count++;
    sumA += a;
    sumB += b;
    sumAA += a * a;
    sumBB += b * b;
    sumAB += a * b;
  }
  return (count * sumAB - sumA * sumB) /
    Math.sqrt((count * sumAA - sumA ** 2) * (count * sumBB - sumB ** 2));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  return (sorted[Math.floor(half - 0.5)] + sorted[Math.floor(half)]) / 2;
}

/**
 * The grid score of a map: its autocorrelogram's ring of the six nearest peaks,
 * turned, is like itself after 60 and 120 degrees and unlike after 30, 90 and
 * 150 (Sargolini et al., Science 312:758, 2006).
 *
 * The ring begins outside the middle peak at half its height, and ends where
 * the farthest of the nearest peaks falls below half of its own. Noisy maps
 * have peaks of noise: smooth them first.
 *
 * @param map The map.
 * @param options As for the autocorrelogram.
 */
export function gridScore(
  map: SpatialMap,
  options: AutocorrelogramOptions = {},
): GridScore {
  const autocorrelogram = spatialAutocorrelogram(map, options);
  const [middle, ...others] = regions(autocorrelogram);
  const nearest = others.filter(({ atEdge }) => !atEdge).slice(0, NEIGHBOURS);
  const peaks = nearest.map(({ x, y, distance, value }) => ({
    x,
    y,
    distance,
    value,
  }));
  if (middle === undefined || nearest.length === 0) {
    return {
      score: NaN,
      spacing: NaN,
      orientation: NaN,
      peaks,
      ring: [NaN, NaN],
      correlations: ANGLES.map(() => NaN),
      autocorrelogram,
    };
  }
  const ring: [number, number] = [
    middle.farthest,
    Math.max(...nearest.map(({ farthest }) => farthest)),
  ];
  const correlations = ANGLES.map((angle) =>
    turnedCorrelation(autocorrelogram, ring, angle)
  );
  const [at30, at60, at90, at120, at150] = correlations;
  return {
    score: Math.min(at60, at120) - Math.max(at30, at90, at150),
    spacing: median(peaks.map(({ distance }) => distance)),
    orientation: Math.min(
      ...peaks.map(({ x, y }) =>
        (Math.atan2(y, x) * 180 / Math.PI + 360) % 180
      ),
    ),
    peaks,
    ring,
    correlations,
    autocorrelogram,
  };
}
