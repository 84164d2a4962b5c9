/**
 * Opens the notebooks, runs them, or strips them of outputs.
 *
 * @module
 */
import { join } from "@std/path";
import {
  booleanOption,
  choiceOption,
  integerOption,
  parsedOption,
  pathOption,
} from "../core/options.ts";
import { runScript } from "../core/script.ts";
import { UsageError } from "../core/usage_error.ts";
import { BUDGET_NAMES } from "../experiments/notebook/budget.ts";
import { executeAll, executionTable } from "./notebooks/execution.ts";
import { JUPYTER_FOLDER, writeKernel } from "./notebooks/jupyter.ts";
import { openJupyter } from "./notebooks/opening.ts";
import { stripFiles } from "./notebooks/stripping.ts";

const ROOT = join(import.meta.dirname!, "..");

/** The notebooks whose names begin with one of the texts; all without. */
async function chosen(only: readonly string[] | undefined): Promise<string[]> {
  const folder = join(ROOT, "notebooks");
  const found = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  const names = found.filter((name) => name.endsWith(".ipynb")).sort();
  const wrong = only?.find((text) =>
    !names.some((name) => name.startsWith(text))
  );
  if (wrong !== undefined) {
    throw new UsageError(
      `Cannot find the notebook "${wrong}": expected ${
        names.map((name) => name.replace(".ipynb", "")).join(", ")
      }, or how one of them begins`,
    );
  }
  return names.filter((name) =>
    only?.some((text) => name.startsWith(text)) ?? true
  ).map((name) => join(folder, name));
}

await runScript({
  name: "notebooks",
  task: "notebooks",
  description:
    "Writes a Jupyter kernel of the project's own and opens the notebooks in JupyterLab. With --execute they are run without a browser instead.",
  options: {
    browser: booleanOption({
      description: "Opens a browser; without, JupyterLab prints its address.",
      default: true,
    }),
    port: integerOption({
      description: "JupyterLab's port. Default: 8888 or the next free one.",
      minimum: 1,
      maximum: 65_535,
    }),
    execute: booleanOption({
      description:
        "Runs the notebooks and writes them with their outputs, also as pages.",
    }),
    budget: choiceOption(BUDGET_NAMES, {
      description: "With --execute: how much they compute.",
      default: "full",
    }),
    only: parsedOption((text) => text.split(",").map((name) => name.trim()), {
      description: "With --execute and --strip: these notebooks alone.",
      expected: "names or their beginnings such as 01,03",
    }),
    out: pathOption({
      description:
        "With --execute: folder of the executed notebooks. Default: results/notebooks/executed.",
      placeholder: "DIR",
    }),
    strip: booleanOption({
      description:
        "Takes outputs and traces of runs out of the notebooks, and formats them.",
    }),
  },
  examples: [
    "",
    "--no-browser --port 9000",
    "--execute --only 01,03",
    "--strip",
  ],
}, async (options, context) => {
  const { only, execute, strip } = options;
  if (execute && strip) {
    throw new UsageError("Cannot both --execute and --strip, expected one");
  }
  if (only !== undefined && !execute && !strip) {
    throw new UsageError(
      "Cannot open --only some notebooks, expected --execute",
    );
  }
  const paths = await chosen(only);
  if (strip) {
    const changed = await stripFiles(paths);
    const lines = changed.map((path) => `Stripped ${path}`);
    return {
      lines: lines.length > 0
        ? lines
        : ["No notebook has outputs, all are formatted"],
      json: { changed },
    };
  }
  const kernel = await writeKernel(ROOT);
  if (!execute) {
    context.note(
      `Kernel "Loadstar (Deno)": ${kernel}; VS Code finds it when started as JUPYTER_PATH=${
        join(ROOT, JUPYTER_FOLDER)
      } code ${ROOT}`,
    );
    await openJupyter(ROOT, options, context.signal);
    return { json: { kernel } };
  }
  const out = options.out ?? join(ROOT, "results", "notebooks", "executed");
  const executed = await executeAll(paths, {
    root: ROOT,
    out,
    budget: options.budget,
    html: true,
  }, context);
  const failed = executed.filter(({ faults }) => faults.length > 0);
  return {
    tables: [executionTable(executed)],
    lines: [
      ...failed.flatMap(({ name, faults }) =>
        faults.map((fault) => `${name}: ${fault}`)
      ),
      `Notebooks with outputs, and pages: ${out}`,
    ],
    json: { out, notebooks: executed },
    exitCode: failed.length > 0 ? 1 : 0,
  };
});
