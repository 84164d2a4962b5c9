/**
 * One call of learning_from_simulation_data, told in order.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { writeFigure } from "../../analysis/figures/export.ts";
import { writeKoopmanModel } from "../../analysis/koopman/model_file.ts";
import { joinTrajectories } from "../../analysis/koopman/timescale_interval.ts";
import { isFile } from "../../core/is_file.ts";
import { userPath } from "../../core/paths.ts";
import {
  InterruptedError,
  type ScriptContext,
  type ScriptResult,
} from "../../core/script.ts";
import { type Device, selectDevice } from "../../learning/devices.ts";
import { resumeCommand } from "../training/checkpoints.ts";
import {
  checkResumedOptions,
  resumedLength,
} from "../training/resumed_options.ts";
import {
  dataDigest,
  type JsonRecord,
  type LearningCheckpoint,
  readLearningCheckpoint,
  writeLearningCheckpoint,
} from "./learning_checkpoint.ts";
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
import {
  boundOf,
  factorTable,
  remarks,
  timescaleTable,
} from "./learning_tables.ts";
import { modelFigure } from "./model_figures.ts";
import {
  type StationaryTimescale,
  stationaryTimescale,
} from "./stationary_timescale.ts";
import { timescaleBaselines } from "./timescale_baselines.ts";

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
  checkpointEvery: number;
  resume?: string;
  out?: string;
};

/** What the script may use of its context. */
export type LearningContext = Pick<
  ScriptContext,
  "breathe" | "commandLine" | "note" | "progress" | "signal"
>;

/**
 * Reads, learns, compares, writes `learned_model.zip` and `learned_model.pdf`
 * (with `_multi_K` for server K). What a training that is killed can go on
 * from lies beside them until all is done.
 *
 * @param asked The options' values; with `resume`, those that the checkpoint
 * records count, but for `out`, and for `epochs` where they were typed.
 * @param context The script's. Throws `InterruptedError` once its signal is
 * aborted.
 */
export async function runLearning(
  asked: DataValues & LearningValues,
  context: LearningContext,
): Promise<ScriptResult> {
  const { values, from, checkpoint, stem } = await begin(asked, context);
  try {
    const result = await learnAndCompare(values, {
      context,
      from,
      checkpoint,
      stem,
    });
    await Deno.remove(checkpoint).catch(() => {});
    return result;
  } catch (error) {
    if (!context.signal.aborted) throw error;
    const saved = await isFile(checkpoint);
    throw new InterruptedError(
      saved
        ? `Interrupted. Go on with: ${
          resumeCommand("learn-koopman", checkpoint)
        }`
        : "Interrupted before anything was learned",
      { cause: error },
    );
  }
}

/** Where a call stands among its files. */
interface LearningPlace {
  /** The script's context. */
  readonly context: LearningContext;
  /** What it goes on from. */
  readonly from?: LearningCheckpoint;
  /** The file that it can be resumed from. */
  readonly checkpoint: string;
  /** Files of the model, without their suffix. */
  readonly stem: string;
}

async function begin(
  asked: DataValues & LearningValues,
  { note, commandLine }: LearningContext,
): Promise<
  Omit<LearningPlace, "context"> & { values: DataValues & LearningValues }
> {
  const resume = asked.resume && userPath(asked.resume);
  const from = resume ? await readLearningCheckpoint(resume) : undefined;
  const values = from
    ? {
      ...from.values as DataValues & LearningValues,
      ...resumedEpochs(resume!, from, commandLine),
      out: asked.out,
    }
    : { ...asked, data: userPath(asked.data) };
  if (from) {
    note(
      `Resuming after ${from.state.step} steps, with the settings it began with`,
    );
  }
  const folder = values.out === undefined && resume
    ? dirname(resume)
    : userPath(values.out ?? ".");
  const suffix = values.server === undefined ? "" : `_multi_${values.server}`;
  const stem = join(folder, `learned_model${suffix}`);
  return { values, from, checkpoint: `${stem}.checkpoint.zip`, stem };
}

/** As many epochs as were typed; none where the checkpoint's count. */
function resumedEpochs(
  path: string,
  { values, device, state }: LearningCheckpoint,
  commandLine: LearningContext["commandLine"],
): { epochs?: number } {
  const rules = { path, root: dirname(path), length: "epochs" };
  const recorded = values as unknown as LearningValues;
  const run = { name: "", seed: recorded.seed, device, options: values };
  checkResumedOptions(commandLine, run, rules);
  if (!commandLine?.given.has("epochs")) return {};
  const total = stepsOf(recorded);
  return {
    epochs: resumedLength(commandLine, {
      total,
      done: state.step,
      options: { epochs: total },
    }, rules),
  };
}

/** Epochs of the reference, updates of the default model. */
function stepsOf({ epochs, mode }: LearningValues): number {
  return epochs ?? (mode === "reference" ? 1000 : 2000);
}

async function learnAndCompare(
  values: DataValues & LearningValues,
  place: LearningPlace,
): Promise<ScriptResult> {
  const { context, stem } = place;
  const data = await readLearningData(dataOptionsOf(values));
  context.note(`Learning from ${data.source}`);
  const learned = await learn(data, values, place);
  context.signal.throwIfAborted();
  const { model } = learned;
  const joined = data.runs && learned.fromRuns
    ? joinTrajectories(data.runs)
    : data.mean;
  const baselines = timescaleBaselines(joined, { seed: values.seed });
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
  values: DataValues & LearningValues,
  { context, from, checkpoint }: LearningPlace,
): Promise<LearnedKoopman> {
  const { note, progress, breathe, signal } = context;
  const reference = values.mode === "reference";
  const steps = stepsOf(values);
  const selected = await selectDevice(from?.device ?? values.device, {
    parameters: reference ? 120_000 : 5000,
    batchSize: reference ? 2000 : 1024,
  });
  const digest = await dataDigest(data);
  if (from) checkSame(from, { ...selected, digest });
  note(selected.reason);
  const shown = progress({
    total: steps,
    start: from?.state.step,
    label: "Learning",
    unit: reference ? "epochs" : "updates",
    scoreName: "loss",
  });
  let drawing: ReturnType<typeof progress> | undefined;
  const { resume: _resume, out: _out, ...recorded } = values;
  const learned = await learnKoopman(data, {
    mode: values.mode,
    seed: values.seed,
    steps,
    resamples: values.resamples,
    fromMeans: values.fromMeans,
    ...modelSettingsOf(values),
  }, {
    signal,
    from: from?.state,
    checkpointEvery: values.checkpointEvery,
    onCheckpoint: (state) =>
      writeLearningCheckpoint(checkpoint, {
        values: recorded as unknown as JsonRecord,
        digest,
        device: selected.device,
        state,
      }),
    onStep(step, loss) {
      shown.update(step, { score: loss });
      return breathe();
    },
    onResample(done) {
      if (done === 1) shown.finish();
      drawing ??= progress({
        total: values.resamples,
        label: "Drawing runs for intervals",
        unit: "sets",
      });
      drawing.update(done);
      return breathe();
    },
  });
  (drawing ?? shown).finish();
  return learned;
}

function checkSame(
  from: LearningCheckpoint,
  now: { device: Device; digest: string; reason: string },
): void {
  if (now.device !== from.device) {
    throw new Error(
      `Cannot resume on ${from.device}, where the training began: ${now.reason}`,
    );
  }
  if (now.digest !== from.digest) {
    throw new Error(
      `Cannot resume: ${
        JSON.stringify(from.values.data)
      } no longer holds the data that the training began with`,
    );
  }
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
