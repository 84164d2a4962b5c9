/**
 * A room cut into states.
 *
 * @module
 */
import type { HeatMap } from "../../analysis/figures/heat_map_figure.ts";

/** A room cut into states. */
export interface StateGrid {
  /** States along x. */
  readonly width: number;
  /** States along y. */
  readonly depth: number;
  /** The middle of a state. */
  centerOf(state: number): [x: number, y: number];
  /** The state of a place. Throws `RangeError` for one outside of the room. */
  stateAt(place: readonly [x: number, y: number]): number;
  /**
   * Displacements from a place to the middles of the neighbouring states; in
   * reference mode of length 1, up, down, right and left, wherever one is.
   */
  stepsFrom(
    place: readonly [x: number, y: number],
  ): readonly (readonly [dx: number, dy: number])[];
  /** Values of the states, as figures take them: rows along x, from the lowest y. */
  heatMap(values: Float64Array): HeatMap;
}

/** What a {@linkcode StateGrid} is made of. */
export interface StateGridOptions {
  /** Width of the room, along x. */
  readonly roomWidth: number;
  /** Depth of the room, along y; undefined for a line along x. */
  readonly roomDepth: number | undefined;
  /** The room's middle. */
  readonly center: readonly number[];
  /** States a unit of length. */
  readonly density: number;
  /** Whether states are lattice points that include the walls. */
  readonly reference: boolean;
}

/** Directions of a step: up, down, right, left. */
const DIRECTIONS = [[0, 1], [0, -1], [1, 0], [-1, 0]] as const;

/** Most states: a matrix of their pairs takes 200 MB. */
const MOST_STATES = 5000;

/** How far beyond the walls a place may lie, for rounding, in cells. */
const TOLERANCE = 1e-3;

function counts(options: StateGridOptions): [width: number, depth: number] {
  const { roomWidth, roomDepth, density } = options;
  // A density such as 0.1 is not exact, and 29.999... cells are 30.
  const along = (length: number) => Math.floor(density * length * (1 + 1e-12));
  const width = along(roomWidth);
  const depth = roomDepth === undefined ? 1 : along(roomDepth);
  if (width < 1 || depth < 1 || width * depth > MOST_STATES) {
    throw new RangeError(
      `Cannot cut a room of ${roomWidth} by ${
        roomDepth ?? 0
      } with state_density ${density} into ${width} x ${depth} states: expected 1 to ${MOST_STATES}`,
    );
  }
  return [width, depth];
}

/**
 * Cuts a room into cells of equal size, numbered along x first, from the lowest
 * x and y: `y * width + x`. In reference mode states are lattice points, the
 * outermost on the walls, numbered along y first, from the highest y:
 * `x * depth + y`.
 *
 * @param options Room and density. Throws `RangeError` for less than one state
 * and for more than 5000.
 */
export function stateGrid(options: StateGridOptions): StateGrid {
  return options.reference ? latticePoints(options) : cells(options);
}

function cells(options: StateGridOptions): StateGrid {
  const [width, depth] = counts(options);
  const { roomWidth, roomDepth = 0, center } = options;
  const left = center[0] - roomWidth / 2;
  const bottom = center[1] - roomDepth / 2;
  const cellWidth = roomWidth / width;
  const cellDepth = roomDepth / depth;

  /** The cell of a coordinate; the last one at the far wall. */
  function cell(place: number, count: number): number {
    return Number.isNaN(place) || place < -TOLERANCE ||
        place > count + TOLERANCE
      ? -1
      : Math.min(count - 1, Math.max(0, Math.floor(place)));
  }

  function stateAt([px, py]: readonly [number, number]): number {
    const x = cell((px - left) / cellWidth, width);
    const y = options.roomDepth === undefined
      ? 0
      : cell((py - bottom) / cellDepth, depth);
    if (x < 0 || y < 0) {
      throw new RangeError(
        `Cannot find the state of ${px}, ${py}: expected a place in the room of ${roomWidth} by ${roomDepth} around ${
          center.join(", ")
        } (room_width, room_depth, room_center)`,
      );
    }
    return y * width + x;
  }

  const centerOf = (state: number): [number, number] => [
    left + (state % width + 0.5) * cellWidth,
    bottom + (Math.floor(state / width) + 0.5) * cellDepth,
  ];
  function stepsFrom(place: readonly [number, number]): [number, number][] {
    const state = stateAt(place);
    const [x, y] = [state % width, Math.floor(state / width)];
    return DIRECTIONS.filter(([dx, dy]) =>
      x + dx >= 0 && x + dx < width && y + dy >= 0 && y + dy < depth
    ).map(([dx, dy]) => {
      const [toX, toY] = centerOf(state + dy * width + dx);
      return [toX - place[0], toY - place[1]];
    });
  }

  return {
    width,
    depth,
    centerOf,
    stateAt,
    stepsFrom,
    heatMap: (values) => ({
      values: Array.from(
        { length: depth },
        (_, y) => values.subarray(y * width, (y + 1) * width),
      ),
      columns: Array.from({ length: width }, (_, x) => centerOf(x)[0]),
      rows: Array.from({ length: depth }, (_, y) => centerOf(y * width)[1]),
    }),
  };
}

/** Points from one wall to the other. */
function linspace(from: number, to: number, count: number): Float64Array {
  return Float64Array.from(
    { length: count },
    (_, i) => count === 1 ? from : from + (to - from) * i / (count - 1),
  );
}

/** The first of the nearest points. */
function nearest(points: Float64Array, place: number): number {
  let best = 0;
  for (let i = 1; i < points.length; i++) {
    if (Math.abs(points[i] - place) < Math.abs(points[best] - place)) best = i;
  }
  return best;
}

function latticePoints(options: StateGridOptions): StateGrid {
  const [width, depth] = counts(options);
  const { roomWidth, roomDepth = 0, center } = options;
  const xs = linspace(
    center[0] - roomWidth / 2,
    center[0] + roomWidth / 2,
    width,
  );
  const ys = linspace(
    center[1] + roomDepth / 2,
    center[1] - roomDepth / 2,
    depth,
  );
  return {
    width,
    depth,
    centerOf: (state) => [xs[Math.floor(state / depth)], ys[state % depth]],
    stateAt: ([x, y]) => nearest(xs, x) * depth + nearest(ys, y),
    stepsFrom: () => DIRECTIONS,
    heatMap: (values) => ({
      values: Array.from(
        { length: depth },
        (_, row) =>
          Float64Array.from(
            { length: width },
            (_, x) => values[x * depth + (depth - 1 - row)],
          ),
      ),
      columns: xs,
      rows: ys.toReversed(),
    }),
  };
}
