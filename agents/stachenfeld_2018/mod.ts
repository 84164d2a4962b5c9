/**
 * The successor representation as a model of the hippocampus.
 *
 * @module
 */
export * from "./stachenfeld_2018.ts";
export * from "./stachenfeld_2018_parameters.ts";
export * from "./state_grid.ts";
export * from "./successor_matrix.ts";
