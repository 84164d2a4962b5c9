/** What a successor matrix looks like. */
import type { Figure } from "../../analysis/figures/figure.ts";
import { heatMapFigure } from "../../analysis/figures/heat_map_figure.ts";
import { subplots } from "../../analysis/figures/subplots.ts";
import type { StateGrid } from "./state_grid.ts";
import type { Eigenmaps } from "./successor_matrix.ts";

const COLUMNS = { columns: 3, width: 1080 };

function mapFigure(
  grid: StateGrid,
  { map, title, signed }: {
    map: Float64Array;
    title: string;
    signed: boolean;
  },
): Figure {
  return heatMapFigure(grid.heatMap(map), {
    title,
    x: "x",
    y: "y",
    showValues: false,
    colors: signed ? "diverging" : "sequential",
  });
}

/** Maps of eigenvectors, with their values. Throws `RangeError` for missing ones. */
export function eigenmapFigure(
  grid: StateGrid,
  { eigenmaps, shown }: { eigenmaps: Eigenmaps; shown: readonly number[] },
): Figure {
  const { maps, values } = eigenmaps;
  const wrong = shown.find((i) => maps[i] === undefined);
  if (wrong !== undefined) {
    throw new RangeError(
      `Cannot plot the eigenvector ${wrong}: expected a whole number from 0 to ${
        maps.length - 1
      }`,
    );
  }
  return subplots(
    shown.map((i) =>
      mapFigure(grid, {
        map: maps[i],
        title: `${i}: eigenvalue ${values[i].toFixed(3)}`,
        signed: true,
      })
    ),
    COLUMNS,
  );
}

/** Place fields of states. */
export function placeFieldFigure(
  grid: StateGrid,
  fields: readonly (readonly [state: number, field: Float64Array])[],
): Figure {
  return subplots(
    fields.map(([state, map]) =>
      mapFigure(grid, { map, title: `state ${state}`, signed: false })
    ),
    COLUMNS,
  );
}

/** Two matrices of transitions beside each other. */
export function transitionFigure(
  walk: Float64Array,
  learned: Float64Array,
): Figure {
  const states = Math.sqrt(walk.length);
  const figure = (matrix: Float64Array, title: string) =>
    heatMapFigure({
      values: Array.from(
        { length: states },
        (_, s) => matrix.subarray(s * states, (s + 1) * states),
      ),
    }, {
      title,
      x: "next state",
      y: "state",
      showValues: false,
      firstRowOnTop: true,
      valueRange: [0, 1],
    });
  return subplots([
    figure(walk, "Random walk"),
    figure(learned, "From the learned matrix"),
  ]);
}
