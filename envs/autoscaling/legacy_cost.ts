/**
 * The original's cost, kept to compare with its published numbers.
 *
 * Every twelfth step of its life an instance is charged its whole age, so the
 * sum grows with the square of the lifetime; the first instances, by a
 * mistake of the original, are charged their capacity (87) as their hourly
 * price. The bills in `billing.ts` are the real ones.
 *
 * Instances fall into twelve groups by the step of their launch modulo
 * twelve; a group's charge is price / 12 times (count x step - sum of births).
 * Ages are summed as whole numbers, so that no rounding builds up.
 *
 * @module
 */
import type { Service } from "./service.ts";

export type { Service };

/** Steps between charges: one hour of 300 s steps. */
const CHARGE_PERIOD = 12;

/** Running sums that give the original's cost without visiting instances. */
export interface LegacyCost {
  /** Instances of the episode's start that still run. */
  firstInstances: number;
  /** Sum of ages that they were charged, steps. */
  firstAges: number;
  /** Sum of ages that the others were charged, steps. */
  laterAges: number;
  /** The others, by the step of their launch modulo twelve. Shape [12]. */
  readonly groupCounts: Int32Array;
  /** Sums of the steps of their launch. Shape [12]. */
  readonly groupBirths: Float64Array;
}

/** The cost of a fleet that has yet to be reset. */
export function createLegacyCost(): LegacyCost {
  return {
    firstInstances: 0,
    firstAges: 0,
    laterAges: 0,
    groupCounts: new Int32Array(CHARGE_PERIOD),
    groupBirths: new Float64Array(CHARGE_PERIOD),
  };
}

/**
 * Begins an episode.
 *
 * @param cost Written to.
 * @param instances Number of instances launched at step 0.
 */
export function resetLegacyCost(cost: LegacyCost, instances: number): void {
  cost.firstInstances = instances;
  cost.firstAges = 0;
  cost.laterAges = 0;
  cost.groupCounts.fill(0);
  cost.groupBirths.fill(0);
}

/**
 * Charges what is due at a step.
 *
 * @param cost Written to.
 * @param step Whole number from 1.
 */
export function chargeLegacyCost(cost: LegacyCost, step: number): void {
  const group = step % CHARGE_PERIOD;
  if (group === 0) cost.firstAges += cost.firstInstances * step;
  cost.laterAges += cost.groupCounts[group] * step - cost.groupBirths[group];
}

/**
 * Takes in an instance.
 *
 * @param cost Written to.
 * @param birth Step of its launch, from 1.
 */
export function launchLegacyCost(cost: LegacyCost, birth: number): void {
  const group = birth % CHARGE_PERIOD;
  cost.groupCounts[group]++;
  cost.groupBirths[group] += birth;
}

/**
 * Takes out an instance.
 *
 * @param cost Written to.
 * @param birth Step of its launch; 0 for those of the episode's start.
 */
export function removeLegacyCost(cost: LegacyCost, birth: number): void {
  if (birth === 0) {
    cost.firstInstances--;
    return;
  }
  const group = birth % CHARGE_PERIOD;
  cost.groupCounts[group]--;
  cost.groupBirths[group] -= birth;
}

/**
 * The cost of the episode so far, in the original's dollars.
 *
 * @param cost Read.
 * @param service Gives price and capacity.
 */
export function totalLegacyCost(cost: LegacyCost, service: Service): number {
  return service.capacityPerInstance / CHARGE_PERIOD * cost.firstAges +
    service.pricePerHour / CHARGE_PERIOD * cost.laterAges;
}
