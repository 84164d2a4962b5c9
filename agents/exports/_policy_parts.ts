/**
 * What the policies of all agents are written from.
 *
 * @module
 */
import type { Space } from "../../core/spaces.ts";
import type { JsonRecord } from "../../core/state_json.ts";
import type { NamedArrays } from "../../learning/exports/network_writer.ts";

/** What is to be known of a policy that was written. */
export interface WrittenPolicy {
  /**
   * Names of inputs that remember, each with the output that it takes in the
   * next step; zeros where an episode begins.
   */
  readonly memory: Readonly<Record<string, string>>;
}

/** What of a model is written. */
export interface SavedPolicy {
  /** Its arrays. */
  readonly weights: NamedArrays;
  /** Those it was trained with. */
  readonly settings: JsonRecord;
}

/** Number of layers of a policy without memory; checked in loading. */
export function layerCount({ netArch }: JsonRecord): number {
  return (netArch as number[]).length + 1;
}

/** What the policies of single agents are written from. */
export interface PolicyPlaces<Value> {
  /** Where actions lie. */
  readonly actionSpace: Space;
  /** What is seen, shape [batch, observation]. */
  readonly observation: Value;
  /** What is allowed; undefined where everything is. */
  readonly mask: Value | undefined;
}
