/**
 * Runs on several cores.
 *
 * @module
 */
import type { RunReport, RunRequest } from "./_produce_run.ts";
import type { RunAnswer } from "./_run_worker.ts";

export type { RunReport, RunRequest };

/** Options of {@linkcode produceRuns}. */
export interface RunPoolOptions {
  /** Runs at a time, from 1. */
  readonly jobs: number;
  /** Stops all at once when aborted. */
  readonly signal?: AbortSignal;
  /** Called after each run, in the order in which they end. */
  readonly onRun?: (report: RunReport) => void;
}

/**
 * Makes runs in workers, each of which takes the next one that is left. What a
 * run comes to does not depend on the number of workers.
 *
 * @param requests The runs.
 * @param options How many at a time. Rejects with the first run's error, or
 * the signal's reason; the other runs are stopped then.
 */
export async function produceRuns(
  requests: readonly RunRequest[],
  options: RunPoolOptions,
): Promise<RunReport[]> {
  const { jobs, signal, onRun } = options;
  signal?.throwIfAborted();
  const reports: RunReport[] = [];
  const workers: Worker[] = [];
  let next = 0;

  function work(worker: Worker): Promise<void> {
    return new Promise((resolve, reject) => {
      const give = () => {
        if (next < requests.length) worker.postMessage(requests[next++]);
        else resolve();
      };
      worker.onmessage = ({ data }: MessageEvent<RunAnswer>) => {
        if ("error" in data) return reject(new Error(data.error));
        reports.push(data.report);
        onRun?.(data.report);
        give();
      };
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(event.message));
      };
      signal?.addEventListener("abort", () => reject(signal.reason), {
        once: true,
      });
      give();
    });
  }

  const url = new URL("./_run_worker.ts", import.meta.url);
  try {
    await Promise.all(
      Array.from({ length: Math.min(jobs, requests.length) }, () => {
        const worker = new Worker(url, { type: "module" });
        workers.push(worker);
        return work(worker);
      }),
    );
  } finally {
    for (const worker of workers) worker.terminate();
  }
  return reports.sort((a, b) => a.index - b.index);
}
