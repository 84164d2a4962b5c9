/**
 * One side of a control loop, run until it is told to stop.
 *
 * @module
 */

/** A controller or a data plane. */
export interface Side {
  /** Does what is due, and waits for nothing; whether it wrote a message. */
  step(): boolean;
  /** Time between two steps, in milliseconds. */
  readonly pauseMs: number;
}

/** How long a side runs. */
export interface RunSideOptions {
  /** Ends it. */
  signal: AbortSignal;
  /** Whether it has come to its end by itself. Default: it has none. */
  isOver?: () => boolean;
  /** Called after each step, with what it returned. */
  onStep?: (wrote: boolean) => void;
}

/**
 * Runs a side against the clock. A step that takes long delays the next one,
 * and none is made up for.
 *
 * @param side Stepped at once, and then after each pause.
 * @param options When it ends.
 */
export async function runSide(
  side: Side,
  options: RunSideOptions,
): Promise<void> {
  const { signal, isOver = () => false, onStep } = options;
  while (!signal.aborted) {
    const began = performance.now();
    const wrote = side.step();
    onStep?.(wrote);
    if (isOver()) return;
    const left = side.pauseMs - (performance.now() - began);
    // At least one turn of the event loop, or signals are never heard.
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, left)));
  }
}
