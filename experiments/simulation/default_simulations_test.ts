import { readArenaAgent } from "../../agents/arena_agent.ts";
import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  DEFAULT_SIMULATION_NAMES,
  defaultSimulation,
  stachenfeldIn2d,
} from "./default_simulations.ts";

Deno.test("default simulations are copies", () => {
  const sim = stachenfeldIn2d();
  sim.agentParams.lr_td = "weird_learning_rate";
  assertEquals(stachenfeldIn2d().agentParams.lr_td, 0.01);
});

Deno.test("default simulations are found by name and by id", () => {
  for (const name of DEFAULT_SIMULATION_NAMES) {
    const sim = defaultSimulation(name);
    assertEquals(defaultSimulation(sim.simulationId!).toString(), `${sim}`);
  }
  assertEquals(
    defaultSimulation("stachenfeld_in_2d").toString(),
    stachenfeldIn2d().toString(),
  );
  assertThrows(
    () => defaultSimulation("weberInMergingRooms"),
    RangeError,
    "perhaps weberInMergingRoom",
  );
});

Deno.test("every default simulation runs, shortened", async () => {
  const folder = await Deno.makeTempDir();
  for (const name of DEFAULT_SIMULATION_NAMES) {
    const sim = defaultSimulation(name);
    // The paper's 4,900 inputs take seconds to be made.
    if ("Ne" in sim.agentParams) {
      Object.assign(sim.agentParams, { Ne: 49, Ni: 16 });
    }
    sim.trainingLoopParams = "n_steps" in sim.trainingLoopParams
      ? { n_steps: 5 }
      : { t_episode: 5, n_episode: 1 };
    await sim.runSim(`${folder}/${name}`);
    const { trainingHist } = await sim.loadResults(`${folder}/${name}`);
    // The agent's own loader takes the file as well.
    const own = await readArenaAgent(`${folder}/${name}/agent.zip`);
    assertEquals(own.name, sim.agentClass as string);
    for (const series of Object.values(trainingHist)) {
      assertEquals(series.length, 5);
    }
    assert(Object.keys(trainingHist).length > 0);
  }
  await Deno.remove(folder, { recursive: true });
});
