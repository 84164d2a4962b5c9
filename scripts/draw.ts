/**
 * Draws the figures of the README.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import { writeFigure } from "../analysis/figures/export.ts";
import { parsedOption } from "../core/options.ts";
import { runScript } from "../core/script.ts";
import { readPublishedRun } from "../experiments/published/documents.ts";
import { FRONT_FIGURES } from "../experiments/published/front_figures.ts";
import { resultPath } from "../experiments/published/regeneration.ts";

const docs = fromFileUrl(new URL("../docs", import.meta.url));
const names = Object.keys(FRONT_FIGURES);

await runScript({
  name: "draw",
  task: "draw",
  description:
    "Draws the README's figures as SVG into --out, by default docs/figures: from docs/results, from simulations, and from one training. Those of arenas are drawn by draw:arena, which needs Chromium.",
  options: {
    only: parsedOption(
      (text) => {
        const wanted = text.split(",");
        return wanted.every((name) => names.includes(name))
          ? wanted
          : undefined;
      },
      {
        description: "Names of figures.",
        expected: `some of ${names.join(", ")}`,
        default: names.join(","),
      },
    ),
  },
}, async (options, context) => {
  const folder = options.out ?? join(docs, "figures");
  const document = async (name: string) => {
    const path = resultPath(join(docs, "results"), { name });
    return (await readPublishedRun(path)).document;
  };
  const files: string[] = [];
  for (const name of options.only) {
    context.note(`Drawing ${name}`);
    const path = join(folder, `${name}.svg`);
    await writeFigure(
      path,
      await FRONT_FIGURES[name]({
        document,
        context,
      }),
    );
    files.push(path);
    await context.breathe();
  }
  return { lines: files, json: { files } };
});
