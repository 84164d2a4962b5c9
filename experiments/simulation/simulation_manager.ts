/**
 * Many runs of several simulations: started, watched, mended, compared.
 *
 * @module
 */
import { basename, resolve } from "@std/path";
import { standardOutput } from "../../core/console_stream.ts";
import { checkSeed } from "../../core/random.ts";
import { checkParts } from "./check_parts.ts";
import { type LogType, readLog } from "./logs.ts";
import { type ObservedRun, observeRuns } from "./observe.ts";
import { provenanceNow } from "./provenance.ts";
import {
  type ChooseRun,
  type RunAllOptions,
  runTree,
  unfinished,
} from "./run_all.ts";
import { runCommand } from "./run_command.ts";
import {
  checkDistinct,
  isTree,
  listRuns,
  queueRun,
  readManifest,
  seedOfRun,
  type SimulationDocument,
  TREE_FORMAT,
  type TreeManifest,
  writeManifest,
} from "./run_tree.ts";
import { slurmJobsGone } from "./slurm.ts";
import { statusTree } from "./status_text.ts";
import type { JobsGone } from "./launcher.ts";
import { SingleSim } from "./single_sim.ts";

export type { LogType } from "./logs.ts";
export type { ObservedRun } from "./observe.ts";
export type { RunAllOptions, RunStatus } from "./run_all.ts";
export { SingleSim } from "./single_sim.ts";

/** What a {@linkcode SimulationManager} is made with. */
export interface SimulationManagerOptions {
  /** The simulations, each with an id of its own. Default none. */
  simulationList?: SingleSim[];
  /** Runs of each simulation. Default 5. */
  runsPerSim?: number;
  /**
   * Names the manager and its tree, in the working folder or, where it is a
   * path, there. Default `default_comparison`.
   */
  managerId?: string;
  /** Whether more is printed. Default false. */
  verbose?: boolean;
  /** Seed of the first run of each simulation; the next ones count on. Default 0. */
  seed?: number;
  /** A tree to go on with; the other options are taken from it. */
  existingSimulation?: string;
}

/** Options of {@linkcode SimulationManager.rerunSimulation}. */
export interface RerunOptions extends RunAllOptions {
  /** Which simulation, from 0. Default 0. */
  simulationIndex?: number;
  /** Whether runs that are finished are replaced too. Default false. */
  all?: boolean;
}

/** Options of {@linkcode SimulationManager.showLogs}. */
export interface ManagerLogOptions {
  /** Which simulation, from 0. Default 0. */
  simulationIndex?: number;
  /** Which log. Default `error`. */
  logType?: LogType;
}

/** Options of {@linkcode SimulationManager.observe}. */
export interface ManagerObserveOptions {
  /** Asks a cluster which of its jobs are gone. Default: Slurm. */
  jobsGone?: JobsGone;
}

/**
 * Manages runs of simulations in a tree of folders. Each run has a process of
 * its own; one that fails leaves the others alone.
 *
 * The tree is `MANAGER_ID/SIMULATION_ID/run_I_DATE/` with the files of each
 * run, and may be moved. A second manager made with `existingSimulation` sees
 * how the runs stand while the first one runs them.
 */
export class SimulationManager {
  /** The simulations. They may be changed, for runs that are begun then. */
  simulationList: SingleSim[];
  /** Runs of each simulation. */
  readonly runsPerSim: number;
  /** The manager's name. */
  readonly managerId: string;
  /** Whether more is printed. */
  verbose: boolean;
  /** Seed of the first run of each simulation. */
  readonly seed: number;
  /** The tree's folder, absolute. */
  readonly resultsPath: string;

  /**
   * A manager of new runs, or of those in an existing tree.
   *
   * @param options What it manages. Throws `RangeError` where two simulations
   * have one id or a number is out of range, and a one-line error where the
   * existing tree cannot be used.
   */
  constructor(options: SimulationManagerOptions = {}) {
    const { existingSimulation, verbose = false } = options;
    this.verbose = verbose;
    if (existingSimulation !== undefined) {
      this.resultsPath = resolve(existingSimulation);
      const manifest = readManifest(this.resultsPath);
      this.simulationList = manifest.simulations.map(SingleSim.fromDocument);
      this.runsPerSim = manifest.runsPerSim;
      this.managerId = manifest.managerId;
      this.seed = manifest.seed;
    } else {
      const {
        simulationList = [],
        runsPerSim = 5,
        managerId = "default_comparison",
        seed = 0,
      } = options;
      if (!Number.isSafeInteger(runsPerSim) || runsPerSim < 1) {
        throw new RangeError(
          `Cannot do ${runsPerSim} runs of each simulation: expected a whole number from 1`,
        );
      }
      checkSeed(seed);
      this.resultsPath = resolve(managerId);
      this.managerId = basename(this.resultsPath);
      this.simulationList = [...simulationList];
      this.runsPerSim = runsPerSim;
      this.seed = seed;
      checkDistinct(this.#ids());
    }
    if (verbose) console.log(this.toString());
  }

  #ids(): string[] {
    return this.simulationList.map(({ simulationId }, index) => {
      if (simulationId !== undefined) return simulationId;
      throw new TypeError(
        `Cannot manage simulation ${index} without a simulationId: give it one, its runs' folder is called so`,
      );
    });
  }

  /**
   * Makes the tree with a folder for each run, all in the queue. Classes and
   * loops are looked for first.
   *
   * @param options `command` and `denoFlags` of the runs. Throws, and makes
   * nothing, where a class cannot be found by another process, two simulations
   * have one id, the tree is there already or its place is read-only.
   */
  async generateSimPaths(
    options: Pick<RunAllOptions, "command" | "denoFlags"> = {},
  ): Promise<void> {
    if (isTree(this.resultsPath)) {
      throw new Error(
        `Cannot make ${
          JSON.stringify(this.resultsPath)
        } anew: it holds runs already. Open it with existingSimulation, or choose another managerId`,
      );
    }
    const manifest = await this.#manifest();
    await this.#check(manifest.simulations, options);
    writeManifest(this.resultsPath, manifest);
    for (const { simulationId } of manifest.simulations) {
      for (let run = 0; run < this.runsPerSim; run++) {
        const seed = seedOfRun(manifest, { run, attempt: 0 });
        queueRun(this.resultsPath, simulationId, { run, attempt: 0, seed });
      }
    }
    if (this.verbose) await this.checkRunStatus();
  }

  /**
   * Runs what is not finished: what waits, was interrupted or lost, and with
   * `retryFailed` what failed. To be called again after an interruption.
   *
   * @param options How. Throws where there is no tree yet, another process runs
   * it, or a class cannot be found; and `InterruptedError` once `signal` was
   * aborted and everything has stopped.
   * @returns How all runs stand then; a run that failed is no error.
   */
  async runAll(options: RunAllOptions = {}): Promise<ObservedRun[]> {
    return await this.#run(unfinished(options), options);
  }

  /**
   * Begins the runs of one simulation anew that are not finished, with its
   * present parameters; what is finished stays.
   *
   * @param options Which simulation and how; `newSeeds` for other seeds, `all`
   * to replace finished runs as well. Throws like {@linkcode runAll}.
   */
  async rerunSimulation(options: RerunOptions = {}): Promise<ObservedRun[]> {
    const { simulationIndex = 0, all = false, ...rest } = options;
    this.#checkIndex(simulationIndex);
    const isUnfinished = unfinished({ retryFailed: true });
    return await this.#run(
      (run) =>
        run.simulationIndex === simulationIndex &&
        (isUnfinished(run) || (all && run.state === "finished")),
      rest,
    );
  }

  /**
   * How all runs stand now.
   *
   * @param options How a cluster is asked. Throws where there is no tree.
   */
  async observe(options: ManagerObserveOptions = {}): Promise<ObservedRun[]> {
    const manifest = this.#checkedTree();
    const places = listRuns(this.resultsPath, manifest);
    const { jobsGone = slurmJobsGone } = options;
    return await observeRuns(this.resultsPath, places, { jobsGone });
  }

  /**
   * Prints how all runs stand, and returns it. May be called while another
   * process runs them.
   */
  async checkRunStatus(): Promise<ObservedRun[]> {
    const runs = await this.observe();
    const { color } = standardOutput();
    console.log(statusTree(readManifest(this.resultsPath), runs, { color }));
    return runs;
  }

  /**
   * Prints a log of every run of a simulation.
   *
   * @param options Which simulation and log. Throws `RangeError` for an unknown
   * one.
   */
  showLogs(options: ManagerLogOptions = {}): void {
    const { simulationIndex = 0, logType = "error" } = options;
    this.#checkIndex(simulationIndex);
    const runs = listRuns(this.resultsPath, this.#checkedTree())
      .filter((run) => run.simulationIndex === simulationIndex);
    for (const { folder, run } of runs) {
      const name = folder === undefined ? `run_${run}` : basename(folder);
      const text = folder && readLog(folder, logType);
      console.log(`${name}, ${logType}.log`);
      console.log(text === undefined ? "(it has not begun)\n" : text);
    }
  }

  /** Three lines: name, simulations, runs of each. */
  toString(): string {
    const ids = this.simulationList.map(({ simulationId }) => simulationId);
    return [
      `SimulationManager "${this.managerId}"`,
      `Simulations: ${ids.join(", ") || "none"}`,
      `Runs per simulation: ${this.runsPerSim}`,
    ].join("\n");
  }

  /** What `console.log` and notebooks show. */
  [Symbol.for("Deno.customInspect")](): string {
    return this.toString();
  }

  #checkIndex(index: number): void {
    if (this.simulationList[index] !== undefined) return;
    throw new RangeError(
      `Cannot find simulation ${index}: expected a whole number from 0 to ${
        this.simulationList.length - 1
      }`,
    );
  }

  #checkedTree(): TreeManifest {
    if (isTree(this.resultsPath)) return readManifest(this.resultsPath);
    throw new Error(
      `Cannot find runs in ${
        JSON.stringify(this.resultsPath)
      }: call generateSimPaths() first`,
    );
  }

  async #check(
    simulations: readonly SimulationDocument[],
    options: Pick<RunAllOptions, "command" | "denoFlags">,
  ): Promise<void> {
    const parts = simulations.flatMap(
      ({ agentClass, envClass, trainingLoop }) => [
        agentClass,
        envClass,
        trainingLoop,
      ],
    );
    const { denoFlags } = options;
    await checkParts(parts, options.command ?? runCommand({ denoFlags }));
  }

  async #manifest(): Promise<TreeManifest> {
    checkDistinct(this.#ids());
    const simulations: SimulationDocument[] = [];
    for (const simulation of this.simulationList) {
      simulations.push(await simulation.toDocument());
    }
    return {
      format: TREE_FORMAT,
      managerId: this.managerId,
      runsPerSim: this.runsPerSim,
      seed: this.seed,
      simulations,
      createdAt: new Date().toISOString(),
      provenance: await provenanceNow(),
    };
  }

  async #run(
    choose: ChooseRun,
    options: RunAllOptions,
  ): Promise<ObservedRun[]> {
    const { createdAt } = this.#checkedTree();
    const manifest = { ...await this.#manifest(), createdAt };
    await this.#check(manifest.simulations, options);
    const context = {
      root: this.resultsPath,
      manifest,
      provenance: manifest.provenance,
    };
    const { verbose } = this;
    return await runTree(context, choose, {
      ...options,
      onChange(folder, status) {
        if (verbose) console.log(`${basename(folder)}: ${status.state}`);
        options.onChange?.(folder, status);
      },
    });
  }
}
