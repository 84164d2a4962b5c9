/**
 * Spatial.
 *
 * @module
 */
export * from "./autocorrelogram.ts";
export * from "./grid_score.ts";
export * from "./line_spacing.ts";
export * from "./place_fields.ts";
export * from "./spatial_figures.ts";
export * from "./spatial_map.ts";
