/**
 * The process of one run: a document in, an output folder, an exit code.
 *
 * @module
 */
import { answerCheck, CHECK_FLAG } from "./check_parts.ts";
import { readDocument } from "./document.ts";
import { executeRun } from "./execute.ts";
import { identityOf } from "./process_identity.ts";
import { loadParts } from "./run_files.ts";
import { readStatus, type RunStatus, writeStatus } from "./run_status.ts";

/** Exit codes of a run's process. */
export const RUN_EXIT_CODES = {
  /** The results are there. */
  finished: 0,
  /** The simulation failed; `error.log` says why. */
  failed: 1,
  /** The command line is wrong. */
  usage: 2,
  /** Another attempt has taken this one's place; nothing was done. */
  superseded: 3,
} as const;

const PROGRESS_MS = 1000;

function oneLine(error: unknown): string {
  const text = error instanceof Error
    ? `${error.name}: ${error.message}`
    : String(error);
  return text.replace(/\s*\n\s*/g, " ").trim();
}

/** Whether the folder still waits for this very attempt. */
function isCurrent(folder: string, token: string): boolean {
  const status = readStatus(folder);
  return status?.token === token && status.state === "running";
}

function progressWriter(folder: string, running: RunStatus) {
  let next = performance.now() + PROGRESS_MS;
  return (done: number, total: number): void => {
    if (performance.now() < next) return;
    next = performance.now() + PROGRESS_MS;
    try {
      const progress = { done, total };
      writeStatus(folder, { ...running, progress }, { flush: false });
    } catch {
      // A run is not worth less because its progress could not be told.
    }
  };
}

async function execute(document: string, folder: string, running: RunStatus) {
  console.log("---> Saving simulation parameters");
  const run = await readDocument(document);
  const parts = await loadParts(run);
  await executeRun(folder, {
    document: run,
    parts,
    log: (line) => console.log(line),
    onProgress: progressWriter(folder, running),
  });
}

/**
 * Does a run that a supervisor has claimed: `DOCUMENT FOLDER TOKEN`, and who
 * this process is. The state is written when it begins and when it ends. With
 * `--check` alone, it says whether classes and loops can be found.
 *
 * @param args The command line.
 * @returns One of {@linkcode RUN_EXIT_CODES}.
 */
export async function runProcess(args: readonly string[]): Promise<number> {
  const [document, folder, token, ...identity] = args;
  if (document === CHECK_FLAG) return await answerCheck();
  if (token === undefined) {
    console.error("Cannot run: expected DOCUMENT FOLDER TOKEN");
    return RUN_EXIT_CODES.usage;
  }
  if (!isCurrent(folder, token)) return RUN_EXIT_CODES.superseded;
  const running: RunStatus = {
    ...readStatus(folder)!,
    process: identityOf(identity),
  };
  writeStatus(folder, running, { flush: false });
  try {
    await execute(document, folder, running);
  } catch (error) {
    console.error(error);
    if (!isCurrent(folder, token)) return RUN_EXIT_CODES.superseded;
    writeStatus(folder, {
      ...running,
      state: "error",
      endedAt: new Date().toISOString(),
      message: oneLine(error),
      exitCode: RUN_EXIT_CODES.failed,
    });
    return RUN_EXIT_CODES.failed;
  }
  if (!isCurrent(folder, token)) return RUN_EXIT_CODES.superseded;
  writeStatus(folder, {
    ...running,
    state: "finished",
    endedAt: new Date().toISOString(),
    exitCode: RUN_EXIT_CODES.finished,
  });
  return RUN_EXIT_CODES.finished;
}

if (import.meta.main) Deno.exit(await runProcess(Deno.args));
