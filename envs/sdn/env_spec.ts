/**
 * Options of the routing environment from JSON, as models record them.
 *
 * @module
 */
import { nearestName } from "../../core/nearest_name.ts";
import type { JsonRecord } from "../../core/state_json.ts";
import type { SDNOptions } from "./env_options.ts";

export type { JsonRecord, SDNOptions };

const NAMES: Record<keyof SDNOptions, true> = {
  ryuBase: true,
  client: true,
  mode: true,
  actionScale: true,
  actionMode: true,
  episodeSteps: true,
  reward: true,
  delayCapMs: true,
  throughputCapMbps: true,
  demandCapMbps: true,
  observation: true,
  topology: true,
  linkCount: true,
  traffic: true,
  flows: true,
  intervalSeconds: true,
  startDays: true,
  stepSeconds: true,
  clock: true,
  baseline: true,
  weightRange: true,
  sharing: true,
  packetBits: true,
  bufferPackets: true,
  splitting: true,
  gamma: true,
};

/** The names of {@linkcode SDNOptions}. */
export const SDN_OPTION_NAMES: readonly string[] = Object.keys(NAMES);

/**
 * Options of `SDNEnv` from their JSON. Recorded matrices stand as lists;
 * `episodeSteps: null` is Infinity, for which JSON has no number.
 *
 * @param options From a spec. Throws `RangeError` for an unknown name.
 */
export function sdnOptions(options: JsonRecord): SDNOptions {
  for (const name of Object.keys(options)) {
    if (SDN_OPTION_NAMES.includes(name)) continue;
    const nearest = nearestName(name, SDN_OPTION_NAMES);
    throw new RangeError(
      `Cannot set "${name}" of the routing environment: expected one of ${
        SDN_OPTION_NAMES.join(", ")
      }${nearest ? ` (did you mean ${nearest}?)` : ""}`,
    );
  }
  const endless = options.episodeSteps === null
    ? { episodeSteps: Infinity }
    : {};
  return { ...options, ...endless } as unknown as SDNOptions;
}
