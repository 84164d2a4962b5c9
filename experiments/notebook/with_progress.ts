/**
 * Long work in a cell of a notebook.
 *
 * @module
 */
import { standardError } from "../../core/console_stream.ts";
import { InterruptedError, type ScriptContext } from "../../core/script.ts";
import { createScriptContext } from "../../core/script_context.ts";
import type { ProgressOptions } from "../../core/progress.ts";
import { cellStream } from "./cell_stream.ts";
import { type NotebookKernel, notebookKernel } from "./kernel.ts";

export type { NotebookKernel, ProgressOptions, ScriptContext };

/** What surrounds the work; tests put in their own. */
export interface WithProgressOptions {
  /** Default: the kernel that this runs in. */
  kernel?: NotebookKernel;
  /**
   * Calls a handler at every interrupt and returns how to stop that. Default:
   * at SIGINT, which is what notebooks send.
   */
  onInterrupt?: (handler: () => void) => () => void;
}

function onSigint(handler: () => void): () => void {
  Deno.addSignalListener("SIGINT", handler);
  return () => Deno.removeSignalListener("SIGINT", handler);
}

/**
 * Does long work in a cell: its notes and its progress are one output that is
 * updated in place. The notebook's button to interrupt stops the work, which
 * saves what it can; the kernel lives on. Outside a notebook progress goes to
 * standard error.
 *
 * @param work What is done. It is stopped only where it breathes.
 * @param options For tests.
 * @returns What the work returns. Throws what it throws: `InterruptedError`
 * where it was stopped.
 *
 * @example Counting
 * ```ts
 * import { withProgress } from "./with_progress.ts";
 *
 * await withProgress(async ({ progress, breathe }) => {
 *   using shown = progress({ total: 1000, label: "Counting" });
 *   for (let done = 1; done <= 1000; done++) {
 *     shown.update(done);
 *     await breathe();
 *   }
 * });
 * ```
 */
export async function withProgress<Result>(
  work: (context: ScriptContext) => Result | Promise<Result>,
  options: WithProgressOptions = {},
): Promise<Result> {
  const kernel = options.kernel ?? notebookKernel();
  const cell = kernel && cellStream(kernel);
  const controller = new AbortController();
  const context = createScriptContext({
    stream: cell ?? standardError(),
    signal: controller.signal,
  });
  const stopListening = (options.onInterrupt ?? onSigint)(() => {
    if (controller.signal.aborted) return;
    context.note("Stopping");
    controller.abort(new InterruptedError("Interrupted before the end"));
  });
  try {
    return await work(context);
  } finally {
    stopListening();
    context.finish();
    await cell?.flush();
  }
}

/**
 * Progress of work that tells how much is done, as functions with an `onRun` or
 * the like do. It gives others their turn, and stops the work at an interrupt.
 *
 * @param context From {@linkcode withProgress}.
 * @param options How much there is, and what it is called.
 * @returns Takes how much is done by now. Throws the signal's reason.
 */
export function counting(
  context: ScriptContext,
  options: Pick<ProgressOptions, "total" | "label" | "unit">,
): (done: number) => Promise<void> {
  const shown = context.progress(options);
  return async (done) => {
    shown.update(done);
    await context.breathe();
    context.signal.throwIfAborted();
  };
}
