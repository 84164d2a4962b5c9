/**
 * Simulation.
 *
 * @module
 */
export * from "./captured_console.ts";
export * from "./check_parts.ts";
export * from "./command_launcher.ts";
export * from "./command_options.ts";
export * from "./commands.ts";
export * from "./comparison.ts";
export * from "./default_simulations.ts";
export * from "./document.ts";
export * from "./execute.ts";
export * from "./history.ts";
export * from "./inline_state.ts";
export * from "./launcher.ts";
export * from "./local_pool.ts";
export * from "./logs.ts";
export * from "./observe.ts";
export * from "./parts.ts";
export * from "./process_identity.ts";
export * from "./provenance.ts";
export * from "./python_text.ts";
export * from "./references.ts";
export * from "./registry.ts";
export * from "./run_all.ts";
export * from "./run_command.ts";
export * from "./run_files.ts";
export * from "./run_here.ts";
export * from "./run_process.ts";
export * from "./run_scores.ts";
export * from "./run_status.ts";
export * from "./run_tree.ts";
export * from "./simulation_list.ts";
export * from "./simulation_manager.ts";
export * from "./single_sim.ts";
export * from "./slurm.ts";
export * from "./slurm_arrays.ts";
export * from "./slurm_commands.ts";
export * from "./status_text.ts";
export * from "./supervise.ts";
export * from "./supervisor.ts";
export * from "./task_process.ts";
export * from "./training_loops.ts";
export * from "./tree_lock.ts";
