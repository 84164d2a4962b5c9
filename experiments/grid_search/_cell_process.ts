/**
 * A training of a grid in a process of its own: told what to do by its
 * argument, it says on standard output how far it is, a line of JSON each.
 *
 * @module
 */
import { InterruptedError } from "../../core/script.ts";
import { type Cell, type CellResult, trainCell } from "./cell.ts";

export type { Cell, CellResult };

/** A line that the process writes. */
export type CellMessage =
  | { readonly timesteps: number; readonly score: number | null }
  | { readonly result: CellResult }
  | { readonly interrupted: string };

const SAY_MS = 200;
const BREATH_MS = 50;

const encoder = new TextEncoder();

/** Whether there is still somebody who listens. */
function say(message: CellMessage): boolean {
  const bytes = encoder.encode(`${JSON.stringify(message)}\n`);
  try {
    for (let done = 0; done < bytes.length;) {
      done += Deno.stdout.writeSync(bytes.subarray(done));
    }
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return false;
    throw error;
  }
  return true;
}

async function run(cell: Cell): Promise<number> {
  const controller = new AbortController();
  const stop = () => controller.abort();
  Deno.addSignalListener("SIGINT", stop);
  Deno.addSignalListener("SIGTERM", stop);
  let saidAt = -Infinity;
  let breathAt = performance.now();
  try {
    const result = await trainCell(cell, {
      signal: controller.signal,
      onProgress(timesteps, score = NaN) {
        if (performance.now() - saidAt < SAY_MS) return;
        saidAt = performance.now();
        const told = {
          timesteps,
          score: Number.isFinite(score) ? score : null,
        };
        // Whoever started this is gone: what was learned is kept.
        if (!say(told)) stop();
      },
      async breathe() {
        if (performance.now() - breathAt < BREATH_MS) return;
        await new Promise((resolve) => setTimeout(resolve, 0));
        breathAt = performance.now();
      },
    });
    say({ result });
    return 0;
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
    say({ interrupted: error.message });
    return 130;
  }
}

/**
 * Does what the command line says: a {@linkcode Cell} as JSON.
 *
 * @param args The command line.
 * @returns The exit code: 0 trained, 1 failed, 130 interrupted.
 */
export async function cellProcess(args: readonly string[]): Promise<number> {
  // Standard output is for messages alone, whatever libraries print.
  console.log = console.info = console.debug = console.error;
  try {
    return await run(JSON.parse(args[0]));
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    console.error(text.replaceAll(/\s*\n\s*/g, " "));
    return 1;
  }
}

if (import.meta.main) Deno.exit(await cellProcess(Deno.args));
