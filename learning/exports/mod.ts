/**
 * Exports.
 *
 * @module
 */
export * from "./layers_writer.ts";
export * from "./network_writer.ts";
export * from "./onnx_writer.ts";
