/**
 * The logs of a training run: a CSV table and TensorBoard events.
 *
 * @module
 */
import type { Trainer } from "../../agents/trainer.ts";
import { openCsvLog } from "../../core/csv_log.ts";
import { fileError } from "../../core/file_errors.ts";
import { openEventLog } from "../../core/tensorboard.ts";

/** Lengths of the logs in bytes, to which a resumed run cuts them back. */
export interface LogLengths {
  /** Of the CSV table. */
  readonly progress: number;
  /** Of the events. */
  readonly events: number;
}

/** The logs of a run. */
export interface RunLogs {
  /** Writes how the training stands. */
  progress(trainer: Trainer): void;
  /** Writes an evaluation's mean return. */
  evaluation(timesteps: number, score: number): void;
  /** How long the logs are now. */
  lengths(): LogLengths;
  /** Brings everything to the disk. */
  flush(): void;
  /** Closes the files. */
  close(): void;
}

/**
 * Checks that a log is there and as long as it was at a checkpoint.
 *
 * @param path The log. Throws a one-line error where it is not.
 * @param length In bytes.
 */
export function checkLog(path: string, length: number): void {
  let size: number;
  try {
    ({ size } = Deno.statSync(path));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) {
      throw fileError(error, path, { action: "read" });
    }
    size = 0;
  }
  if (size < length) {
    throw new RangeError(
      `Cannot resume without ${length} bytes of log in "${path}", got ${size}: put the run's own log back, or begin anew`,
    );
  }
}

/**
 * Opens the logs of a run.
 *
 * The columns are `timesteps`, `episodes`, `mean_return` and `mean_length` (of
 * the last hundred episodes), the agent's own numbers, and `seconds` of wall
 * clock since the run or its resumption began, the one column that differs
 * between equal runs.
 *
 * @param paths Files; older ones are replaced, unless `lengths` are given.
 * @param trainer Gives the agent's numbers.
 * @param lengths Where a resumed run goes on. Throws a one-line error where a
 * file is missing or shorter; both are as they were then.
 */
export function openRunLogs(
  paths: { progress: string; events: string },
  trainer: Trainer,
  lengths?: LogLengths,
): RunLogs {
  const names = Object.keys(trainer.statistics());
  const columns = [
    "timesteps",
    "episodes",
    "mean_return",
    "mean_length",
    ...names,
    "seconds",
  ];
  const started = performance.now();
  if (lengths) {
    // Both before one is cut back.
    checkLog(paths.progress, lengths.progress);
    checkLog(paths.events, lengths.events);
  }
  const table = openCsvLog(paths.progress, columns, {
    resumeAt: lengths?.progress,
  });
  const events = openEventLog(paths.events, { resumeAt: lengths?.events });
  // As wide at any time, or the table's length would tell the time.
  const seconds = () =>
    ((performance.now() - started) / 1000).toFixed(3).padStart(10, "0");
  const numberOrNull = (value: number) => Number.isNaN(value) ? null : value;
  return {
    progress(trainer) {
      const { timesteps, episodes } = trainer;
      const statistics = trainer.statistics();
      table.append([
        timesteps,
        episodes.finished,
        numberOrNull(episodes.meanReturn),
        numberOrNull(episodes.meanLength),
        ...names.map((name) => numberOrNull(statistics[name])),
        seconds(),
      ]);
      if (episodes.finished > 0) {
        events.scalar("rollout/ep_rew_mean", episodes.meanReturn, timesteps);
        events.scalar("rollout/ep_len_mean", episodes.meanLength, timesteps);
      }
      for (const name of names) {
        if (Number.isNaN(statistics[name])) continue;
        events.scalar(`train/${name}`, statistics[name], timesteps);
      }
    },
    evaluation(timesteps, score) {
      events.scalar("eval/mean_reward", score, timesteps);
    },
    lengths: () => ({
      progress: table.byteLength,
      events: events.byteLength,
    }),
    flush() {
      table.flush();
      events.flush();
    },
    close() {
      table.close();
      events.close();
    },
  };
}
