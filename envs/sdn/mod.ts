/**
 * Sdn.
 *
 * @module
 */
export * from "./blocking_controller.ts";
export * from "./controller_emulator.ts";
export * from "./emulated_switches.ts";
export * from "./emulator_options.ts";
export * from "./env_options.ts";
export * from "./env_spec.ts";
export * from "./finite_queue.ts";
export * from "./flow_entries.ts";
export * from "./flows.ts";
export * from "./fluid_emulator.ts";
export * from "./fluid_network.ts";
export * from "./link_cost.ts";
export * from "./link_weights.ts";
export * from "./named_topologies.ts";
export * from "./observation.ts";
export * from "./optimal_routing.ts";
export * from "./packet_simulation.ts";
export * from "./rest_api.ts";
export * from "./rest_server.ts";
export * from "./routing.ts";
export * from "./routing_controller.ts";
export * from "./ryu_client.ts";
export * from "./ryu_messages.ts";
export * from "./sdn_env.ts";
export * from "./sdn_vector_env.ts";
export * from "./sndlib.ts";
export * from "./switch_network.ts";
export * from "./switch_ports.ts";
export * from "./topology.ts";
export * from "./topology_zoo.ts";
export * from "./traffic.ts";
export * from "./traffic_matrices.ts";
export * from "./weight_search.ts";
export * as openflow from "./openflow/mod.ts";
export * as realNetwork from "./real_network/mod.ts";
