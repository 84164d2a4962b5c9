/**
 * What is learned about a steered system: statistics, Markov chains, Koopman
 * models, and the figures that show it.
 *
 * @module
 */
export * from "./mcnemar.ts";
export * from "./performance_profiles.ts";
export * from "./statistics.ts";
export * from "./student_t.ts";
export * as figures from "./figures/mod.ts";
export * as koopman from "./koopman/mod.ts";
export * as markov from "./markov/mod.ts";
export * as settling from "./settling/mod.ts";
export * as spatial from "./spatial/mod.ts";
