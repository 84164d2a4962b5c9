/**
 * One call of learning_from_simulation_data, told in order.
 *
 * @module
 */
import { join } from "@std/path";
import { writeFigure } from "../../analysis/figures/export.ts";
import { writeKoopmanModel } from "../../analysis/koopman/model_file.ts";
import { settlingBound } from "../../analysis/koopman/settling_bound.ts";
import { joinTrajectories } from "../../analysis/koopman/timescale_interval.ts";
import { userPath } from "../../core/paths.ts";
import type { ScriptContext, ScriptResult } from "../../core/script.ts";
import type { Table } from "../../core/table.ts";
import { type Device, selectDevice } from "../../learning/devices.ts";
import {
  type KoopmanTraining,
  type LearnedKoopman,
  learnKoopman,
} from "./koopman_training.ts";
import { type LearningData, readLearningData } from "./learning_data.ts";
import {
  dataOptionsOf,
  type DataValues,
  modelSettingsOf,
  type ModelValues,
} from "./learning_options.ts";
import { modelFigure } from "./model_figures.ts";
import {
  type StationaryTimescale,
  stationaryTimescale,
} from "./stationary_timescale.ts";
import { type Baselines, timescaleBaselines } from "./timescale_baselines.ts";

export type {
  DataValues,
  Device,
  KoopmanTraining,
  ScriptContext,
  ScriptResult,
};

/** The script's values beside those about data. */
export type LearningValues = ModelValues & {
  mode: KoopmanTraining["mode"];
  epochs?: number;
  fromMeans: boolean;
  resamples: number;
  stationaryRuns: number;
  stationaryTime: number;
  device: Device;
  seed: number;
  out?: string;
};

/** What the script may use of its context. */
export type LearningContext = Pick<
  ScriptContext,
  "breathe" | "note" | "progress" | "signal"
>;

/**
 * Reads, learns, compares, writes `learned_model.zip` and `learned_model.pdf`
 * (with `_multi_K` for server K).
 *
 * @param values The options' values.
 * @param context The script's.
 */
export async function runLearning(
  values: DataValues & LearningValues,
  context: LearningContext,
): Promise<ScriptResult> {
  const data = await readLearningData(dataOptionsOf(values));
  context.note(`Learning from ${data.source}`);
  const learned = await learn(data, values, context);
  const { model } = learned;
  const joined = data.runs && learned.fromRuns
    ? joinTrajectories(data.runs)
    : data.mean;
  const baselines = timescaleBaselines(joined, { seed: values.seed });
  const folder = userPath(values.out ?? ".");
  const suffix = values.server === undefined ? "" : `_multi_${values.server}`;
  const stem = join(folder, `learned_model${suffix}`);
  await writeKoopmanModel(`${stem}.zip`, model, {
    seed: values.seed,
    source: data.source,
    timescale: { ...learned.timescale },
    fromRuns: learned.fromRuns,
    ...(data.system ? { system: { ...data.system } as never } : {}),
  });
  await writeFigure(`${stem}.pdf`, modelFigure(model));
  const stationary = await simulateStationary(data, values, context);
  return {
    tables: [
      timescaleTable(learned, baselines, stationary),
      factorTable(learned),
    ],
    lines: [
      ...remarks(learned, baselines, stationary),
      `Wrote ${stem}.zip`,
      `Wrote ${stem}.pdf`,
    ],
    json: {
      source: data.source,
      model: `${stem}.zip`,
      timescale: learned.timescale,
      autocorrelationTime: learned.autocorrelationTime,
      slowDecay: learned.slowDecay,
      eigenvalues: model.spectrum.eigenvalues,
      loss: learned.losses.at(-1),
      bound: boundOf(learned),
      baselines,
      stationary: stationary && {
        integrated: stationary.integrated,
        exponential: stationary.exponential,
        mean: stationary.mean,
        fromEmpty: stationary.fromEmpty,
        fromOverload: stationary.fromOverload,
        mixed: stationary.mixed,
      },
    },
  };
}

async function learn(
  data: LearningData,
  values: LearningValues,
  { note, progress, breathe, signal }: LearningContext,
): Promise<LearnedKoopman> {
  const reference = values.mode === "reference";
  const steps = values.epochs ?? (reference ? 1000 : 2000);
  const selected = await selectDevice(values.device, {
    parameters: reference ? 120_000 : 5000,
    batchSize: reference ? 2000 : 1024,
  });
  note(selected.reason);
  const intervals = !reference && (data.runs?.length ?? 0) > 1
    ? values.resamples
    : 0;
  const unit = reference ? "epochs" : "updates";
  let shown = progress({
    total: steps,
    label: "Learning",
    unit,
    scoreName: "loss",
  });
  const learned = await learnKoopman(data, {
    mode: values.mode,
    seed: values.seed,
    steps,
    resamples: values.resamples,
    fromMeans: values.fromMeans,
    ...modelSettingsOf(values),
  }, {
    signal,
    onStep(step, loss) {
      shown.update(step, { score: loss });
      if (step === steps && intervals > 0) {
        shown = progress({
          total: intervals,
          label: "Drawing runs for intervals",
          unit: "sets",
        });
      }
      return breathe();
    },
    onResample(done) {
      shown.update(done);
      return breathe();
    },
  });
  shown.finish();
  if (signal.aborted) {
    note("Stopped early: the model is that of the updates so far");
  }
  return learned;
}

async function simulateStationary(
  data: LearningData,
  values: DataValues & LearningValues,
  { progress, breathe, signal }: LearningContext,
): Promise<StationaryTimescale | undefined> {
  const { stationaryRuns: runs, stationaryTime: length } = values;
  if (data.system === undefined || runs < 2 || signal.aborted) return undefined;
  using shown = progress({
    total: runs,
    label: "Simulating long runs",
    unit: "runs",
  });
  return await stationaryTimescale(data.system, {
    runs,
    length,
    seed: values.seed,
    server: (values.server ?? 1) - 1,
    signal,
    onRun(done) {
      shown.update(done);
      return breathe();
    },
  });
}

function timescaleTable(
  { timescale, autocorrelationTime, slowDecay, fromRuns, model }:
    LearnedKoopman,
  { timescales }: Baselines,
  stationary: StationaryTimescale | undefined,
): Table {
  const source = fromRuns ? "runs" : "means";
  const fixed = { format: (value: number) => value.toFixed(0) };
  return {
    title: "Slowest timescale, with 95 % intervals",
    columns: [
      { header: "method" },
      { header: "lag", ...fixed },
      { header: "timescale", ...fixed },
      { header: "low", ...fixed },
      { header: "high", ...fixed },
    ],
    rows: [
      row(
        `Koopman autoencoder (${model.kind}), from ${source}: slowest mode`,
        timescale,
      ),
      ...Number.isFinite(autocorrelationTime.estimate)
        ? [
          row("its autocorrelation time of the queue", autocorrelationTime),
          row("its slow decay (rho 0.5 to 0.1)", slowDecay),
        ]
        : [],
      ...timescales.map((
        { method, lag, timescale },
      ) => [method, lag, timescale]),
      ...stationary
        ? [
          row(
            "autocorrelation time of the queue, long runs",
            stationary.integrated,
          ),
          row(
            "slow decay of the queue (rho 0.5 to 0.1), long runs",
            stationary.exponential,
          ),
        ]
        : [],
    ].map((row) => [...row, ...Array(5 - row.length).fill(undefined)]),
  };
}

function row(
  name: string,
  { estimate, low, high }: { estimate: number; low: number; high: number },
) {
  return [name, undefined, estimate, low, high];
}

function boundOf({ model }: LearnedKoopman) {
  const { lower, upper, diameter, condition, timescale, pairs } = settlingBound(
    model,
  );
  return { lower, upper, diameter, condition, timescale, pairs };
}

function factorTable(learned: LearnedKoopman): Table {
  const { lower, upper, diameter, condition, pairs } = boundOf(learned);
  const { modulus } = learned.model.spectrum.eigenvalues[0];
  const fixedPoint = learned.model.decode(learned.model.fixedPoint);
  return {
    title: "The model, and the factors of its settling bound",
    columns: [{ header: "what" }, { header: "value" }],
    rows: [
      ["largest modulus of an eigenvalue of K", modulus],
      ["condition of the eigenvectors", condition],
      [`least stretch L' over ${pairs} pairs`, lower],
      ["greatest stretch L", upper],
      ["diameter of the data", diameter],
      ...learned.model.features.map((name, i) => [
        `fixed point, ${name}`,
        fixedPoint[i],
      ]),
    ],
  };
}

function remarks(
  { timescale, autocorrelationTime }: LearnedKoopman,
  { largestDeviation, largestDifference }: Baselines,
  stationary: StationaryTimescale | undefined,
): string[] {
  const lines = Number.isNaN(largestDifference) ? [] : [
    `Chapman-Kolmogorov test of the Markov model: largest difference ${
      largestDifference.toFixed(3)
    }${
      Number.isFinite(largestDeviation)
        ? ` (${largestDeviation.toFixed(1)} standard errors)`
        : ""
    }`,
  ];
  if (!stationary) return lines;
  const { integrated, mixed, longEnough, fromEmpty, fromOverload } = stationary;
  const learned = Number.isFinite(autocorrelationTime.estimate)
    ? autocorrelationTime
    : timescale;
  const difference = 100 * (learned.estimate / integrated.estimate - 1);
  lines.push(
    `The learned time differs by ${
      difference.toFixed(0)
    } % from the autocorrelation time of long runs.`,
  );
  if (!longEnough) {
    lines.push(
      "The long runs last for less than ten autocorrelation times: its estimate is uncertain (--stationary-time).",
    );
  }
  if (!mixed) {
    lines.push(
      `The long runs have not forgotten how they began (mean queue ${
        fromEmpty.estimate.toFixed(1)
      } from empty, ${
        fromOverload.estimate.toFixed(1)
      } from an overload): the autocorrelation time is that within a basin, not that of leaving it.`,
    );
  }
  return lines;
}
