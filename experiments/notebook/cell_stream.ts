/**
 * A cell of a notebook as a terminal: what is written over is written over.
 *
 * @module
 */
import type { ConsoleStream } from "../../core/console_stream.ts";
import { type NotebookKernel, settle } from "./kernel.ts";

export type { ConsoleStream, NotebookKernel };

/** A stream into a cell's output. */
export interface CellStream extends ConsoleStream {
  /** Waits until everything written is shown. */
  flush(): Promise<void>;
}

const COLUMNS = 100;
const ERASE_TO_END = "\x1b[K";

/**
 * One output of the cell that is running, updated in place: a carriage return
 * goes back to the line's beginning, as progress bars do. Nothing is shown
 * before the first text.
 *
 * @param kernel Where messages go.
 */
export function cellStream(kernel: NotebookKernel): CellStream {
  // Not a count: outputs of an earlier kernel are still in the notebook.
  const display_id = `loadstar-${crypto.randomUUID()}`;
  const lines = [""];
  let isShown = false;
  let isStale = false;
  let sending: Promise<void> | undefined;

  function take(text: string): void {
    for (const part of text.replaceAll(ERASE_TO_END, "").split(/([\r\n])/)) {
      if (part === "\n") lines.push("");
      else if (part === "\r") lines[lines.length - 1] = "";
      else lines[lines.length - 1] += part;
    }
  }

  /** Sends the newest text until there is no newer one. */
  async function send(): Promise<void> {
    while (isStale) {
      isStale = false;
      const type = isShown ? "update_display_data" : "display_data";
      isShown = true;
      await kernel.broadcast(type, {
        data: { "text/plain": lines.join("\n").trimEnd() },
        metadata: {},
        transient: { display_id },
      });
    }
    sending = undefined;
  }

  return {
    isTerminal: true,
    color: false,
    columns: () => COLUMNS,
    write(text) {
      take(text);
      isStale = true;
      sending ??= send();
      return true;
    },
    async flush() {
      await sending;
      if (isShown) await settle();
    },
  };
}
