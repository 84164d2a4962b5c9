/**
 * Walls, and what they do to somebody who walks into them.
 *
 * @module
 */

/** A straight wall: x and y of its two ends. */
export type Wall = readonly [x0: number, y0: number, x1: number, y1: number];

/** A place or a displacement in the plane. */
export type Point = [x: number, y: number];

/**
 * The four walls of a rectangle: left, right, bottom, top.
 *
 * @param xLimits Smallest and largest x.
 * @param yLimits Smallest and largest y.
 */
export function rectangleWalls(
  xLimits: readonly number[],
  yLimits: readonly number[],
): Wall[] {
  const [left, right] = xLimits;
  const [bottom, top] = yLimits;
  return [
    [left, bottom, left, top],
    [right, bottom, right, top],
    [left, bottom, right, bottom],
    [left, top, right, top],
  ];
}

/**
 * A circle of chords, whose ends lie on it.
 *
 * @param center The circle's centre.
 * @param options Radius, and number of chords, default 100: between two ends
 * they lie inside the circle by 0.05 % of the radius.
 */
export function circularWalls(
  center: Readonly<Point>,
  options: { radius: number; segments?: number },
): Wall[] {
  const { radius, segments = 100 } = options;
  const ends = Array.from({ length: segments + 1 }, (_, i) => {
    const angle = 2 * Math.PI * (i % segments) / segments;
    return [
      center[0] + radius * Math.cos(angle),
      center[1] + radius * Math.sin(angle),
    ];
  });
  return ends.slice(1).map(([x, y], i) => [ends[i][0], ends[i][1], x, y]);
}

/**
 * Whether a place lies inside a closed polygon.
 *
 * @param walls Its sides.
 * @param point The place.
 */
export function isEnclosed(
  walls: readonly Wall[],
  point: Readonly<Point>,
): boolean {
  const [x, y] = point;
  let inside = false;
  for (const [x0, y0, x1, y1] of walls) {
    if ((y0 > y) !== (y1 > y) && x < x0 + (x1 - x0) * (y - y0) / (y1 - y0)) {
      inside = !inside;
    }
  }
  return inside;
}

/** What a fraction of the step is given up before a wall in reference mode. */
const SHORT = 1e-5;
/** What is added to a system of parallel lines in reference mode. */
const RIDGE = 1e-9;

/**
 * Moves as the original arenas do: whoever would cross or touch a wall stops
 * where a fraction 1e-5 of the whole step is left, without sliding. Walls are
 * looked at one after another, each with the step that the ones before it left.
 *
 * @param walls All walls, in order.
 * @param from Where the step begins.
 * @param to Where it would end; overwritten with where it does.
 */
export function stopShort(
  walls: readonly Wall[],
  from: Readonly<Point>,
  to: Point,
): void {
  for (const [x0, y0, x1, y1] of walls) {
    // wall0 + a (wall1 - wall0) = from + b (to - from)
    const dx = to[0] - from[0];
    const dy = to[1] - from[1];
    let [m00, m01, m10, m11] = [x1 - x0, -dx, y1 - y0, -dy];
    if (m00 * m11 === m01 * m10) {
      m00 += RIDGE;
      m11 += RIDGE;
    }
    const determinant = m00 * m11 - m01 * m10;
    const rx = from[0] - x0;
    const ry = from[1] - y0;
    const a = (m11 * rx - m01 * ry) / determinant;
    const b = (m00 * ry - m10 * rx) / determinant;
    if (a >= 0 && a <= 1 && b >= 0 && b <= 1) {
      to[0] = from[0] + (b - SHORT) * dx;
      to[1] = from[1] + (b - SHORT) * dy;
    }
  }
}

/** A wall with what is needed to meet it. */
interface MetWall {
  x: number;
  y: number;
  /** Along the wall, of length 1. */
  tx: number;
  ty: number;
  length: number;
}

/** Walls that somebody slides along. */
export interface SlidingWalls {
  /** How near a wall can be reached, in the arena's unit of length. */
  readonly clearance: number;
  /**
   * Moves from a place; what is left of a step when a wall is met goes on along
   * it. Nobody gets across a wall, however long the step.
   *
   * @param from Where the step begins: not nearer to a wall than the
   * clearance.
   * @param to Where it would end; overwritten with where it does.
   * @returns The wall that was met last, as its place in the list; -1 for none.
   */
  move(from: Readonly<Point>, to: Point): number;
}

/** Walls that may be met within one step; a corner takes two. */
const MOST_MEETINGS = 8;

/**
 * Prepares walls for sliding.
 *
 * @param walls All walls. Throws `RangeError` for one without length.
 * @param clearance How near a wall can be reached.
 */
export function slidingWalls(
  walls: readonly Wall[],
  clearance: number,
): SlidingWalls {
  const met = walls.map(([x, y, x1, y1]): MetWall => {
    const length = Math.hypot(x1 - x, y1 - y);
    if (!(length > 0 && length < Infinity)) {
      throw new RangeError(
        `Cannot build a wall from ${x}, ${y} to ${x1}, ${y1}: expected two different places`,
      );
    }
    return { x, y, tx: (x1 - x) / length, ty: (y1 - y) / length, length };
  });

  /** Part of the step up to a wall; above 1 where it is not met. */
  function meeting(wall: MetWall, from: Readonly<Point>, step: Point): number {
    const { x, y, tx, ty, length } = wall;
    const rx = from[0] - x;
    const ry = from[1] - y;
    const height = tx * ry - ty * rx;
    const rise = tx * step[1] - ty * step[0];
    // The side that the mover comes from; one on the wall's line may go.
    const before = Math.abs(height);
    const towards = height > 0 ? -rise : height < 0 ? rise : 0;
    if (!(towards > 0) || before - towards >= clearance) return 2;
    const part = Math.max(0, (before - clearance) / towards);
    const along = tx * rx + ty * ry;
    // Where the wall itself would be crossed, and where its margin is.
    const crossing = along + Math.min(1, before / towards) *
        (tx * step[0] + ty * step[1]);
    const reached = along + part * (tx * step[0] + ty * step[1]);
    const beside = (place: number) =>
      place >= -clearance && place <= length + clearance;
    return beside(crossing) || beside(reached) ? part : 2;
  }

  function move(from: Readonly<Point>, to: Point): number {
    const place: Point = [from[0], from[1]];
    const step: Point = [to[0] - from[0], to[1] - from[1]];
    let last = -1;
    for (let count = 0; count < MOST_MEETINGS; count++) {
      let nearest = 1;
      let index = -1;
      for (let i = 0; i < met.length; i++) {
        // What is left of the step goes along the wall met last.
        if (i === last) continue;
        const part = meeting(met[i], place, step);
        if (part < nearest) {
          nearest = part;
          index = i;
        }
      }
      place[0] += nearest * step[0];
      place[1] += nearest * step[1];
      if (index < 0) break;
      last = index;
      const { tx, ty } = met[index];
      const along = (1 - nearest) * (tx * step[0] + ty * step[1]);
      step[0] = along * tx;
      step[1] = along * ty;
    }
    to[0] = place[0];
    to[1] = place[1];
    return last;
  }

  return { clearance, move };
}
