/** Figures of every kind, and awkward ones, for the tests. */
import { Random } from "../../core/random.ts";
import { barFigure } from "./bar_figure.ts";
import type { Figure } from "./figure.ts";
import { heatMapFigure } from "./heat_map_figure.ts";
import { histogramFigure } from "./histogram_figure.ts";
import { lineFigure } from "./line_figure.ts";
import { scatterFigure } from "./scatter_figure.ts";
import { subplots } from "./subplots.ts";

function curve(random: Random, speed: number) {
  const x = Array.from({ length: 80 }, (_, i) => i * 1500);
  const y = x.map((_, i) =>
    480 * (1 - Math.exp(-i * speed)) + random.normal(0, 6)
  );
  y[40] = NaN;
  return { x, y, low: y.map((v) => v - 40), high: y.map((v) => v + 40) };
}

/** Figures by name; the same ones at every call. */
export function sampleFigures(): Record<string, Figure> {
  const random = new Random(3);
  const normals = (mean: number) =>
    Float64Array.from({ length: 500 }, () => random.normal(mean, 1.5));
  const load = Array.from({ length: 50 }, (_, i) => 0.01 + i * 0.0195);
  const lines = lineFigure([
    { name: "DQN", ...curve(random, 0.06) },
    { name: "PPO", ...curve(random, 0.03), markers: true },
    { name: "Q-learning", ...curve(random, 0.01), steps: true },
  ], {
    title: "Mean return over 10 seeds",
    x: "Environment steps",
    y: { title: "Return", unit: "reward per episode" },
    horizontalLines: [{ value: 475, label: "solved (475)" }],
  });
  const logarithmic = lineFigure([
    { name: "M/M/1, λ = 0.9", x: load, y: load.map((p) => p / (1 - p)) },
    { name: "bound", x: load, y: load.map((p) => p ** 4) },
  ], {
    title: "Waiting time",
    x: "Utilisation ρ",
    y: { title: "W<sub>q</sub>", unit: "s", log: true },
  });
  const bars = barFigure([
    { name: "Threshold", values: [3, 4, 9], low: [2, 3, 8], high: [4, 5, 11] },
    { name: "DQN", values: [2, NaN, -1] },
  ], {
    categories: ["Steady load all day long", "Sine curve", "Sudden spike"],
    y: "Cost (cents)",
  });
  const heat = heatMapFigure({
    values: Array.from(
      { length: 20 },
      (_, i) => Array.from({ length: 30 }, (_, j) => Math.sin(i / 4) + j / 30),
    ),
  }, { title: "Value", x: "Position", y: "Velocity", valueTitle: "Value" });
  return {
    lines,
    logarithmic,
    bars,
    heat,
    horizontalBars: barFigure([{ name: "a", values: [12000, -3000, 45000] }], {
      title: "Difference",
      categories: ["Round robin", "Least connections", "Two choices"],
      x: "Requests",
      horizontal: true,
    }),
    manyBars: barFigure([
      { name: "a", values: Array.from({ length: 14 }, (_, i) => i) },
    ], {
      categories: Array.from({ length: 14 }, (_, i) => `incomparability${i}`),
      mode: "stack",
    }),
    histogram: histogramFigure([
      { name: "before", values: normals(5) },
      { name: "after", values: normals(3) },
    ], {
      x: "Response time (ms)",
      verticalLines: [{ value: 7, label: "SLO" }],
    }),
    matrix: heatMapFigure({
      values: [[0.92, 0.08], [NaN, 1]],
      columns: ["idle", "busy"],
      rows: ["idle", "busy"],
    }, { firstRowOnTop: true, valueTitle: "Probability", x: "To", y: "From" }),
    scatter: scatterFigure([
      { name: "seed 1", x: normals(0), y: normals(0) },
      { name: "seed 2", x: [1, 2], y: [1, NaN], low: [0, 0], high: [2, 2] },
    ], { title: "p < 0.05 & more", x: "x", y: "y" }),
    convergence: lineFigure([
      { name: "error", x: [1, 10, 1e3, 1e6], y: [3, 1, 0.1, 0.003] },
    ], { x: { title: "Samples", log: true }, y: { title: "e", log: true } }),
    manySeries: lineFigure(
      Array.from({ length: 12 }, (_, k) => ({
        name: `agent with a long name ${k + 1}`,
        y: [k, k + 1, k],
      })),
      { title: "Twelve" },
    ),
    empty: lineFigure([], { title: "Empty" }),
    emptySeries: lineFigure([{ name: "nothing", y: [] }]),
    onlyGaps: lineFigure([{ name: "gaps", y: [NaN, Infinity, NaN] }]),
    single: lineFigure([{ name: "one", x: [3], y: [7] }]),
    constant: lineFigure([{ name: "flat", y: [5, 5, 5] }]),
    zero: barFigure([{ name: "zero", values: [0, 0] }]),
    tiny: lineFigure([{ name: "tiny", y: [1e-7, 2e-7, 3.5e-7] }]),
    huge: lineFigure([{ name: "huge", y: [1e20, 3e20] }]),
    noPositive: lineFigure([{ name: "none", y: [-1, 0, -3] }], {
      y: { log: true },
    }),
    fourInOne: subplots([lines, logarithmic, bars, heat], { title: "Four" }),
    sharedLegend: subplots([
      lineFigure([{ name: "a", y: [1, 2] }, { name: "b", y: [2, 1] }], {
        title: "First",
        x: "Step",
        y: "Score",
      }),
      lineFigure([{ name: "a", y: [3, 2] }, { name: "b", y: [2, 5] }], {
        title: "Second",
        x: "Step",
        y: "Score",
      }),
    ], { title: "Shared" }),
  };
}
