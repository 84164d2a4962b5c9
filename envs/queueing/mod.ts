/**
 * Queueing.
 *
 * @module
 */
export * from "./control_env.ts";
export * from "./control_info.ts";
export * from "./control_options.ts";
export * from "./options.ts";
export * from "./rows.ts";
export * from "./simulator.ts";
export * from "./timeout_probability.ts";
