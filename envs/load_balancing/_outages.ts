/**
 * Servers that go down and come back, in the order of time.
 *
 * @module
 */
import type { Outage } from "./simulator_options.ts";

/** What happens to a server. */
export const CHANGE = {
  /** It goes down. */
  down: 0,
  /** It comes back. */
  up: 1,
  /** Balancers learn that it is down. */
  knownDown: 2,
  /** Balancers learn that it is up. */
  knownUp: 3,
} as const;

/** A change at a time. */
export interface Change {
  /** In seconds. */
  readonly time: number;
  /** Server, from 0. */
  readonly server: number;
  /** A {@linkcode CHANGE}. */
  readonly change: number;
}

/** Changes that are still to come: few, so a sorted array does. */
export type Changes = Change[];

/** Adds a change behind those of the same time. */
export function addChange(changes: Changes, change: Change): void {
  let place = changes.length;
  while (place > 0 && changes[place - 1].time > change.time) place--;
  changes.splice(place, 0, change);
}

/** The changes of planned outages. */
export function changesOf(outages: readonly Outage[]): Changes {
  const changes: Changes = [];
  for (const { server, from, to = Infinity } of outages) {
    addChange(changes, { time: from, server, change: CHANGE.down });
    if (to < Infinity) {
      addChange(changes, { time: to, server, change: CHANGE.up });
    }
  }
  return changes;
}

/** Changes as rows of three numbers. */
export function saveChanges(changes: Changes): Float64Array {
  return Float64Array.from(
    changes.flatMap(({ time, server, change }) => [time, server, change]),
  );
}

/** The changes that {@linkcode saveChanges} wrote. */
export function loadChanges(rows: Float64Array): Changes {
  return Array.from({ length: Math.floor(rows.length / 3) }, (_, i) => ({
    time: rows[3 * i],
    server: rows[3 * i + 1],
    change: rows[3 * i + 2],
  }));
}
