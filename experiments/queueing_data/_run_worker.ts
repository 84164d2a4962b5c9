/**
 * Makes runs in a thread of its own, one at a time.
 *
 * @module
 */
import { produceRun, type RunReport, type RunRequest } from "./_produce_run.ts";

/** What the worker answers. */
export type RunAnswer =
  | { readonly report: RunReport }
  | { readonly error: string; readonly index: number };

/** A worker's own scope, for which registries take no library reference. */
const worker = globalThis as unknown as {
  onmessage: (event: MessageEvent<RunRequest>) => void;
  postMessage(answer: RunAnswer): void;
};

worker.onmessage = ({ data }) => {
  let answer: RunAnswer;
  try {
    answer = { report: produceRun(data) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    answer = { error: message, index: data.index };
  }
  worker.postMessage(answer);
};
