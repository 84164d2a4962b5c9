/**
 * The tree of a manager's runs: `simulation.json`, and for each simulation a
 * folder with one folder a run. All paths in it are relative: it can be moved.
 *
 * @module
 */
import { writeFileAtomicallySync } from "../../core/atomic_file.ts";
import { fileError } from "../../core/file_errors.ts";
import {
  documentJson,
  readSimulation,
  type SimulationDocument,
} from "./document.ts";
import type { Provenance } from "./provenance.ts";
import {
  readStatus,
  type RunStatus,
  STATUS_FORMAT,
  writeStatus,
} from "./run_status.ts";

export type { SimulationDocument } from "./document.ts";
export type { Provenance } from "./provenance.ts";

/** The number of the format of trees. */
export const TREE_FORMAT = 1;

/** `simulation.json`. */
export interface TreeManifest {
  /** {@linkcode TREE_FORMAT}. */
  readonly format: number;
  /** The manager's name. */
  readonly managerId: string;
  /** Runs of each simulation. */
  readonly runsPerSim: number;
  /** Seed of the first run of each simulation; the next ones count on. */
  readonly seed: number;
  /** The simulations, in their order. */
  readonly simulations: readonly SimulationDocument[];
  /** When the tree was made (ISO 8601). */
  readonly createdAt: string;
  /** What it was made with. */
  readonly provenance: Provenance;
}

/** A place in a tree where a run is, or has to be. */
export interface RunPlace {
  /** Which simulation, from 0. */
  readonly simulationIndex: number;
  /** Which of its runs, from 0. */
  readonly run: number;
  /** The newest attempt's folder; undefined where there is none yet. */
  readonly folder: string | undefined;
  /** Its status, as written. */
  readonly status: RunStatus | undefined;
  /** Why its status cannot be read, where it cannot. */
  readonly damage?: string;
  /** Folders of earlier attempts that a crash left behind. */
  readonly stale: readonly string[];
}

function manifestPath(root: string): string {
  return `${root}/simulation.json`;
}

/**
 * Throws `RangeError` unless a simulation's id can be the name of a folder.
 *
 * @param id The id.
 */
export function checkSimulationId(id: string): void {
  // deno-lint-ignore no-control-regex
  if (/^[^\u0000-\u001f/\\]{1,100}$/.test(id) && !id.startsWith(".")) return;
  throw new RangeError(
    `Cannot call a simulation ${
      JSON.stringify(id)
    }: expected the name of a folder, at most 100 letters, no "/" and no "." in front`,
  );
}

/** Throws `RangeError` where two simulations have one id. */
export function checkDistinct(ids: readonly string[]): void {
  ids.forEach(checkSimulationId);
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice === undefined) return;
  throw new RangeError(
    `Cannot manage two simulations of one id, ${
      JSON.stringify(twice)
    }: their runs would share a folder, give each a simulationId of its own`,
  );
}

/**
 * Writes `simulation.json`.
 *
 * @param root The tree.
 * @param manifest Throws `TypeError` where a parameter cannot be saved.
 */
export function writeManifest(root: string, manifest: TreeManifest): void {
  const { simulations, ...rest } = manifest;
  const text = JSON.stringify(
    { ...rest, simulations: simulations.map(documentJson) },
    null,
    2,
  );
  try {
    Deno.mkdirSync(root, { recursive: true });
  } catch (error) {
    throw fileError(error, root);
  }
  writeFileAtomicallySync(
    manifestPath(root),
    new TextEncoder().encode(`${text}\n`),
    { flush: true },
  );
}

/** Whether a folder is a tree of runs. */
export function isTree(root: string): boolean {
  try {
    return Deno.statSync(manifestPath(root)).isFile;
  } catch {
    return false;
  }
}

/**
 * Reads `simulation.json`.
 *
 * @param root The tree. Throws a one-line error where there is none, and
 * `SyntaxError` where it is damaged or of another version.
 */
export function readManifest(root: string): TreeManifest {
  const path = manifestPath(root);
  const refuse = (reason: string): never => {
    throw new SyntaxError(
      `Cannot use ${JSON.stringify(root)} as a tree of runs: ${reason}`,
    );
  };
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      return refuse(
        "it has no simulation.json, expected a folder that a SimulationManager made",
      );
    }
    throw fileError(error, path, { action: "read" });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse("its simulation.json is not JSON");
  }
  const { format, managerId, runsPerSim, seed, simulations } = Object(value);
  if (format !== TREE_FORMAT) {
    refuse(
      `its format is ${format}, expected ${TREE_FORMAT}: it was made by another version of Loadstar`,
    );
  }
  if (
    typeof managerId !== "string" || !Array.isArray(simulations) ||
    !Number.isSafeInteger(runsPerSim) || runsPerSim < 1 ||
    !Number.isSafeInteger(seed)
  ) {
    refuse(
      "its simulation.json lacks managerId, runsPerSim, seed or simulations",
    );
  }
  const read: SimulationDocument[] = simulations.map((each: unknown) =>
    readSimulation(each, refuse)
  );
  checkDistinct(read.map(({ simulationId }) => simulationId));
  return { ...value as TreeManifest, simulations: read };
}

/** The seed of a run: no two runs and attempts of a simulation share one. */
export function seedOfRun(
  manifest: Pick<TreeManifest, "seed" | "runsPerSim">,
  which: { run: number; attempt: number },
): number {
  return manifest.seed + which.attempt * manifest.runsPerSim + which.run;
}

function padded(value: number, width = 2): string {
  return String(value).padStart(width, "0");
}

function folderName(run: number, time: Date): string {
  const day = [
    padded(time.getDate()),
    padded(time.getMonth() + 1),
    time.getFullYear(),
  ].join("-");
  const clock = [
    padded(time.getHours()),
    padded(time.getMinutes()),
    padded(time.getSeconds()),
    padded(time.getMilliseconds(), 3),
  ].join("-");
  return `run_${run}_${day}_${clock}`;
}

/** What a new attempt is. */
export interface NewAttempt {
  /** Which run. */
  run: number;
  /** How often it was begun before. */
  attempt: number;
  /** Its seed. */
  seed: number;
}

/**
 * Makes the folder of a new attempt, and puts it in the queue.
 *
 * @param root The tree.
 * @param simulationId The simulation.
 * @param which The attempt.
 */
export function queueRun(
  root: string,
  simulationId: string,
  which: NewAttempt,
): { folder: string; status: RunStatus } {
  const parent = `${root}/${simulationId}`;
  const time = new Date();
  let folder: string;
  for (;;) {
    folder = `${parent}/${folderName(which.run, time)}`;
    try {
      Deno.mkdirSync(parent, { recursive: true });
      Deno.mkdirSync(folder);
      break;
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) {
        throw fileError(error, folder);
      }
      time.setMilliseconds(time.getMilliseconds() + 1);
    }
  }
  const status: RunStatus = {
    format: STATUS_FORMAT,
    state: "in_queue",
    simulationId,
    ...which,
    token: crypto.randomUUID(),
    queuedAt: new Date().toISOString(),
  };
  writeStatus(folder, status, { flush: false });
  return { folder, status };
}

function foldersByRun(parent: string): Map<number, string[]> {
  const found = new Map<number, string[]>();
  try {
    for (const { name, isDirectory } of Deno.readDirSync(parent)) {
      const match = isDirectory ? /^run_(\d+)_/.exec(name) : null;
      if (match === null) continue;
      const run = Number(match[1]);
      found.set(run, [...found.get(run) ?? [], `${parent}/${name}`]);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return found;
}

/** A damaged status is that run's misfortune, not the tree's. */
function readAttempt(folder: string) {
  try {
    return { folder, status: readStatus(folder), damage: undefined };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { folder, status: undefined, damage: error.message };
  }
}

/**
 * The runs of a tree, one for each that there has to be: of several attempts
 * the newest.
 *
 * @param root The tree.
 * @param manifest Its `simulation.json`.
 */
export function listRuns(root: string, manifest: TreeManifest): RunPlace[] {
  return manifest.simulations.flatMap(({ simulationId }, simulationIndex) => {
    const folders = foldersByRun(`${root}/${simulationId}`);
    return Array.from({ length: manifest.runsPerSim }, (_, run) => {
      const attempts = (folders.get(run) ?? [])
        .map(readAttempt)
        .sort((a, b) => (b.status?.attempt ?? -1) - (a.status?.attempt ?? -1));
      const [newest, ...rest] = attempts;
      return {
        simulationIndex,
        run,
        folder: newest?.folder,
        status: newest?.status,
        damage: newest?.damage,
        stale: rest.map(({ folder }) => folder),
      };
    });
  });
}

/** Removes folders of runs; what is gone already is no error. */
export function removeFolders(folders: readonly string[]): void {
  for (const folder of folders) {
    try {
      Deno.removeSync(folder, { recursive: true });
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) {
        throw fileError(error, folder);
      }
    }
  }
}
