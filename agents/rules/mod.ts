/**
 * Hand-written policies: for scaling a service, and for dispatching flows.
 *
 * @module
 */
export * from "./constant.ts";
export * from "./kubernetes_hpa.ts";
export * from "./pending_aware.ts";
export * from "./random_rule.ts";
export * from "./registry.ts";
export * from "./routing_policies.ts";
export * from "./service_view.ts";
export * from "./target_tracking.ts";
export * from "./threshold.ts";
export * as loadBalancing from "./load_balancing/mod.ts";
