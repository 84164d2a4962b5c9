/**
 * How long items wait: Erlang's formulas for a service in balance, and the
 * fluid approximation for one with a backlog.
 *
 * Time is in any one unit, rates are per that unit, and waits come out in it.
 *
 * @module
 */
import { exp, log } from "../../core/fdlibm.ts";

/**
 * An M/M/c queue: Poisson arrivals, exponential service times, one line in
 * order of arrival, without limit.
 */
export interface MultiServerQueue {
  /** Arrivals per unit of time, lambda; at least 0. */
  arrivalRate: number;
  /** Items that one busy server finishes per unit of time, mu; above 0. */
  serviceRate: number;
  /** Number of servers, c; a whole number from 0. */
  servers: number;
}

function checkServers(servers: number): void {
  if (!Number.isSafeInteger(servers) || servers < 0) {
    throw new RangeError(
      `Cannot compute a queue of ${servers} servers: expected a whole number from 0`,
    );
  }
}

/** Throws unless `value` is finite and at least 0, or above 0. */
function checkRate(value: number, name: string, mayBeZero: boolean): void {
  if (!Number.isFinite(value) || value < 0 || (value === 0 && !mayBeZero)) {
    throw new RangeError(
      `Cannot compute a queue with ${name} ${value}: expected a finite number ${
        mayBeZero ? "from" : "above"
      } 0`,
    );
  }
}

/**
 * Erlang's B formula: the probability that an arrival finds all servers busy
 * and is lost, in the M/M/c/c system.
 *
 * By the recursion B(0) = 1, B(c) = a B(c-1) / (c + a B(c-1)), in which
 * nothing overflows (Cooper, "Introduction to Queueing Theory", 1981, ch. 3).
 *
 * @param offeredLoad a = lambda / mu, in busy servers; at least 0. Throws
 * `RangeError` otherwise.
 * @param servers c, a whole number from 0. Throws `RangeError` otherwise.
 */
export function erlangB(offeredLoad: number, servers: number): number {
  checkRate(offeredLoad, "an offered load of", true);
  checkServers(servers);
  let blocking = 1;
  for (let c = 1; c <= servers; c++) {
    blocking = offeredLoad * blocking / (c + offeredLoad * blocking);
  }
  return blocking;
}

/** C(c, a) from B(c, a): C = c B / (c - a (1 - B)), and 1 where a >= c. */
function delayFromBlocking(
  blocking: number,
  offeredLoad: number,
  servers: number,
): number {
  if (offeredLoad >= servers) return 1;
  return servers * blocking / (servers - offeredLoad * (1 - blocking));
}

/**
 * Erlang's C formula: the probability that an arrival has to wait, in the
 * M/M/c queue. 1 where the servers cannot keep up (a >= c).
 *
 * @param offeredLoad a = lambda / mu, in busy servers; at least 0. Throws
 * `RangeError` otherwise.
 * @param servers c, a whole number from 0. Throws `RangeError` otherwise.
 *
 * @example Fifty servers at 90 % load
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { erlangC } from "./queueing_formulas.ts";
 *
 * assertAlmostEquals(erlangC(45, 50), 0.36386, 1e-5);
 * ```
 */
export function erlangC(offeredLoad: number, servers: number): number {
  return delayFromBlocking(erlangB(offeredLoad, servers), offeredLoad, servers);
}

/** The probability that an arrival waits, after the queue has been checked. */
function waitProbabilityOf(queue: MultiServerQueue): number {
  checkRate(queue.arrivalRate, "an arrival rate of", true);
  checkRate(queue.serviceRate, "a service rate of", false);
  return erlangC(queue.arrivalRate / queue.serviceRate, queue.servers);
}

/** c mu - lambda: the rate at which waits tail off. */
function spareRate(queue: MultiServerQueue): number {
  return queue.servers * queue.serviceRate - queue.arrivalRate;
}

/**
 * Mean wait before service in an M/M/c queue, over all arrivals:
 * C(c, a) / (c mu - lambda). Infinite where the servers cannot keep up.
 *
 * @param queue Throws `RangeError` for rates or servers outside their range.
 */
export function meanWait(queue: MultiServerQueue): number {
  const probability = waitProbabilityOf(queue);
  const spare = spareRate(queue);
  return spare > 0 ? probability / spare : Infinity;
}

/**
 * The wait that a share of arrivals does not exceed, in an M/M/c queue:
 * ln(C / (1 - p)) / (c mu - lambda), and 0 where C <= 1 - p, for then that
 * share does not wait at all. Infinite where the servers cannot keep up.
 *
 * @param queue Throws `RangeError` for rates or servers outside their range.
 * @param probability p, from 0 to below 1, such as 0.95. Throws `RangeError`
 * otherwise.
 */
export function waitQuantile(
  queue: MultiServerQueue,
  probability: number,
): number {
  if (!(probability >= 0 && probability < 1)) {
    throw new RangeError(
      `Cannot compute the ${probability} quantile of a wait: expected a number from 0 to below 1`,
    );
  }
  const waiting = waitProbabilityOf(queue);
  const spare = spareRate(queue);
  if (!(spare > 0)) return Infinity;
  return waiting <= 1 - probability
    ? 0
    : log(waiting / (1 - probability)) / spare;
}

/**
 * The probability that an arrival waits longer than a limit, in an M/M/c
 * queue: C(c, a) exp(-(c mu - lambda) limit). 1 where the servers cannot keep
 * up.
 *
 * @param queue Throws `RangeError` for rates or servers outside their range.
 * @param limit In units of time, at least 0. Throws `RangeError` otherwise.
 */
export function waitExceedance(queue: MultiServerQueue, limit: number): number {
  checkLimit(limit);
  const probability = waitProbabilityOf(queue);
  const spare = spareRate(queue);
  return spare > 0 ? probability * exp(-spare * limit) : 1;
}

function checkLimit(limit: number): void {
  if (!(limit >= 0)) {
    throw new RangeError(
      `Cannot compare waits with a limit of ${limit}: expected a number from 0`,
    );
  }
}

/** Options of {@linkcode createErlangTable}. */
export interface ErlangTableOptions {
  /** Largest number of servers asked for; a whole number from 1. */
  maximumServers: number;
  /** Items that one busy server finishes per unit of time; above 0. */
  serviceRate: number;
  /**
   * Arrival counts that are kept at most; for further ones the recursion runs
   * each time. Default: what fits into 64 MiB.
   */
  maximumRows?: number;
}

/** Wait probabilities looked up by whole arrivals per unit of time. */
export interface ErlangTable {
  /**
   * C(servers, arrivals / serviceRate). The first call for a number of
   * arrivals computes it for all server counts, later ones look it up. Neither
   * argument is checked.
   *
   * @param arrivals Whole number from 0.
   * @param servers Whole number from 0 to `maximumServers`.
   */
  waitProbability(arrivals: number, servers: number): number;
}

const TABLE_BYTES = 64 * 2 ** 20;
const LARGEST_TABLE = 2 ** 20;

/**
 * A table of Erlang's C for loops that ask millions of times: a lookup costs a
 * few nanoseconds.
 *
 * @param options Throws `RangeError` for values outside their range.
 *
 * @example One instance serves 87 items in a step
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createErlangTable, erlangC } from "./queueing_formulas.ts";
 *
 * const table = createErlangTable({ maximumServers: 100, serviceRate: 87 });
 * assertEquals(table.waitProbability(3915, 50), erlangC(45, 50));
 * ```
 */
export function createErlangTable(options: ErlangTableOptions): ErlangTable {
  const { maximumServers, serviceRate } = options;
  checkRate(serviceRate, "a service rate of", false);
  if (!Number.isSafeInteger(maximumServers) || maximumServers < 1) {
    throw new RangeError(
      `Cannot make an Erlang table up to ${maximumServers} servers: expected a whole number from 1`,
    );
  }
  const maximumRows = options.maximumRows ??
    Math.max(1, Math.floor(TABLE_BYTES / (8 * (maximumServers + 1))));
  const saturated = maximumServers * serviceRate;
  // Filled, for V8 would make a hash table of an array with holes.
  const rows = new Array<Float64Array | undefined>(
    Math.min(Math.ceil(saturated), LARGEST_TABLE),
  ).fill(undefined);
  const scratch = new Float64Array(maximumServers + 1);

  function fill(row: Float64Array, arrivals: number): Float64Array {
    const offeredLoad = arrivals / serviceRate;
    let blocking = 1;
    row[0] = 1;
    for (let c = 1; c < row.length; c++) {
      blocking = offeredLoad * blocking / (c + offeredLoad * blocking);
      row[c] = delayFromBlocking(blocking, offeredLoad, c);
    }
    return row;
  }

  let kept = 0;
  function rowOf(arrivals: number): Float64Array {
    if (kept >= maximumRows || arrivals >= rows.length) {
      return fill(scratch, arrivals);
    }
    kept++;
    return rows[arrivals] = fill(
      new Float64Array(maximumServers + 1),
      arrivals,
    );
  }

  return {
    waitProbability(arrivals: number, servers: number): number {
      if (arrivals >= saturated) return 1;
      return (rows[arrivals] ?? rowOf(arrivals))[servers];
    },
  };
}

/** A step of a service that works off a backlog at full capacity. */
export interface FluidStep {
  /** Items waiting when the step begins; at least 0. */
  backlog: number;
  /** Items that arrive per unit of time, evenly; at least 0. */
  arrivalRate: number;
  /** Items that all servers together finish per unit of time; above 0. */
  capacityRate: number;
  /** Length of the step, in units of time; above 0. */
  duration: number;
  /** Wait that counts as too long, in units of time; at least 0. */
  limit: number;
}

/** What {@linkcode fluidWait} computes. */
export interface FluidWait {
  /** Mean wait of the items that arrive within the step. */
  meanWait: number;
  /** Longest wait of an item that arrives within the step. */
  maximumWait: number;
  /** Fraction of them, 0 to 1, that wait longer than the limit. */
  fractionOverLimit: number;
  /** Items waiting when the step ends. */
  backlogAtEnd: number;
}

/**
 * Waits in a step of a service with a backlog, or with more arrivals than
 * capacity, where Erlang's formulas do not hold.
 *
 * Items are a fluid: the backlog is b(u) = max(0, b(0) + (lambda - c mu) u),
 * and what arrives at u waits b(u) / (c mu), which is linear until the backlog
 * is gone and zero after (Newell, "Applications of Queueing Theory", 1982,
 * ch. 2). Where nothing arrives, the waits are those that an item would have
 * had. Capacity is taken to last beyond the step's end.
 *
 * @param step Throws `RangeError` for values outside their range.
 * @param result Overwritten and returned; a loop that gives one allocates
 * nothing. Default: a new object.
 */
export function fluidWait(
  step: FluidStep,
  result: FluidWait = {
    meanWait: 0,
    maximumWait: 0,
    fractionOverLimit: 0,
    backlogAtEnd: 0,
  },
): FluidWait {
  const { backlog, arrivalRate, capacityRate, duration, limit } = step;
  checkRate(backlog, "a backlog of", true);
  checkRate(arrivalRate, "an arrival rate of", true);
  checkRate(capacityRate, "a capacity rate of", false);
  checkRate(duration, "a duration of", false);
  checkLimit(limit);
  const first = backlog / capacityRate;
  // Difference first: the slope is exactly 0 where both rates are equal.
  const slope = (arrivalRate - capacityRate) / capacityRate;
  const atEnd = first + slope * duration;
  const last = Math.max(0, atEnd);
  result.meanWait = atEnd >= 0
    ? (first + last) / 2
    : first * (first / -slope) / (2 * duration);
  result.maximumWait = Math.max(first, last);
  result.fractionOverLimit = fractionAbove(first, last, limit, slope, duration);
  result.backlogAtEnd = last * capacityRate;
  return result;
}

/** Fraction of a step in which a wait that starts at `first` is over `limit`. */
function fractionAbove(
  first: number,
  last: number,
  limit: number,
  slope: number,
  duration: number,
): number {
  if (first > limit && last > limit) return 1;
  if (first <= limit && last <= limit) return 0;
  const crossing = (limit - first) / slope / duration;
  return first > limit ? crossing : 1 - crossing;
}
