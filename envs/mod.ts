/**
 * What is steered: autoscaled services, load balancers, software-defined
 * networks, queues with retries, arenas, and environments that prove learners.
 *
 * @module
 */
export * from "./check_env.ts";
export * from "./check_multi_agent_env.ts";
export * from "./environment.ts";
export * from "./joint_environment.ts";
export * from "./multi_agent.ts";
export * from "./registry.ts";
export * from "./time_limit.ts";
export * from "./vector.ts";
export * as arena from "./arena/mod.ts";
export * as autoscaling from "./autoscaling/mod.ts";
export * as loadBalancing from "./load_balancing/mod.ts";
export * as queueing from "./queueing/mod.ts";
export * as reference from "./reference/mod.ts";
export * as sdn from "./sdn/mod.ts";
