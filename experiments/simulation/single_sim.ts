/**
 * One simulation: an agent, an arena, the loop in which they meet, and the
 * folder of its results.
 *
 * @module
 */
import { resolve } from "@std/path";
import { fileError } from "../../core/file_errors.ts";
import { readDocument, type SimulationDocument } from "./document.ts";
import { type LogType, readLog } from "./logs.ts";
import type {
  AgentClass,
  EnvClass,
  Parameters,
  Part,
  TrainingLoop,
  TrainingResult,
} from "./parts.ts";
import { pythonText } from "./python_text.ts";
import {
  isModuleReference,
  partOf,
  partText,
  referenceOf,
  UnreferenceableError,
} from "./references.ts";
import { loadParts, readResults, type SimulationParts } from "./run_files.ts";
import { runHere } from "./run_here.ts";

export type * from "./parts.ts";
export type { LogType } from "./logs.ts";

/** The folder of results where none is given. */
export const DEFAULT_RESULTS_FOLDER = "results_sim";

/** What a {@linkcode SingleSim} is made with; all may be left out. */
export interface SingleSimOptions {
  /** Names the simulation. */
  simulationId?: string;
  /** Whose agent: a class, its registered name, or `{ module, export }`. */
  agentClass?: Part<AgentClass>;
  /** What the agent is made with, in either spelling: `lr_td`, `lrTd`. */
  agentParams?: Parameters;
  /** Whose arena. */
  envClass?: Part<EnvClass>;
  /** What the arena is made with. */
  envParams?: Parameters;
  /** The loop in which they meet. */
  trainingLoop?: Part<TrainingLoop>;
  /** What the loop is told. */
  trainingLoopParams?: Parameters;
}

/** Options of {@linkcode SingleSim.runSim}. */
export interface RunSimOptions {
  /** Seeds agent and arena. Default 0. */
  seed?: number;
}

/** Options of {@linkcode SingleSim.showLogs}. */
export interface ShowLogsOptions {
  /** Which log. Default `error`. */
  logType?: LogType;
}

const PARTS = ["agentClass", "envClass", "trainingLoop"] as const;

function checkPart(name: string, part: unknown): void {
  if (
    part === undefined || typeof part === "function" ||
    typeof part === "string" || isModuleReference(part)
  ) return;
  throw new TypeError(
    `Cannot use ${
      pythonText(part)
    } as ${name}: expected a class or function, its registered name, or { module, export }`,
  );
}

function copyParameters(name: string, value: Parameters = {}): Parameters {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new TypeError(
      `Cannot use ${pythonText(value)} as ${name}: expected parameters by name`,
    );
  }
  try {
    return structuredClone(value);
  } catch (cause) {
    throw new TypeError(
      `Cannot copy ${name}: ${
        (cause as Error).message
      } Expected numbers, text, truth values, null, arrays of these and typed arrays`,
      { cause },
    );
  }
}

/**
 * One pair of agent and arena. Its fields may be changed between runs; the
 * parameters that it is made with are copied.
 *
 * @example Run and look at the result
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { SingleSim } from "./single_sim.ts";
 *
 * class Counter {
 *   act = () => new Float32Array([1]);
 *   update = () => ({ count: 1 });
 * }
 * class Line {
 *   reset = () => ({ observation: new Float32Array(1), info: {} });
 *   step = (action: unknown) => ({
 *     observation: action as Float32Array,
 *     reward: 0,
 *     terminated: false,
 *     truncated: false,
 *     info: {},
 *   });
 * }
 * const sim = new SingleSim({
 *   simulationId: "counting",
 *   agentClass: Counter,
 *   envClass: Line,
 *   trainingLoop: "defaultTrainingLoop",
 *   trainingLoopParams: { n_steps: 10 },
 * });
 * const folder = await Deno.makeTempDir();
 * await sim.runSim(folder);
 * const { trainingHist } = await sim.loadResults(folder);
 * assertEquals(trainingHist.count.length, 10);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export class SingleSim {
  /** Names the simulation. */
  simulationId: string | undefined;
  /** Whose agent. */
  agentClass: Part<AgentClass> | undefined;
  /** What the agent is made with. */
  agentParams: Parameters;
  /** Whose arena. */
  envClass: Part<EnvClass> | undefined;
  /** What the arena is made with. */
  envParams: Parameters;
  /** The loop in which they meet. */
  trainingLoop: Part<TrainingLoop> | undefined;
  /** What the loop is told. */
  trainingLoopParams: Parameters;

  /**
   * A simulation.
   *
   * @param options Its parts. Throws `TypeError` for one that is neither a
   * class or function nor says where it is found.
   */
  constructor(options: SingleSimOptions = {}) {
    for (const name of PARTS) checkPart(name, options[name]);
    this.simulationId = options.simulationId;
    this.agentClass = options.agentClass;
    this.agentParams = copyParameters("agentParams", options.agentParams);
    this.envClass = options.envClass;
    this.envParams = copyParameters("envParams", options.envParams);
    this.trainingLoop = options.trainingLoop;
    this.trainingLoopParams = copyParameters(
      "trainingLoopParams",
      options.trainingLoopParams,
    );
  }

  /**
   * Runs the simulation within this process and saves what comes out. What it
   * prints goes to `run.log` and `error.log`. Results of an earlier run in the
   * same folder are replaced.
   *
   * @param path The folder. Default `results_sim` in the working folder.
   * @param options Seed.
   * @returns The agent, the arena and the history. Throws what the simulation
   * throws, after it was written to `error.log`.
   */
  async runSim(
    path: string = DEFAULT_RESULTS_FOLDER,
    options: RunSimOptions = {},
  ): Promise<TrainingResult> {
    const { seed = 0 } = options;
    const simulation = await this.toDocument({ inProcess: true });
    return await runHere(resolve(path), {
      simulation,
      parts: await loadParts(this.#parts()),
      seed,
    });
  }

  /**
   * Takes over the classes and parameters of a run.
   *
   * @param path Its folder. Default `results_sim`. Throws a one-line error
   * where there are none, or they are damaged.
   */
  async loadParams(path: string = DEFAULT_RESULTS_FOLDER): Promise<void> {
    const document = await readDocument(`${resolve(path)}/params.json`);
    const own = { ...this };
    Object.assign(this, SingleSim.fromDocument(document));
    // A class of this process is known by its name alone.
    for (const name of PARTS) {
      const part = own[name];
      if (
        typeof part === "function" &&
        partText(part) === partText(this[name] as Part<unknown>)
      ) Object.assign(this, { [name]: part });
    }
  }

  /**
   * What a run left behind: agent and arena with all their methods, and the
   * history. This simulation's own parameters stay as they are.
   *
   * @param path The run's folder. Default `results_sim`. Throws a one-line
   * error where a file is missing or damaged.
   */
  async loadResults(
    path: string = DEFAULT_RESULTS_FOLDER,
  ): Promise<TrainingResult> {
    const loaded = new SingleSim(this);
    await loaded.loadParams(path);
    const folder = resolve(path);
    return await readResults(
      folder,
      await readDocument(`${folder}/params.json`),
      await loadParts(loaded.#parts()),
    );
  }

  /**
   * Prints a log of a run.
   *
   * @param path The run's folder. Default `results_sim`. Throws where there is
   * no such log.
   * @param options Which log. Throws `RangeError` for an unknown one.
   */
  showLogs(
    path: string = DEFAULT_RESULTS_FOLDER,
    options: ShowLogsOptions = {},
  ): void {
    const { logType = "error" } = options;
    const text = readLog(resolve(path), logType);
    if (text === undefined) {
      throw fileError(new Deno.errors.NotFound(), `${path}/${logType}.log`, {
        action: "read",
      });
    }
    console.log(text);
  }

  /** The parts, of which none is missing once there is a document. */
  #parts(): SimulationParts {
    const { agentClass, envClass, trainingLoop } = this;
    return {
      agentClass: agentClass!,
      envClass: envClass!,
      trainingLoop: trainingLoop!,
    };
  }

  /**
   * The simulation as a document.
   *
   * @param options `inProcess`: whether classes that only this process knows
   * are named rather than refused. Throws `TypeError` where a part is missing.
   */
  async toDocument(
    options: { inProcess?: boolean } = {},
  ): Promise<SimulationDocument> {
    const reference = async (name: typeof PARTS[number]) => {
      const part = this[name];
      if (part === undefined) {
        throw new TypeError(
          `Cannot run a simulation without ${name}: give it one, or loadParams of an earlier run`,
        );
      }
      try {
        return await referenceOf(part);
      } catch (error) {
        const isLocal = error instanceof UnreferenceableError;
        if (!isLocal || !options.inProcess) throw error;
        return { name: partText(part) };
      }
    };
    return {
      simulationId: this.simulationId ?? "simulation",
      agentClass: await reference("agentClass"),
      agentParams: this.agentParams,
      envClass: await reference("envClass"),
      envParams: this.envParams,
      trainingLoop: await reference("trainingLoop"),
      trainingLoopParams: this.trainingLoopParams,
    };
  }

  /**
   * The simulation that a document describes.
   *
   * @param document From `params.json` or `simulation.json`.
   */
  static fromDocument(document: SimulationDocument): SingleSim {
    return new SingleSim({
      ...document,
      agentClass: partOf(document.agentClass),
      envClass: partOf(document.envClass),
      trainingLoop: partOf(document.trainingLoop),
    });
  }

  /** Seven lines: id, classes, loop and their parameters. */
  toString(): string {
    return [
      `Simulation: ${this.simulationId ?? "None"}`,
      `Agent: ${partText(this.agentClass)}`,
      `Agent params: ${pythonText(this.agentParams)}`,
      `Environment: ${partText(this.envClass)}`,
      `Environment params: ${pythonText(this.envParams)}`,
      `Training loop: ${partText(this.trainingLoop)}`,
      `Training loop params: ${pythonText(this.trainingLoopParams)}`,
    ].map((line) => `${line}\n`).join("");
  }

  /** What `console.log` and notebooks show. */
  [Symbol.for("Deno.customInspect")](): string {
    return this.toString();
  }
}
