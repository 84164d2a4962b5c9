/**
 * Observations from NumPy's files.
 *
 * @module
 */
import {
  type NdArray,
  numbersOf,
  ONLY_ARRAY,
  readArrays,
} from "../../core/array_file.ts";
import { spaceSize } from "../../core/spaces.ts";
import { actionMaskSize } from "../../envs/vector.ts";
import {
  actionMaskOf,
  type ObservationInput,
  observationOf,
  type PolicySpaces,
} from "./observation_input.ts";

export type { NdArray, ObservationInput, PolicySpaces };

/** Names under which observations are looked for, in this order. */
const NAMES = ["observations", "observation", "states", ONLY_ARRAY];

function chosenArray(
  arrays: Readonly<Record<string, NdArray>>,
  asked: string | undefined,
): string {
  const names = Object.keys(arrays);
  const found = asked === undefined
    ? NAMES.find((name) => name in arrays) ??
      (names.length === 1 ? names[0] : undefined)
    : Object.hasOwn(arrays, asked)
    ? asked
    : undefined;
  if (found === undefined) {
    throw new RangeError(
      asked === undefined
        ? `it holds ${names.join(", ")}; expected one of these by --array`
        : `it holds ${names.join(", ") || "nothing"}, not ${asked}`,
    );
  }
  return found;
}

/** Rows of an array; one of a single observation is a row. */
function rowsOf(array: NdArray, name: string, size: number): number {
  const { shape } = array;
  if (shape.at(-1) === size && shape.length <= 2) {
    return shape.length === 1 && size > 1 ? 1 : shape[0];
  }
  if (size === 1 && shape.length <= 1) return shape[0] ?? 1;
  throw new TypeError(
    `${name} has the shape (${
      shape.join(", ")
    }), expected (rows, ${size}) or (${size})`,
  );
}

function checkRows(name: string, array: NdArray, shape: readonly number[]) {
  if (array.shape.join() !== shape.join()) {
    throw new TypeError(
      `${name} has the shape (${array.shape.join(", ")}), expected (${
        shape.join(", ")
      })`,
    );
  }
}

/**
 * The observations of a `.npz`, a `.npy` or a pickle, row by row; each follows
 * the one before. With an array `episode_ids`, shape (rows), an episode begins
 * where it changes; `action_masks`, shape (rows, actions), says what is
 * allowed.
 *
 * @param path The file. Throws a one-line error that names it where it cannot
 * be read or does not fit; rows are checked as they are taken.
 * @param spaces Of the agent.
 * @param array Name of the array. Default: `observations`, `observation`,
 * `states`, or the only one.
 */
export async function* observationRows(
  path: string,
  spaces: PolicySpaces,
  array?: string,
): AsyncGenerator<ObservationInput> {
  const arrays = await readArrays(path);
  const size = spaceSize(spaces.observationSpace);
  const maskSize = actionMaskSize(spaces.actionSpace);
  const { episode_ids: ids, action_masks: masks } = arrays;
  let rows: number;
  let values: Float64Array;
  try {
    const name = chosenArray(arrays, array);
    rows = rowsOf(arrays[name], name, size);
    values = numbersOf(arrays[name]);
    if (ids) checkRows("episode_ids", ids, [rows]);
    if (masks) checkRows("action_masks", masks, [rows, maskSize]);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    error.message = `Cannot use ${JSON.stringify(path)}: ${error.message}`;
    throw error;
  }
  for (let row = 0; row < rows; row++) {
    const name = `row ${row} of ${JSON.stringify(path)}`;
    const mask = masks && Array.from(
      masks.data.subarray(row * maskSize, (row + 1) * maskSize) as Uint8Array,
      Number,
    );
    yield {
      observation: observationOf(
        values.subarray(row * size, (row + 1) * size),
        spaces.observationSpace,
        name,
      ),
      ...(mask && { actionMask: actionMaskOf(mask, spaces.actionSpace, name) }),
      ...(ids && row > 0 && ids.data[row] !== ids.data[row - 1] &&
        { reset: true }),
    };
  }
}
