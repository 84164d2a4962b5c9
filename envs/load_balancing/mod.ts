/**
 * Load balancing.
 *
 * @module
 */
export * from "./actions.ts";
export * from "./arrival.ts";
export * from "./arrival_rates.ts";
export * from "./arrivals.ts";
export * from "./closed_forms.ts";
export * from "./data_plane.ts";
export * from "./dispatch.ts";
export * from "./env_info.ts";
export * from "./env_options.ts";
export * from "./env_settings.ts";
export * from "./env_spec.ts";
export * from "./env_traffic.ts";
export * from "./episode_results.ts";
export * from "./fairness.ts";
export * from "./fairness_metrics.ts";
export * from "./flow_statistics.ts";
export * from "./flow_trace_files.ts";
export * from "./flow_traces.ts";
export * from "./job_mix.ts";
export * from "./job_sizes.ts";
export * from "./load.ts";
export * from "./load_balance_env.ts";
export * from "./load_balance_vector_env.ts";
export * from "./multi_agent_env.ts";
export * from "./observation.ts";
export * from "./observers.ts";
export * from "./rewards.ts";
export * from "./run_results.ts";
export * from "./simulator.ts";
export * from "./simulator_options.ts";
export * from "./wiki_traffic.ts";
