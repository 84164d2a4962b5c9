/**
 * Metastability.
 *
 * @module
 */
export * from "./analysis.ts";
export * from "./analysis_numbers.ts";
export * from "./answer_tables.ts";
export * from "./chain_answer.ts";
export * from "./fault_figure.ts";
export * from "./learned_answer.ts";
export * from "./mitigations.ts";
export * from "./phase_diagram.ts";
export * from "./reproduction.ts";
export * from "./simulation_answer.ts";
export * from "./timescale_study.ts";
