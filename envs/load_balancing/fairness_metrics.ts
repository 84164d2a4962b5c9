/**
 * Fairness as a reward: measures by name, larger is always better.
 *
 * @module
 */
import { nearestName } from "../../core/nearest_name.ts";
import type { State } from "../../core/state.ts";
import { copySavedFloats, savedBoolean } from "../_saved.ts";
import {
  coefficientOfVariation,
  giniCoefficient,
  jainIndex,
  largest,
  logProductFairness,
  minMaxRatio,
  normalisedEntropy,
  overProvision,
  productFairness,
  smallest,
  type Values,
  variance,
} from "./fairness.ts";

export type { State, Values };

/** The nine metrics of the re-implemented environment. */
export const ENVIRONMENT_METRIC_NAMES = [
  "jain",
  "variance",
  "std",
  "cv",
  "max",
  "min",
  "product",
  "range",
  "gini",
] as const;

/** The eight reward types of the original. */
export const ORIGINAL_REWARD_NAMES = [
  "jain",
  "product",
  "var",
  "var_exp",
  "var_log",
  "max",
  "max_log",
  "max_exp",
] as const;

/** All metrics: both lists, and some that neither had. */
export const FAIRNESS_METRIC_NAMES = [
  ...ENVIRONMENT_METRIC_NAMES,
  "var",
  "var_exp",
  "var_log",
  "max_log",
  "max_exp",
  "product_log",
  "min_max",
  "entropy",
  "over_provision",
] as const;

/** The name of a metric. */
export type FairnessMetricName = typeof FAIRNESS_METRIC_NAMES[number];

/** Fairness of servers' values; larger is better. Allocates nothing. */
export type FairnessMetric = (values: Values) => number;

/** Options of {@linkcode fairnessMetric}. */
export interface FairnessMetricOptions {
  /**
   * What the values are: costs, of which less is better (durations, flows in
   * progress, loads), or benefits (throughput). It turns the sign of `max`,
   * `min`, `max_log` and `max_exp`, which look at size; the others look at
   * differences alone. Default "cost".
   */
  valuesAre?: "cost" | "benefit";
  /**
   * What `var_exp` and `max_exp` multiply by before the exponential. Default
   * 10,000, the original's, which suits seconds of a few milliseconds: at a
   * variance above 0.005 all is 0.
   */
  exponentScale?: number;
}

/** An argument under this counts as this where a logarithm is taken. */
const SMALLEST_ARGUMENT = 1e-12;

function boundedLog(value: number): number {
  return Math.log(value < SMALLEST_ARGUMENT ? SMALLEST_ARGUMENT : value);
}

/**
 * A fairness metric by its name, with the sign of a reward: larger is better.
 *
 * | name | value | best |
 * |---|---|---|
 * | `jain` | (sum x)^2 / (n sum x^2) | 1 |
 * | `variance`, `var` | -variance | 0 |
 * | `std` | -standard deviation | 0 |
 * | `cv` | -standard deviation / mean | 0 |
 * | `max` | -largest (min-max fairness) | 0 |
 * | `min` | -smallest | 0 |
 * | `product` | product of x / largest | 1 |
 * | `range` | -(largest - smallest) | 0 |
 * | `gini` | -Gini's coefficient | 0 |
 * | `var_exp` | exp(-scale variance) | 1 |
 * | `var_log` | -log variance, from 1e-12 | 27.6 |
 * | `max_log` | -log largest, from 1e-12 | 27.6 |
 * | `max_exp` | exp(-scale largest) | 1 |
 * | `product_log` | log of `product` | 0 |
 * | `min_max` | smallest / largest | 1 |
 * | `entropy` | entropy of the shares / log n | 1 |
 * | `over_provision` | 1 - largest / mean | 0 |
 *
 * The re-implementation gave `min` and `product` of durations the sign of
 * benefits, so that slower was better, and took the logarithm of the plain
 * product; here `min` of a cost is negated and `product` is the paper's, which
 * no common factor changes. Alone, `min` says nothing about the others and
 * `max` nothing about differences.
 *
 * @param name One of {@linkcode FAIRNESS_METRIC_NAMES}. Throws `RangeError`
 * otherwise.
 * @param options Kind of the values, and scale. Throws `RangeError` for a
 * scale that is not a finite number above 0.
 *
 * @example Two servers, one of them idle
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { fairnessMetric } from "./fairness_metrics.ts";
 *
 * const flows = Float64Array.of(4, 0);
 * assertEquals(fairnessMetric("jain")(flows), 0.5);
 * assertEquals(fairnessMetric("range")(flows), -4);
 * ```
 */
export function fairnessMetric(
  name: string,
  options: FairnessMetricOptions = {},
): FairnessMetric {
  const { valuesAre = "cost", exponentScale = 10_000 } = options;
  if (!(exponentScale > 0 && exponentScale < Infinity)) {
    throw new RangeError(
      `Cannot scale fairness metric "${name}" by ${exponentScale}, expected a finite number above 0`,
    );
  }
  if (valuesAre !== "cost" && valuesAre !== "benefit") {
    throw new RangeError(
      `Cannot judge the fairness of ${
        JSON.stringify(valuesAre)
      }, expected "cost" or "benefit"`,
    );
  }
  const sign = valuesAre === "cost" ? -1 : 1;
  // 0 - x in place of -x: no metric is -0.
  switch (name) {
    case "jain":
      return jainIndex;
    case "variance":
    case "var":
      return (values) => 0 - variance(values);
    case "std":
      return (values) => 0 - Math.sqrt(variance(values));
    case "cv":
      return (values) => 0 - coefficientOfVariation(values);
    case "max":
      return (values) => 0 + sign * largest(values);
    case "min":
      return (values) => 0 + sign * smallest(values);
    case "product":
      return productFairness;
    case "range":
      return (values) => smallest(values) - largest(values);
    case "gini":
      return (values) => 0 - giniCoefficient(values);
    case "var_exp":
      return (values) => Math.exp(-exponentScale * variance(values));
    case "var_log":
      return (values) => -boundedLog(variance(values));
    case "max_log":
      return (values) => sign * boundedLog(largest(values));
    case "max_exp":
      return valuesAre === "cost"
        ? (values) => Math.exp(-exponentScale * largest(values))
        : (values) => -Math.expm1(-exponentScale * largest(values));
    case "product_log":
      return logProductFairness;
    case "min_max":
      return minMaxRatio;
    case "entropy":
      return normalisedEntropy;
    case "over_provision":
      return (values) => 1 - overProvision(values);
  }
  const nearest = nearestName(name, FAIRNESS_METRIC_NAMES);
  throw new RangeError(
    `Cannot measure fairness by "${name}", expected ${
      FAIRNESS_METRIC_NAMES.join(", ")
    }${nearest === undefined ? "" : ` (did you mean ${nearest}?)`}`,
  );
}

/** Options of {@linkcode movingFairness}. */
export interface MovingFairnessOptions {
  /** Number of servers, at least 1. */
  servers: number;
  /**
   * Share of the latest values in the average, above 0 and at most 1.
   * Default 0.9, the paper's.
   */
  latestShare?: number;
}

/** A metric of values that are averaged over steps. */
export interface MovingFairness {
  /** The average so far, shape [servers]; overwritten by the next update. */
  readonly average: Float64Array;
  /**
   * Takes a step's values, shape [servers], in and gives the fairness of the
   * average. Throws `TypeError` for another number of servers.
   */
  update(values: Values): number;
  /** Forgets all values. */
  reset(): void;
  /** What {@linkcode MovingFairness.loadState} goes on from. */
  saveState(): State;
  /** Goes on from a saved state. Throws `TypeError` where it does not fit. */
  loadState(state: State): void;
}

/**
 * A metric of an exponential moving average: (1 - g) a + g x after each step,
 * with g = 0.9 in Yao et al., CIKM 2022, who take the product fairness of it.
 * The first step's values begin the average.
 *
 * @param metric What the average is judged by.
 * @param options Throws `RangeError` for a value outside its range.
 */
export function movingFairness(
  metric: FairnessMetric,
  options: MovingFairnessOptions,
): MovingFairness {
  const { servers, latestShare = 0.9 } = options;
  if (!Number.isSafeInteger(servers) || servers < 1) {
    throw new RangeError(
      `Cannot average the fairness of ${servers} servers, expected a whole number from 1`,
    );
  }
  if (!(latestShare > 0 && latestShare <= 1)) {
    throw new RangeError(
      `Cannot average fairness with a latest share of ${latestShare}, expected a number above 0 and at most 1`,
    );
  }
  const average = new Float64Array(servers);
  let started = false;
  return {
    average,
    update(values): number {
      if (values.length !== servers) {
        throw new TypeError(
          `Cannot average values of ${values.length} servers, expected ${servers}`,
        );
      }
      const share = started ? latestShare : 1;
      for (let i = 0; i < servers; i++) {
        average[i] = share === 1
          ? values[i]
          : (1 - share) * average[i] + share * values[i];
      }
      started = true;
      return metric(average);
    },
    reset(): void {
      average.fill(0);
      started = false;
    },
    saveState: () => ({ started, average: average.slice() }),
    loadState(state): void {
      const wasStarted = savedBoolean(state, "started");
      copySavedFloats(state, "average", average);
      started = wasStarted;
    },
  };
}
