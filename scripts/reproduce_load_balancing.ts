/**
 * Regenerates the README's comparison of rules and learners that balance load.
 *
 * @module
 */
import { join } from "@std/path";
import { writeFigurePage } from "../analysis/figures/page.ts";
import { writeJsonFile } from "../core/json_file.ts";
import { choiceOption, integerOption } from "../core/options.ts";
import { runScript } from "../core/script.ts";
import {
  compareLoadBalancing,
  type ContenderOutcome,
  type LoadBalancingContender,
  ruleContenders,
  withIntervals,
} from "../experiments/load_balancing/comparison.ts";
import {
  LOAD_BALANCING_LEARNERS,
  trainLearner,
  verdictsOf,
  verdictTable,
} from "../experiments/load_balancing/reproduction.ts";
import {
  loadBalancingFigure,
  loadBalancingTables,
  TEST_SEED,
} from "../experiments/load_balancing/report.ts";
import { TrainingPipeline } from "../experiments/load_balancing/training_pipeline.ts";

await runScript({
  name: "reproduce_load_balancing",
  task: "reproduce:load-balancing",
  description:
    "Trains every learner over several seeds on the paper's moderate set-up (2 balancers; 4 servers of 2 cores and 3 of 4; load 0.8 to 0.95), and plays the same episodes under learners and rules. Each seed's policy has episodes of its own, so that intervals are over trainings and flows.",
  options: {
    part: choiceOption(
      ["all", "rules", ...Object.keys(LOAD_BALANCING_LEARNERS)],
      { description: "Which learner, or the rules alone.", default: "all" },
    ),
    seeds: integerOption({
      description: "Seeds of each training.",
      default: 5,
      minimum: 2,
    }),
    episodes: integerOption({
      description: "Episodes of each training.",
      default: 60,
      minimum: 1,
    }),
    "test-episodes": integerOption({
      description: "Episodes that each seed's policy is tested on.",
      default: 8,
      minimum: 1,
    }),
  },
}, async (options, context) => {
  const seconds: Record<string, number> = {};
  const spec = await new TrainingPipeline({ preset: "moderate" }).spec();
  const outcomes: ContenderOutcome[] = [];
  /** Plays, and writes what is known so far: a part may take an hour. */
  const play = async (contenders: readonly LoadBalancingContender[]) => {
    outcomes.push(
      ...await compareLoadBalancing(contenders, {
        spec,
        blocks: options.seeds,
        episodes: options.testEpisodes,
        firstSeed: TEST_SEED,
      }, context),
    );
    if (options.out === undefined) return;
    const path = join(options.out, "load_balancing.json");
    await writeJsonFile(path, { spec, seconds, outcomes });
  };
  await play(ruleContenders());
  for (const name of Object.keys(LOAD_BALANCING_LEARNERS)) {
    if (options.part !== "all" && options.part !== name) continue;
    const trained = await trainLearner(name, { ...options, context });
    seconds[name] = trained.seconds;
    await play([trained.contender]);
  }
  const verdicts = verdictsOf(outcomes);
  const title =
    `Moderate set-up, ${options.seeds} x ${options.testEpisodes} episodes of 60 s`;
  const lines: string[] = [];
  if (options.out !== undefined) {
    const page = join(options.out, "figures", "load_balancing.html");
    await writeFigurePage(page, [loadBalancingFigure(outcomes, title)], {
      title,
    });
    lines.push(`Figures: ${page}`);
  }
  return {
    tables: [
      ...loadBalancingTables(outcomes, title),
      ...verdicts.length > 0 ? [verdictTable(verdicts, seconds)] : [],
    ],
    lines,
    json: {
      spec,
      verdicts,
      seconds,
      outcomes: outcomes.map(withIntervals),
    },
  };
});
