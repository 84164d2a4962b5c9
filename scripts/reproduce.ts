/**
 * Regenerates every number and figure of README and docs, and fails where one
 * moved.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import { writeJsonFile } from "../core/json_file.ts";
import { booleanOption, parsedOption } from "../core/options.ts";
import { asUsageError, runScript } from "../core/script.ts";
import { regenerateFigures } from "../experiments/published/figure_check.ts";
import { hasMoved } from "../experiments/published/numbers.ts";
import { partsNamed } from "../experiments/published/parts.ts";
import {
  type ComparedPart,
  comparePart,
  regenerate,
  regenerationTables,
  resultPath,
} from "../experiments/published/regeneration.ts";

const root = fromFileUrl(new URL("..", import.meta.url));

await runScript({
  name: "reproduce",
  task: "reproduce",
  description:
    "Runs again what README and docs publish, holds each number against docs/results, and fails where one left its published interval or is not found. Without an interval six digits count; figures count byte by byte. Budgets are those that were published: smaller ones have no interval to be held against.",
  positionals: {
    parts: parsedOption(
      (text) => text.split(",").filter((name) => name !== ""),
      {
        description:
          "What to run: tasks, parts or figures, such as sdn,arena/grids. Default all.",
        expected: "names with commas between them",
        default: "",
      },
    ),
  },
  options: {
    list: booleanOption({ description: "Shows the parts and runs none." }),
    resume: booleanOption({
      description: "Takes parts that --out has from there.",
    }),
    accept: booleanOption({
      description: "Publishes: writes what was found to docs/results.",
    }),
  },
  examples: ["--list", "sdn,reference-envs/recall-sac", "--resume"],
}, async (options, context) => {
  const wantsFigures = options.parts.length === 0 ||
    options.parts.includes("figures");
  const names = options.parts.filter((name) => name !== "figures");
  const parts = options.parts.length > 0 && names.length === 0
    ? []
    : asUsageError(() => partsNamed(names));
  if (options.list) {
    const rows = parts.map((part) => [
      part.name,
      part.minutes,
      ["deno task", part.task, ...part.args].join(" "),
    ]);
    if (wantsFigures) rows.push(["figures", 1, "deno task draw"]);
    const columns = [
      { header: "part" },
      { header: "minutes" },
      { header: "command" },
    ];
    const json = rows.map(([name, minutes, command]) => ({
      name,
      minutes,
      command,
    }));
    return { tables: [{ columns, rows }], json };
  }

  const { seed, resume, accept } = options;
  const folder = options.out ?? join(root, "results", "reproduction");
  const { signal } = context;
  const compared: ComparedPart[] = [];
  for (const [i, part] of parts.entries()) {
    context.note(`${part.name} (${i + 1} of ${parts.length})`);
    const run = await regenerate(part, { root, folder, seed, resume, signal });
    compared.push(await comparePart(part, run, root));
    if (accept) {
      await writeJsonFile(resultPath(join(root, "docs", "results"), part), run);
    }
  }
  if (wantsFigures) {
    context.note("figures");
    compared.push(await regenerateFigures({ root, folder, signal }));
  }
  const moved = compared.flatMap(({ numbers }) => numbers.filter(hasMoved));
  const total = compared.reduce((sum, { numbers }) => sum + numbers.length, 0);
  return {
    tables: regenerationTables(compared),
    lines: [
      moved.length === 0
        ? `All ${total} are where they were published`
        : `${moved.length} of ${total} moved`,
      ...accept ? ["Now: deno task write-results"] : [],
    ],
    json: { moved: moved.length, total, parts: compared },
    exitCode: moved.length === 0 ? 0 : 1,
  };
});
