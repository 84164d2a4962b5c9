/**
 * What the load-balancing environments report beside observations.
 *
 * @module
 */
import type { EpisodeResults } from "./episode_results.ts";

export type { EpisodeResults };

/** What a step is reported with, beside rewards and masks. */
export interface StepInfo {
  /** Steps taken in the episode. */
  step: number;
  /** Now, in seconds; the first step begins after the warm-up. */
  time: number;
  /** The episode's load; NaN with traffic of your own. */
  load: number;
  /** Flows that were served in the last step. */
  finished: number;
  /** Flows that failed in the last step, in whatever way. */
  failed: number;
  /** Mean completion time of those served, in seconds; NaN without any. */
  completionSeconds: number;
  /** Jain's index of flows inside over capacity, now. */
  jain: number;
  /** Product fairness of the same. */
  product: number;
  /** Largest of the same over the mean. */
  overProvision: number;
  /** 1 for servers that balancers know to be up, shape [servers]. */
  serversUp: Uint8Array;
  /** Results of the whole episode, with its last step. */
  results?: EpisodeResults;
}
