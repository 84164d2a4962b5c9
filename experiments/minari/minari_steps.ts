/**
 * Steps of data sets that Farama's Minari wrote.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { decodeHdf5 } from "../../core/hdf5_reader.ts";
import { elementCount, type NdArray } from "../../core/nd_array.ts";

export type { NdArray };

/** Where a data set's steps lie in its folder. */
const MAIN_FILE = join("data", "main_data.hdf5");
const METADATA_FILE = "metadata.json";

/**
 * The file of a data set.
 *
 * @param path A file, or a data set's folder.
 */
export async function minariFile(path: string): Promise<string> {
  return await isFolder(path) ? join(path, MAIN_FILE) : path;
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch {
    // Whoever reads the file says what is wrong with it.
    return false;
  }
}

/** Rows behind one another. */
function joined(parts: readonly NdArray[], name: string): NdArray {
  const [first] = parts;
  const width = first.shape.slice(1);
  const odd = parts.find(({ shape }) => shape.slice(1).join() !== width.join());
  if (odd !== undefined) {
    throw new TypeError(
      `its ${name} have the shapes (${first.shape.join(", ")}) and (${
        odd.shape.join(", ")
      }), expected rows of one length`,
    );
  }
  const rows = parts.reduce((sum, { shape }) => sum + shape[0], 0);
  const data = new Float64Array(rows * elementCount(width));
  let place = 0;
  for (const part of parts) {
    data.set(part.data as Float64Array, place);
    place += part.data.length;
  }
  return { shape: [rows, ...width], data };
}

/** An array's rows from one to another. */
function rowsOf({ shape, data }: NdArray, start: number, end: number): NdArray {
  const width = elementCount(shape.slice(1));
  return {
    shape: [end - start, ...shape.slice(1)],
    data: (data as Float64Array).subarray(start * width, end * width),
  };
}

/** The array of an episode, which has `rows` rows. */
function partOf(
  arrays: Readonly<Record<string, NdArray>>,
  name: string,
  rows?: number,
): NdArray {
  const array = arrays[name];
  if (array === undefined) {
    const several = Object.keys(arrays).some((key) =>
      key.startsWith(`${name}/`)
    );
    throw new TypeError(
      `its ${name} are ${several ? "several arrays, expected one" : "missing"}`,
    );
  }
  if (
    array.shape.length === 0 || (rows !== undefined && array.shape[0] !== rows)
  ) {
    throw new TypeError(
      `its ${name} have the shape (${array.shape.join(", ")}), expected ${
        rows ?? "some"
      } rows`,
    );
  }
  return array;
}

/**
 * The steps of all episodes behind one another, in the order of the episodes'
 * numbers: `states`, `next_states`, `actions`, `rewards`, `terminals`,
 * `timeouts`, `episode_ids`.
 *
 * @param arrays Of `main_data.hdf5`, by path. Throws `TypeError` where an
 * episode's arrays are missing, are several in place of one, or do not fit.
 */
export function stepsOfMinari(
  arrays: Readonly<Record<string, NdArray>>,
): Record<string, NdArray> {
  const ids = new Set(
    Object.keys(arrays).map((name) => /^episode_(\d+)\//.exec(name)?.[1]),
  );
  ids.delete(undefined);
  if (ids.size === 0) throw new TypeError("it holds no episodes");
  const parts: Record<string, NdArray[]> = {
    states: [],
    next_states: [],
    actions: [],
    rewards: [],
    terminals: [],
    timeouts: [],
    episode_ids: [],
  };
  for (const id of [...ids].map(Number).sort((a, b) => a - b)) {
    const part = (name: string, rows?: number) =>
      partOf(arrays, `episode_${id}/${name}`, rows);
    const rewards = part("rewards");
    const [steps] = rewards.shape;
    const seen = part("observations", steps + 1);
    parts.states.push(rowsOf(seen, 0, steps));
    parts.next_states.push(rowsOf(seen, 1, steps + 1));
    parts.actions.push(part("actions", steps));
    parts.rewards.push(rewards);
    parts.terminals.push(part("terminations", steps));
    parts.timeouts.push(part("truncations", steps));
    parts.episode_ids.push({
      shape: [steps],
      data: new Float64Array(steps).fill(id),
    });
  }
  return Object.fromEntries(
    Object.entries(parts).map(([name, each]) => [name, joined(each, name)]),
  );
}

/** What a data set of Loadstar's says of its environment, as JSON. */
async function optionsOf(path: string): Promise<string | undefined> {
  try {
    const text = await Deno.readTextFile(join(dirname(path), METADATA_FILE));
    const { id, options } = JSON.parse(JSON.parse(text).description);
    return id === "SDN-v1" && typeof options === "object" && options !== null
      ? JSON.stringify(options)
      : undefined;
  } catch {
    // Data sets of others have descriptions in words, or none.
    return undefined;
  }
}

function namedSteps(
  arrays: Readonly<Record<string, NdArray>>,
  path: string,
): Record<string, NdArray> {
  try {
    return stepsOfMinari(arrays);
  } catch (error) {
    if (error instanceof TypeError) {
      error.message = `Cannot use the data set ${
        JSON.stringify(path)
      }: ${error.message}`;
    }
    throw error;
  }
}

/**
 * The steps of a data set; see {@linkcode stepsOfMinari}. One that
 * `export-minari` wrote has `options` too, those of its environment.
 *
 * @param bytes Of `main_data.hdf5`. Throws `SyntaxError` where it is damaged,
 * `TypeError` where its episodes do not fit.
 * @param path Where it lies, `metadata.json` beside it.
 */
export async function decodeMinariSteps(
  bytes: Uint8Array,
  path: string,
): Promise<Record<string, NdArray>> {
  const arrays = await decodeHdf5(bytes, { name: path });
  const steps = namedSteps(arrays, path);
  const options = await optionsOf(path);
  return options === undefined ? steps : {
    ...steps,
    options: {
      shape: [options.length],
      data: new TextEncoder().encode(options),
    },
  };
}
