/**
 * How functions are differentiated, compiled and trained.
 *
 * @module
 */
export * from "./acting_network.ts";
export * from "./activations.ts";
export * from "./devices.ts";
export * from "./gaussian.ts";
export * from "./gru_cell.ts";
export * from "./gru_layout.ts";
export * from "./losses.ts";
export * from "./networks.ts";
export * from "./one_hot.ts";
export * from "./optimizers.ts";
export * from "./parameters.ts";
export * from "./perceptron.ts";
export * from "./recurrent.ts";
export * from "./schedules.ts";
export * from "./tensor_activations.ts";
export * as tensorflow from "./tensorflow.ts";
export * as compile from "./compile/mod.ts";
export * as exports from "./exports/mod.ts";
