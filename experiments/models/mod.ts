/**
 * Model files: finding, describing, checking and asking them.
 *
 * @module
 */
export * from "./model_description.ts";
export * from "./model_export.ts";
export * from "./model_files.ts";
export * from "./model_import.ts";
export * from "./observation_arrays.ts";
export * from "./observation_input.ts";
export * from "./observation_lines.ts";
export * from "./prediction.ts";
export * from "./prediction_server.ts";
export * from "./prediction_sessions.ts";
export * from "./verification.ts";
