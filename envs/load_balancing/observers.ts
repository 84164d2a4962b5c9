/**
 * What the simulator tells while it runs.
 *
 * @module
 */

/**
 * How flows end: served; reset by a full server, or one that is down; lost
 * when their server went down; given up by their client; or refused by a
 * balancer that had no server to send them to.
 */
export const OUTCOMES = [
  "finished",
  "rejected",
  "lost",
  "timed out",
  "unrouted",
] as const;

/** Places of the {@linkcode OUTCOMES}. */
export const OUTCOME = {
  /** Served, and the client knows. */
  finished: 0,
  /** Reset by its server. */
  rejected: 1,
  /** Inside when its server went down. */
  lost: 2,
  /** Given up by its client. */
  timedOut: 3,
  /** Not sent anywhere. */
  unrouted: 4,
} as const;

/** A flow as observers see it. */
export interface FlowReport {
  /** Now, in seconds. */
  readonly time: number;
  /** Balancer, from 0. */
  readonly balancer: number;
  /** Server, from 0; -1 where none was chosen. */
  readonly server: number;
  /** Class of the flow, as its source has it. */
  readonly kind: number;
  /** When the client started it, in seconds. */
  readonly start: number;
  /**
   * Seconds since the balancer chose its server; for
   * {@linkcode Observers.onEnd} since the client started it.
   */
  readonly elapsed: number;
  /** Processor time that it needed, in seconds at speed 1. */
  readonly work: number;
  /** Disk time that it needed, in seconds at speed 1. */
  readonly ioWork: number;
  /** An index of {@linkcode OUTCOMES}; 0 while the flow is on. */
  readonly outcome: number;
}

/** Called with one flow; the report is written over for the next call. */
export type Observe = (report: FlowReport) => void;

/**
 * Callbacks, each optional. Those of balancers come first in time, those of
 * clients a hop later. They may set weights; they must not advance, save or
 * load the simulator that calls them.
 */
export interface Observers {
  /** A balancer sees a server answer a new flow: `elapsed` is that hop twice. */
  onEstablished?: Observe;
  /** A balancer looks at a flow that is on: `elapsed` so far. */
  onSample?: Observe;
  /** A balancer sees a flow finish: `elapsed` is its flow completion time. */
  onFinish?: Observe;
  /** A balancer sees a flow end in another way; `outcome` tells which. */
  onReject?: Observe;
  /** A client's flow has ended, in whatever way: `elapsed` as it felt it. */
  onEnd?: Observe;
}
