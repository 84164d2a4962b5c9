/**
 * The README's figures, but for that of arenas (arena/figures.ts).
 *
 * @module
 */
import { barFigure } from "../../analysis/figures/bar_figure.ts";
import type { Figure } from "../../analysis/figures/figure.ts";
import { lineFigure } from "../../analysis/figures/line_figure.ts";
import { mean, meanInterval } from "../../analysis/statistics.ts";
import type { ScriptContext } from "../../core/script.ts";
import type { QueueingOptions } from "../../envs/queueing/options.ts";
import {
  comparePolicies,
  policyContender,
  ruleContender,
} from "../autoscaling/comparison.ts";
import { measureInterval } from "../load_balancing/comparison.ts";
import { mitigations } from "../metastability/mitigations.ts";
import { studyFault } from "../metastability/simulation_answer.ts";
import {
  PUBLISHED_RUNS,
  SINE_CURVE_FROM_START,
} from "../reproduction/published_runs.ts";
import { trainSeeds } from "../reproduction/reproduction.ts";
import type { LoadBalancingDocument, RoutingDocument } from "./documents.ts";

export type { Figure, ScriptContext };

/** What figures are made of. */
export interface FigureMaterial {
  /** The document of a published part. */
  readonly document: (part: string) => Promise<unknown>;
  /** The script's. */
  readonly context: ScriptContext;
}

const WIDTH = 800;
const HEIGHT = 320;

/** DQN of the published training, the optimum and Kubernetes' algorithm. */
async function autoscalingFigure({ context }: FigureMaterial): Promise<Figure> {
  const { finished: [{ bestPolicy }] } = await trainSeeds("DQN", {
    ...PUBLISHED_RUNS["autoscaling-dqn"],
    device: "auto",
  }, { seed: 0, seeds: 1, context });
  const { results } = comparePolicies([
    policyContender("DQN", [bestPolicy]),
    ruleContender("kubernetes-hpa"),
  ], { specs: [SINE_CURVE_FROM_START] });
  const infos = results[0].firstEpisode.infos;
  const steps = infos.map((_, i) => i);
  const demand = {
    name: "demand",
    x: steps,
    y: infos.map(({ influx }) => influx),
    color: "#000000",
  };
  return lineFigure([
    demand,
    ...results.map((result) => ({
      name: `${result.name} (${result.return.toFixed(1)})`,
      x: steps,
      y: result.firstEpisode.infos.map(({ capacity }) => capacity),
      steps: true,
    })),
  ], {
    title: "Demand on a service, and what policies provide (their return)",
    x: "step",
    y: "items a step",
    width: WIDTH,
    height: HEIGHT,
  });
}

/** Who of a comparison is drawn. */
const BALANCERS = [
  "sed-oracle",
  "sed",
  "independent-sac",
  "sac-gru",
  "qmix",
  "lsq",
  "power-of-2",
  "awcmp",
  "wcmp",
];

async function loadBalancingFigure(
  { document }: FigureMaterial,
): Promise<Figure> {
  const { outcomes } = await document(
    "load-balancing",
  ) as LoadBalancingDocument;
  const drawn = BALANCERS.map((name) =>
    outcomes.find((outcome) => outcome.name === name)!
  );
  const bars = (measure: "mean" | "p95") => {
    const intervals = drawn.map((outcome) => measureInterval(outcome, measure));
    const milliseconds = (end: "estimate" | "low" | "high") =>
      intervals.map((interval) => 1000 * interval[end]);
    return {
      name: measure === "mean" ? "mean" : "95th percentile",
      values: milliseconds("estimate"),
      low: milliseconds("low"),
      high: milliseconds("high"),
    };
  };
  return barFigure([bars("mean"), bars("p95")], {
    categories: BALANCERS,
    title:
      "Completion times of flows by who balances them, with 95 % intervals",
    y: "milliseconds",
    width: WIDTH,
    height: HEIGHT,
  });
}

/** Mitigations that are drawn. */
const MITIGATIONS = ["as it is", "no retries", "one thread more"];

/** Queue lengths through a trigger, with and without what would help. */
async function metastabilityFigure(): Promise<Figure> {
  const fault = { start: 500, end: 600 };
  const interval = 5;
  const system: QueueingOptions = {
    clients: [{ arrivalRate: 9 }],
    faults: [
      { target: "arrivalRate", start: 500, duration: 100, factor: 10 },
    ],
  };
  const lines = [];
  for (const { name, system: changed } of mitigations(system)) {
    if (!MITIGATIONS.includes(name)) continue;
    const { paths } = await studyFault(changed, {
      fault,
      horizon: 2000,
      runs: 30,
      seed: 0,
      interval,
    });
    const queue = Array.from(
      paths[0],
      (_, i) => mean(paths.map((path) => path[i])),
    );
    lines.push({ name, x: queue.map((_, i) => interval * i), y: queue });
  }
  return lineFigure(lines, {
    title:
      "Jobs that wait, mean of 30 runs; ten times the load from 500 to 600",
    x: { title: "time", unit: "9 requests arrive in a unit" },
    y: "jobs",
    width: WIDTH,
    height: HEIGHT,
  });
}

/** Routings that are drawn. */
const ROUTINGS = [
  "unit weights",
  "inverse capacity",
  "best static weights",
  "imitation",
  "TD3 from imitation",
  "TD3+BC offline, last",
  "local search",
  "LP optimum",
];

async function routingFigure({ document }: FigureMaterial): Promise<Figure> {
  const { lines } = await document("sdn") as RoutingDocument;
  const intervals = ROUTINGS.map((name) =>
    meanInterval(
      lines.find((line) => line.name === name)!.seeds
        .map(({ utilisation }) => utilisation),
    )
  );
  const values = intervals.map(({ estimate }) => estimate);
  return barFigure([{ name: "largest utilisation", values }], {
    categories: ROUTINGS,
    title: "Largest utilisation of a link, days that were not learned from",
    y: "utilisation",
    width: WIDTH,
    height: HEIGHT,
  });
}

/** All of them, by the names of their files. */
export const FRONT_FIGURES: Readonly<
  Record<string, (material: FigureMaterial) => Figure | Promise<Figure>>
> = {
  autoscaling: autoscalingFigure,
  load_balancing: loadBalancingFigure,
  queue_with_retries: metastabilityFigure,
  routing: routingFigure,
};
