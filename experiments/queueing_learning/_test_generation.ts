/**
 * Generated data for tests, and what surrounds them.
 *
 * @module
 */
import type { ScriptContext } from "../../core/script.ts";
import {
  generate,
  type GenerationOptions,
} from "../queueing_data/generation.ts";

/** Runs a test in a folder of its own. */
export async function inFolder(
  test: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Small runs of a queue at load 0.8 that is hit from 200 to 220. */
export const SMALL: Omit<GenerationOptions, "folder"> = {
  system: {
    clients: [{ arrivalRate: 8 }],
    faults: [{ target: "arrivalRate", start: 200, duration: 20, factor: 10 }],
    retryModel: "reference",
  },
  runs: 3,
  seed: 1,
  horizon: 600,
  step: 0.5,
  fault: [200, 220],
  rho: 0.8,
  rates: [8, 80, 8],
  multi: false,
  pickles: true,
  piEvery: 50,
  measureRuntime: false,
  jobs: 1,
  resume: false,
};

/** Generates data in a folder. */
export async function generateSmall(
  folder: string,
  changes: Partial<GenerationOptions> = {},
): Promise<void> {
  await generate({ ...SMALL, ...changes, folder });
}

/** A script's context that shows nothing. */
export const SILENT: Pick<
  ScriptContext,
  "signal" | "note" | "breathe" | "progress"
> = {
  signal: new AbortController().signal,
  note() {},
  breathe: () => Promise.resolve(),
  progress: () => ({
    update() {},
    message() {},
    finish() {},
    [Symbol.dispose]() {},
  }),
};
