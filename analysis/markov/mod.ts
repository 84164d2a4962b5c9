/**
 * Markov.
 *
 * @module
 */
export * from "./chapman_kolmogorov.ts";
export * from "./k_means.ts";
export * from "./transition_matrix.ts";
