/**
 * What is seen and reported when a queue with retries is controlled.
 *
 * @module
 */
import type { Info } from "../environment.ts";

export type { Info };

/** What the environment reports beside the observation. */
export interface QueueingControlInfo extends Info {
  /** Steps taken in the episode. */
  step: number;
  /** Time since the trigger ended. */
  time: number;
  /** Jobs that wait. */
  waiting: number;
  /** Requests being retried. */
  retrying: number;
  /** Requests made in the last step. */
  arrivals: number;
  /** Requests answered in time in the last step. */
  onTime: number;
  /** Attempts that were not admitted in the last step. */
  refused: number;
  /** Attempts lost in the last step for other reasons. */
  lost: number;
  /** Admission probability of the last step. */
  admission: number;
  /** Retries that a request earned in the last step. */
  budget: number;
  /** Extra threads of the last step. */
  extraThreads: number;
  /** Requests since the trigger. */
  totalArrivals: number;
  /** Requests answered in time since the trigger. */
  totalOnTime: number;
  /** Attempts that were not admitted since the trigger. */
  totalRefused: number;
  /** Extra threads since the trigger, times the time they were there. */
  totalThreadTime: number;
  /**
   * Time from the trigger's end to the first of the healthy steps in a row
   * after which the service has recovered; NaN while it has not.
   */
  recoveryTime: number;
}

/** Names of the observation's numbers, in order. */
export const QUEUEING_CONTROL_FEATURES = [
  "waiting",
  "busy",
  "retrying",
  "arrivals",
  "onTime",
  "timeouts",
  "lost",
  "latency",
  "admission",
  "budget",
  "extraThreads",
] as const;

/** What each number of an observation is in proportion to. */
export const QUEUEING_CONTROL_MEANINGS: Readonly<
  Record<typeof QUEUEING_CONTROL_FEATURES[number], string>
> = {
  waiting: "jobs that wait / waiting room",
  busy: "busy threads / threads",
  retrying: "requests being retried / waiting room",
  arrivals: "requests of the last step / those to be expected",
  onTime: "answers in time / requests to be expected",
  timeouts: "time-outs / requests to be expected",
  lost: "losses / requests to be expected",
  latency: "mean latency of the answers / time-out",
  admission: "probability of admission (0 to 1)",
  budget: "retries that a request earns / maxRetries",
  extraThreads: "extra threads",
};
