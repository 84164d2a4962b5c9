/**
 * Kills runs and their manager at random, and looks whether that cost anything
 * but time.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { toFileUrl } from "@std/path";
import type { Random } from "../../core/random.ts";
import { SimulationManager } from "./simulation_manager.ts";
import { walk } from "./_test_trees.ts";
import type { ObservedRun } from "./observe.ts";

/** What {@linkcode killAtRandom} does. */
export interface Chaos {
  /** A new folder for the tree. */
  readonly folder: string;
  /** Kills that have to hit something. */
  readonly kills: number;
  /** Runs in all. */
  readonly runs: number;
  /** Where the times and the victims are drawn from. */
  readonly random: Random;
}

/** What was killed. */
export interface ChaosReport {
  /** Managers killed. */
  managers: number;
  /** Runs killed. */
  runs: number;
  /** Attempts that the runs took beyond their first. */
  attempts: number;
}

const LONGEST_WAIT_MS = 300;
/** Kills that come at any moment, also while a manager begins. */
const BLIND_SHARE = 0.2;
const STEPS = 60_000;

function managerProcess(root: string): Deno.ChildProcess {
  const module = import.meta.resolve("./simulation_manager.ts");
  const script = `
    import { SimulationManager } from ${JSON.stringify(module)};
    const existingSimulation = ${JSON.stringify(root)};
    const manager = new SimulationManager({ existingSimulation });
    await manager.runAll({ jobs: 2, retryFailed: true });`;
  const file = `${root}.ts`;
  Deno.writeTextFileSync(file, script);
  const config = new URL(import.meta.resolve("../../deno.json")).pathname;
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-q",
      "-A",
      "--no-check",
      "--config",
      config,
      toFileUrl(file).href,
    ],
    stdin: "null",
    stdout: "null",
    stderr: "inherit",
  }).spawn();
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function tryKill(pid: number): boolean {
  try {
    Deno.kill(pid, "SIGKILL");
    return true;
  } catch {
    return false;
  }
}

function keyOf({ simulationIndex, run }: ObservedRun): string {
  return `${simulationIndex} ${run}`;
}

/** Once finished, a run stays the same for ever. */
function checkFinished(
  seen: Map<string, string>,
  runs: readonly ObservedRun[],
): void {
  for (const run of runs) {
    const before = seen.get(keyOf(run));
    if (before !== undefined) {
      assertEquals([run.state, run.folder], ["finished", before]);
    } else if (run.state === "finished") seen.set(keyOf(run), run.folder!);
  }
}

/** Every run has one folder, whose numbers are those of its seed. */
async function checkResults(
  manager: SimulationManager,
  runs: readonly ObservedRun[],
): Promise<void> {
  for (const { state, folder, status, simulationIndex, stale } of runs) {
    assertEquals([state, stale], ["finished", []]);
    const sim = manager.simulationList[simulationIndex];
    const { trainingHist } = await sim.loadResults(folder);
    const again = `${manager.resultsPath} again`;
    const expected = await sim.runSim(again, { seed: status!.seed });
    assertEquals(trainingHist, expected.trainingHist);
  }
  const folders = manager.simulationList.flatMap(({ simulationId }) => [
    ...Deno.readDirSync(`${manager.resultsPath}/${simulationId}`),
  ]);
  assertEquals(folders.length, runs.length);
}

/**
 * Runs a tree while its runs and its manager are killed, and checks that every
 * run is finished in the end, once, and with the right numbers.
 *
 * @param chaos How much is killed.
 */
export async function killAtRandom(chaos: Chaos): Promise<ChaosReport> {
  const { folder, kills, random } = chaos;
  const simulations = ["a", "b"].map((id) => {
    const sim = walk(id, STEPS);
    sim.trainingLoopParams.record_every = 1000;
    return sim;
  });
  const manager = new SimulationManager({
    simulationList: simulations,
    runsPerSim: Math.ceil(chaos.runs / 2),
    managerId: `${folder}/tree`,
  });
  await manager.generateSimPaths();
  const root = manager.resultsPath;
  const seen = new Map<string, string>();
  const report: ChaosReport = { managers: 0, runs: 0, attempts: 0 };
  let process: Deno.ChildProcess | undefined;
  let isOver = false;
  const computing = async () =>
    (await manager.observe()).flatMap(({ status, state }) =>
      state === "running" && status?.process ? [status.process.pid] : []
    );
  while (!isOver) {
    process ??= managerProcess(root);
    let isDone = false;
    process.status.then(() => isDone = true);
    if (random.uniform() > BLIND_SHARE) {
      while (!isDone && (await computing()).length === 0) await sleep(20);
    }
    await sleep(random.uniform(0, LONGEST_WAIT_MS));
    const observed = await manager.observe();
    checkFinished(seen, observed);
    if (isDone) {
      process = undefined;
      isOver = observed.every(({ state }) => state === "finished");
      continue;
    }
    if (report.managers + report.runs >= kills) {
      await process.status;
      process = undefined;
      continue;
    }
    const running = await computing();
    if (random.uniform() < 0.3 || running.length === 0) {
      process.kill("SIGKILL");
      await process.status;
      process = undefined;
      report.managers++;
    } else if (tryKill(random.choice(running))) report.runs++;
  }
  const last = await manager.observe();
  await checkResults(manager, last);
  for (const { status } of last) report.attempts += status!.attempt;
  return report;
}
