/**
 * Compares the hand-written rules, and the exact optimum where there is one.
 *
 * @module
 */
import { join } from "@std/path";
import { writeFigurePage } from "../analysis/figures/page.ts";
import { choiceOption, integerOption } from "../core/options.ts";
import { runScript, UsageError } from "../core/script.ts";
import type { Table } from "../core/table.ts";
import {
  allRules,
  comparePolicies,
  type Comparison,
  comparisonJson,
  comparisonTable,
} from "../experiments/autoscaling/comparison.ts";
import {
  autoscalingExperiment,
  autoscalingScriptOptions,
} from "../experiments/autoscaling/options.ts";
import { comparisonFigures } from "../experiments/autoscaling/report.ts";

/** What the instances cost, by three ways of counting. */
function costTable({ results }: Comparison): Table {
  const format = (value: number) => value.toFixed(2);
  return {
    title: "Costs of an episode",
    columns: [
      { header: "policy" },
      { header: "by the second", unit: "$", format },
      { header: "by the started hour", unit: "$", format },
      {
        header: "the original's cost",
        unit: "$",
        format: (value) => value.toFixed(3),
      },
      { header: "steps" },
    ],
    rows: results.map((result) => [
      result.name,
      result.billPerSecond,
      result.billPerStartedHour,
      result.legacyCost,
      result.steps,
    ]),
  };
}

await runScript({
  name: "evaluate_baselines",
  task: "evaluate-baselines",
  description:
    "Compares every hand-written rule, and the exact optimum where there is one, on the same load.",
  options: {
    ...autoscalingScriptOptions,
    steps: integerOption({
      description:
        "Length of an episode. Default: 200, or each held-out day of the trace.",
      minimum: 1,
      unit: "steps",
    }),
    mode: choiceOption(["reference", "default"], {
      description:
        "What the environment shows; dynamics and rewards are the same.",
      default: "reference",
    }),
    episodes: integerOption({
      description:
        "Episodes with seeds counted from --seed, for loads or boots that are random.",
      default: 1,
      minimum: 1,
    }),
  },
  examples: [
    "--pattern SPIKE --steps 500",
    "--pattern RANDOM --episodes 20",
    "--trace requests.csv --test-days 2 --out runs/baselines",
  ],
}, async (options, context) => {
  const { loadName, tests, notes } = await autoscalingExperiment(options);
  notes.forEach((note) => context.note(note));
  const steps = options.steps ?? (options.trace === undefined ? 200 : 288);
  if (options.trace !== undefined && steps > 288) {
    throw new UsageError(
      `Cannot run ${steps} steps of a held-out day: expected at most 288`,
    );
  }
  const contenders = allRules().map((rule) => ({
    ...rule,
    mode: options.mode as "reference" | "default",
  }));
  const comparison = comparePolicies(contenders, {
    specs: tests.map(({ spec }) => ({
      ...spec,
      options: { ...spec.options, episodeSteps: steps },
    })),
    seeds: Array.from(
      { length: options.episodes },
      (_, i) => options.seed + i,
    ),
  });
  const count = tests.length * options.episodes;
  const title = `${loadName}, ${steps} steps${
    count > 1 ? `, mean of ${count} episodes` : ""
  }`;
  const tables = [comparisonTable(comparison, title), costTable(comparison)];
  const lines: string[] = [];
  if (comparison.noOptimum !== undefined) {
    lines.push(`There is no exact optimum: ${comparison.noOptimum}`);
  }
  if (options.out !== undefined) {
    const page = join(options.out, "figures", `baselines_${loadName}.html`);
    await writeFigurePage(page, comparisonFigures(comparison, { title }), {
      title,
      tables,
    });
    lines.push(`Figures: ${page}`);
  }
  return {
    tables,
    lines,
    json: {
      load: loadName,
      mode: options.mode,
      reward: options.reward,
      steps,
      episodes: count,
      ...comparisonJson(comparison) as Record<string, unknown>,
    },
  };
});
