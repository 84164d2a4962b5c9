/**
 * Openflow.
 *
 * @module
 */
export * from "./actions.ts";
export * from "./byte_reader.ts";
export * from "./byte_writer.ts";
export * from "./error_message.ts";
export * from "./flow_mod.ts";
export * from "./framing.ts";
export * from "./group_mod.ts";
export * from "./handshake.ts";
export * from "./header.ts";
export * from "./link_discovery.ts";
export * from "./lldp.ts";
export * from "./match.ts";
export * from "./multipart.ts";
export * from "./openflow_controller.ts";
export * from "./packets.ts";
export * from "./ports.ts";
export * from "./switch_connection.ts";
