/**
 * Deno's Jupyter kernel, as far as cells use it.
 *
 * @module
 */

/** What a cell can send to the notebook that it stands in. */
export interface NotebookKernel {
  /**
   * Sends a message of Jupyter's protocol, such as `display_data`.
   *
   * @param type The message's type.
   * @param content Its content.
   */
  broadcast(type: string, content: Record<string, unknown>): Promise<void>;
}

/** The kernel that this code runs in; undefined outside of a notebook. */
export function notebookKernel(): NotebookKernel | undefined {
  try {
    return (Deno as unknown as { jupyter?: NotebookKernel }).jupyter;
  } catch {
    // Outside of a notebook the property throws.
    return undefined;
  }
}

/**
 * Deno 2.9's kernel may say that a cell has ended before its last messages are
 * out, and notebooks drop what comes after: with the value of a cell's last
 * line that happens every second time where the cell has waited for anything.
 * Cells therefore send what they show, and wait a little afterwards.
 */
const SETTLING_MS = 80;

/** Waits until what was sent has arrived before the cell ends. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, SETTLING_MS));
}
