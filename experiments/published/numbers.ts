/**
 * Published numbers with their intervals, and whether new ones lie within.
 *
 * @module
 */
import { type Interval, meanInterval } from "../../analysis/statistics.ts";

export type { Interval };

/** One number that is published. */
export interface PublishedNumber extends Interval {
  /** What it is of, unlike any other in its part. */
  readonly name: string;
}

/**
 * Where a new number stands: the published one again (but for the last of 53
 * bits), within the published interval, or beyond it. `missing`: only one of
 * the two runs has such a number.
 */
export type Standing = "same" | "inside" | "outside" | "missing";

/** A published number beside the new one. */
export interface ComparedNumber {
  /** What both are of. */
  readonly name: string;
  /** What stands in the docs. */
  readonly published?: PublishedNumber;
  /** What was found now. */
  readonly now?: number;
  /** Where it stands. */
  readonly standing: Standing;
}

/** Two computations of one number differ by so much of it through rounding. */
const ROUNDING = 1e-9;
/** Numbers without an interval are published with fewer digits than that. */
const EXACT = 1e-6;

/**
 * A mean over seeds, with its 95 % interval.
 *
 * @param name What it is of.
 * @param sample A value a seed. With one value, or all alike, the interval is
 * the number itself.
 */
export function meanOf(
  name: string,
  sample: readonly number[],
): PublishedNumber {
  const isConstant = sample.every((value) => value === sample[0]);
  return isConstant
    ? exactly(name, sample[0])
    : { name, ...meanInterval(sample) };
}

/**
 * A number that comes with its interval; null stands for beyond all measure, as
 * in JSON.
 *
 * @param name What it is of.
 * @param interval The number and the ends of its interval.
 */
export function estimateOf(
  name: string,
  interval: { estimate: unknown; low: unknown; high: unknown },
): PublishedNumber {
  const { estimate, low, high } = interval;
  return {
    name,
    estimate: numberOf(name, estimate),
    low: numberOf(name, low),
    high: numberOf(name, high),
  };
}

/**
 * A number without an interval: a new one has to agree to six digits.
 *
 * @param name What it is of.
 * @param value The number, null for beyond all measure, or whether.
 */
export function exactly(name: string, value: unknown): PublishedNumber {
  const estimate = numberOf(name, value);
  return { name, estimate, low: estimate, high: estimate };
}

function numberOf(name: string, value: unknown): number {
  if (value === null) return Infinity;
  if (typeof value === "boolean") return Number(value);
  if (typeof value === "number") return value;
  throw new TypeError(
    `Cannot read ${JSON.stringify(name)}: it is ${
      JSON.stringify(value)
    }, expected a number`,
  );
}

function isNear(one: number, other: number, share: number): boolean {
  if (one === other) return true;
  const largest = Math.max(Math.abs(one), Math.abs(other));
  return Number.isFinite(largest) && Math.abs(one - other) <= share * largest;
}

function standingOf(published: PublishedNumber, now: number): Standing {
  const { estimate, low, high } = published;
  if (isNear(estimate, now, ROUNDING)) return "same";
  const isInside = now >= low && now <= high || isNear(estimate, now, EXACT);
  return isInside ? "inside" : "outside";
}

/**
 * Holds new numbers against published ones.
 *
 * @param published What stands in the docs.
 * @param now What was found now.
 */
export function compareNumbers(
  published: readonly PublishedNumber[],
  now: readonly PublishedNumber[],
): ComparedNumber[] {
  const found = new Map(now.map((number) => [number.name, number.estimate]));
  const known = new Set(published.map(({ name }) => name));
  const compared = published.map((number): ComparedNumber => {
    const { name } = number;
    const value = found.get(name);
    return value === undefined
      ? { name, published: number, standing: "missing" }
      : {
        name,
        published: number,
        now: value,
        standing: standingOf(number, value),
      };
  });
  const added = now.filter(({ name }) => !known.has(name))
    .map(({ name, estimate }): ComparedNumber => ({
      name,
      now: estimate,
      standing: "missing",
    }));
  return [...compared, ...added];
}

/**
 * Whether a number is no longer what is published.
 *
 * @param compared From {@linkcode compareNumbers}.
 */
export function hasMoved({ standing }: ComparedNumber): boolean {
  return standing === "outside" || standing === "missing";
}
