/**
 * How much a notebook computes, and where its files go.
 *
 * @module
 */
import { join } from "@std/path";

/** Names the environment variable that chooses a notebook's budget. */
export const BUDGET_VARIABLE = "LOADSTAR_NOTEBOOK_BUDGET";

/** Names the environment variable for another folder of results. */
export const FOLDER_VARIABLE = "LOADSTAR_NOTEBOOK_RESULTS";

/** Budgets that every notebook has. */
export const BUDGET_NAMES = ["full", "small"] as const;

/** The name of a budget. */
export type BudgetName = typeof BUDGET_NAMES[number];

/**
 * The budget that is asked for by the environment variable
 * `LOADSTAR_NOTEBOOK_BUDGET`.
 *
 * @param budgets Of a few minutes (`full`, the default), and of a few seconds
 * (`small`), by which everything is still computed and drawn.
 * @param name Default: what the variable says. Throws `RangeError` for a name
 * that is none.
 */
export function chooseBudget<Budget>(
  budgets: Record<BudgetName, Budget>,
  name: string = Deno.env.get(BUDGET_VARIABLE) || "full",
): Budget {
  if (!Object.hasOwn(budgets, name)) {
    throw new RangeError(
      `Cannot take the budget "${name}" of ${BUDGET_VARIABLE}: expected one of ${
        BUDGET_NAMES.join(", ")
      }`,
    );
  }
  return budgets[name as BudgetName];
}

/**
 * An empty folder for a notebook's files, `results/notebooks/NAME` in the
 * repository: what an earlier run left there is removed.
 *
 * @param name The notebook's name.
 * @param results The folder that holds `NAME`. Default: what
 * `LOADSTAR_NOTEBOOK_RESULTS` says, or `results/notebooks`.
 * @returns Its path.
 */
export async function emptyFolder(
  name: string,
  results: string = Deno.env.get(FOLDER_VARIABLE) ||
    join(import.meta.dirname!, "..", "..", "results", "notebooks"),
): Promise<string> {
  const folder = join(results, name);
  try {
    await Deno.remove(folder, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  await Deno.mkdir(folder, { recursive: true });
  return folder;
}
