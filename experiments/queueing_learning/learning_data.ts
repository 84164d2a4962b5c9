/**
 * What models of a queue are learned from: rows of runs, or means over runs,
 * of this project or of the original generator.
 *
 * @module
 */
import { commandOf } from "../../core/command_names.ts";
import { join } from "@std/path";
import { meanTrajectories } from "../../analysis/koopman/timescale_interval.ts";
import {
  subsample,
  type Trajectories,
  trajectoriesOf,
} from "../../analysis/koopman/trajectories.ts";
import { readJsonFile } from "../../core/json_file.ts";
import { readNpz } from "../../core/npz.ts";
import { decodePickle } from "../../core/pickle_reader.ts";
import { readWholeFile } from "../../core/atomic_file.ts";
import { UsageError } from "../../core/usage_error.ts";
import type { QueueingOptions } from "../../envs/queueing/options.ts";
import { type FaultWindow, readRunFiles } from "./run_files.ts";

export type { FaultWindow, QueueingOptions, Trajectories };

/** Features that can be learned from, by their short names. */
export const FEATURES = ["q", "o", "l", "d", "r", "s"] as const;

/** q queue length, o retries, l latency, d dropped, r retries left, s service. */
export type Feature = typeof FEATURES[number];

/** Kinds of files. */
export type DataKind = "rows" | "npz" | "pickles";

/** What to read, and how. */
export interface LearningDataOptions {
  /** A folder, or one file of it. */
  readonly path: string;
  /** Which features. */
  readonly features: readonly Feature[];
  /** Time between samples. */
  readonly interval: number;
  /** Which server, from 1; undefined where there is one without a number. */
  readonly server?: number;
  /** Kind of files. Default: whichever there is, rows first. */
  readonly kind?: DataKind;
  /** Length of a run, where the folder has no `generation.json`. */
  readonly horizon?: number;
  /** When the fault begins and ends, where it has none. */
  readonly fault?: FaultWindow;
  /** Time between the values of pickles. Default 0.5. */
  readonly pickleStep?: number;
  /** Called after each file of rows. */
  readonly onRun?: (done: number, total: number) => void | Promise<void>;
}

/** Data to learn from. */
export interface LearningData {
  /** Means over runs: before the fault, and after it. */
  readonly mean: Trajectories;
  /** The runs themselves, where rows were read. */
  readonly runs?: readonly Trajectories[];
  /** Where it came from, in words. */
  readonly source: string;
  /** The system that it came from, where the folder says so. */
  readonly system?: QueueingOptions;
  /** When the fault began and ended, where that is known. */
  readonly fault?: FaultWindow;
}

/** What a folder of generated data says of itself. */
interface Generation {
  readonly system: QueueingOptions;
  readonly horizon: number;
}

/**
 * Reads data to learn from.
 *
 * @param options What and how. Throws a one-line error that names the file,
 * and the line where there is one, for what is missing or damaged.
 */
export async function readLearningData(
  options: LearningDataOptions,
): Promise<LearningData> {
  const { folder, kind } = await locate(options);
  switch (kind) {
    case "rows":
      return await fromRows(folder, options);
    case "npz":
      return await fromNpz(folder, options);
    case "pickles":
      return await fromPickles(folder, options);
  }
}

function suffixOf({ server }: LearningDataOptions): string {
  return server === undefined ? "" : `_${server}`;
}

/** Names that show what a folder holds. */
function marks(options: LearningDataOptions): Record<DataKind, string> {
  const suffix = suffixOf(options);
  return {
    rows: "1_exp_results.csv",
    npz: `sequences${suffix}.npz`,
    pickles: `q_seq${suffix}.pkl`,
  };
}

async function locate(
  options: LearningDataOptions,
): Promise<{ folder: string; kind: DataKind }> {
  const { path } = options;
  const names = marks(options);
  const byName: [RegExp, DataKind][] = [
    [/_exp_results\.csv$/, "rows"],
    [/\.npz$/, "npz"],
    [/\.pkl$/, "pickles"],
  ];
  const file = byName.find(([pattern]) => pattern.test(path));
  if (file !== undefined) {
    return { folder: join(path, ".."), kind: options.kind ?? file[1] };
  }
  const wanted = options.kind === undefined
    ? ["rows", "npz", "pickles"] as const
    : [options.kind];
  for (const kind of wanted) {
    if (await exists(join(path, names[kind]))) return { folder: path, kind };
  }
  const first = marks({ ...options, server: 1 });
  for (const kind of wanted) {
    if (options.server === undefined && await exists(join(path, first[kind]))) {
      throw new UsageError(
        `Cannot tell which server of ${
          JSON.stringify(path)
        } is meant: there is ${first[kind]}, expected --server`,
      );
    }
  }
  throw new Deno.errors.NotFound(
    `Cannot find data in ${JSON.stringify(path)}: expected ${
      wanted.map((kind) => names[kind]).join(" or ")
    }; make some with: ${commandOf("generate-data")}`,
  );
}

async function exists(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch {
    return false;
  }
}

async function readGeneration(folder: string): Promise<Generation | undefined> {
  const path = join(folder, "generation.json");
  if (!await exists(path)) return undefined;
  const record = await readJsonFile(path) as Partial<Generation> | null;
  if (record?.system === undefined || !(record.horizon! > 0)) {
    throw new SyntaxError(
      `Cannot read ${
        JSON.stringify(path)
      }: expected the system and horizon of a generation`,
    );
  }
  return record as Generation;
}

/**
 * When the fault of a system begins and ends: the first one's times.
 *
 * @param system Throws nothing; undefined without a fault that ends.
 */
export function faultOf(system: QueueingOptions): FaultWindow | undefined {
  const fault = system.faults?.find(({ duration }) =>
    Number.isFinite(duration)
  );
  return fault && { start: fault.start, end: fault.start + fault.duration };
}

async function fromRows(
  folder: string,
  options: LearningDataOptions,
): Promise<LearningData> {
  const generation = await readGeneration(folder);
  const fault = options.fault ?? (generation && faultOf(generation.system));
  const { runs, window } = await readRunFiles({
    folder,
    features: options.features,
    interval: options.interval,
    server: options.server,
    horizon: options.horizon ?? generation?.horizon,
    fault,
    onRun: options.onRun,
  });
  return {
    mean: meanTrajectories(runs),
    runs,
    source: `rows of ${runs.length} run${runs.length === 1 ? "" : "s"}`,
    system: generation?.system,
    fault: window,
  };
}

async function fromNpz(
  folder: string,
  options: LearningDataOptions,
): Promise<LearningData> {
  const name = marks(options).npz;
  const path = options.path.endsWith(".npz")
    ? options.path
    : join(folder, name);
  const arrays = await readNpz(path);
  const refuse = (reason: string): never => {
    throw new SyntaxError(`Cannot read ${JSON.stringify(path)}: ${reason}`);
  };
  const numbers = (name: string) => {
    const array = arrays[name];
    if (array === undefined) {
      return refuse(
        `it has no array ${name}, expected sequences of a generator`,
      );
    }
    return Float64Array.from(array.data as ArrayLike<number>, Number);
  };
  const lengths = numbers("lengths");
  const columns = Object.fromEntries(options.features.map((feature) => {
    const values = numbers(feature);
    let from = 0;
    const parts = [...lengths].map((length) =>
      values.subarray(from, from += length)
    );
    if (from !== values.length) {
      refuse(`${feature} has ${values.length} values, expected ${from}`);
    }
    return [feature, parts];
  }));
  const generation = await readGeneration(folder);
  return {
    mean: thinned(columns, numbers("step_time")[0], { ...options, path }),
    source: `means over runs, ${name}`,
    system: generation?.system,
    fault: options.fault ?? (generation && faultOf(generation.system)),
  };
}

async function fromPickles(
  folder: string,
  options: LearningDataOptions,
): Promise<LearningData> {
  const { pickleStep = 0.5 } = options;
  const suffix = suffixOf(options);
  const columns: Record<string, Float64Array[]> = {};
  let lengths: number[] | undefined;
  for (const feature of options.features) {
    const path = join(folder, `${feature}_seq${suffix}.pkl`);
    columns[feature] = await readSequencePickle(path);
    const found = columns[feature].map(({ length }) => length);
    lengths ??= found;
    if (found.join() !== lengths.join()) {
      throw new SyntaxError(
        `Cannot read ${JSON.stringify(path)}: its trajectories have ${
          found.join(" and ")
        } values, expected ${lengths.join(" and ")} as the others have`,
      );
    }
  }
  const path = join(folder, marks(options).pickles);
  return {
    mean: thinned(columns, pickleStep, { ...options, path }),
    source: `means over runs, pickles in ${folder}`,
    fault: options.fault,
  };
}

/**
 * The trajectories of one of the original's `*_seq.pkl`.
 *
 * @param path The file. Throws a one-line error that names it where it is no
 * pickle of lists of numbers.
 */
export async function readSequencePickle(
  path: string,
): Promise<Float64Array[]> {
  const value = decodePickle(await readWholeFile(path), { name: path });
  const refuse = (reason: string): never => {
    throw new SyntaxError(`Cannot read ${JSON.stringify(path)}: ${reason}`);
  };
  if (!Array.isArray(value) || value.length === 0) {
    return refuse("expected a list of trajectories");
  }
  return value.map((series, i) => {
    const numbers = Array.isArray(series)
      ? series
      : series !== null && typeof series === "object" && "data" in series
      ? series.data
      : refuse(`trajectory ${i} is no list`);
    return Float64Array.from(
      numbers as ArrayLike<unknown>,
      (x, t) =>
        typeof x === "number" && Number.isFinite(x) ? x : refuse(
          `trajectory ${i}, value ${t} is ${String(x)}, expected a number`,
        ),
    );
  });
}

function thinned(
  columns: Readonly<Record<string, readonly Float64Array[]>>,
  step: number,
  { interval, path }: { interval: number; path: string },
): Trajectories {
  const every = Math.round(interval / step);
  // So that a step that is no number is refused too.
  if (!(every >= 1 && Math.abs(every * step - interval) <= 1e-9 * interval)) {
    throw new RangeError(
      `Cannot take samples every ${interval} from ${
        JSON.stringify(path)
      }: expected a multiple of its step ${step}`,
    );
  }
  try {
    return subsample(trajectoriesOf(columns, step), every);
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) {
      throw new SyntaxError(
        `Cannot read ${JSON.stringify(path)}: ${error.message}`,
        { cause: error },
      );
    }
    throw error;
  }
}
