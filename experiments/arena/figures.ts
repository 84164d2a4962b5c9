/**
 * What arenas and their models look like, for the docs.
 *
 * @module
 */
import { Stachenfeld2018 } from "../../agents/stachenfeld_2018/stachenfeld_2018.ts";
import type { Figure } from "../../analysis/figures/figure.ts";
import { lineFigure } from "../../analysis/figures/line_figure.ts";
import { subplots } from "../../analysis/figures/subplots.ts";
import { gridScore } from "../../analysis/spatial/grid_score.ts";
import {
  autocorrelogramFigure,
  spatialMapFigure,
} from "../../analysis/spatial/spatial_figures.ts";
import { coarserMap } from "../../analysis/spatial/spatial_map.ts";
import { Random } from "../../core/random.ts";
import type { Arena } from "../../envs/arena/arena.ts";
import { ForagingArena } from "../../envs/arena/foraging_arena.ts";
import { MergingRoom } from "../../envs/arena/merging_room.ts";
import { CircularArena, ConnectedRooms } from "../../envs/arena/rooms.ts";
import { gridCellRun, learnedLine, LINE_SETS } from "./reproduction.ts";

export type { Arena, Figure };

/** A walk that keeps its direction for a while. */
function wander(arena: Arena, walk: { steps: number; size: number }): Figure {
  const random = new Random(2);
  arena.reset({ seed: 2 });
  let direction = 0;
  for (let i = 0; i < walk.steps; i++) {
    direction += random.normal(0, 0.4);
    arena.step([
      walk.size * Math.cos(direction),
      walk.size * Math.sin(direction),
    ]);
  }
  return arena.plotTrajectory({ title: arena.id, legend: "none" });
}

/** Trajectories in four arenas. */
export function arenasFigure(): Figure {
  const foraging = new ForagingArena({
    arena_x_limits: [-0.5, 0.5],
    arena_y_limits: [-0.5, 0.5],
  });
  const merging = new MergingRoom({
    arena_x_limits: [-10, 10],
    arena_y_limits: [-10, 10],
    time_step_size: 0.2,
    switch_time: 2,
    merge_time: 4,
  });
  return subplots([
    wander(foraging, { steps: 15_000, size: 0 }),
    wander(new CircularArena({ radius: 1 }), { steps: 1500, size: 0.05 }),
    wander(new ConnectedRooms(), { steps: 4000, size: 5 }),
    wander(merging, { steps: 1800, size: 0.5 }),
    // Panels of rooms that are as wide as deep are square.
  ], { width: 872, height: 900 });
}

/** Place fields and eigenmaps of a learned successor matrix. */
export function successorFigure(): Figure[] {
  const agent = new Stachenfeld2018({
    discount: 0.95,
    lr_td: 0.01,
    room_width: 12,
    room_depth: 12,
    state_density: 1,
  });
  agent.updateSuccessorRepTdFull({ nEpisode: 10_000, tEpisode: 100 });
  return [agent.plotPlaceFields(), agent.plotRateMap()];
}

/** Rates of a neuron that became a grid cell, and their autocorrelogram. */
export function gridCellFigure(): Figure {
  const { rates } = gridCellRun("fig2a", { seed: 0 });
  const limits = { xLimits: [-0.5, 0.5], yLimits: [-0.5, 0.5] };
  return subplots([
    spatialMapFigure(rates, { title: "Rates after 10 hours", limits }),
    autocorrelogramFigure(gridScore(coarserMap(rates, 2))),
  ], { width: 1000, height: 440 });
}

/** Rates along a periodic line. */
export function lineRatesFigure(): Figure {
  const set = LINE_SETS[4];
  const { rates, length, spacing } = learnedLine(set, { seed: 1 });
  const x = Float64Array.from(
    rates,
    (_, i) => (i + 0.5) / rates.length * length,
  );
  return lineFigure([{ name: "rate", x, y: rates }], {
    title: `Fields along a line; the law's spacing is ${spacing.toFixed(3)}`,
    x: "place",
    y: { title: "rate", unit: "Hz" },
    width: 1000,
    height: 300,
  });
}

/** All figures of the docs, by the names of their files. */
export const ARENA_FIGURES: Readonly<Record<string, () => Figure | Figure[]>> =
  {
    arenas: arenasFigure,
    successor_matrix: successorFigure,
    grid_cell: gridCellFigure,
    line_of_fields: lineRatesFigure,
  };
