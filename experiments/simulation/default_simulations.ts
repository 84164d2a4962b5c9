/**
 * Simulations that are ready to run, for demonstration: few steps.
 *
 * Each function returns a simulation of its own: to change one changes no
 * other.
 *
 * @module
 */
import { nearestName } from "../../core/nearest_name.ts";
import { SingleSim } from "./single_sim.ts";

export { SingleSim } from "./single_sim.ts";

/** Two rooms of 20 by 10 that become one, in so few steps that it is seen. */
const MERGING_ROOM = {
  arena_x_limits: [-10, 10],
  arena_y_limits: [-10, 10],
  time_step_size: 0.2,
  agent_step_size: 1,
  switch_time: 10,
  merge_time: 20,
};

/** A square of a metre, in steps of a tenth of a second. */
const FORAGING_ARENA = {
  arena_x_limits: [-0.5, 0.5],
  arena_y_limits: [-0.5, 0.5],
  time_step_size: 0.1,
};

/** The paper's figure 3, on a lattice of inputs. */
const WEBER = {
  exc_eta: 2e-4,
  inh_eta: 8e-4,
  sigma_exc: [0.05, 0.05],
  sigma_inh: [0.1, 0.1],
  Ne: 4900,
  Ni: 1225,
  Nef: 1,
  Nif: 1,
  alpha_e: 1,
  alpha_i: 1,
  we_init: 1,
  wi_init: 1.5,
  agent_step_size: 0.1,
  resolution: 100,
  ro: 1,
};

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

/** The successor representation in two rooms which become one. */
export function stachenfeldInMergingRoom(): SingleSim {
  return new SingleSim({
    simulationId: "stachenfeld_2018_in_Merging_Room",
    agentClass: "Stachenfeld2018",
    agentParams: {
      ...stachenfeldIn2d().agentParams,
      room_width: 20,
      room_depth: 20,
      state_density: 0.5,
    },
    envClass: "MergingRoom",
    envParams: MERGING_ROOM,
    trainingLoop: "defaultTrainingLoop",
    trainingLoopParams: { n_steps: 10_000 },
  });
}

/** The successor representation where an animal forages. */
export function stachenfeldInForagingArena(): SingleSim {
  return new SingleSim({
    simulationId: "stachenfeld_2018_in_Foraging_Arena",
    agentClass: "Stachenfeld2018",
    agentParams: {
      ...stachenfeldIn2d().agentParams,
      room_width: 1,
      room_depth: 1,
      state_density: 10,
    },
    envClass: "ForagingArena",
    envParams: FORAGING_ARENA,
    trainingLoop: "episodeBasedTrainingLoop",
    trainingLoopParams: { t_episode: 100, n_episode: 100 },
  });
}

/** Plastic inhibition in a square room. */
export function weberIn2d(): SingleSim {
  return new SingleSim({
    simulationId: "weber_2018_in_simple2D",
    agentClass: "Weber2018",
    agentParams: { ...WEBER, room_width: 20, room_depth: 20 },
    envClass: "Simple2D",
    envParams: {
      arena_x_limits: [-10, 10],
      arena_y_limits: [-10, 10],
      time_step_size: 1,
      agent_step_size: 0.5,
    },
    trainingLoop: "defaultTrainingLoop",
    trainingLoopParams: { n_steps: 1000 },
  });
}

/** Plastic inhibition in two rooms which become one. */
export function weberInMergingRoom(): SingleSim {
  return new SingleSim({
    simulationId: "weber_2018_in_Merging_Room",
    agentClass: "Weber2018",
    agentParams: {
      ...WEBER,
      room_width: 20,
      room_depth: 20,
      agent_step_size: 1,
    },
    envClass: "MergingRoom",
    envParams: MERGING_ROOM,
    trainingLoop: "defaultTrainingLoop",
    trainingLoopParams: { n_steps: 10_000 },
  });
}

/** Plastic inhibition in two rooms of two metres which become one. */
export function weberInWernle(): SingleSim {
  return new SingleSim({
    simulationId: "weber_2018_in_Wernle",
    agentClass: "Weber2018",
    agentParams: {
      ...WEBER,
      room_width: 200,
      room_depth: 200,
      agent_step_size: 3,
    },
    envClass: "Wernle2018",
    envParams: {
      time_step_size: 0.2,
      agent_step_size: 3,
      switch_time: 10,
      merge_time: 20,
    },
    trainingLoop: "defaultTrainingLoop",
    trainingLoopParams: { n_steps: 10_000 },
  });
}

/** Plastic inhibition where an animal forages. */
export function weberInForagingArena(): SingleSim {
  return new SingleSim({
    simulationId: "weber_2018_in_Foraging_Arena",
    agentClass: "Weber2018",
    agentParams: { ...WEBER, room_width: 1, room_depth: 1 },
    envClass: "ForagingArena",
    envParams: FORAGING_ARENA,
    trainingLoop: "defaultTrainingLoop",
    trainingLoopParams: { n_steps: 10_000 },
  });
}

const SIMULATIONS: Readonly<Record<string, () => SingleSim>> = {
  stachenfeldIn2d,
  stachenfeldInForagingArena,
  stachenfeldInMergingRoom,
  weberIn2d,
  weberInForagingArena,
  weberInMergingRoom,
  weberInWernle,
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
