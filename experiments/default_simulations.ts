/**
 * Simulations that are ready to run, for demonstration: few steps.
 *
 * Each function returns a simulation of its own: to change one changes no
 * other.
 *
 * @module
 */
import { nearestName } from "../core/nearest_name.ts";
import { SingleSim } from "./single_sim.ts";

export { SingleSim } from "./single_sim.ts";

/** The successor representation in a square room. */
export function stachenfeldIn2d(): SingleSim {
  return new SingleSim({
    simulationId: "stachenfeld_2018_in_simple2D",
    agentClass: "Stachenfeld2018",
    agentParams: {
      discount: 0.9,
      threshold: 1e-6,
      lr_td: 1e-2,
      room_width: 12,
      room_depth: 12,
      state_density: 1,
      twoD: true,
    },
    envClass: "Simple2D",
    envParams: {
      arena_x_limits: [-6, 6],
      arena_y_limits: [-6, 6],
      time_step_size: 0.2,
      agent_step_size: 1,
    },
    trainingLoop: "episodeBasedTrainingLoop",
    trainingLoopParams: { t_episode: 100, n_episode: 100 },
  });
}

const SIMULATIONS: Readonly<Record<string, () => SingleSim>> = {
  stachenfeldIn2d,
};

/** Names of the simulations that are ready to run. */
export const DEFAULT_SIMULATION_NAMES: readonly string[] = Object.keys(
  SIMULATIONS,
);

function comparable(name: string): string {
  return name.replaceAll(/[-_]/g, "").toLowerCase();
}

/**
 * A simulation by its name, a fresh copy.
 *
 * @param name Such as `stachenfeldIn2d`, also written `stachenfeld_in_2d`, or
 * its id. Throws `RangeError` for an unknown one.
 */
export function defaultSimulation(name: string): SingleSim {
  for (const [own, make] of Object.entries(SIMULATIONS)) {
    const sim = make();
    if (
      comparable(own) === comparable(name) || sim.simulationId === name
    ) return sim;
  }
  const nearest = nearestName(name, DEFAULT_SIMULATION_NAMES);
  throw new RangeError(
    `Cannot find the simulation ${JSON.stringify(name)}: expected ${
      nearest === undefined ? "" : `perhaps ${nearest}, `
    }one of ${DEFAULT_SIMULATION_NAMES.join(", ")}`,
  );
}
