/**
 * Arena.
 *
 * @module
 */
export * from "./arena.ts";
export * from "./arena_parameters.ts";
export * from "./arena_plan.ts";
export * from "./simple_2d.ts";
export * from "./trajectory_figure.ts";
export * from "./walls.ts";
