/**
 * What rules keep of a balancer until its weights or servers change.
 *
 * @module
 */
import type { DispatchContext } from "../../../envs/load_balancing/dispatch.ts";

/**
 * Something that is computed of a balancer's weights and known servers, and
 * computed again only after these have changed.
 *
 * @param make Computes it.
 */
export function keptOf<T>(
  make: (context: DispatchContext) => T,
): (balancer: number, context: DispatchContext) => T {
  const kept: { context: DispatchContext; revision: number; value: T }[] = [];
  return (balancer, context) => {
    const found = kept[balancer];
    // Another simulator, such as that of the next episode, has another context.
    if (
      found !== undefined && found.context === context &&
      found.revision === context.revision
    ) return found.value;
    const value = make(context);
    kept[balancer] = { context, revision: context.revision, value };
    return value;
  };
}

/** The servers that a balancer can send flows to. */
export function usableServers(context: DispatchContext): Int32Array {
  const { servers, weights, up } = context;
  return servers.filter((server) => up[server] === 1 && weights[server] > 0);
}

const PER_KEY = 2 ** -32;

/**
 * A whole number below `count`, each as likely, from a flow's 32 random bits:
 * the same flow gets the same number.
 */
export function placeOfKey(flowKey: number, count: number): number {
  return Math.floor(flowKey * PER_KEY * count);
}
