/**
 * Searches learning rates and widths for agents that balance load.
 *
 * @module
 */
import { writeFigurePage } from "../analysis/figures/page.ts";
import {
  choiceOption,
  integerListOption,
  integerOption,
  numberListOption,
} from "../core/options.ts";
import { userPath } from "../core/paths.ts";
import {
  asUsageError,
  InterruptedError,
  runScript,
  trainingOptions,
} from "../core/script.ts";
import { cellPipeline } from "../experiments/grid_search/cell.ts";
import {
  cellsOf,
  openGrid,
  pipelineValues,
  sortOut,
} from "../experiments/grid_search/grid.ts";
import {
  gridFigure,
  gridPoints,
  gridTable,
  reportLines,
} from "../experiments/grid_search/grid_report.ts";
import { trainCells } from "../experiments/grid_search/pool.ts";
import { searchProgress } from "../experiments/grid_search/search_progress.ts";
import {
  agentViewOptions,
  loadOptions,
} from "../experiments/load_balancing/options.ts";
import {
  AGENT_TYPES,
  LEARNERS,
} from "../experiments/load_balancing/training_pipeline.ts";

const { device, seeds } = trainingOptions;

await runScript({
  name: "grid_search",
  task: "grid-search",
  description:
    "Trains agents that balance load with every pair of learning rate and width, in processes side by side. Called again with the same --out, it trains what is missing.",
  options: {
    "agent-type": choiceOption(AGENT_TYPES, {
      description: "Who learns.",
      default: "sac-gru",
    }),
    learner: choiceOption(LEARNERS, {
      description: "How independent agents learn.",
      default: "sac-gru",
    }),
    "learning-rates": numberListOption({
      description: "Adam's learning rates.",
      default: [1e-4, 3e-4, 1e-3],
      exclusiveMinimum: 0,
    }),
    widths: integerListOption({
      description: "Widths of all layers, the memory's included.",
      default: [64, 128, 256],
      minimum: 1,
    }),
    episodes: integerOption({
      description: "Episodes of each training.",
      default: 100,
      minimum: 1,
    }),
    "eval-interval": integerOption({
      description:
        "Episodes between evaluations. Default: a twentieth of all, from 1.",
      minimum: 1,
    }),
    jobs: integerOption({
      description: "Trainings at a time. Default: one a processor.",
      minimum: 1,
    }),
    ...loadOptions,
    ...agentViewOptions,
    device,
    seeds,
  },
  examples: [
    "--agent-type qmix --episodes 200 --seeds 3 --out grids/qmix",
    "--learning-rates 0.0003,0.001 --widths 64,128 --preset moderate",
  ],
}, async (options, context) => {
  const { agentType, episodes, evalInterval: evaluateEvery } = options;
  const folder = options.out ?? userPath("grid_search");
  const pipeline = pipelineValues(options);
  const common = { episodes, evaluateEvery, pipeline };
  const cells = cellsOf(
    {
      learningRates: options.learningRates,
      widths: options.widths,
      seeds: Array.from({ length: options.seeds }, (_, i) => options.seed + i),
    },
    common,
    folder,
  );
  // Says what does not fit before anything is begun.
  const run = await asUsageError(() => cellPipeline(cells[0]).run(episodes));
  await openGrid(folder, common);
  const { finished, left } = await sortOut(cells);
  if (finished.length > 0) {
    context.note(
      `${finished.length} of ${cells.length} trainings are there already`,
    );
  }
  using shown = searchProgress(context, left, run.totalTimesteps);
  const outcomes = await trainCells(left, {
    jobs: options.jobs ?? navigator.hardwareConcurrency,
    signal: context.signal,
    onProgress: shown.advance,
    onEnd: shown.end,
  });
  shown.finish();
  const failed = outcomes.filter((each) => "failed" in each);
  const results = outcomes.flatMap((each) =>
    "result" in each ? [each.result] : []
  );
  const points = gridPoints([...finished, ...results]);
  const title = `${agentType} after ${episodes} episodes`;
  if (points.length > 0) {
    const page = `${folder}/grid.html`;
    await writeFigurePage(page, [gridFigure(points, title)]);
    context.note(`Figure: ${page}`);
  }
  if (context.signal.aborted) {
    throw new InterruptedError(
      `Interrupted with ${
        finished.length + results.length
      } of ${cells.length} trainings finished in "${folder}"; call the same again to go on`,
    );
  }
  return {
    tables: [gridTable(points, title)],
    lines: reportLines(points, failed),
    json: { points, failed, folder },
    exitCode: failed.length > 0 ? 1 : 0,
  };
});
