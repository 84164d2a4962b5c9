/**
 * tfjs without its union package: the core, with all gradients registered.
 *
 * Whatever uses tensors imports this file, so that the side effect of
 * importing `tfjs-layers` (it registers the gradients) is never forgotten.
 *
 * @module
 */
import "@tensorflow/tfjs-layers";

export * from "@tensorflow/tfjs-core";
