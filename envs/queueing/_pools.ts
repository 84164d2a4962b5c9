/**
 * Requests and their attempts, as rows of typed arrays that are used again.
 *
 * A request is what a client wants; an attempt is one try at it, which passes
 * through servers. What belongs to an attempt at a server stands at
 * `attempt * servers + server`, as a fork has it at several at a time.
 *
 * @module
 */
import type { State } from "../../core/state.ts";
import { savedNumber } from "../_saved.ts";
import { savedArray } from "./_saved_arrays.ts";

/** What has become of a request: bits of its flags. */
export const ANSWERED = 1;
/** It was given up. */
export const FAILED = 2;
/** It was retried. */
export const RETRIED = 4;

/** The requests that somebody still knows of. */
export interface RequestPool {
  /** When it was made. */
  created: Float64Array;
  /** Its client. */
  clients: Int32Array;
  /** Retries that are left. */
  lefts: Int32Array;
  /** Attempts, timers and planned retries that know of it. */
  holders: Int32Array;
  /** What has become of it. */
  flags: Uint8Array;
  /** The next free row after each free row, or -1. */
  nextFree: Int32Array;
  /** First free row, or -1. */
  free: number;
}

/** The attempts that are somewhere. */
export interface AttemptPool {
  /** Its request. */
  requests: Int32Array;
  /** Retries that were left when it was made. */
  lefts: Int32Array;
  /** Servers it is at now. */
  branches: Int32Array;
  /** 1 where a branch of it was lost, so that no answer will come. */
  lost: Uint8Array;
  /** When it came to each server. */
  entered: Float64Array;
  /** When each server began to serve it. */
  started: Float64Array;
  /** Service time left at speed 1; up to date where a speed has changed. */
  workLeft: Float64Array;
  /** Branches that have come to each join. */
  joined: Int32Array;
  /** The next free row after each free row, or -1. */
  nextFree: Int32Array;
  /** First free row, or -1. */
  free: number;
  /** Servers of the system. */
  readonly servers: number;
}

const FIRST_ROOM = 64;

function longer<Kind extends Float64Array | Int32Array | Uint8Array>(
  array: Kind,
  length: number,
): Kind {
  const copy = new (array.constructor as new (length: number) => Kind)(length);
  copy.set(array);
  return copy;
}

/** An empty pool. */
export function createRequestPool(): RequestPool {
  return {
    created: new Float64Array(0),
    clients: new Int32Array(0),
    lefts: new Int32Array(0),
    holders: new Int32Array(0),
    flags: new Uint8Array(0),
    nextFree: new Int32Array(0),
    free: -1,
  };
}

/** An empty pool. */
export function createAttemptPool(servers: number): AttemptPool {
  return {
    requests: new Int32Array(0),
    lefts: new Int32Array(0),
    branches: new Int32Array(0),
    lost: new Uint8Array(0),
    entered: new Float64Array(0),
    started: new Float64Array(0),
    workLeft: new Float64Array(0),
    joined: new Int32Array(0),
    nextFree: new Int32Array(0),
    free: -1,
    servers,
  };
}

/** Links new rows into the list of free ones, the lowest first. */
function linkFree(pool: RequestPool | AttemptPool, from: number): void {
  const { nextFree } = pool;
  for (let row = nextFree.length - 1; row >= from; row--) {
    nextFree[row] = pool.free;
    pool.free = row;
  }
}

function growRequests(pool: RequestPool): void {
  const rows = pool.created.length;
  const length = Math.max(FIRST_ROOM, 2 * rows);
  pool.created = longer(pool.created, length);
  pool.clients = longer(pool.clients, length);
  pool.lefts = longer(pool.lefts, length);
  pool.holders = longer(pool.holders, length);
  pool.flags = longer(pool.flags, length);
  pool.nextFree = longer(pool.nextFree, length);
  linkFree(pool, rows);
}

function growAttempts(pool: AttemptPool): void {
  const rows = pool.requests.length;
  const length = Math.max(FIRST_ROOM, 2 * rows);
  const visits = length * pool.servers;
  pool.requests = longer(pool.requests, length);
  pool.lefts = longer(pool.lefts, length);
  pool.branches = longer(pool.branches, length);
  pool.lost = longer(pool.lost, length);
  pool.entered = longer(pool.entered, visits);
  pool.started = longer(pool.started, visits);
  pool.workLeft = longer(pool.workLeft, visits);
  pool.joined = longer(pool.joined, visits);
  pool.nextFree = longer(pool.nextFree, length);
  linkFree(pool, rows);
}

/** A new request that nobody holds yet. */
export function takeRequest(
  pool: RequestPool,
  clock: Float64Array,
  client: number,
  left: number,
): number {
  if (pool.free < 0) growRequests(pool);
  const request = pool.free;
  pool.free = pool.nextFree[request];
  pool.created[request] = clock[0];
  pool.clients[request] = client;
  pool.lefts[request] = left;
  pool.holders[request] = 0;
  pool.flags[request] = 0;
  return request;
}

/** One holder fewer; the row is free when there is none. */
export function releaseRequest(pool: RequestPool, request: number): void {
  if (--pool.holders[request] > 0) return;
  pool.nextFree[request] = pool.free;
  pool.free = request;
}

/** A new attempt at a request, which it holds. */
export function takeAttempt(
  pool: AttemptPool,
  requests: RequestPool,
  request: number,
): number {
  if (pool.free < 0) growAttempts(pool);
  const attempt = pool.free;
  pool.free = pool.nextFree[attempt];
  pool.requests[attempt] = request;
  pool.lefts[attempt] = requests.lefts[request];
  pool.branches[attempt] = 0;
  pool.lost[attempt] = 0;
  requests.holders[request]++;
  return attempt;
}

/** An attempt is at one server fewer; its row is free when it is nowhere. */
export function leaveBranch(
  pool: AttemptPool,
  requests: RequestPool,
  attempt: number,
): void {
  if (--pool.branches[attempt] > 0) return;
  releaseRequest(requests, pool.requests[attempt]);
  const first = attempt * pool.servers;
  for (let i = 0; i < pool.servers; i++) pool.joined[first + i] = 0;
  pool.nextFree[attempt] = pool.free;
  pool.free = attempt;
}

const REQUEST_FIELDS = [
  "created",
  "clients",
  "lefts",
  "holders",
  "flags",
  "nextFree",
] as const;

const ATTEMPT_FIELDS = [
  "requests",
  "lefts",
  "branches",
  "lost",
  "entered",
  "started",
  "workLeft",
  "joined",
  "nextFree",
] as const;

/** A copy of a pool. */
export function savePool(pool: RequestPool | AttemptPool): State {
  const fields = "created" in pool ? REQUEST_FIELDS : ATTEMPT_FIELDS;
  const state: State = { free: pool.free };
  for (const name of fields) {
    state[name] = (pool as unknown as Record<string, Int32Array>)[name].slice();
  }
  return state;
}

/** Restores a pool. */
export function loadPool(pool: RequestPool | AttemptPool, state: State): void {
  const arrays = pool as unknown as Record<string, Int32Array>;
  const rows = savedArray(state, "nextFree", Int32Array).length;
  const fields = "created" in pool ? REQUEST_FIELDS : ATTEMPT_FIELDS;
  const servers = "servers" in pool ? pool.servers : 1;
  for (const name of fields) {
    const kind = arrays[name].constructor as new (length: number) => Int32Array;
    const perServer = ["entered", "started", "workLeft", "joined"]
      .includes(name);
    arrays[name] = savedArray(
      state,
      name,
      kind,
      perServer ? rows * servers : rows,
    ).slice();
  }
  pool.free = savedNumber(state, "free");
}
