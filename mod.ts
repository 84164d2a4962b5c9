/**
 * Loadstar: a laboratory for learning to steer computing systems.
 *
 * @module
 */
export * as agents from "./agents/mod.ts";
export * as analysis from "./analysis/mod.ts";
export * as core from "./core/mod.ts";
export * as envs from "./envs/mod.ts";
export * as experiments from "./experiments/mod.ts";
export * as ffi from "./ffi/mod.ts";
export * as learning from "./learning/mod.ts";
