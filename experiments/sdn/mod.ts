/**
 * Networks, traffic and recorded experts of software-defined networks.
 *
 * @module
 */
export * from "./dataset_collection.ts";
export * from "./dataset_options.ts";
export * from "./dataset_report.ts";
export * from "./dataset_traffic.ts";
export * from "./expert_dataset.ts";
export * from "./fluid_check.ts";
export * from "./options.ts";
export * from "./real_network_options.ts";
export * from "./real_network_run.ts";
export * from "./topology_files.ts";
export * from "./traffic_script.ts";
