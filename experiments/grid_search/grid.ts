/**
 * A grid of learning rates, widths and seeds, in a folder that may be gone on
 * with.
 *
 * @module
 */
import { writeFileAtomically } from "../../core/atomic_file.ts";
import { UsageError } from "../../core/usage_error.ts";
import { userPath } from "../../core/paths.ts";
import type { AgentViewValues, LoadValues } from "../load_balancing/options.ts";
import { type Cell, cellName, type CellResult, readResult } from "./cell.ts";

export type { AgentViewValues, Cell, CellResult, LoadValues };

/** What is searched. */
export interface Grid {
  /** Adam's learning rates. */
  readonly learningRates: readonly number[];
  /** Widths of all layers. */
  readonly widths: readonly number[];
  /** Seeds of each pair of them. */
  readonly seeds: readonly number[];
}

/** What all trainings have in common. */
export type GridCommon = Pick<Cell, "episodes" | "evaluateEvery" | "pipeline">;

/** Options that say who learns what, as a command line has them. */
export type PipelineValues =
  & Required<
    Pick<Cell["pipeline"], "agentType" | "learner" | "device">
  >
  & LoadValues
  & AgentViewValues;

/**
 * What of a command line's values is the pipeline's.
 *
 * @param values May have others beside them.
 */
export function pipelineValues(values: PipelineValues): Cell["pipeline"] {
  const { agentType, learner, device, preset, numServers, numAgents } = values;
  const { sharing, load, traceType, episodeSeconds } = values;
  const { actionType, observation, reward, rewardOn } = values;
  return {
    ...{ agentType, learner, device, preset, numServers, numAgents, sharing },
    // A process of its own may have another folder.
    traceType: traceType === undefined || traceType === "poisson" ||
        traceType === "wiki"
      ? traceType
      : userPath(traceType),
    ...{ load, episodeSeconds, actionType, observation, reward, rewardOn },
  };
}

function checkDistinct(name: string, values: readonly number[]): void {
  if (values.length > 0 && new Set(values).size === values.length) return;
  throw new UsageError(
    `Cannot search the ${name} ${
      values.join(", ") || "(none)"
    }: expected one or more that differ`,
  );
}

/**
 * The trainings of a grid: seed by seed, so that a search that is stopped has
 * seen all of the grid as far as it went.
 *
 * @param grid Throws `UsageError` for values that are given twice.
 * @param common What all have in common.
 * @param folder Holds a folder for each.
 */
export function cellsOf(
  grid: Grid,
  common: GridCommon,
  folder: string,
): Cell[] {
  const { learningRates, widths, seeds } = grid;
  checkDistinct("learning rates", learningRates);
  checkDistinct("widths", widths);
  return seeds.flatMap((seed) =>
    learningRates.flatMap((learningRate) =>
      widths.map((width) => ({
        ...common,
        learningRate,
        width,
        seed,
        folder: `${folder}/${cellName({ learningRate, width, seed })}`,
      }))
    )
  );
}

/**
 * Begins a search in a folder, or goes on with one. Rates, widths and seeds may
 * differ from before; what all trainings have in common may not.
 *
 * @param folder Made where it is not there. Throws `UsageError` where another
 * search has it.
 * @param common What all trainings have in common.
 */
export async function openGrid(
  folder: string,
  common: GridCommon,
): Promise<void> {
  const path = `${folder}/grid.json`;
  const text = `${JSON.stringify(common, undefined, 2)}\n`;
  let before: string | undefined;
  try {
    before = await Deno.readTextFile(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  if (before === undefined) {
    await Deno.mkdir(folder, { recursive: true });
    await writeFileAtomically(path, text);
  } else if (before !== text) {
    throw new UsageError(
      `Cannot search in "${folder}": another search is there, of ${
        oneLine(before)
      }; expected the same options, or another --out`,
    );
  }
}

const oneLine = (text: string) => text.trim().replaceAll(/\s+/g, " ");

/**
 * Tells finished trainings from those that are left.
 *
 * @param cells All of them.
 */
export async function sortOut(
  cells: readonly Cell[],
): Promise<{ finished: CellResult[]; left: Cell[] }> {
  const finished: CellResult[] = [];
  const left: Cell[] = [];
  for (const cell of cells) {
    const result = await readResult(cell.folder);
    if (result === undefined) left.push(cell);
    else finished.push(result);
  }
  return { finished, left };
}
