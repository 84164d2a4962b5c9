/**
 * Rules that compare a few servers drawn at random.
 *
 * @module
 */
import type { DispatchContext, DispatchRule } from "./dispatch_rule.ts";
import { keptOf, usableServers } from "./_usable.ts";

export type { DispatchRule };

/** Options of {@linkcode powerOfChoices}. */
export interface PowerOfChoicesOptions {
  /** d, servers that are drawn; all where there are fewer. Default 2. */
  choices?: number;
  /**
   * Whether to compare (flows on + 1) / weight in place of flows on. Servers
   * are drawn with the same probability either way. Default false.
   */
  weighted?: boolean;
}

/** The less costly; the first of equals, which are in random order. */
function better(
  { counts, costs }: DispatchContext,
  { one, two, weighted }: { one: number; two: number; weighted: boolean },
): number {
  const value = weighted ? costs : counts;
  return value[two] < value[one] ? two : one;
}

/**
 * Power of d choices: of d different servers drawn at random the one with the
 * fewest flows on, by the balancer's own count (Vvedenskaya, Dobrushin and
 * Karpelevich 1996; Mitzenmacher 1996).
 *
 * @param options Throws `RangeError` for a number of choices that is no whole
 * number from 1.
 */
export function powerOfChoices(
  options: PowerOfChoicesOptions = {},
): DispatchRule {
  const { choices = 2, weighted = false } = options;
  if (!Number.isSafeInteger(choices) || choices < 1) {
    throw new RangeError(
      `Cannot draw ${choices} servers for a flow, expected a whole number from 1`,
    );
  }
  const usable = keptOf(usableServers);
  const places: number[] = [];
  return {
    name: weighted ? `sed-of-${choices}` : `power-of-${choices}`,
    oracle: false,
    choose(balancer, context) {
      const servers = usable(balancer, context);
      const { length } = servers;
      const count = Math.min(choices, length);
      let best = -1;
      for (let drawn = 0; drawn < count; drawn++) {
        // Those that were drawn are moved to the front.
        const place = context.random.integer(drawn, length - 1);
        const server = servers[place];
        servers[place] = servers[drawn];
        servers[drawn] = server;
        places[drawn] = place;
        best = best < 0
          ? server
          : better(context, { one: best, two: server, weighted });
      }
      // And back, so that a restored run draws the same servers.
      for (let drawn = count - 1; drawn >= 0; drawn--) {
        const place = places[drawn];
        const server = servers[drawn];
        servers[drawn] = servers[place];
        servers[place] = server;
      }
      return best;
    },
  };
}

/** Options of {@linkcode onePlusBeta}. */
export interface OnePlusBetaOptions {
  /** Probability of two choices, from 0 to 1. Default 0.5. */
  beta?: number;
}

/**
 * (1 + beta)-choice: with probability beta the better of two servers drawn at
 * random, otherwise any (Peres, Talwar and Wieder, SODA 2010). Where what
 * balancers know is old, or partial, it follows it less blindly.
 *
 * @param options Throws `RangeError` for a probability outside 0 to 1.
 */
export function onePlusBeta(options: OnePlusBetaOptions = {}): DispatchRule {
  const { beta = 0.5 } = options;
  if (!(beta >= 0 && beta <= 1)) {
    throw new RangeError(
      `Cannot make two choices with probability ${beta}, expected a number from 0 to 1`,
    );
  }
  const one = powerOfChoices({ choices: 1 });
  const two = powerOfChoices({ choices: 2 });
  return {
    name: "one-plus-beta",
    oracle: false,
    choose(balancer, context) {
      const rule = context.random.uniform() < beta ? two : one;
      return rule.choose(balancer, context);
    },
  };
}
