/**
 * The logs of a training run: a CSV table and TensorBoard events.
 *
 * @module
 */
import type { Trainer } from "../agents/trainer.ts";
import { openCsvLog } from "../core/csv_log.ts";
import { openEventLog } from "../core/tensorboard.ts";

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
 * Opens the logs of a run.
 *
 * The columns are `timesteps`, `episodes`, `mean_return` and `mean_length` (of
 * the last hundred episodes), the agent's own numbers, and `seconds` of wall
 * clock since the run or its resumption began, the one column that differs
 * between equal runs.
 *
 * @param paths Files; older ones are replaced, unless `lengths` are given.
 * @param trainer Gives the agent's numbers.
 * @param lengths Where a resumed run goes on. Throws `RangeError` where a file
 * is shorter.
 */
export function openRunLogs(
  paths: { progress: string; events: string },
  trainer: Trainer,
  lengths?: Readonly<Record<string, number>>,
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
  const table = openCsvLog(paths.progress, columns, {
    resumeAt: lengths?.progress,
  });
  const events = openEventLog(paths.events, { resumeAt: lengths?.events });
  const seconds = () => Math.round(performance.now() - started) / 1000;
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
