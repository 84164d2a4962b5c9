/**
 * One training of a grid: its settings, its folder, and what it came to.
 *
 * @module
 */
import { writeFileAtomically } from "../../core/atomic_file.ts";
import {
  TrainingPipeline,
  type TrainingPipelineOptions,
} from "../load_balancing/training_pipeline.ts";
import {
  type FinishedRun,
  resumeTraining,
  type TrainingHooks,
} from "../training/training_run.ts";

export type { FinishedRun, TrainingHooks, TrainingPipelineOptions };

/** A training of a grid; plain values, as it is told to a process. */
export interface Cell {
  /** Adam's learning rate. */
  readonly learningRate: number;
  /** Width of each layer, the memory's included. */
  readonly width: number;
  /** Seeds everything. */
  readonly seed: number;
  /** Episodes to train for. */
  readonly episodes: number;
  /** Episodes between evaluations. Default: as the pipeline has it. */
  readonly evaluateEvery?: number;
  /** What all trainings of the grid have in common. */
  readonly pipeline: Omit<
    TrainingPipelineOptions,
    "settings" | "seed" | "root" | "savePath"
  >;
  /** Where its files lie. */
  readonly folder: string;
}

/** What a training came to. */
export interface CellResult {
  /** Adam's learning rate. */
  readonly learningRate: number;
  /** Width of each layer. */
  readonly width: number;
  /** The seed. */
  readonly seed: number;
  /** Mean return of the best evaluation; NaN where none was a number. */
  readonly bestScore: number;
  /** Steps at the best evaluation. */
  readonly bestTimesteps: number;
  /** Mean return of the last evaluation. */
  readonly lastScore: number;
  /** Steps in all. */
  readonly timesteps: number;
  /** File of the best model. */
  readonly model: string;
}

/**
 * What a training's folder is called.
 *
 * @param cell Its place in the grid.
 */
export function cellName(
  { learningRate, width, seed }: Pick<Cell, "learningRate" | "width" | "seed">,
): string {
  return `lr${learningRate}_width${width}_seed${seed}`;
}

/** The widths of all layers, by what each algorithm calls them. */
function widthSettings({ pipeline, width }: Cell) {
  const { agentType = "qmix", learner = "sac-gru" } = pipeline;
  const isSac = agentType === "sac-gru" ||
    (agentType === "independent" && learner === "sac-gru");
  return isSac
    ? { netArch: [width], gruUnits: width }
    : { netArch: [width], hiddenSize: width };
}

/**
 * The pipeline of a training.
 *
 * @param cell Throws `RangeError` for an unknown type of agents.
 */
export function cellPipeline(cell: Cell): TrainingPipeline {
  const { learningRate, seed, folder: root } = cell;
  return new TrainingPipeline({
    ...cell.pipeline,
    name: "agent",
    task: "grid-search",
    seed,
    root,
    savePath: BEST,
    settings: { learningRate, ...widthSettings(cell) },
  });
}

const CHECKPOINT = /^agent_(\d+)_steps\.zip$/;

/** The checkpoint with most steps; undefined where there is none. */
async function newestCheckpoint(folder: string): Promise<string | undefined> {
  const checkpoints = `${folder}/models/checkpoints`;
  let newest = -1;
  try {
    for await (const { name } of Deno.readDir(checkpoints)) {
      newest = Math.max(newest, Number(CHECKPOINT.exec(name)?.[1] ?? -1));
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return newest < 0 ? undefined : `${checkpoints}/agent_${newest}_steps.zip`;
}

const BEST = "best.zip";
const resultPath = (folder: string) => `${folder}/result.json`;
const modelPath = (folder: string) => `${folder}/${BEST}`;

/** JSON has null where a score is no number, which would count as 0. */
function scoreOf(value: unknown): number {
  return typeof value === "number" ? value : NaN;
}

/**
 * A result as it is read from JSON.
 *
 * @param result Scores that were no numbers are null in it.
 */
export function resultFromJson(result: CellResult): CellResult {
  const { bestScore, lastScore } = result;
  return {
    ...result,
    bestScore: scoreOf(bestScore),
    lastScore: scoreOf(lastScore),
  };
}

/**
 * What a training came to, where it is finished.
 *
 * @param folder Its folder.
 */
export async function readResult(
  folder: string,
): Promise<CellResult | undefined> {
  try {
    const result = JSON.parse(await Deno.readTextFile(resultPath(folder)));
    // The folder may have been moved.
    return { ...resultFromJson(result), model: modelPath(folder) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw new SyntaxError(
      `Cannot read ${
        resultPath(folder)
      }: expected what a training came to; remove the file to train again`,
      { cause: error },
    );
  }
}

/**
 * Trains, from the newest checkpoint on where there is one, and writes
 * `result.json`.
 *
 * @param cell What is trained.
 * @param hooks How it is watched. Throws `InterruptedError` when stopped, after
 * a checkpoint.
 */
export async function trainCell(
  cell: Cell,
  hooks: TrainingHooks = {},
): Promise<CellResult> {
  const { learningRate, width, seed, folder } = cell;
  const { episodes, evaluateEvery } = cell;
  const checkpoint = await newestCheckpoint(folder);
  const finished = checkpoint === undefined
    ? await cellPipeline(cell).train({ episodes, evaluateEvery, ...hooks })
    : await resumeTraining(checkpoint, folder, hooks);
  const result: CellResult = {
    learningRate,
    width,
    seed,
    bestScore: finished.bestScore,
    bestTimesteps: finished.bestTimesteps,
    lastScore: finished.evaluations.latest!,
    timesteps: finished.run.totalTimesteps,
    model: modelPath(folder),
  };
  await writeFileAtomically(
    resultPath(folder),
    `${JSON.stringify(result, undefined, 2)}\n`,
  );
  return result;
}
