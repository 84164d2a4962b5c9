/**
 * The soft actor-critic's networks, and what they learn from.
 *
 * @module
 */
import { type MemoryNetwork, memoryNetwork } from "./memory_networks.ts";
import type { ActionHeads } from "./_sac_heads.ts";
import type { SacSettings } from "./sac_settings.ts";

/** The networks of an agent. */
export interface SacNetworks {
  /** The policy. */
  readonly actor: MemoryNetwork;
  /** Two estimates of the values, of which the smaller counts. */
  readonly critics: readonly [MemoryNetwork, MemoryNetwork];
}

/**
 * Networks for some actions. Each has a memory of its own of what was seen and
 * done; beside it, their heads see the present observation, and critics of
 * continuous actions the action.
 *
 * @param observationSize Floats of an observation.
 * @param heads Of the actions.
 * @param settings Widths.
 */
export function sacNetworks(
  observationSize: number,
  heads: ActionHeads,
  settings: SacSettings,
): SacNetworks {
  const shared = {
    inputs: observationSize + heads.featureSize,
    encoder: settings.encoderArch,
    units: settings.recurrent ? settings.gruUnits : 0,
    hidden: settings.netArch,
  };
  const critic = (name: string) =>
    memoryNetwork(name, {
      ...shared,
      beside: observationSize + heads.criticInputs,
      outputs: heads.criticOutputs,
    });
  return {
    actor: memoryNetwork("actor", {
      ...shared,
      beside: observationSize,
      outputs: heads.policyOutputs,
    }),
    critics: [critic("critic1"), critic("critic2")],
  };
}

/** A part of what is remembered of each step. */
export type SacColumn =
  | "observations"
  /** The action before, anything where an episode begins. */
  | "previousActions"
  /** 0 where an episode begins, else 1. */
  | "continues"
  | "masks"
  | "actions"
  | "rewards"
  /** Factor of the value that follows: gamma, or 0 at an end. */
  | "discounts"
  | "nextObservations"
  | "nextMasks";

/**
 * How many floats each part of a step takes.
 *
 * @param observationSize Floats of an observation.
 * @param heads Of the actions.
 */
export function sacColumns(
  observationSize: number,
  heads: ActionHeads,
): Record<SacColumn, number> {
  return {
    observations: observationSize,
    previousActions: heads.actionSize,
    continues: 1,
    masks: heads.maskSize,
    actions: heads.actionSize,
    rewards: 1,
    discounts: 1,
    nextObservations: observationSize,
    nextMasks: heads.maskSize,
  };
}
