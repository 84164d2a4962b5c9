/**
 * The original's pickles: plain lists of floats.
 *
 * @module
 */
import { join } from "@std/path";
import { fileError } from "../../core/file_errors.ts";
import { openPickle, type PickleWriter } from "../../core/pickle_writer.ts";
import {
  type ArrayPlace,
  PI_QUEUE_CELLS,
  PI_RETRY_CELLS,
  SEQUENCE_COLUMNS,
  type Summary,
} from "./_summary.ts";

const CHUNK = 1 << 13;

/** Elements of an array in a file, a chunk at a time. */
function* chunksOf(
  place: ArrayPlace,
  kind: Float32ArrayConstructor | Float64ArrayConstructor,
  { from = 0, to = place.length } = {},
): Generator<Float32Array | Float64Array> {
  const size = kind.BYTES_PER_ELEMENT;
  try {
    using file = Deno.openSync(place.path);
    file.seekSync(place.offset + from * size, Deno.SeekMode.Start);
    for (let at = from; at < to; at += CHUNK) {
      const chunk = new kind(Math.min(CHUNK, to - at));
      const bytes = new Uint8Array(chunk.buffer);
      for (let done = 0; done < bytes.length;) {
        const count = file.readSync(bytes.subarray(done));
        if (count === null) throw new Error("the file is cut short");
        done += count;
      }
      yield chunk;
    }
  } catch (error) {
    throw fileError(error, place.path, { action: "read" });
  }
}

function writeList(pickle: PickleWriter, place: ArrayPlace): void {
  pickle.beginList();
  for (const chunk of chunksOf(place, Float64Array)) pickle.floats(chunk);
  pickle.endList();
}

/**
 * Writes the original's tuple of nine: step_time, latency_ave, latency_var,
 * latency_std, runtime, qlen_ave, qlen_var, qlen_std, rho.
 *
 * @param path The file's place.
 * @param summary What it is made of.
 * @param options Step and load.
 * @returns The path.
 */
export function writeSummaryPickle(
  path: string,
  { arrays }: Summary,
  { step, rho }: { step: number; rho: number },
): string {
  using pickle = openPickle(path);
  pickle.beginTuple();
  pickle.floats([step]);
  for (const place of Object.values(arrays)) writeList(pickle, place);
  pickle.floats([rho]);
  pickle.endTuple();
  pickle.close();
  return path;
}

/**
 * Writes `{q,o,l,d,r,s,pi}_seq{suffix}.pkl`, each a list of two trajectories;
 * those of `pi` are lists of distributions.
 *
 * @param folder Where.
 * @param summary What they are made of.
 * @param suffix Of the files' names, such as `_1`.
 * @returns The paths.
 */
export function writeSequencePickles(
  folder: string,
  { sequences, ranges, piLengths }: Summary,
  suffix: string,
): string[] {
  const paths: string[] = [];
  const lengths = ranges.map(({ from, to }) => to - from);
  for (const name of Object.keys(SEQUENCE_COLUMNS)) {
    const path = join(folder, `${name}_seq${suffix}.pkl`);
    const place = sequences[name];
    using pickle = openPickle(path);
    pickle.beginList();
    let from = 0;
    for (const length of lengths) {
      pickle.beginList();
      const part = { from, to: from + length };
      for (const chunk of chunksOf(place, Float64Array, part)) {
        pickle.floats(chunk);
      }
      pickle.endList();
      from += length;
    }
    pickle.endList();
    pickle.close();
    paths.push(path);
  }
  if ("pi" in sequences) {
    const path = join(folder, `pi_seq${suffix}.pkl`);
    writePi(path, sequences.pi, piLengths);
    paths.push(path);
  }
  return paths;
}

function writePi(
  path: string,
  place: ArrayPlace,
  [first, second]: readonly [number, number],
): void {
  const cells = PI_QUEUE_CELLS * PI_RETRY_CELLS;
  using pickle = openPickle(path);
  pickle.beginList();
  for (const [from, to] of [[0, first], [first, first + second]]) {
    pickle.beginList();
    for (let entry = from; entry < to; entry++) {
      const part = { from: entry * cells, to: (entry + 1) * cells };
      pickle.beginList();
      for (const chunk of chunksOf(place, Float32Array, part)) {
        pickle.floats(chunk);
      }
      pickle.endList();
    }
    pickle.endList();
  }
  pickle.endList();
  pickle.close();
}
