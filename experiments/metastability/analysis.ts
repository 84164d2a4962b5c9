/**
 * A whole analysis: three answers, a phase diagram, mitigations.
 *
 * @module
 */
import type { Figure } from "../../analysis/figures/figure.ts";
import type { ScriptContext } from "../../core/script.ts";
import type { QueueingOptions } from "../../envs/queueing/options.ts";
import { selectDevice } from "../../learning/devices.ts";
import { stationaryTimescale } from "../queueing_learning/stationary_timescale.ts";
import type { Answers, MitigationOutcome } from "./answer_tables.ts";
import { answerByChain } from "./chain_answer.ts";
import { faultFigure } from "./fault_figure.ts";
import { answerByLearning } from "./learned_answer.ts";
import { mitigations } from "./mitigations.ts";
import { type PhaseDiagram, phaseDiagram } from "./phase_diagram.ts";
import { type FaultWindow, studyFault } from "./simulation_answer.ts";

export type {
  Answers,
  Figure,
  MitigationOutcome,
  PhaseDiagram,
  QueueingOptions,
};

/** What is analysed. */
export interface AnalysisOptions {
  /** The system with its fault. */
  readonly system: QueueingOptions;
  /** When the fault begins and ends. */
  readonly fault: FaultWindow;
  /** Factor on arrivals during the fault, for the diagram. */
  readonly factor: number;
  /** Length of a run. */
  readonly horizon: number;
  /** Runs of the three answers and of each mitigation. */
  readonly runs: number;
  /** Runs of each cell of the diagram. */
  readonly cellRuns: number;
  /** Loads of the diagram. */
  readonly loads: readonly number[];
  /** Durations of its triggers. */
  readonly durations: readonly number[];
  /** Updates of the learned model. */
  readonly updates: number;
  /** Sets of runs drawn for its intervals. */
  readonly resamples: number;
  /** Long runs for the autocorrelation time, and their length. */
  readonly stationary: { readonly runs: number; readonly length: number };
  /** Places of the chain's orbit. */
  readonly orbitStates: number;
  /** Seed of everything. */
  readonly seed: number;
}

/** What was found. */
export interface Analysis {
  /** The three answers. */
  readonly answers: Answers;
  /** The diagram. */
  readonly diagram: PhaseDiagram;
  /** Time after the triggers of the diagram. */
  readonly diagramAfter: number;
  /** Mitigations, the system as it is first. */
  readonly outcomes: readonly MitigationOutcome[];
  /** Mean queue over time, with its interval. */
  readonly figure: Figure;
}

/** What an analysis uses of a script. */
export type AnalysisContext = Pick<
  ScriptContext,
  "breathe" | "note" | "progress" | "signal"
>;

const INTERVAL = 5;

/**
 * Analyses a system.
 *
 * @param options What and how.
 * @param context Progress, and interruption.
 */
export async function analyse(
  options: AnalysisOptions,
  context: AnalysisContext,
): Promise<Analysis> {
  const { system, fault, horizon, runs, seed } = options;
  const { signal } = context;
  const study = { fault, horizon, runs, seed, interval: INTERVAL, signal };
  const simulation = await watched(
    context,
    "Simulating the fault",
    runs,
    (onRun) => studyFault(system, { ...study, onRun }),
  );
  const long = options.stationary;
  const stationary = await watched(
    context,
    "Simulating long runs",
    long.runs,
    (onRun) => stationaryTimescale(system, { ...long, seed, signal, onRun }),
  );
  const chain = answerByChain(system, options);
  const { reason } = await selectDevice("auto", {
    parameters: 5000,
    batchSize: 1024,
  });
  context.note(reason);
  const learned = await watched(
    context,
    "Learning",
    options.updates,
    (onStep) =>
      answerByLearning(simulation.paths, { ...options, interval: INTERVAL }, {
        signal,
        onStep,
        onResample: context.breathe,
      }),
  );
  signal.throwIfAborted();
  const outcomes: MitigationOutcome[] = [];
  const all = mitigations(system);
  await watched(context, "Trying mitigations", all.length, async (onDone) => {
    for (const { name, system } of all) {
      outcomes.push({
        name,
        study: await studyFault(system, {
          ...study,
          level: simulation.level,
          onRun: context.breathe,
        }),
      });
      await onDone(outcomes.length);
    }
  });
  const diagramAfter = Math.min(2000, horizon - fault.end);
  const cells = options.loads.length * options.durations.length;
  const diagram = await watched(
    context,
    "Mapping loads and triggers",
    cells,
    (onCell) =>
      phaseDiagram(system, {
        ...options,
        runs: options.cellRuns,
        before: Math.min(300, fault.start),
        after: diagramAfter,
        signal,
        onCell,
      }),
  );
  return {
    answers: { simulation, stationary, chain, learned },
    diagram,
    diagramAfter,
    outcomes,
    figure: faultFigure(simulation.paths, { fault, interval: INTERVAL }),
  };
}

async function watched<Result>(
  { progress, breathe }: AnalysisContext,
  label: string,
  total: number,
  work: (onDone: (done: number) => Promise<void>) => Promise<Result>,
): Promise<Result> {
  using shown = progress({ total, label, unit: "steps" });
  return await work((done) => {
    shown.update(done);
    return breathe();
  });
}
