/**
 * Notebooks run without anybody looking at them.
 *
 * @module
 */
import { basename, join } from "@std/path";
import type { ScriptContext } from "../../core/script.ts";
import type { Table } from "../../core/table.ts";
import {
  BUDGET_VARIABLE,
  type BudgetName,
  FOLDER_VARIABLE,
} from "../../experiments/notebook/budget.ts";
import { firstInstalled, jupyterVariables } from "./jupyter.ts";
import { readNotebook } from "./notebook_file.ts";
import { type NotebookOutputs, notebookOutputs } from "./notebook_outputs.ts";

export type { BudgetName, NotebookOutputs, ScriptContext, Table };

/** The program that runs notebooks, and exports them. */
const NBCONVERT = "jupyter-nbconvert";

const NBCONVERT_CONFIG = join(import.meta.dirname!, "nbconvert_config.py");

/** What to install where {@linkcode hasExecutor} finds nothing. */
export const EXECUTOR_HINT =
  'no jupyter-nbconvert: install it by "apt-get install jupyter-nbconvert" or "pip install nbconvert"';

/** Whether notebooks can be run here without a browser. */
export async function hasExecutor(): Promise<boolean> {
  return await firstInstalled([NBCONVERT]) !== undefined;
}

/** How a notebook is run. */
export interface ExecutionOptions {
  /** The repository's root, whose kernel was written. */
  readonly root: string;
  /** Where the executed notebook goes, under its own name. */
  readonly out: string;
  /** How much it computes. Default `full`. */
  readonly budget?: BudgetName;
  /** Where the notebook keeps its own files. Default `results/notebooks`. */
  readonly results?: string;
  /** Writes `NAME.html` beside the executed notebook. Default false. */
  readonly html?: boolean;
  /** Stops it. */
  readonly signal?: AbortSignal;
}

/** A notebook that was run. */
export interface ExecutedNotebook extends NotebookOutputs {
  /** Its name, without `.ipynb`. */
  readonly name: string;
  /** Seconds from the kernel's start to its end. */
  readonly seconds: number;
  /** The executed notebook. */
  readonly path: string;
}

async function nbconvert(
  args: readonly string[],
  { root, budget = "full", results, signal }: ExecutionOptions,
): Promise<void> {
  signal?.throwIfAborted();
  const child = new Deno.Command(NBCONVERT, {
    args: [...args],
    cwd: root,
    env: {
      ...jupyterVariables(root, Deno.env.get("JUPYTER_PATH")),
      [BUDGET_VARIABLE]: budget,
      ...results === undefined ? {} : { [FOLDER_VARIABLE]: results },
    },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
    // One interrupt ends the kernel too; a second one, as a terminal sends it
    // to all that runs there, would end nbconvert before it has done so.
    detached: true,
  }).spawn();
  const stop = () => child.kill("SIGINT");
  signal?.addEventListener("abort", stop);
  const { success, stderr } = await child.output();
  signal?.removeEventListener("abort", stop);
  signal?.throwIfAborted();
  if (success) return;
  throw new Error(lastLine(new TextDecoder().decode(stderr)));
}

/** The line that says what went wrong, at the end of a traceback. */
function lastLine(text: string): string {
  // deno-lint-ignore no-control-regex
  const plain = text.replaceAll(/\x1b\[[0-9;]*m/g, "");
  return plain.trimEnd().split("\n").at(-1)!.trim();
}

/**
 * Runs a notebook from its first cell to its last.
 *
 * @param path The notebook. Throws an error of one line where a cell throws,
 * or the kernel cannot be found.
 * @param options Where, and how much.
 */
export async function executeNotebook(
  path: string,
  options: ExecutionOptions,
): Promise<ExecutedNotebook> {
  const name = basename(path, ".ipynb");
  const begin = performance.now();
  try {
    await nbconvert([
      "--to=notebook",
      "--execute",
      `--config=${NBCONVERT_CONFIG}`,
      `--output-dir=${options.out}`,
      `--output=${name}.ipynb`,
      path,
    ], options);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw new Error(`Cannot run ${name}: ${(error as Error).message}`);
  }
  const seconds = (performance.now() - begin) / 1000;
  const executed = join(options.out, `${name}.ipynb`);
  if (options.html) await nbconvert(["--to=html", executed], options);
  const notebook = readNotebook(await Deno.readTextFile(executed), executed);
  return { name, seconds, path: executed, ...notebookOutputs(notebook) };
}

/**
 * Runs notebooks one after the other.
 *
 * @param paths The notebooks. Throws an error of one line where the program
 * that runs them is missing, or one of them fails.
 * @param options Where, and how much.
 * @param context Progress and interruption of the script.
 */
export async function executeAll(
  paths: readonly string[],
  options: ExecutionOptions,
  context: ScriptContext,
): Promise<ExecutedNotebook[]> {
  if (!await hasExecutor()) {
    throw new Error(`Cannot run notebooks, ${EXECUTOR_HINT}`);
  }
  await Deno.mkdir(options.out, { recursive: true });
  using shown = context.progress({
    total: paths.length,
    label: "Running",
    unit: "notebooks",
  });
  const executed: ExecutedNotebook[] = [];
  for (const path of paths) {
    const { signal } = context;
    executed.push(await executeNotebook(path, { ...options, signal }));
    shown.update(executed.length);
  }
  return executed;
}

/**
 * What running took and showed.
 *
 * @param executed The notebooks.
 */
export function executionTable(executed: readonly ExecutedNotebook[]): Table {
  const format = (seconds: number) => seconds.toFixed(1);
  const sum = (of: "seconds" | "cells" | "figures" | "tables") =>
    executed.reduce((total, notebook) => total + notebook[of], 0);
  return {
    columns: [
      { header: "notebook" },
      { header: "time", unit: "s", format },
      { header: "slowest cell", unit: "s", format },
      { header: "cells" },
      { header: "figures" },
      { header: "tables" },
    ],
    rows: [
      ...executed.map((notebook) => [
        notebook.name,
        notebook.seconds,
        notebook.slowestSeconds,
        notebook.cells,
        notebook.figures,
        notebook.tables,
      ]),
      [
        "together",
        sum("seconds"),
        undefined,
        sum("cells"),
        sum("figures"),
        sum("tables"),
      ],
    ],
  };
}
