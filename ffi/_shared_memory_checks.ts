/**
 * What may be written to shared memory.
 *
 * @module
 */
import { MAX_SERVERS, MSG_OUT_COLUMNS } from "./shared_memory_layout.ts";
import { STATISTICS_PER_SERVER } from "./shared_memory_messages.ts";

/** Throws unless there are rows of 1 to 64 servers. */
export function checkStatistics(statistics: Float32Array<ArrayBuffer>): void {
  if (!(statistics instanceof Float32Array)) {
    throw new TypeError(
      `Cannot write statistics of ${typeof statistics}, expected a Float32Array`,
    );
  }
  const { length } = statistics;
  if (
    length === 0 || length % STATISTICS_PER_SERVER !== 0 ||
    length > STATISTICS_PER_SERVER * MAX_SERVERS
  ) {
    throw new TypeError(
      `Cannot write ${length} statistics, expected ${STATISTICS_PER_SERVER} for each of 1 to ${MAX_SERVERS} servers`,
    );
  }
}

/** Throws unless bits are of servers that there are. */
export function checkActiveServers(active: bigint, servers: number): void {
  if (typeof active !== "bigint") {
    throw new TypeError(
      `Cannot write active servers ${active}, expected a bigint with a bit for each`,
    );
  }
  if (active < 0n || active >> BigInt(servers) !== 0n) {
    throw new RangeError(
      `Cannot write active servers ${active}, expected bits of the ${servers} servers with statistics`,
    );
  }
}

/** Throws for the first number that native code refused. */
export function explainStatistics(statistics: Float32Array): void {
  const index = statistics.findIndex((value) => !Number.isFinite(value));
  if (index < 0) return;
  const server = Math.floor(index / STATISTICS_PER_SERVER);
  const column =
    Object.keys(MSG_OUT_COLUMNS)[index - STATISTICS_PER_SERVER * server];
  throw new RangeError(
    `Cannot write ${
      statistics[index]
    } as ${column} of server ${server}, expected a finite number`,
  );
}

/** Weights as they are written. */
export function checkWeights(
  weights: ArrayLike<number>,
): Float32Array<ArrayBuffer> {
  const length: unknown = weights?.length;
  if (!Number.isInteger(length) || typeof weights === "string") {
    throw new TypeError(
      `Cannot write weights of ${typeof weights}, expected an array of numbers`,
    );
  }
  if (weights.length < 1 || weights.length > MAX_SERVERS) {
    throw new TypeError(
      `Cannot write ${weights.length} weights, expected 1 to ${MAX_SERVERS}`,
    );
  }
  const fits = weights instanceof Float32Array &&
    weights.buffer instanceof ArrayBuffer;
  return fits
    ? weights as Float32Array<ArrayBuffer>
    : Float32Array.from(weights);
}

/** Throws for the first weight that native code refused. */
export function explainWeights(weights: Float32Array): void {
  const server = weights.findIndex((weight) =>
    !(weight >= 0 && weight < Infinity)
  );
  if (server >= 0) {
    throw new RangeError(
      `Cannot write weight ${
        weights[server]
      } of server ${server}, expected a finite number of 0 or more`,
    );
  }
  if (weights.every((weight) => weight === 0)) {
    throw new RangeError(
      `Cannot write ${weights.length} weights of 0, expected at least one above`,
    );
  }
}
