/**
 * The original's cost, kept to compare with its published numbers.
 *
 * Every twelfth step of its life an instance is charged its whole age, so the
 * sum grows with the square of the lifetime; the first instances, by a
 * mistake of the original, are charged their capacity (87) as their hourly
 * price. The bills in `billing.ts` are the real ones.
 *
 * @module
 */
import type { Service } from "./service.ts";

/** Steps between charges: one hour of 300 s steps. */
const CHARGE_PERIOD = 12;

/** Running sums that give the original's cost without visiting instances. */
export interface LegacyCost {
  /** The sums; entries of a state. */
  readonly arrays: Readonly<Record<string, Int32Array | Float64Array>>;
  /** Begins an episode with instances launched at step 0. */
  reset(copy: number, instances: number): void;
  /** Charges what is due at a step. */
  charge(copy: number, step: number): void;
  /** Takes in instances launched at a step. */
  launch(copy: number, step: number, count: number): void;
  /** Takes out one instance launched at the step `birth`. */
  remove(copy: number, birth: number): void;
  /** The cost of the episode so far, in the original's dollars. */
  total(copy: number): number;
}

/**
 * The cost of fleets that have yet to be reset.
 *
 * Instances fall into twelve groups by the step of their launch modulo
 * twelve; a group's charge is price / 12 times (count x step - sum of births).
 * Ages are summed as whole numbers, so that no rounding builds up.
 *
 * @param copies Number of copies.
 * @param service Gives price and capacity.
 */
export function createLegacyCost(copies: number, service: Service): LegacyCost {
  const firstInstances = new Int32Array(copies);
  const firstAges = new Float64Array(copies);
  const laterAges = new Float64Array(copies);
  const groupCounts = new Int32Array(copies * CHARGE_PERIOD);
  const groupBirths = new Float64Array(copies * CHARGE_PERIOD);
  return {
    arrays: {
      firstInstances,
      firstAges,
      laterAges,
      groupCounts,
      groupBirths,
    },
    reset(copy, instances) {
      firstInstances[copy] = instances;
      firstAges[copy] = 0;
      laterAges[copy] = 0;
      const row = copy * CHARGE_PERIOD;
      groupCounts.fill(0, row, row + CHARGE_PERIOD);
      groupBirths.fill(0, row, row + CHARGE_PERIOD);
    },
    charge(copy, step) {
      const remainder = step % CHARGE_PERIOD;
      const group = copy * CHARGE_PERIOD + remainder;
      if (remainder === 0) firstAges[copy] += firstInstances[copy] * step;
      laterAges[copy] += groupCounts[group] * step - groupBirths[group];
    },
    launch(copy, step, count) {
      const group = copy * CHARGE_PERIOD + step % CHARGE_PERIOD;
      groupCounts[group] += count;
      groupBirths[group] += count * step;
    },
    remove(copy, birth) {
      if (birth === 0) {
        firstInstances[copy]--;
        return;
      }
      const group = copy * CHARGE_PERIOD + birth % CHARGE_PERIOD;
      groupCounts[group]--;
      groupBirths[group] -= birth;
    },
    total(copy) {
      return service.capacityPerInstance / CHARGE_PERIOD * firstAges[copy] +
        service.pricePerHour / CHARGE_PERIOD * laterAges[copy];
    },
  };
}
