/**
 * Reading `discrete_results_`: means over runs on a grid, of this project's
 * generator or of the original's.
 *
 * @module
 */
import { readWholeFile } from "../../core/atomic_file.ts";
import { decodeNpz } from "../../core/npz.ts";
import { decodePickle } from "../../core/pickle_reader.ts";

/** Curves of a generation. */
export interface DiscreteResults {
  /** Time between points. */
  readonly step: number;
  /** Mean latency at each point. */
  readonly latencyMean: Float64Array;
  /** Its deviation over runs. */
  readonly latencyDeviation: Float64Array;
  /** Mean queue length at each point. */
  readonly queueMean: Float64Array;
  /** Its deviation over runs. */
  readonly queueDeviation: Float64Array;
  /** Load. */
  readonly rho: number;
}

/** The original's tuple, in order. */
const TUPLE = [
  "step_time",
  "latency_ave",
  "latency_var",
  "latency_std",
  "runtime",
  "qlen_ave",
  "qlen_var",
  "qlen_std",
  "rho",
];

/**
 * Reads the results of a generation: npz, or a pickle of the original's tuple
 * of nine, whatever the file's name.
 *
 * @param path The file. Throws a one-line error that names it where it is
 * damaged or something else.
 */
export async function readDiscreteResults(
  path: string,
): Promise<DiscreteResults> {
  const bytes = await readWholeFile(path);
  const refuse = (reason: string): never => {
    throw new SyntaxError(`Cannot read ${JSON.stringify(path)}: ${reason}`);
  };
  // A zip begins with PK; a pickle of protocol 2 or more with 0x80.
  const zipped = bytes[0] === 0x50 && bytes[1] === 0x4b;
  const parts = zipped ? fromNpz(bytes, path) : fromPickle(bytes, path, refuse);
  const numbers = (name: string): Float64Array => {
    const values = parts.get(name);
    if (values === undefined) return refuse(`it has no ${name}`);
    const wrong = values.findIndex((value) => !Number.isFinite(value));
    return wrong < 0 ? values : refuse(
      `${name}, value ${wrong} is ${values[wrong]}, expected a number`,
    );
  };
  const results = {
    step: numbers("step_time")[0],
    latencyMean: numbers("latency_ave"),
    latencyDeviation: numbers("latency_std"),
    queueMean: numbers("qlen_ave"),
    queueDeviation: numbers("qlen_std"),
    rho: numbers("rho")[0],
  };
  const points = results.queueMean.length;
  if (
    !(results.step > 0) || points < 2 || results.latencyMean.length !== points
  ) {
    refuse(
      `it has ${points} points of step ${results.step} and ${results.latencyMean.length} latencies, expected as many of both`,
    );
  }
  for (const name of ["latency_std", "qlen_std"]) {
    const found = numbers(name).length;
    if (found !== points) {
      refuse(`${name} has ${found} values, expected ${points} as qlen_ave has`);
    }
  }
  return results;
}

function fromNpz(bytes: Uint8Array, name: string): Map<string, Float64Array> {
  return new Map(
    Object.entries(decodeNpz(bytes, { name })).map(([key, { data }]) => [
      key,
      Float64Array.from(data as ArrayLike<number>, Number),
    ]),
  );
}

function fromPickle(
  bytes: Uint8Array,
  name: string,
  refuse: (reason: string) => never,
): Map<string, Float64Array> {
  const value = decodePickle(bytes, { name });
  if (!Array.isArray(value) || value.length !== TUPLE.length) {
    return refuse(
      `expected a tuple of ${TUPLE.length}: ${TUPLE.join(", ")}`,
    );
  }
  return new Map(TUPLE.map((key, i) => {
    const item = value[i];
    const list = Array.isArray(item) ? item : [item];
    return [
      key,
      Float64Array.from(
        list,
        (x, t) =>
          typeof x === "number" ? x : refuse(`${key}, value ${t} is no number`),
      ),
    ];
  }));
}
