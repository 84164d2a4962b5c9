/**
 * Laws of job sizes, each with its moments in closed form.
 *
 * Sizes are seconds of one core of speed 1, or any other unit of work. A law
 * is described by plain values, so that it travels in options and files.
 *
 * @module
 */
import { nearestName } from "../../core/nearest_name.ts";
import type { Random } from "../../core/random.ts";
import {
  boundedParetoLaw,
  deterministicLaw,
  exponentialLaw,
  type ExponentialPhase,
  hyperExponentialLaw,
  type Law,
  lognormalLaw,
  logRangeOf,
  paretoLaw,
  uniformLaw,
  weibullLaw,
} from "./_size_laws.ts";

export type { ExponentialPhase, Random };

/** The names of the laws. */
export const SIZE_LAW_NAMES = [
  "deterministic",
  "uniform",
  "exponential",
  "lognormal",
  "pareto",
  "boundedPareto",
  "hyperExponential",
  "weibull",
] as const;

/** The name of a law. */
export type SizeLawName = typeof SIZE_LAW_NAMES[number];

/** All sizes are the same. */
export interface DeterministicOptions {
  /** Which law. */
  law: "deterministic";
  /** Mean size, above 0. */
  mean: number;
}

/** Sizes spread evenly about the mean. */
export interface UniformOptions {
  /** Which law. */
  law: "uniform";
  /** Mean size, above 0. */
  mean: number;
  /**
   * Variance over squared mean, from 0 to 1/3. Default 1/3: from 0 to twice
   * the mean.
   */
  squaredVariation?: number;
}

/** Sizes without memory. */
export interface ExponentialOptions {
  /** Which law. */
  law: "exponential";
  /** Mean size, above 0. */
  mean: number;
}

/** Sizes whose logarithm is normal. */
export interface LognormalOptions {
  /** Which law. */
  law: "lognormal";
  /** Mean size, above 0. */
  mean: number;
  /** Variance over squared mean, at least 0. Default 1. */
  squaredVariation?: number;
}

/** Sizes with a tail that falls as a power, without an end. */
export interface ParetoOptions {
  /** Which law. */
  law: "pareto";
  /** Mean size, above 0. */
  mean: number;
  /**
   * Exponent of the tail, above 1. Up to 2 the variance is infinite. Default:
   * what `squaredVariation` asks for, 2.5 without it.
   */
  shape?: number;
  /** Variance over squared mean, above 0; in place of `shape`. */
  squaredVariation?: number;
}

/** Sizes with a tail that falls as a power up to a largest size. */
export interface BoundedParetoOptions {
  /** Which law. */
  law: "boundedPareto";
  /** Mean size, above 0. */
  mean: number;
  /** Exponent of the tail, above 0. Default 1.5. */
  shape?: number;
  /** Largest over smallest size, above 1. Default 1000. */
  range?: number;
  /**
   * Variance over squared mean, above 0; in place of `range`. With a shape
   * above 2 it must stay below 1 / (shape (shape - 2)), an unbounded law's.
   */
  squaredVariation?: number;
}

/** Sizes of an exponential law that is itself drawn. */
export interface HyperExponentialOptions {
  /** Which law. */
  law: "hyperExponential";
  /** Mean size, above 0. Required without `phases`, not allowed with them. */
  mean?: number;
  /**
   * Variance over squared mean, at least 1. Default 4. Two phases with
   * balanced means: either carries half of the work.
   */
  squaredVariation?: number;
  /** The phases, in place of the other two; probabilities sum to 1. */
  phases?: readonly ExponentialPhase[];
}

/** Sizes whose power is exponential. */
export interface WeibullOptions {
  /** Which law. */
  law: "weibull";
  /** Mean size, above 0. */
  mean: number;
  /**
   * Exponent, from 0.1; 1 is the exponential law, below it the tail is
   * heavier. Default 1.
   */
  shape?: number;
}

/** Which law, and its parameters. Plain values: it can be written as JSON. */
export type SizeLawOptions =
  | DeterministicOptions
  | UniformOptions
  | ExponentialOptions
  | LognormalOptions
  | ParetoOptions
  | BoundedParetoOptions
  | HyperExponentialOptions
  | WeibullOptions;

/** A law of sizes. It has no state of its own. */
export interface SizeLaw {
  /** Which law. */
  readonly name: SizeLawName;
  /** First moment. */
  readonly mean: number;
  /** Second moment; may be Infinity. */
  readonly secondMoment: number;
  /** Variance over squared mean; may be Infinity. */
  readonly squaredVariation: number;
  /** Probability that a size is at most this. */
  cumulative(size: number): number;
  /** The next size, from 0. */
  draw(random: Random): number;
}

function refuse(what: string, expected: string): never {
  throw new RangeError(
    `Cannot make a law of job sizes with ${what}, expected ${expected}`,
  );
}

function checkPositive(value: number | undefined, name: string): number {
  if (value !== undefined && value > 0 && value < Infinity) return value;
  refuse(`${name} ${value}`, "a finite number above 0");
}

function uniform(options: UniformOptions): Law {
  const { mean, squaredVariation = 1 / 3 } = options;
  if (!(squaredVariation >= 0 && squaredVariation <= 1 / 3)) {
    refuse(
      `squaredVariation ${squaredVariation}`,
      "a number from 0 to 1/3 for uniform",
    );
  }
  return uniformLaw(mean, mean * Math.sqrt(3 * squaredVariation));
}

function lognormal(options: LognormalOptions): Law {
  const { mean, squaredVariation = 1 } = options;
  if (!(squaredVariation >= 0 && squaredVariation < Infinity)) {
    refuse(`squaredVariation ${squaredVariation}`, "a finite number from 0");
  }
  return lognormalLaw(mean, squaredVariation);
}

function pareto(options: ParetoOptions): Law {
  const { mean, shape = 2.5, squaredVariation } = options;
  if (squaredVariation !== undefined) {
    if (options.shape !== undefined) {
      refuse("both shape and squaredVariation", "one of them");
    }
    checkPositive(squaredVariation, "squaredVariation");
    // c^2 = 1 / (shape (shape - 2)).
    return paretoLaw(mean, 1 + Math.sqrt(1 + 1 / squaredVariation));
  }
  if (!(shape > 1 && shape < Infinity)) {
    refuse(`shape ${shape}`, "a finite number above 1 for pareto");
  }
  return paretoLaw(mean, shape);
}

function boundedPareto(options: BoundedParetoOptions): Law {
  const { mean, shape = 1.5, range = 1000, squaredVariation } = options;
  checkPositive(shape, "shape");
  if (squaredVariation !== undefined) {
    if (options.range !== undefined) {
      refuse("both range and squaredVariation", "one of them");
    }
    checkPositive(squaredVariation, "squaredVariation");
    const logRange = logRangeOf(shape, squaredVariation);
    if (logRange === undefined) {
      refuse(
        `squaredVariation ${squaredVariation} and shape ${shape}`,
        "a smaller one of the two for boundedPareto",
      );
    }
    return boundedParetoLaw(mean, { shape, logRange });
  }
  if (!(range > 1 && range < Infinity)) {
    refuse(`range ${range}`, "a finite number above 1");
  }
  return boundedParetoLaw(mean, { shape, logRange: Math.log(range) });
}

function weibull({ mean, shape = 1 }: WeibullOptions): Law {
  if (!(shape >= 0.1 && shape < Infinity)) {
    refuse(`shape ${shape}`, "a finite number from 0.1 for weibull");
  }
  return weibullLaw(mean, shape);
}

/** Two phases with balanced means: either carries half of the work. */
function balancedPhases(options: HyperExponentialOptions): ExponentialPhase[] {
  const { squaredVariation = 4 } = options;
  const mean = checkPositive(options.mean, "mean");
  if (!(squaredVariation >= 1 && squaredVariation < Infinity)) {
    refuse(
      `squaredVariation ${squaredVariation}`,
      "a finite number from 1 for hyperExponential",
    );
  }
  // Whitt, "Approximating a point process by a renewal process I", 1982. The
  // rare phase's probability is written so that it loses no digits.
  const excess = Math.sqrt((squaredVariation - 1) / (squaredVariation + 1));
  const rare = 1 / ((squaredVariation + 1) * (1 + excess));
  return [1 - rare, rare].map((probability) => ({
    probability,
    mean: mean / (2 * probability),
  }));
}

function givenPhases(options: HyperExponentialOptions): ExponentialPhase[] {
  const { phases = [] } = options;
  if (options.mean !== undefined || options.squaredVariation !== undefined) {
    refuse("phases and mean or squaredVariation", "phases alone");
  }
  let sum = 0;
  for (const { probability, mean } of phases) {
    sum += checkPositive(probability, "a phase of probability");
    checkPositive(mean, "a phase of mean");
  }
  if (!(Math.abs(sum - 1) < 1e-9)) {
    refuse(`phases whose probabilities sum to ${sum}`, "a sum of 1");
  }
  return phases.map(({ probability, mean }) => ({ probability, mean }));
}

function lawOf(options: Exclude<SizeLawOptions, HyperExponentialOptions>): Law {
  checkPositive(options.mean, "mean");
  switch (options.law) {
    case "deterministic":
      return deterministicLaw(options.mean);
    case "uniform":
      return uniform(options);
    case "exponential":
      return exponentialLaw(options.mean);
    case "lognormal":
      return lognormal(options);
    case "pareto":
      return pareto(options);
    case "boundedPareto":
      return boundedPareto(options);
    case "weibull":
      return weibull(options);
  }
}

function named(name: SizeLawName, mean: number, law: Law): SizeLaw {
  const { secondMoment } = law;
  return {
    name,
    mean,
    squaredVariation: secondMoment / (mean * mean) - 1,
    ...law,
  };
}

/**
 * A law of job sizes.
 *
 * | law | squared variation c^2 | source |
 * |---|---|---|
 * | deterministic | 0 | |
 * | uniform | 0 to 1/3 | |
 * | exponential | 1 | |
 * | lognormal | from 0 | |
 * | pareto | 1 / (a (a - 2)); infinite up to a = 2 | |
 * | boundedPareto | from 0 | Crovella, Harchol-Balter and Murta, 1998 |
 * | hyperExponential | from 1 | Whitt, 1982 |
 * | weibull | from 0: 1 at shape 1, 5 at shape 1/2 | Weibull, 1951 |
 *
 * @param options Which law, its mean, and how much sizes vary.
 * @throws {RangeError} There is no such law, or a parameter is outside its
 * range, or two of them exclude each other.
 *
 * @example Heavy-tailed sizes with a known mean
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { sizeLaw } from "./job_sizes.ts";
 *
 * const law = sizeLaw({
 *   law: "boundedPareto",
 *   mean: 0.2,
 *   squaredVariation: 10,
 * });
 * assertAlmostEquals(law.secondMoment, 0.2 ** 2 * 11, 1e-12);
 * ```
 */
export function sizeLaw(options: SizeLawOptions): SizeLaw {
  const { law: name } = options;
  if (!SIZE_LAW_NAMES.includes(name)) {
    const nearest = nearestName(String(name), SIZE_LAW_NAMES);
    throw new RangeError(
      `Cannot make a law of job sizes from ${JSON.stringify(name)}, expected ${
        SIZE_LAW_NAMES.join(", ")
      }${nearest === undefined ? "" : ` (did you mean ${nearest}?)`}`,
    );
  }
  if (options.law !== "hyperExponential") {
    return named(name, options.mean, lawOf(options));
  }
  const phases = options.phases === undefined
    ? balancedPhases(options)
    : givenPhases(options);
  const mean = options.mean ??
    phases.reduce((sum, phase) => sum + phase.probability * phase.mean, 0);
  return named(name, mean, hyperExponentialLaw(phases));
}
