/**
 * Real network.
 *
 * @module
 */
export * from "./_cabling.ts";
export * from "./_link_measurements.ts";
export * from "./_open_vswitch.ts";
export * from "./real_network.ts";
export * from "./_real_switches.ts";
export * from "./requirements.ts";
export * from "./_route_updates.ts";
export * from "./_ryu_shapes.ts";
