/**
 * Queueing control.
 *
 * @module
 */
export * from "./control_rules.ts";
export * from "./control_training.ts";
export * from "./recovery_evaluation.ts";
