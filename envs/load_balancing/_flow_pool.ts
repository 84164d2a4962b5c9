/**
 * The flows that are somewhere in the system, as rows of typed arrays.
 *
 * @module
 */

/** Where a flow is. */
export const PHASE = {
  /** Nowhere: the row is free. */
  free: 0,
  /** On the way from its client to its balancer. */
  toBalancer: 1,
  /** On the way from its balancer to its server. */
  toServer: 2,
  /** At its server, in the line. */
  waiting: 3,
  /** At its server, on the processor. */
  processor: 4,
  /** At its server, on the disk. */
  disk: 5,
  /** Done or refused; its balancer does not know yet. */
  backToBalancer: 6,
  /** Its balancer knows; its client does not know yet. */
  backToClient: 7,
} as const;

/** Rows of flows; a row that was freed is taken again before new ones. */
export interface FlowPool {
  /** Rows that have ever been taken: those from here on were never touched. */
  used: number;
  /** Row that was freed last, or -1; `later` leads on to those before. */
  free: number;
  /** Flows made so far: the next one's serial number. */
  made: number;
  /** A {@linkcode PHASE}. */
  phases: Uint8Array;
  /** How it will end: an index of `OUTCOMES`. */
  outcomes: Uint8Array;
  /** 1 where the client has given up and the server works on. */
  orphans: Uint8Array;
  /** 1 once the balancer has seen the server's answer to the first packet. */
  established: Uint8Array;
  /** Class of the flow. */
  kinds: Int32Array;
  /** Balancer, from 0. */
  balancers: Int32Array;
  /** Server, from 0; -1 before one is chosen. */
  servers: Int32Array;
  /** 32 random bits: the hash of addresses and ports. */
  keys: Uint32Array;
  /** Order of making, by which ties are broken. */
  serials: Float64Array;
  /** When the client started it, in seconds. */
  starts: Float64Array;
  /** When the balancer chose a server, in seconds. */
  dispatched: Float64Array;
  /** When the server took it in, in seconds. */
  entered: Float64Array;
  /** Processor time needed, in seconds at speed 1. */
  works: Float64Array;
  /** Disk time needed, in seconds at speed 1. */
  ioWorks: Float64Array;
  /** Delays of its four hops in seconds: shape [rows, 4]. */
  delays: Float64Array;
  /** Place in its station's heap. */
  stationPlaces: Int32Array;
  /** Place in the heap of events; -1 where it has none. */
  eventPlaces: Int32Array;
  /** Before it in the server's line, or -1. */
  ahead: Int32Array;
  /** Behind it in the server's line, or -1. */
  behind: Int32Array;
  /** Started before it, of those that may time out, or -1. */
  earlier: Int32Array;
  /** Started after it, of those that may time out, or -1. */
  later: Int32Array;
}

/** Names of the pool's arrays with one value a row. */
export const FLOW_COLUMNS = [
  "phases",
  "outcomes",
  "orphans",
  "established",
  "kinds",
  "balancers",
  "servers",
  "keys",
  "serials",
  "starts",
  "dispatched",
  "entered",
  "works",
  "ioWorks",
  "stationPlaces",
  "eventPlaces",
  "ahead",
  "behind",
  "earlier",
  "later",
] as const;

/** Hops of a flow: to the balancer, to the server, and back. */
export const HOPS = 4;

/** An empty pool with room for `capacity` flows. */
export function createFlowPool(capacity: number): FlowPool {
  return {
    used: 0,
    free: -1,
    made: 0,
    phases: new Uint8Array(capacity),
    outcomes: new Uint8Array(capacity),
    orphans: new Uint8Array(capacity),
    established: new Uint8Array(capacity),
    kinds: new Int32Array(capacity),
    balancers: new Int32Array(capacity),
    servers: new Int32Array(capacity),
    keys: new Uint32Array(capacity),
    serials: new Float64Array(capacity),
    starts: new Float64Array(capacity),
    dispatched: new Float64Array(capacity),
    entered: new Float64Array(capacity),
    works: new Float64Array(capacity),
    ioWorks: new Float64Array(capacity),
    delays: new Float64Array(capacity * HOPS),
    stationPlaces: new Int32Array(capacity),
    eventPlaces: new Int32Array(capacity),
    ahead: new Int32Array(capacity),
    behind: new Int32Array(capacity),
    earlier: new Int32Array(capacity),
    later: new Int32Array(capacity),
  };
}

function copyInto<T extends { set(array: T): void }>(target: T, source: T): T {
  target.set(source);
  return target;
}

/** Makes room for `capacity` flows, those there are kept. */
export function reserveFlows(pool: FlowPool, capacity: number): void {
  if (capacity <= pool.phases.length) return;
  const larger = createFlowPool(Math.max(capacity, 2 * pool.phases.length));
  const target = larger as unknown as Record<string, Uint8Array>;
  const source = pool as unknown as Record<string, Uint8Array>;
  for (const name of [...FLOW_COLUMNS, "delays"]) {
    source[name] = copyInto(target[name], source[name]);
  }
}

/** Forgets all rows: the pool is as it was when it was made. */
export function clearFlows(pool: FlowPool): void {
  pool.used = pool.made = 0;
  pool.free = -1;
  for (const name of FLOW_COLUMNS) pool[name].fill(0);
  pool.delays.fill(0);
}

/** Takes a row. What it held before is for the caller to overwrite. */
export function takeRow(pool: FlowPool): number {
  const row = pool.free;
  if (row >= 0) {
    pool.free = pool.later[row];
    return row;
  }
  if (pool.used === pool.phases.length) reserveFlows(pool, pool.used + 1);
  return pool.used++;
}

/** Gives a row back. */
export function freeRow(pool: FlowPool, row: number): void {
  pool.phases[row] = PHASE.free;
  pool.later[row] = pool.free;
  pool.free = row;
}
