/**
 * What a script would be given, for tests.
 *
 * @module
 */
import type { ScriptContext } from "../../core/script.ts";

/** A context, and what it would have shown. */
export function recordingContext(): {
  context: ScriptContext;
  shown: string[];
} {
  const shown: string[] = [];
  const shownLine = {
    message: () => {},
    finish: () => {},
    [Symbol.dispose]: () => {
      shown.push("finished");
    },
  };
  const context: ScriptContext = {
    signal: new AbortController().signal,
    note: (text) => shown.push(text),
    progress({ label, total, start }) {
      shown.push(`${label}: ${start} of ${total}`);
      return { ...shownLine, update: () => {} };
    },
    status: () => ({ ...shownLine, show: () => {} }),
    breathe: () => Promise.resolve(),
  };
  return { context, shown };
}
