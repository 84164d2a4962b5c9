/**
 * Waiting that can be cut short.
 *
 * @module
 */

/**
 * Waits, or less long where the signal is aborted.
 *
 * @param milliseconds How long.
 * @param signal Ends the wait.
 */
export function pause(
  milliseconds: number,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, signal.aborted ? 0 : milliseconds);
    signal.addEventListener("abort", finish);
  });
}
