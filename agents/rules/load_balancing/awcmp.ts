/**
 * Weighted-cost multi-path with weights that are measured.
 *
 * @module
 */
import type { State } from "../../../core/state.ts";
import { type AliasTable, aliasTable } from "./_alias_table.ts";
import type { DispatchContext, StatefulDispatchRule } from "./dispatch_rule.ts";
import { usableServers } from "./_usable.ts";

export type { DispatchContext, State, StatefulDispatchRule };

/** Options of {@linkcode awcmp}. */
export interface AwcmpOptions {
  /** Seconds between probes of all servers. Default 0.25. */
  probeSeconds?: number;
}

/** What a balancer has found out. */
interface Probed {
  context: DispatchContext;
  revision: number;
  /** When the next probe is due, in seconds. */
  next: number;
  /** Flows inside each server at the last probe, shape [servers]. */
  busy: Int32Array;
  table: AliasTable | undefined;
}

function tableOf(context: DispatchContext, busy: Int32Array) {
  const servers = usableServers(context);
  if (servers.length === 0) return undefined;
  const weights = Float64Array.from(
    servers,
    (server) => context.weights[server] / (busy[server] + 1),
  );
  return aliasTable(servers, weights);
}

/**
 * AWCMP, active WCMP, as Spotlight has it (Aghdai et al., IM 2018): every
 * `probeSeconds` each balancer asks all servers how many flows they have, and
 * until the next time sends flows to each with a probability in proportion to
 * weight / (flows + 1), by the flow's key. Probes are exact and take no time,
 * which real ones do not; a probe that is due is made with the first flow after.
 *
 * @param options Throws `RangeError` for an interval that is not above 0.
 */
export function awcmp(options: AwcmpOptions = {}): StatefulDispatchRule {
  const { probeSeconds = 0.25 } = options;
  if (!(probeSeconds > 0 && probeSeconds < Infinity)) {
    throw new RangeError(
      `Cannot probe servers every ${probeSeconds} s, expected a finite number above 0`,
    );
  }
  const probed: Probed[] = [];
  /** Probes of a saved state, until their balancers have been seen. */
  let restored: { next: number; busy: Int32Array }[] = [];

  function look(balancer: number, context: DispatchContext): Probed {
    const { time, revision, oracle } = context;
    let found = probed[balancer];
    if (found?.context !== context) {
      const { next, busy } = restored[balancer] ??
        { next: 0, busy: new Int32Array(context.weights.length) };
      found = { context, revision: -1, next, busy, table: undefined };
      probed[balancer] = found;
      delete restored[balancer];
    }
    const due = time >= found.next;
    if (!due && found.revision === revision) return found;
    if (due) {
      found.busy.set(oracle.inside);
      found.next = (Math.floor(time / probeSeconds) + 1) * probeSeconds;
    }
    found.revision = revision;
    found.table = tableOf(context, found.busy);
    return found;
  }

  return {
    name: "awcmp",
    oracle: false,
    choose(balancer, context) {
      const { table } = look(balancer, context);
      return table === undefined ? -1 : table.at(context.flowKey * 2 ** -32);
    },
    saveState: () => ({
      balancers: probed.map(({ next, busy }) => ({ next, busy: busy.slice() })),
    }),
    loadState(state) {
      const { balancers } = state;
      if (!Array.isArray(balancers)) {
        throw new TypeError(
          'Cannot restore AWCMP: expected "balancers", what each has probed',
        );
      }
      probed.length = 0;
      restored = balancers.map((saved) => {
        const { next, busy } = saved as { next: number; busy: Int32Array };
        return { next, busy: busy.slice() };
      });
    },
  };
}
