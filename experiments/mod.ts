/**
 * Runs of agents in environments: training, comparison, the simulation manager,
 * and where runs are started.
 *
 * @module
 */
export * as arena from "./arena/mod.ts";
export * as autoscaling from "./autoscaling/mod.ts";
export * as control from "./control/mod.ts";
export * as demo from "./demo/mod.ts";
export * as gridSearch from "./grid_search/mod.ts";
export * as loadBalancing from "./load_balancing/mod.ts";
export * as metastability from "./metastability/mod.ts";
export * as minari from "./minari/mod.ts";
export * as models from "./models/mod.ts";
export * as notebook from "./notebook/mod.ts";
export * as published from "./published/mod.ts";
export * as queueingControl from "./queueing_control/mod.ts";
export * as queueingData from "./queueing_data/mod.ts";
export * as queueingLearning from "./queueing_learning/mod.ts";
export * as reproduction from "./reproduction/mod.ts";
export * as routing from "./routing/mod.ts";
export * as sdn from "./sdn/mod.ts";
export * as simulation from "./simulation/mod.ts";
export * as training from "./training/mod.ts";
