/**
 * Training a Q-table, with checkpoints to go on from.
 *
 * @module
 */
import {
  discretiser,
  identityDiscretiser,
} from "../../agents/q_learning/discretisers.ts";
import type { Discretiser } from "../../agents/q_learning/discretisers.ts";
import { agentOf, type ModelConfig } from "../../agents/model.ts";
import type { Policy } from "../../agents/policy.ts";
import {
  createQLearner,
  Q_LEARNING_DEFAULTS,
  type QLearner,
  type QLearningSettings,
} from "../../agents/q_learning/q_learning.ts";
import { tabularWorld } from "../../agents/q_learning/tabular_world.ts";
import { type Archive, writeArchive } from "../../core/archive.ts";
import { type CsvLog, openCsvLog } from "../../core/csv_log.ts";
import { Random } from "../../core/random.ts";
import { InterruptedError } from "../../core/script.ts";
import { describeSpace } from "../../core/spaces.ts";
import type { JsonRecord } from "../../core/state_json.ts";
import {
  type EnvironmentSpec,
  makeEnvironment,
  makeVectorEnvironment,
} from "../../envs/registry.ts";
import {
  checkpointPath,
  openCheckpoint,
  restoreState,
  resumeCommand,
  runFolder,
} from "./checkpoints.ts";
import { checkLog } from "./run_logs.ts";
import type { NamedEnvironment, TrainingHooks } from "./training_run.ts";

/** Everything that the bytes of a run depend on. */
export interface QLearningRun {
  /** What its files are called. */
  readonly name: string;
  /** The environment. */
  readonly environment: EnvironmentSpec;
  /** How observations become states: a discretiser's name, or `identity`. */
  readonly states: string;
  /** Settings that differ from the original's. */
  readonly settings: Partial<QLearningSettings>;
  /** Episodes in all. */
  readonly episodes: number;
  /** Episodes between checkpoints. */
  readonly checkpointEvery: number;
  /** Seeds everything. */
  readonly seed: number;
  /** What the table is compared with others in. */
  readonly tests: readonly NamedEnvironment[];
  /** What the command line said when it began; where there was one. */
  readonly options?: JsonRecord;
}

/** How a table's run that goes on is watched and stopped. */
export interface QLearningResumeHooks extends TrainingHooks {
  /** Episodes in all. Default: as many as it records. */
  episodes?: number;
}

/** A table that has been learned. */
export interface FinishedQLearning {
  /** The run. */
  readonly run: QLearningRun;
  /** Acts by the table. */
  readonly policy: Policy;
  /** Return of each episode. */
  readonly returns: Float64Array;
  /** Action values. Shape [states, actions]. */
  readonly table: Float64Array;
  /** The model's file; undefined when none was written. */
  readonly path: string | undefined;
}

const EPISODES_PER_LOG = 100;

function statesOf(run: QLearningRun): Discretiser {
  if (run.states !== "identity") return discretiser(run.states);
  const { observationSpace } = makeEnvironment(run.environment);
  if (observationSpace.kind !== "discrete") {
    throw new TypeError(
      `Cannot use the observations of ${run.environment.id} as states: expected whole numbers`,
    );
  }
  return identityDiscretiser(observationSpace.n);
}

/**
 * Not the run's own seed: exploration draws from that stream, and the world's
 * chances would follow it.
 */
function environmentSeed(seed: number): number {
  const root = new Random(seed);
  root.jump();
  return root.integer(0, 2 ** 32 - 1);
}

function modelConfig(
  run: QLearningRun,
  learner: QLearner,
): ModelConfig & JsonRecord {
  const env = makeEnvironment(run.environment);
  return {
    agent: "qlearning",
    name: run.name,
    environment: run.environment,
    observationSpace: describeSpace(env.observationSpace),
    actionSpace: describeSpace(env.actionSpace),
    settings: { ...Q_LEARNING_DEFAULTS, ...run.settings, states: run.states },
    timesteps: learner.timesteps,
    seed: run.seed,
    device: "cpu",
  };
}

function tensors(learner: QLearner): Archive["tensors"] {
  const states = learner.visits.length;
  const actions = learner.table.length / states;
  return {
    weights: {
      table: { shape: [states, actions], data: learner.table.slice() },
      visits: { shape: [states], data: learner.visits.slice() },
    },
  };
}

/**
 * Trains a table from the beginning.
 *
 * @param run What to do.
 * @param root The folder that holds `models/` and `logs/`; undefined writes
 * nothing.
 * @param hooks How it is watched; steps are episodes. Throws
 * `InterruptedError` when stopped.
 */
export function startQLearning(
  run: QLearningRun,
  root: string | undefined,
  hooks: TrainingHooks = {},
): Promise<FinishedQLearning> {
  return train(run, { root, hooks });
}

/**
 * Reads a checkpoint. Throws a one-line error where it is none, `UsageError`
 * where it is another agent's.
 *
 * @param path The file.
 */
export async function readQLearningCheckpoint(
  path: string,
): Promise<{ run: QLearningRun; archive: Archive }> {
  const { run, archive } = await openCheckpoint(path, ["qlearning"]);
  return { run: run as unknown as QLearningRun, archive };
}

/**
 * Goes on from a checkpoint.
 *
 * @param path In `ROOT/models/checkpoints/`.
 * @param root The folder for the files. Default: the one it lies in.
 * @param hooks How it is watched, and how far it goes.
 */
export async function resumeQLearning(
  path: string,
  root: string | undefined,
  hooks: QLearningResumeHooks = {},
): Promise<FinishedQLearning> {
  const { run, archive } = await readQLearningCheckpoint(path);
  const { episodes = run.episodes } = hooks;
  return await train({ ...run, episodes }, {
    root: root ?? runFolder(path),
    hooks,
    archive,
  });
}

async function train(
  asked: QLearningRun,
  { root, hooks, archive }: {
    root: string | undefined;
    hooks: TrainingHooks;
    archive?: Archive;
  },
): Promise<FinishedQLearning> {
  const { options = asked.options } = hooks;
  const run: QLearningRun = { ...asked, ...options && { options } };
  const env = makeVectorEnvironment(run.environment, 1);
  const world = tabularWorld(env, {
    states: statesOf(run),
    seed: environmentSeed(run.seed),
  });
  const learner = createQLearner(world, run);
  // Grows: the whole of a very long run may be more than memory holds.
  let returns: number[] = [];
  let log: CsvLog | undefined;
  const logPath = `${root}/logs/${run.name}/progress.csv`;
  const columns = ["episodes", "timesteps", "mean_return", "epsilon"];
  if (archive) {
    const { training, run: saved } = archive.states;
    await restoreState(run.name, () => {
      learner.loadState(training);
      returns = Array.from(saved.returns as Float64Array);
    });
    if (root !== undefined) {
      const resumeAt = saved.log as number;
      checkLog(logPath, resumeAt);
      log = openCsvLog(logPath, columns, { resumeAt });
    }
  } else if (root !== undefined) {
    log = openCsvLog(logPath, columns);
  }

  async function checkpoint(): Promise<string> {
    const path = checkpointPath(
      root!,
      `${run.name}_${learner.episodes}_episodes`,
    );
    log!.flush();
    await writeArchive(path, {
      config: {
        ...modelConfig(run, learner),
        run: { ...run } as unknown as JsonRecord,
      },
      tensors: tensors(learner),
      states: {
        training: learner.saveState(),
        run: {
          returns: Float64Array.from(returns),
          log: log!.byteLength,
        },
      },
    });
    return path;
  }

  try {
    while (learner.episodes < run.episodes) {
      returns.push(learner.runEpisode());
      const done = learner.episodes;
      if (done % EPISODES_PER_LOG === 0) {
        const recent = returns.slice(-EPISODES_PER_LOG);
        const mean = recent.reduce((sum, value) => sum + value, 0) /
          EPISODES_PER_LOG;
        log?.append([done, learner.timesteps, mean, learner.epsilon]);
        hooks.onProgress?.(done, mean);
        await hooks.breathe?.();
      }
      if (log && done % run.checkpointEvery === 0) await checkpoint();
      if (hooks.signal?.aborted && done < run.episodes) {
        const path = log && await checkpoint();
        throw new InterruptedError(
          `Interrupted after ${done} of ${run.episodes} episodes` +
            (path
              ? `. Go on with: ${resumeCommand("train-qlearning", path)}`
              : ""),
        );
      }
    }
    const config = modelConfig(run, learner);
    const saved = tensors(learner);
    const path = root === undefined
      ? undefined
      : `${root}/models/${run.name}.zip`;
    if (path) await writeArchive(path, { config, tensors: saved });
    return {
      run,
      policy: agentOf({ config, tensors: saved }).policy,
      returns: Float64Array.from(returns),
      table: learner.table,
      path,
    };
  } finally {
    log?.close();
  }
}
