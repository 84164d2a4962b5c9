/**
 * Training runs: logs, evaluations, checkpoints, and going on from one.
 *
 * A run is described by plain data, from which its bytes follow. At each
 * checkpoint everything that the rest of the run depends on is saved, the
 * lengths of its logs included, so that a run that was killed and resumed
 * ends with the files of one that was not.
 *
 * @module
 */
import { evaluatePolicy } from "../../agents/evaluation.ts";
import { AGENT_NAMES, type AgentName, agentOf } from "../../agents/model.ts";
import type { Policy } from "../../agents/policy.ts";
import { type Archive, writeArchive } from "../../core/archive.ts";
import type { State } from "../../core/state.ts";
import type { JsonRecord } from "../../core/state_json.ts";
import { type EnvironmentSpec, makeEnvironment } from "../../envs/registry.ts";
import { type Device, selectDevice } from "../../learning/devices.ts";
import type { AgentSettings } from "./agent_settings.ts";
import {
  checkpointPath,
  openCheckpoint,
  restoreState,
  runFolder,
} from "./checkpoints.ts";
import {
  createEvaluationRecord,
  type EvaluationRecord,
} from "./evaluation_record.ts";
import { type RunPaths, runPaths } from "./run_paths.ts";
import { type LogLengths, openRunLogs, type RunLogs } from "./run_logs.ts";
import { checkLoss, interruption } from "./_training_stops.ts";
import { readMaterial } from "./training_material.ts";
import {
  createAskedTrainer,
  fullSettings,
  modelConfig,
  networkSize,
} from "./run_trainer.ts";

/** An environment, as tables call it. */
export interface NamedEnvironment {
  /** What tables call it. */
  readonly name: string;
  /** The environment. */
  readonly spec: EnvironmentSpec;
}

/** All but tables, which have runs of their own. */
const TRAINED_AGENTS = AGENT_NAMES.filter((name) => name !== "qlearning");

/** Everything that a run's bytes depend on. */
export interface TrainingRun {
  /** What its files are called. */
  readonly name: string;
  /** The task that resumes it. */
  readonly task: string;
  /** The algorithm. */
  readonly agent: Exclude<AgentName, "qlearning">;
  /** Settings that differ from the algorithm's defaults. */
  readonly settings: Partial<AgentSettings>;
  /** What the agent learns in. */
  readonly environment: EnvironmentSpec;
  /** Recorded steps that it learns from; for agents that learn from them alone. */
  readonly data?: string;
  /** Share of the recorded steps that is held out. Default 0. */
  readonly validationShare?: number;
  /** SHA-256 of the recorded steps, in hexadecimal; filled in as a run begins. */
  readonly dataDigest?: string;
  /** A model whose policy it begins with; DDPG and TD3 alone. */
  readonly pretrained?: string;
  /** Copies of the environment that are stepped together. */
  readonly copies: number;
  /** What the agent is evaluated in. */
  readonly evaluationEnvironment: EnvironmentSpec;
  /** What the trained agent is compared with others in. */
  readonly tests: readonly NamedEnvironment[];
  /** Episodes of an evaluation. */
  readonly evaluationEpisodes: number;
  /** Seed of an evaluation's first episode. */
  readonly evaluationSeed: number;
  /** Steps between evaluations. */
  readonly evaluateEvery: number;
  /** Steps between checkpoints. */
  readonly checkpointEvery: number;
  /** Steps between rows of the logs. */
  readonly logEvery: number;
  /** Seeds everything. */
  readonly seed: number;
  /** Steps in all. */
  readonly totalTimesteps: number;
  /** Where tensors are computed; once resolved, never `auto`. */
  readonly device: Device;
  /** File of the best model, below the root. */
  readonly bestPath: string;
  /** File of the evaluations, below the root. */
  readonly evaluationsPath: string;
  /** What the command line said when it began; where there was one. */
  readonly options?: JsonRecord;
}

/** How a run is watched and stopped. */
export interface TrainingHooks {
  /** Saves a checkpoint and stops once aborted. */
  signal?: AbortSignal;
  /** Lets signals through; see `ScriptContext`. */
  breathe?: () => Promise<void>;
  /** Called after every step with the steps done. */
  onProgress?: (timesteps: number, score: number | undefined) => void;
  /** Says something to the user. */
  note?: (text: string) => void;
  /** What checkpoints record of the command line. Default: as before. */
  options?: JsonRecord;
}

/** How a run that goes on is watched and stopped. */
export interface ResumeHooks extends TrainingHooks {
  /** Steps in all. Default: as many as it records. */
  totalTimesteps?: number;
}

/** A run that has come to its end. */
export interface FinishedRun {
  /** The run, with its device resolved. */
  readonly run: TrainingRun;
  /** Acts with the last weights. */
  readonly policy: Policy;
  /** Acts with the weights of the best evaluation. */
  readonly bestPolicy: Policy;
  /** Steps at the best evaluation. */
  readonly bestTimesteps: number;
  /** Mean return of the best evaluation. */
  readonly bestScore: number;
  /** All evaluations. */
  readonly evaluations: EvaluationRecord;
  /** Files; undefined when none were written. */
  readonly paths: RunPaths | undefined;
}

/**
 * Trains from the beginning.
 *
 * @param run What to do.
 * @param root The folder for its files; undefined writes none.
 * @param hooks How it is watched. Throws `InterruptedError` when stopped.
 */
export function startTraining(
  run: TrainingRun,
  root: string | undefined,
  hooks: TrainingHooks = {},
): Promise<FinishedRun> {
  return train(run, { root, hooks });
}

/**
 * Goes on from a checkpoint with the run that it records.
 *
 * @param path The checkpoint, in `ROOT/models/checkpoints/`. Throws a one-line
 * error where it is damaged, foreign, or a model without training state.
 * @param root The folder for the files. Default: the one it lies in.
 * @param hooks How the run is watched, and how far it goes. Schedules go by
 * the new length from there on.
 */
export async function resumeTraining(
  path: string,
  root: string | undefined,
  hooks: ResumeHooks = {},
): Promise<FinishedRun> {
  const { run, archive } = await readCheckpoint(path);
  const { totalTimesteps = run.totalTimesteps } = hooks;
  return await train({ ...run, totalTimesteps }, {
    root: root ?? runFolder(path),
    hooks,
    archive,
  });
}

/**
 * Reads a checkpoint. Throws a one-line error where it is none.
 *
 * @param path The file.
 * @param agents Whose checkpoints are wanted; default all. Throws
 * `UsageError` for another's.
 */
export async function readCheckpoint(
  path: string,
  agents: readonly AgentName[] = TRAINED_AGENTS,
): Promise<{ run: TrainingRun; archive: Archive }> {
  const { run, archive } = await openCheckpoint(path, agents);
  return { run: run as unknown as TrainingRun, archive };
}

type Tensors = Archive["tensors"];

/** What the best evaluation left behind. */
interface Best {
  score: number;
  timesteps: number;
  tensors: Tensors;
}

interface TrainingContext {
  root: string | undefined;
  hooks: TrainingHooks;
  archive?: Archive;
}

async function train(
  asked: TrainingRun,
  { root, hooks, archive }: TrainingContext,
): Promise<FinishedRun> {
  const selected = await selectDevice(asked.device, {
    parameters: networkSize(asked),
    batchSize: fullSettings(asked).batchSize,
  });
  if (archive && selected.device !== asked.device) {
    throw new Error(
      `Cannot resume on ${asked.device}, where the run began: ${selected.reason}`,
    );
  }
  hooks.note?.(selected.reason);
  // All that the bytes depend on, whatever the defaults of a later version.
  const { material, dataDigest } = await readMaterial(asked, {
    begins: archive === undefined,
  });
  const { options = asked.options } = hooks;
  const run: TrainingRun = {
    ...asked,
    ...options && { options },
    dataDigest,
    settings: fullSettings(asked),
    device: selected.device,
  };
  const paths = root === undefined ? undefined : runPaths(run, root);
  const trainer = createAskedTrainer(run, material);
  const evaluations = createEvaluationRecord();
  const evaluationEnv = makeEnvironment(run.evaluationEnvironment);
  let best: Best = { score: -Infinity, timesteps: 0, tensors: {} };
  let logs: RunLogs | undefined;
  if (archive) {
    const { training, run: saved } = archive.states;
    await restoreState(run.name, async () => {
      await trainer.load({ tensors: archive.tensors, state: training });
      evaluations.loadState(saved.evaluations as State);
      best = {
        score: saved.bestScore as number,
        timesteps: saved.bestTimesteps as number,
        tensors: pickParts(archive.tensors, "best_"),
      };
    });
    logs = paths &&
      openRunLogs(paths, trainer, saved.logs as unknown as LogLengths);
    // Another run may have left its own files in these places.
    if (paths && best.timesteps > 0) {
      await evaluations.write(paths.evaluations);
      await writeBest(paths.best);
    }
  } else {
    logs = paths && openRunLogs(paths, trainer);
  }
  const due = (every: number, before: number) =>
    Math.floor(trainer.timesteps / every) > Math.floor(before / every);

  async function evaluate(): Promise<void> {
    const evaluation = evaluatePolicy(trainer.policy, evaluationEnv, {
      episodes: run.evaluationEpisodes,
      firstSeed: run.evaluationSeed,
    });
    const score = evaluations.add(trainer.timesteps, evaluation);
    logs?.evaluation(trainer.timesteps, score);
    if (paths) await evaluations.write(paths.evaluations);
    // A score that is no number is none: the next one is better.
    if (best.score >= score || (Number.isNaN(score) && best.timesteps > 0)) {
      return;
    }
    const { tensors } = await trainer.save();
    best = {
      score,
      timesteps: trainer.timesteps,
      tensors: {
        weights: tensors.weights,
        ...(tensors.normalisation
          ? { normalisation: tensors.normalisation }
          : {}),
      },
    };
    if (paths) await writeBest(paths.best);
  }

  async function writeBest(path: string): Promise<void> {
    const config = modelConfig(run, best.timesteps);
    await writeArchive(path, { config, tensors: best.tensors });
  }

  // A checkpoint is written while training goes on, for the disk takes as long
  // as some hundred updates; its bytes are those of the moment.
  let writing: Promise<void> = Promise.resolve();

  async function checkpoint(): Promise<string> {
    await writing;
    const path = checkpointPath(
      root!,
      `${run.name}_${trainer.timesteps}_steps`,
    );
    logs?.flush();
    const { tensors, state } = await trainer.save();
    writing = writeArchive(path, {
      config: {
        ...modelConfig(run, trainer.timesteps),
        run: { ...run } as unknown as JsonRecord,
      },
      tensors: {
        ...tensors,
        ...Object.fromEntries(
          Object.entries(best.tensors).map((
            [part, arrays],
          ) => [`best_${part}`, arrays]),
        ),
      },
      states: {
        training: state,
        run: {
          evaluations: evaluations.saveState(),
          bestScore: best.score,
          bestTimesteps: best.timesteps,
          logs: logs ? { ...logs.lengths() } : {},
        },
      },
    });
    // Thrown by whoever waits for it, and that may be after training failed.
    writing.catch(() => {});
    return path;
  }

  try {
    while (trainer.timesteps < run.totalTimesteps) {
      const before = trainer.timesteps;
      const learned = trainer.step();
      if (learned) await learned;
      if (due(run.logEvery, before)) {
        checkLoss(trainer, run);
        logs?.progress(trainer);
      }
      if (due(run.evaluateEvery, before)) await evaluate();
      if (paths && due(run.checkpointEvery, before)) await checkpoint();
      hooks.onProgress?.(trainer.timesteps, evaluations.latest);
      await hooks.breathe?.();
      if (hooks.signal?.aborted && trainer.timesteps < run.totalTimesteps) {
        const path = paths && await checkpoint();
        await writing;
        throw await interruption(trainer, run, path);
      }
    }
    checkLoss(trainer, run);
    if (evaluations.latestTimesteps !== trainer.timesteps) await evaluate();
    await writing;
    const { tensors } = await trainer.save();
    const config = modelConfig(run, trainer.timesteps);
    if (paths) await writeArchive(paths.model, { config, tensors });
    return {
      run,
      policy: agentOf({ config, tensors }).policy,
      bestPolicy: agentOf({ config, tensors: best.tensors }).policy,
      bestTimesteps: best.timesteps,
      bestScore: best.score,
      evaluations,
      paths,
    };
  } finally {
    await Promise.allSettled([writing]);
    logs?.close();
    trainer.dispose();
  }
}

function pickParts(tensors: Tensors, prefix: string): Tensors {
  return Object.fromEntries(
    Object.entries(tensors)
      .filter(([part]) => part.startsWith(prefix))
      .map(([part, arrays]) => [part.slice(prefix.length), arrays]),
  );
}
