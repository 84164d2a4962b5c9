/**
 * Reference.
 *
 * @module
 */
export * from "./acrobot.ts";
export * from "./cart_pole.ts";
export * from "./cliff_walking.ts";
export * from "./frozen_lake.ts";
export * from "./matrix_game.ts";
export * from "./pendulum.ts";
export * from "./pendulum_optimum.ts";
export * from "./recall.ts";
export * from "./registry.ts";
export * from "./tabular.ts";
export * from "./transition_model.ts";
export * from "./two_step_game.ts";
