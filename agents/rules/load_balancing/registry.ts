/**
 * The rules of dispatch by name.
 *
 * @module
 */
import { nearestName } from "../../../core/nearest_name.ts";
import { awcmp } from "./awcmp.ts";
import type { DispatchRule } from "./dispatch_rule.ts";
import { ecmp, wcmp } from "./hashing.ts";
import {
  jsqOracle,
  leastWorkOracle,
  lsq,
  sed,
  sedOracle,
} from "./least_cost.ts";
import { maglev } from "./maglev.ts";
import { onePlusBeta, powerOfChoices } from "./power_of_choices.ts";

export type { DispatchRule };

const RULES: Readonly<Record<string, () => DispatchRule>> = {
  "ecmp": ecmp,
  "wcmp": wcmp,
  "awcmp": () => awcmp(),
  "maglev": () => maglev(),
  "weighted-maglev": () => maglev({ weighted: true }),
  "lsq": lsq,
  "sed": sed,
  "power-of-2": () => powerOfChoices(),
  "sed-of-2": () => powerOfChoices({ weighted: true }),
  "one-plus-beta": () => onePlusBeta(),
  "jsq-oracle": jsqOracle,
  "sed-oracle": sedOracle,
  "least-work-oracle": leastWorkOracle,
};

/** The names that {@linkcode createDispatchRule} knows. */
export const DISPATCH_RULE_NAMES: readonly string[] = Object.keys(RULES);

/**
 * A rule of dispatch with its default settings. One that remembers serves one
 * simulator at a time.
 *
 * @param name One of {@linkcode DISPATCH_RULE_NAMES}; case does not matter, and
 * underscores and spaces count as hyphens. Throws `RangeError` otherwise.
 *
 * @example By name
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createDispatchRule } from "./registry.ts";
 *
 * assertEquals(createDispatchRule("Power of 2").name, "power-of-2");
 * ```
 */
export function createDispatchRule(name: string): DispatchRule {
  const key = name.toLowerCase().replaceAll(/[_ ]/g, "-");
  if (!Object.hasOwn(RULES, key)) {
    const nearest = nearestName(key, DISPATCH_RULE_NAMES);
    throw new RangeError(
      `Cannot find dispatch rule "${name}": expected one of ${
        DISPATCH_RULE_NAMES.join(", ")
      }${nearest ? ` (did you mean ${nearest}?)` : ""}`,
    );
  }
  return RULES[key]();
}
