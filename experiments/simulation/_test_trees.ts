/**
 * Trees of tiny runs, for tests.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { SimulationManager } from "./simulation_manager.ts";
import { SingleSim } from "./single_sim.ts";
import type { Parameters } from "./parts.ts";
import type { ObservedRun } from "./observe.ts";

const MODULE = fromFileUrl(import.meta.resolve("./_test_parts.ts"));

/** A class or function of `_test_parts.ts`, as users name theirs. */
export function testPart(name: string): { module: string; export: string } {
  return { module: MODULE, export: name };
}

/** A walker on a line, for some steps. */
export function walk(simulationId: string, steps = 10): SingleSim {
  return new SingleSim({
    simulationId,
    agentClass: testPart("Walker"),
    agentParams: { lr_td: 0.1 },
    envClass: testPart("Line"),
    trainingLoop: "defaultTrainingLoop",
    trainingLoopParams: { n_steps: steps },
  });
}

/** A simulation that goes wrong in its loop. */
export function trouble(
  simulationId: string,
  parameters: Parameters,
): SingleSim {
  const sim = walk(simulationId);
  sim.trainingLoop = testPart("troubleLoop");
  sim.trainingLoopParams = parameters;
  return sim;
}

/** Runs a test with a manager whose tree is removed in the end. */
export async function withManager(
  simulationList: SingleSim[],
  test: (manager: SimulationManager) => Promise<void>,
  runsPerSim = 1,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "5%a runs of a test " });
  try {
    const manager = new SimulationManager({
      simulationList,
      runsPerSim,
      managerId: `${folder}/tree`,
    });
    await manager.generateSimPaths();
    await test(manager);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** States of runs by simulation, in order. */
export function states(runs: readonly ObservedRun[]): string[] {
  return runs.map(({ state }) => state);
}

/** What is printed on the console meanwhile. */
export async function printed(
  work: () => void | Promise<void>,
): Promise<string> {
  const { log } = console;
  const lines: string[] = [];
  console.log = (...data) => lines.push(data.join(" "));
  try {
    await work();
  } finally {
    console.log = log;
  }
  return lines.join("\n");
}
