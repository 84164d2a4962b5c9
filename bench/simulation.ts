/**
 * How fast runs are started, finished and looked at.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { SimulationManager } from "../experiments/simulation/simulation_manager.ts";
import { walk } from "../experiments/simulation/_test_trees.ts";
import type { Measurement } from "./measure.ts";

const MANY = 1000;
const STARTS = 20;

async function withManager(
  runs: number,
  work: (manager: SimulationManager) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const manager = new SimulationManager({
      simulationList: [walk("trivial", 1)],
      runsPerSim: runs,
      managerId: `${folder}/tree`,
    });
    await manager.generateSimPaths();
    await work(manager);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

/**
 * Milliseconds from the claim of a run to its end, of the quickest of some: a
 * trivial run is all start. Deno itself is measured beside it.
 */
async function measureStart(): Promise<Measurement[]> {
  const times: number[] = [];
  await withManager(STARTS, async (manager) => {
    let begun = 0;
    await manager.runAll({
      jobs: 1,
      onChange(_, { state }) {
        if (state === "running") begun = performance.now();
        else times.push(performance.now() - begun);
      },
    });
  });
  const empty: number[] = [];
  for (let i = 0; i < STARTS; i++) {
    const time = await seconds(() =>
      new Deno.Command("deno", { args: ["eval", "--no-config", "0"] }).output()
    );
    empty.push(1000 * time);
  }
  const median = (values: number[]) =>
    values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
  return [
    {
      name: "start, do and save a trivial run, median",
      value: median(times),
      target: 150,
      unit: "ms",
      moreIsBetter: false,
    },
    {
      name: "start of an empty Deno, median",
      value: median(empty),
      unit: "ms",
      moreIsBetter: false,
    },
  ];
}

/** A thousand trivial runs, and a look at how they stand. */
export async function measureSimulation(): Promise<Measurement[]> {
  const measurements = await measureStart();
  await withManager(MANY, async (manager) => {
    const running = await seconds(() => manager.runAll());
    let finished = 0;
    const looking = await seconds(async () => {
      const runs = await manager.observe();
      finished = runs.filter(({ state }) => state === "finished").length;
    });
    assertEquals(finished, MANY);
    measurements.push(
      {
        name: `${MANY} trivial runs`,
        value: running,
        unit: "s",
        moreIsBetter: false,
      },
      {
        name: `state of ${MANY} runs`,
        value: looking,
        target: 1,
        unit: "s",
        moreIsBetter: false,
      },
    );
  });
  return measurements;
}
