/**
 * The notebooks in JupyterLab.
 *
 * @module
 */
import { join } from "@std/path";
import { firstInstalled, jupyterVariables } from "./jupyter.ts";

/** How JupyterLab is opened. */
export interface OpeningOptions {
  /** Whether it opens a browser. */
  readonly browser: boolean;
  /** Its port. */
  readonly port?: number;
}

/** JupyterLab, or the older Notebook. */
const PROGRAMS = ["jupyter-lab", "jupyter-notebook"];

/**
 * The command line of JupyterLab.
 *
 * @param options Browser and port.
 * @param isRoot Whether the user is the system's administrator, whom Jupyter
 * refuses unless it is told.
 */
export function jupyterArguments(
  { browser, port }: OpeningOptions,
  isRoot: boolean,
): string[] {
  return [
    ...browser ? [] : ["--no-browser"],
    ...port === undefined ? [] : [`--port=${port}`],
    ...isRoot ? ["--allow-root"] : [],
  ];
}

/**
 * Opens the notebooks in JupyterLab and waits for its end.
 *
 * @param root The repository's root, whose kernel was written. Throws an error
 * of one line where there is no JupyterLab, and where it fails.
 * @param options Browser and port.
 * @param signal Ends JupyterLab.
 * @param programs Programs to try. For tests.
 */
export async function openJupyter(
  root: string,
  options: OpeningOptions,
  signal: AbortSignal,
  programs: readonly string[] = PROGRAMS,
): Promise<void> {
  const program = await firstInstalled(programs);
  if (program === undefined) {
    throw new Error(
      'Cannot find JupyterLab: install it by "pip install jupyterlab", or open the folder notebooks/ in VS Code with its Jupyter extension',
    );
  }
  const isRoot = Deno.build.os !== "windows" && Deno.uid() === 0;
  const { code } = await new Deno.Command(program, {
    args: jupyterArguments(options, isRoot),
    cwd: join(root, "notebooks"),
    env: jupyterVariables(root, Deno.env.get("JUPYTER_PATH")),
    signal,
  }).spawn().status;
  if (code !== 0 && !signal.aborted) {
    throw new Error(`${program} ended with ${code}`);
  }
}
