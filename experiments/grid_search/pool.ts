/**
 * Trainings of a grid, several at a time, each in a process of its own.
 *
 * @module
 */
import type { Cell, CellMessage, CellResult } from "./_cell_process.ts";
import { resultFromJson } from "./cell.ts";
import { cellCommand } from "../simulation/run_command.ts";

export type { Cell, CellResult };

/** How a training ended. */
export type CellOutcome =
  | { readonly cell: Cell; readonly result: CellResult }
  | { readonly cell: Cell; readonly failed: string }
  | { readonly cell: Cell; readonly interrupted: string };

/** Options of {@linkcode trainCells}. */
export interface PoolOptions {
  /** Processes at a time, from 1. */
  readonly jobs: number;
  /** Lets all processes save a checkpoint and end, once aborted. */
  readonly signal?: AbortSignal;
  /** Called with how far a training is, and its latest score. */
  readonly onProgress?: (
    cell: Cell,
    timesteps: number,
    score: number | undefined,
  ) => void;
  /** Called after each training, in the order in which they end. */
  readonly onEnd?: (outcome: CellOutcome) => void;
}

async function lastLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  const text = await new Response(stream).text();
  return text.trim().split("\n").at(-1) ?? "";
}

/** Hands out whole lines. */
async function* linesOf(stream: ReadableStream<Uint8Array>) {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}

async function trainOne(
  cell: Cell,
  { signal, onProgress }: PoolOptions,
): Promise<CellOutcome> {
  const [program, ...args] = cellCommand();
  const child = new Deno.Command(program, {
    args: [...args, JSON.stringify(cell)],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stop = () => {
    try {
      child.kill("SIGTERM");
    } catch {
      // It has ended already.
    }
  };
  if (signal?.aborted) stop();
  signal?.addEventListener("abort", stop, { once: true });
  const error = lastLine(child.stderr);
  let outcome: CellOutcome | undefined;
  for await (const line of linesOf(child.stdout)) {
    const message: CellMessage = JSON.parse(line);
    if ("result" in message) {
      outcome = { cell, result: resultFromJson(message.result) };
    } else if ("interrupted" in message) outcome = { cell, ...message };
    else onProgress?.(cell, message.timesteps, message.score ?? undefined);
  }
  const status = await child.status;
  signal?.removeEventListener("abort", stop);
  if (outcome !== undefined) return outcome;
  if (signal?.aborted) return { cell, interrupted: "Interrupted" };
  const how = status.signal ?? `exit code ${status.code}`;
  return { cell, failed: await error || `its process ended with ${how}` };
}

/**
 * Trains in processes, each of which takes the next training that is left. One
 * that fails leaves the others alone.
 *
 * @param cells What is trained.
 * @param options How many at a time.
 * @returns How each ended, in the order of the cells; those that were not
 * begun before an interruption are missing.
 */
export async function trainCells(
  cells: readonly Cell[],
  options: PoolOptions,
): Promise<CellOutcome[]> {
  const { jobs, signal, onEnd } = options;
  const outcomes: CellOutcome[] = [];
  let next = 0;
  async function work(): Promise<void> {
    while (next < cells.length && !signal?.aborted) {
      const index = next++;
      outcomes[index] = await trainOne(cells[index], options);
      onEnd?.(outcomes[index]);
    }
  }
  await Promise.all(
    Array.from({ length: Math.min(jobs, cells.length) }, work),
  );
  return outcomes.filter((outcome) => outcome !== undefined);
}
