/**
 * Arena.
 *
 * @module
 */
export * from "./animal_motion.ts";
export * from "./arena.ts";
export * from "./arena_parameters.ts";
export * from "./arena_plan.ts";
export * from "./foraging_arena.ts";
export * from "./merging_room.ts";
export * from "./recorded_arena.ts";
export * from "./registry.ts";
export * from "./rooms.ts";
export * from "./simple_2d.ts";
export * from "./trajectory_csv.ts";
export * from "./trajectory_figure.ts";
export * from "./walls.ts";
