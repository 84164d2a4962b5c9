/**
 * A run within this process: a notebook's, or of classes that no other process
 * could find.
 *
 * @module
 */
import { checkSeed } from "../../core/random.ts";
import { captureConsole } from "./captured_console.ts";
import {
  DOCUMENT_FORMAT,
  documentPath,
  type RunDocument,
  type SimulationDocument,
  writeDocument,
} from "./document.ts";
import { executeRun } from "./execute.ts";
import { logPath } from "./logs.ts";
import { observeRuns } from "./observe.ts";
import type { TrainingResult } from "./parts.ts";
import { ownIdentity } from "./process_identity.ts";
import { provenanceNow } from "./provenance.ts";
import { type LoadedParts, RESULT_FILES } from "./run_files.ts";
import {
  readStatus,
  type RunStatus,
  STATUS_FORMAT,
  writeStatus,
} from "./run_status.ts";

/** What {@linkcode runHere} runs. */
export interface RunHere {
  /** The simulation. */
  readonly simulation: SimulationDocument;
  /** Its classes. */
  readonly parts: LoadedParts;
  /** Seeds the run. */
  readonly seed: number;
}

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

/** Throws where files in the folder are not an ended run's. */
async function checkFree(folder: string): Promise<void> {
  const status = readStatus(folder);
  if (status === undefined) {
    const foreign = [
      documentPath(folder),
      ...RESULT_FILES.map((name) => `${folder}/${name}`),
    ].find(exists);
    if (foreign !== undefined) {
      throw new Error(
        `Cannot run in ${JSON.stringify(folder)}: ${
          JSON.stringify(foreign)
        } is there already and no run's, choose another folder`,
      );
    }
    return;
  }
  const place = { simulationIndex: 0, run: 0, folder, status, stale: [] };
  const [{ state }] = await observeRuns(`${folder}/../..`, [place]);
  if (state === "running") {
    throw new Error(
      `Cannot run in ${
        JSON.stringify(folder)
      }: a run is under way there, in process ${status.process?.pid}`,
    );
  }
}

function clear(folder: string): void {
  for (const name of RESULT_FILES) {
    try {
      Deno.removeSync(`${folder}/${name}`);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

/** There is one console to capture. */
let isUnderWay = false;

/**
 * Runs a simulation in this process, one at a time.
 *
 * @param folder The folder of its results, absolute.
 * @param run What is run. Throws what it throws; the state is `error` then and
 * the console as it was.
 */
export async function runHere(
  folder: string,
  run: RunHere,
): Promise<TrainingResult> {
  if (isUnderWay) {
    throw new Error(
      "Cannot run two simulations at once within one process: wait for the first, or let a SimulationManager run them",
    );
  }
  isUnderWay = true;
  try {
    return await runAlone(folder, run);
  } finally {
    isUnderWay = false;
  }
}

async function runAlone(
  folder: string,
  run: RunHere,
): Promise<TrainingResult> {
  checkSeed(run.seed);
  await checkFree(folder);
  const document: RunDocument = {
    ...run.simulation,
    format: DOCUMENT_FORMAT,
    seed: run.seed,
    run: 0,
    attempt: 0,
    provenance: await provenanceNow(),
  };
  const now = () => new Date().toISOString();
  const running: RunStatus = {
    format: STATUS_FORMAT,
    state: "running",
    simulationId: document.simulationId,
    run: 0,
    attempt: 0,
    token: crypto.randomUUID(),
    seed: run.seed,
    queuedAt: now(),
    startedAt: now(),
    process: await ownIdentity(),
  };
  await writeDocument(folder, document);
  writeStatus(folder, running);
  clear(folder);
  using _console = captureConsole({
    output: logPath(folder, "run"),
    errors: logPath(folder, "error"),
  });
  console.log("---> Saving simulation parameters");
  try {
    const result = await executeRun(folder, {
      document,
      parts: run.parts,
      log: (line) => console.log(line),
    });
    writeStatus(folder, { ...running, state: "finished", endedAt: now() });
    return result;
  } catch (error) {
    console.error(error);
    writeStatus(folder, {
      ...running,
      state: "error",
      endedAt: now(),
      message: error instanceof Error ? error.message : String(error),
    });
    throw error;
  }
}
