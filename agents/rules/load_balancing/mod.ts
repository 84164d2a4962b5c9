/**
 * Load balancing.
 *
 * @module
 */
export * from "./awcmp.ts";
export * from "./dispatch_rule.ts";
export * from "./hashing.ts";
export * from "./least_cost.ts";
export * from "./maglev.ts";
export * from "./power_of_choices.ts";
export * from "./registry.ts";
