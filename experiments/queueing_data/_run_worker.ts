/**
 * Makes runs in a thread of its own, one at a time.
 *
 * @module
 */
/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
import { produceRun, type RunReport, type RunRequest } from "./_produce_run.ts";

/** What the worker answers. */
export type RunAnswer =
  | { readonly report: RunReport }
  | { readonly error: string; readonly index: number };

self.onmessage = ({ data }: MessageEvent<RunRequest>) => {
  let answer: RunAnswer;
  try {
    answer = { report: produceRun(data) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    answer = { error: message, index: data.index };
  }
  self.postMessage(answer);
};
