/**
 * Compile.
 *
 * @module
 */
export * from "./compile.ts";
export * from "./native_backend.ts";
export * from "./not_covered.ts";
export * from "./specs.ts";
