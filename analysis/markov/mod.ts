/**
 * Markov.
 *
 * @module
 */
export * from "./chain_error.ts";
export * from "./chapman_kolmogorov.ts";
export * from "./drift_field.ts";
export * from "./hitting_times.ts";
export * from "./k_means.ts";
export * from "./markov_chain.ts";
export * from "./mixing_time.ts";
export * from "./queueing_chain.ts";
export * from "./spectrum.ts";
export * from "./stationary_law.ts";
export * from "./tandem_chain.ts";
export * from "./transient_law.ts";
export * from "./transition_matrix.ts";
