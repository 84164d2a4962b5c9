/**
 * The hand-written policies by name.
 *
 * @module
 */
import { closestString } from "@std/text";
import { alwaysAdd, alwaysRemove, hold } from "./constant.ts";
import { kubernetesHpa } from "./kubernetes_hpa.ts";
import { pendingAware } from "./pending_aware.ts";
import { randomRule } from "./random_rule.ts";
import type { Rule } from "./service_view.ts";
import { targetTracking } from "./target_tracking.ts";
import { threshold } from "./threshold.ts";

export type { Rule };

/** Options of {@linkcode createRule}. */
export interface CreateRuleOptions {
  /** Seeds rules that draw. Default 0. */
  seed?: number;
}

const RULES: Readonly<Record<string, (options: CreateRuleOptions) => Rule>> = {
  "threshold": () => threshold(),
  "hold": () => hold(),
  "always-add": () => alwaysAdd(),
  "always-remove": () => alwaysRemove(),
  "random": ({ seed }) => randomRule({ seed }),
  "target-tracking": () => targetTracking(),
  "pending-aware": () => pendingAware(),
  "kubernetes-hpa": () => kubernetesHpa(),
};

/** The names that {@linkcode createRule} knows. */
export const RULE_NAMES: readonly string[] = Object.keys(RULES);

/**
 * A policy with its default settings.
 *
 * @param name One of {@linkcode RULE_NAMES}; case does not matter, and
 * underscores and spaces count as hyphens. Throws `RangeError` otherwise.
 * @param options Seed of those that draw.
 *
 * @example By name
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createRule } from "./registry.ts";
 *
 * assertEquals(createRule("always_add").name, "always-add");
 * ```
 */
export function createRule(
  name: string,
  options: CreateRuleOptions = {},
): Rule {
  const key = name.toLowerCase().replaceAll(/[_ ]/g, "-");
  if (!RULE_NAMES.includes(key)) {
    throw new RangeError(
      `Cannot find rule "${name}": expected one of ${
        RULE_NAMES.join(", ")
      }; the nearest is "${closestString(key, RULE_NAMES)}"`,
    );
  }
  return RULES[key](options);
}
