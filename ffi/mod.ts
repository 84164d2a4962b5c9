/**
 * The native library and its stand-ins.
 *
 * @module
 */
export * from "./build.ts";
export * from "./library.ts";
export * from "./shared_memory_layout.ts";
