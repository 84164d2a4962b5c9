/**
 * The project's own Jupyter: its kernel and its folders lie below `.jupyter/`,
 * nothing below the user's home.
 *
 * @module
 */
import { join } from "@std/path";
import { KERNEL_NAME } from "./notebook_file.ts";

/** The folder of everything that Jupyter keeps, from the root. */
export const JUPYTER_FOLDER = ".jupyter";

/**
 * Writes the kernel that notebooks ask for: this Deno's.
 *
 * @param root The repository's root.
 * @param deno The program. Default: the Deno that runs this.
 * @returns Where the kernel was written.
 */
export async function writeKernel(
  root: string,
  deno: string = Deno.execPath(),
): Promise<string> {
  const folder = join(root, JUPYTER_FOLDER, "kernels", KERNEL_NAME);
  await Deno.mkdir(folder, { recursive: true });
  const path = join(folder, "kernel.json");
  const kernel = {
    argv: [deno, "jupyter", "--kernel", "--conn", "{connection_file}"],
    display_name: "Loadstar (Deno)",
    env: { DENO_NO_UPDATE_CHECK: "1" },
    // Without it some notebooks send a message that Deno's kernel ignores.
    interrupt_mode: "signal",
    language: "typescript",
  };
  await Deno.writeTextFile(path, `${JSON.stringify(kernel, null, 2)}\n`);
  return path;
}

/**
 * Environment variables by which Jupyter finds the kernel and keeps its own
 * files out of the user's home.
 *
 * @param root The repository's root.
 * @param inherited The user's own `JUPYTER_PATH`, which is still searched.
 */
export function jupyterVariables(
  root: string,
  inherited?: string,
): Record<string, string> {
  const folder = join(root, JUPYTER_FOLDER);
  const separator = Deno.build.os === "windows" ? ";" : ":";
  const config = join(folder, "config");
  return {
    JUPYTER_PATH: inherited ? `${folder}${separator}${inherited}` : folder,
    JUPYTER_DATA_DIR: folder,
    JUPYTER_RUNTIME_DIR: join(folder, "runtime"),
    JUPYTER_CONFIG_DIR: config,
    JUPYTERLAB_SETTINGS_DIR: join(config, "lab", "user-settings"),
    JUPYTERLAB_WORKSPACES_DIR: join(config, "lab", "workspaces"),
    IPYTHONDIR: join(folder, "ipython"),
    // JupyterLab's search for language servers asks npm, which keeps a log.
    npm_config_cache: join(folder, "npm"),
  };
}

/**
 * The first of some programs that is installed.
 *
 * @param names Programs that answer `--version`.
 */
export async function firstInstalled(
  names: readonly string[],
): Promise<string | undefined> {
  for (const name of names) {
    try {
      const { success } = await new Deno.Command(name, {
        args: ["--version"],
        stdin: "null",
        stdout: "null",
        stderr: "null",
      }).output();
      if (success) return name;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}
