/**
 * Model files: finding, describing, checking and asking them.
 *
 * @module
 */
export * from "./model_description.ts";
export * from "./model_export.ts";
export * from "./model_files.ts";
export * from "./observation_lines.ts";
export * from "./verification.ts";
