/**
 * What a simulator writes down: a row for each completion of a service.
 *
 * @module
 */

/** Rows of a block. */
export const BLOCK_ROWS = 4096;

/** Rows as columns, each of {@linkcode BLOCK_ROWS} places. */
export interface RowBlock {
  /** How many rows there are. */
  size: number;
  /** Server of each, from 0. */
  readonly server: Int32Array;
  /** When the service was completed. */
  readonly timestamp: Float64Array;
  /** Time since the request was first made. */
  readonly latency: Float64Array;
  /** Jobs waiting after the departure, before the next is taken. */
  readonly queueLength: Float64Array;
  /**
   * Requests that are being retried: made again, not answered and not given
   * up. As `orbit`, jobs in the orbit. As `reference`, the original's counter:
   * retries begun minus completions of retried jobs, which drifts upward.
   */
  readonly retries: Float64Array;
  /** Attempts lost so far, for whatever reason. */
  readonly dropped: Float64Array;
  /** Retries that the request had left when this attempt was made. */
  readonly retriesLeft: Float64Array;
  /** Time in service. */
  readonly serviceTime: Float64Array;
}

/** Where rows go: called with a full block, whose rows are then forgotten. */
export type RowSink = (block: RowBlock) => void;

/** A block without rows. */
export function createRowBlock(): RowBlock {
  const column = () => new Float64Array(BLOCK_ROWS);
  return {
    size: 0,
    server: new Int32Array(BLOCK_ROWS),
    timestamp: column(),
    latency: column(),
    queueLength: column(),
    retries: column(),
    dropped: column(),
    retriesLeft: column(),
    serviceTime: column(),
  };
}
