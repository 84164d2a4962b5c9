/**
 * The trainings whose comparison with the rules stands in the README.
 *
 * @module
 */
import type { ScriptContext } from "../../core/script.ts";
import type { Table } from "../../core/table.ts";
import {
  type ContenderOutcome,
  type LoadBalancingContender,
  measureInterval,
  pairedDifference,
} from "./comparison.ts";
import { trainSeeds } from "../reproduction/reproduction.ts";
import {
  TrainingPipeline,
  type TrainingPipelineOptions,
} from "./training_pipeline.ts";
import type { FinishedRun } from "../training/training_run.ts";

export type {
  ContenderOutcome,
  FinishedRun,
  LoadBalancingContender,
  ScriptContext,
  Table,
  TrainingPipelineOptions,
};

/** The paper's moderate set-up, for all learners. */
const MODERATE: TrainingPipelineOptions = { preset: "moderate" };

/** Learners by name, and how they are trained. */
export const LOAD_BALANCING_LEARNERS: Readonly<
  Record<string, TrainingPipelineOptions>
> = {
  "qmix": { ...MODERATE, agentType: "qmix" },
  "independent-sac": { ...MODERATE, agentType: "independent" },
  "sac-gru": { ...MODERATE, agentType: "sac-gru", numAgents: 2 },
  "independent-q": {
    ...MODERATE,
    agentType: "independent",
    learner: "q-learning",
  },
  "vdn": { ...MODERATE, agentType: "qmix", settings: { mixer: "vdn" } },
};

/** Rules that learners have to beat. */
const TO_BEAT = ["ecmp", "wcmp", "awcmp"];

/** How much slower than SED a learner may be. */
const SED_ALLOWANCE = 0.03;

/**
 * Trains a learner once a seed, on the flows of episodes that nobody is tested
 * on.
 *
 * @param name One of {@linkcode LOAD_BALANCING_LEARNERS}.
 * @param options Seeds, episodes and where to show progress.
 * @returns Policies with the last weights, and the seconds that a seed took.
 */
export async function trainLearner(
  name: string,
  options: {
    seed: number;
    seeds: number;
    episodes: number;
    context: ScriptContext;
  },
): Promise<{ contender: LoadBalancingContender; seconds: number }> {
  const pipeline = new TrainingPipeline({
    ...LOAD_BALANCING_LEARNERS[name],
    device: "native",
  });
  const run = await pipeline.run(options.episodes, options.episodes);
  const { finished, seconds } = await trainSeeds(name, run, options);
  return {
    contender: { name, policies: finished.map(({ policy }) => policy) },
    seconds,
  };
}

/** What was to be reached, and whether it was. */
export interface Verdict {
  /** The learner. */
  readonly name: string;
  /** Rules of ECMP, WCMP and AWCMP that it beats, intervals excluding zero. */
  readonly beaten: readonly string[];
  /** Its mean completion time over SED's, on the same flows. */
  readonly overSed: number;
  /** Whether all three are beaten and SED is not exceeded by more than 3 %. */
  readonly reached: boolean;
}

/**
 * Whether each learner does what was wanted of it.
 *
 * @param outcomes Of learners and rules. Throws `RangeError` where a rule that
 * is needed is missing.
 */
export function verdictsOf(outcomes: readonly ContenderOutcome[]): Verdict[] {
  const find = (name: string) => {
    const found = outcomes.find((one) => one.name === name && !one.learned);
    if (found) return found;
    throw new RangeError(`Cannot judge learners without the rule ${name}`);
  };
  const timeOf = (outcome: ContenderOutcome) =>
    measureInterval(outcome, "mean").estimate;
  return outcomes.filter(({ learned }) => learned).map((outcome) => {
    const beaten = TO_BEAT.filter((rule) =>
      pairedDifference(outcome, find(rule)).high < 0
    );
    const overSed = timeOf(outcome) / timeOf(find("sed"));
    return {
      name: outcome.name,
      beaten,
      overSed,
      reached: beaten.length === TO_BEAT.length &&
        overSed <= 1 + SED_ALLOWANCE,
    };
  });
}

/**
 * Verdicts as a table.
 *
 * @param verdicts Of the learners.
 * @param seconds What a seed's training took, by the learner's name.
 */
export function verdictTable(
  verdicts: readonly Verdict[],
  seconds: Readonly<Record<string, number>>,
): Table {
  return {
    title:
      "Wanted: faster than ECMP, WCMP and AWCMP, and not above SED by more than 3 %",
    columns: [
      { header: "learner" },
      { header: "faster than (95 %)" },
      { header: "over SED", format: (value) => value.toFixed(4) },
      { header: "reached" },
      { header: "a seed", unit: "s", format: (value) => value.toFixed(0) },
    ],
    rows: verdicts.map(({ name, beaten, overSed, reached }) => [
      name,
      beaten.length > 0 ? beaten.join(", ") : "none",
      overSed,
      reached ? "yes" : "no",
      seconds[name],
    ]),
  };
}
