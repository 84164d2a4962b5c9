/**
 * Regenerates what stands in the docs of the models of arenas.
 *
 * @module
 */
import { mean } from "../analysis/statistics.ts";
import { choiceOption, integerOption } from "../core/options.ts";
import { runScript } from "../core/script.ts";
import type { Table } from "../core/table.ts";
import {
  gridScoreTest,
  gridTable,
  spacingTable,
  successorTable,
} from "../experiments/arena/report.ts";
import {
  compareSuccessorMatrices,
  type GridCellRun,
  gridCellRun,
  LINE_SETS,
  spacingRatio,
} from "../experiments/arena/reproduction.ts";

const PARTS = ["all", "successor", "spacing", "grids"] as const;
const SETS = ["fig2a", "fig2b", "fig2c", "fig3"] as const;
const DISCOUNTS = [0.9, 0.99];

await runScript({
  name: "reproduce_arena",
  task: "reproduce:arena",
  description:
    "Learns successor matrices and compares them with the closed form; lets plastic inhibition make fields along lines and compares their spacing with the law; lets it make grid cells in a square, and asks whether grid scores rise.",
  options: {
    part: choiceOption(PARTS, { description: "What to run.", default: "all" }),
    set: choiceOption(SETS, {
      description: "The parameters of the grid cells.",
      default: "fig2a",
    }),
    seeds: integerOption({
      description: "Grid cells.",
      default: 40,
      minimum: 1,
    }),
    "line-seeds": integerOption({
      description: "Neurons of each set along lines.",
      default: 8,
      minimum: 2,
    }),
  },
}, async (options, context) => {
  const { part, set, seed, seeds, lineSeeds } = options;
  const wanted = (name: string) => part === "all" || part === name;
  const tables: Table[] = [];
  const json: Record<string, unknown> = {};

  if (wanted("successor")) {
    using shown = context.progress({
      total: DISCOUNTS.length,
      label: "successor matrices",
    });
    const successor = [];
    for (const discount of DISCOUNTS) {
      const settings = { side: 12, discount, runs: 16, steps: 2_000_000 };
      successor.push({ discount, ...compareSuccessorMatrices(settings) });
      shown.update(successor.length);
      await context.breathe();
      context.signal.throwIfAborted();
    }
    json.successor = successor;
    tables.push(successorTable(
      "Successor matrices of 12 x 12 states, 16 runs of 8 million steps, against the closed form",
      successor,
    ));
  }

  if (wanted("spacing")) {
    using shown = context.progress({
      total: LINE_SETS.length * lineSeeds,
      label: "lines",
    });
    const spacing: { set: string; ratios: number[] }[] = [];
    for (const line of LINE_SETS) {
      const ratios: number[] = [];
      for (let i = 0; i < lineSeeds; i++) {
        ratios.push(spacingRatio(line, { seed: seed + i }));
        shown.update(spacing.length * lineSeeds + i + 1);
        await context.breathe();
        context.signal.throwIfAborted();
      }
      spacing.push({ set: line.name, ratios });
    }
    json.spacing = spacing;
    tables.push(spacingTable(
      "Spacing along a periodic line of 24 spacings, over that of the law",
      spacing,
    ));
  }

  if (wanted("grids")) {
    using shown = context.progress({ total: seeds, label: `grids of ${set}` });
    const runs: GridCellRun[] = [];
    for (let i = 0; i < seeds; i++) {
      runs.push(gridCellRun(set, { seed: seed + i }));
      shown.update(i + 1, { score: mean(runs.map(({ after }) => after)) });
      await context.breathe();
      context.signal.throwIfAborted();
    }
    json.grids = {
      set,
      test: gridScoreTest(runs),
      runs: runs.map(({ rates: _, ...numbers }) => numbers),
    };
    tables.push(gridTable(set, runs));
  }
  return { tables, json };
});
