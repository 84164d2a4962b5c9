/**
 * A kernel that remembers what it was sent.
 *
 * @module
 */
import type { NotebookKernel } from "./kernel.ts";

/** One message. */
export interface SentMessage {
  /** Its type. */
  readonly type: string;
  /** Values by MIME type. */
  readonly data: Record<string, unknown>;
  /** What later messages update. */
  readonly display: string | undefined;
}

/** A kernel for tests. */
export interface MemoryKernel extends NotebookKernel {
  /** What it was sent, in order. */
  readonly sent: SentMessage[];
}

/** A kernel without a notebook. */
export function memoryKernel(): MemoryKernel {
  const sent: SentMessage[] = [];
  return {
    sent,
    broadcast(type, content) {
      const { data, transient } = content as {
        data: Record<string, unknown>;
        transient: { display_id?: string };
      };
      sent.push({ type, data, display: transient.display_id });
      return Promise.resolve();
    },
  };
}
