/**
 * Options of the environment in which a service with retries is brought back.
 *
 * @module
 */
import { nearestName } from "../../core/nearest_name.ts";
import type { JsonRecord } from "../../core/state_json.ts";

export type { JsonRecord };

/** Options of `QueueingControlEnv`. */
export interface QueueingControlOptions {
  /** Requests per unit of time, lambda; above 0. Default 9. */
  arrivalRate?: number;
  /** Mean of exponential service times, above 0. Default 0.1. */
  meanServiceTime?: number;
  /** Jobs served at a time without extra capacity, from 1. Default 1. */
  threads?: number;
  /** Waiting room, from 1. Default 100. */
  queueCapacity?: number;
  /** Time that an attempt is given, T; above 0. Default 9. */
  timeout?: number;
  /** Retries of a request, R; from 0. Default 3. */
  maxRetries?: number;
  /** Time of a step, above 0. Default 5. */
  stepTime?: number;
  /** Steps of an episode, from 1. Default 80. */
  episodeSteps?: number;
  /** Factor on arrivals during the trigger, above 0. Default 10. */
  triggerFactor?: number;
  /**
   * Shortest and longest duration of the trigger, which an episode draws from.
   * Default [50, 150].
   */
  triggerDuration?: readonly [number, number];
  /** Time before the trigger, at least 0. Default 20. */
  warmUp?: number;
  /**
   * `discrete`, one of all combinations of the levels; or `continuous`, the
   * three settings themselves. Default `discrete`.
   */
  actionType?: "discrete" | "continuous";
  /** Admission probabilities to choose from, 0 to 1. Default 1, 0.6, 0.3. */
  admissionLevels?: readonly number[];
  /**
   * Retries that a request may earn, from 0; `maxRetries` is no limit.
   * Default: no limit, 0.1 and 0.
   */
  budgetLevels?: readonly number[];
  /** Extra threads to choose from. Default 0, 1. */
  threadLevels?: readonly number[];
  /** Reward lost for each refused attempt, over a request's. Default 0.1. */
  rejectionCost?: number;
  /**
   * Reward lost for each extra thread, over that of as many requests as come
   * in that time. Default 0.2.
   */
  threadCost?: number;
  /**
   * Share of expected requests that must be answered in time for the service
   * to count as healthy, above 0 to 1. Default 0.85.
   */
  healthyShare?: number;
  /** Healthy steps in a row after which it has recovered. Default 4. */
  healthySteps?: number;
}

/** Options with every default filled in. */
export type QueueingControlSettings = Required<QueueingControlOptions>;

const DEFAULTS = {
  arrivalRate: 9,
  meanServiceTime: 0.1,
  threads: 1,
  queueCapacity: 100,
  timeout: 9,
  maxRetries: 3,
  stepTime: 5,
  episodeSteps: 80,
  triggerFactor: 10,
  triggerDuration: [50, 150],
  warmUp: 20,
  actionType: "discrete",
  admissionLevels: [1, 0.6, 0.3],
  budgetLevels: [3, 0.1, 0],
  threadLevels: [0, 1],
  rejectionCost: 0.1,
  threadCost: 0.2,
  healthyShare: 0.85,
  healthySteps: 4,
} as const satisfies QueueingControlSettings;

/** The names of {@linkcode QueueingControlOptions}. */
export const QUEUEING_CONTROL_OPTION_NAMES: readonly string[] = Object.keys(
  DEFAULTS,
);

function refuse(name: string, value: unknown, expected: string): never {
  throw new RangeError(
    `Cannot control a queue with ${name} ${
      typeof value === "number" ? value : JSON.stringify(value)
    }: expected ${expected}`,
  );
}

/** What each number has to be: least value, whether reached, whether whole. */
const NUMBERS: [keyof QueueingControlOptions, number, boolean, boolean][] = [
  ["arrivalRate", 0, false, false],
  ["meanServiceTime", 0, false, false],
  ["threads", 1, true, true],
  ["queueCapacity", 1, true, true],
  ["timeout", 0, false, false],
  ["maxRetries", 0, true, true],
  ["stepTime", 0, false, false],
  ["episodeSteps", 1, true, true],
  ["triggerFactor", 0, false, false],
  ["warmUp", 0, true, false],
  ["rejectionCost", 0, true, false],
  ["threadCost", 0, true, false],
  ["healthyShare", 0, false, false],
  ["healthySteps", 1, true, true],
];

function checkNumbers(settings: QueueingControlSettings): void {
  for (const [name, least, reached, whole] of NUMBERS) {
    const value = settings[name];
    if (
      typeof value === "number" && value < Infinity &&
      (reached ? value >= least : value > least) &&
      (!whole || Number.isInteger(value))
    ) continue;
    refuse(
      name,
      value,
      `a ${whole ? "whole" : "finite"} number ${
        reached ? "from" : "above"
      } ${least}`,
    );
  }
}

function checkHealthyShare({ healthyShare }: QueueingControlSettings): void {
  if (healthyShare <= 1) return;
  refuse("healthyShare", healthyShare, "a number above 0, to 1");
}

function checkLevels(settings: QueueingControlSettings): void {
  const lists: [keyof QueueingControlOptions, number, boolean][] = [
    ["admissionLevels", 1, false],
    ["budgetLevels", Infinity, false],
    ["threadLevels", Infinity, true],
  ];
  for (const [name, most, whole] of lists) {
    const levels = settings[name] as readonly number[];
    const fits = Array.isArray(levels) && levels.length > 0 &&
      levels.every((level) =>
        level >= 0 && level <= most && level < Infinity &&
        (!whole || Number.isInteger(level))
      );
    if (fits) continue;
    refuse(
      name,
      levels,
      `a list of ${whole ? "whole " : ""}numbers from 0${
        most === 1 ? " to 1" : ""
      }`,
    );
  }
}

/**
 * Options with every default filled in.
 *
 * @param options Throws `RangeError` for values outside their range and for
 * names that are none.
 */
export function queueingControlSettings(
  options: QueueingControlOptions,
): QueueingControlSettings {
  for (const name of Object.keys(options)) {
    if (QUEUEING_CONTROL_OPTION_NAMES.includes(name)) continue;
    const nearest = nearestName(name, QUEUEING_CONTROL_OPTION_NAMES);
    throw new RangeError(
      `Cannot set "${name}" of the queueing environment: expected one of ${
        QUEUEING_CONTROL_OPTION_NAMES.join(", ")
      }${nearest ? ` (did you mean ${nearest}?)` : ""}`,
    );
  }
  const { maxRetries = DEFAULTS.maxRetries } = options;
  const settings: QueueingControlSettings = {
    ...DEFAULTS,
    budgetLevels: [maxRetries, 0.1, 0],
    ...options,
  };
  checkNumbers(settings);
  checkHealthyShare(settings);
  checkLevels(settings);
  const { triggerDuration, actionType } = settings;
  if (
    !Array.isArray(triggerDuration) || triggerDuration.length !== 2 ||
    !(triggerDuration[0] > 0 && triggerDuration[1] >= triggerDuration[0] &&
      triggerDuration[1] < Infinity)
  ) {
    refuse("triggerDuration", triggerDuration, "the shorter and the longer");
  }
  if (actionType !== "discrete" && actionType !== "continuous") {
    refuse("actionType", actionType, "discrete or continuous");
  }
  return settings;
}

/**
 * Options from their JSON, as models record them.
 *
 * @param options From a spec.
 */
export function queueingControlOptions(
  options: JsonRecord,
): QueueingControlOptions {
  return options as QueueingControlOptions;
}
