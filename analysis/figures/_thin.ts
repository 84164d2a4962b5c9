/** Polylines of very many points, without those that nobody can see. */

/** Pixels that are drawn as one column. */
const COLUMN = 0.5;

/**
 * The same line with at most four points a pixel column: the first, the
 * lowest, the highest and the last (Jugel et al., "M4: A Visualization-Oriented
 * Time Series Data Aggregation", VLDB 2014). Short lines stay as they are.
 */
export function thinned(points: readonly number[]): readonly number[] {
  if (points.length < 2000) return points;
  const result: number[] = [];
  let start = 0;
  const column = (i: number) => Math.floor(points[i] / COLUMN);
  while (start < points.length) {
    let end = start + 2;
    let lowest = start;
    let highest = start;
    for (; end < points.length && column(end) === column(start); end += 2) {
      if (points[end + 1] < points[lowest + 1]) lowest = end;
      if (points[end + 1] > points[highest + 1]) highest = end;
    }
    const kept = new Set(
      [start, lowest, highest, end - 2].sort((a, b) => a - b),
    );
    for (const i of kept) result.push(points[i], points[i + 1]);
    start = end;
  }
  return result;
}
