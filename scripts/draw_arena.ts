/**
 * Draws the figures of the docs of arenas and their models.
 *
 * @module
 */
import { join } from "@std/path";
import { FigureBrowser, writeFigure } from "../analysis/figures/export.ts";
import { userPath } from "../core/paths.ts";
import { runScript } from "../core/script.ts";
import { ARENA_FIGURES } from "../experiments/arena/figures.ts";

await runScript({
  name: "draw_arena",
  task: "draw:arena",
  description:
    "Draws trajectories, place fields and eigenmaps, a grid cell and fields along a line as PNG into --out, by default docs/figures. It needs Chromium.",
  options: {},
}, async (options, context) => {
  const folder = options.out ?? userPath("docs/figures");
  await using browser = new FigureBrowser();
  const files: string[] = [];
  for (const [name, draw] of Object.entries(ARENA_FIGURES)) {
    context.note(`Drawing ${name}`);
    const path = join(folder, `${name}.png`);
    await writeFigure(path, draw(), { browser, scale: 1 });
    files.push(path);
    await context.breathe();
  }
  return { lines: files, json: { files } };
});
