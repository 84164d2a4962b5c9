/**
 * Maglev's consistent hashing (Eisenbud et al., "Maglev: A Fast and Reliable
 * Software Network Load Balancer", NSDI 2016, section 3.4).
 *
 * @module
 */
import type { DispatchContext, DispatchRule } from "./dispatch_rule.ts";
import { keptOf, placeOfKey, usableServers } from "./_usable.ts";

export type { DispatchRule };

/** How a server prefers the table's entries: (offset + j skip) mod M. */
export interface Preference {
  /** The entry that it likes best, from 0 to M - 1. */
  readonly offset: number;
  /** From 1 to M - 1. */
  readonly skip: number;
  /** Entries it takes in turn: relative. Default 1. */
  readonly weight?: number;
}

/**
 * A lookup table: which server each entry belongs to. Servers take turns and
 * take the entry they like best of those that are free, so that all get as many
 * to one; with weights, in proportion.
 *
 * @param preferences Of each server; at least one.
 * @param size M, a prime number, so that each server's preferences are a
 * permutation. Throws `RangeError` where it is none, or there are more servers.
 * @returns Shape [size]: places among the preferences.
 *
 * @example The paper's three servers and seven entries
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { maglevTable } from "./maglev.ts";
 *
 * const table = maglevTable([
 *   { offset: 3, skip: 4 },
 *   { offset: 0, skip: 2 },
 *   { offset: 3, skip: 1 },
 * ], 7);
 * assertEquals([...table], [1, 0, 1, 0, 2, 2, 0]);
 * ```
 */
export function maglevTable(
  preferences: readonly Preference[],
  size: number,
): Int32Array {
  if (!isPrime(size) || preferences.length > size || preferences.length < 1) {
    throw new RangeError(
      `Cannot hash ${preferences.length} servers into a table of ${size} entries, expected a prime number, and from 1 server to as many`,
    );
  }
  const table = new Int32Array(size).fill(-1);
  const next = Float64Array.from(preferences, ({ offset }) => offset % size);
  const weights = preferences.map(({ weight = 1 }) => weight);
  const heaviest = Math.max(...weights);
  const credit = new Float64Array(preferences.length);
  for (let filled = 0;;) {
    for (let server = 0; server < preferences.length; server++) {
      // With equal weights each round gives each server one turn.
      credit[server] += weights[server];
      if (credit[server] < heaviest) continue;
      credit[server] -= heaviest;
      const { skip } = preferences[server];
      let entry = next[server];
      while (table[entry] >= 0) entry = (entry + skip) % size;
      table[entry] = server;
      next[server] = (entry + skip) % size;
      if (++filled === size) return table;
    }
  }
}

function isPrime(value: number): boolean {
  if (!Number.isSafeInteger(value) || value < 2) return false;
  for (let i = 2; i * i <= value; i++) if (value % i === 0) return false;
  return true;
}

/** MurmurHash3's finalizer (Appleby, public domain): 32 well-mixed bits. */
function mix(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * The preference of a server by its number, which plays the part of its name.
 *
 * @param server From 0.
 * @param size M, the entries of the table.
 */
export function maglevPreference(server: number, size: number): Preference {
  return {
    offset: mix(2 * server + 1) % size,
    skip: mix(2 * server + 2) % (size - 1) + 1,
  };
}

/** Options of {@linkcode maglev}. */
export interface MaglevOptions {
  /** Entries of the table, a prime number. Default 65,537, as in the paper. */
  tableSize?: number;
  /** Whether servers take entries in proportion to their weights. Default false. */
  weighted?: boolean;
}

/**
 * Maglev: a flow's key finds its server in a table that hardly changes when
 * servers come and go, so that other flows keep theirs without being
 * remembered. It does not look at what servers are busy with.
 *
 * @param options Throws `RangeError` for a size that is no prime number.
 */
export function maglev(options: MaglevOptions = {}): DispatchRule {
  const { tableSize = 65_537, weighted = false } = options;
  if (!isPrime(tableSize)) {
    throw new RangeError(
      `Cannot hash into a table of ${tableSize} entries, expected a prime number`,
    );
  }
  const tableOf = keptOf((context: DispatchContext) => {
    const servers = usableServers(context);
    if (servers.length === 0) return undefined;
    const preferences = Array.from(servers, (server) => ({
      ...maglevPreference(server, tableSize),
      weight: weighted ? context.weights[server] : 1,
    }));
    return maglevTable(preferences, tableSize).map((place) => servers[place]);
  });
  return {
    name: weighted ? "weighted-maglev" : "maglev",
    oracle: false,
    choose(balancer, context) {
      const table = tableOf(balancer, context);
      return table === undefined
        ? -1
        : table[placeOfKey(context.flowKey, tableSize)];
    },
  };
}
