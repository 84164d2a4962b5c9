/**
 * The parts of a trainer that are saved and restored in one way: random
 * streams, memories, environments, buffers.
 *
 * @module
 */
import type { State, StateArray, StateValue } from "../core/state.ts";

/** What saves itself. */
export interface SavedPart {
  /** All of it; arrays are copies. */
  saveState(): StateValue;
  /** Goes on from a saved state. */
  loadState(state: StateValue): void;
}

/**
 * Parts by the names under which they are saved. An array is copied, and
 * written to when it is restored.
 *
 * @param parts None of them replaced later.
 * @returns They as one; `loadState` leaves alone what bears other names, and
 * throws `TypeError` for an array of another length.
 */
export function savedParts(
  parts: Readonly<Record<string, SavedPart | StateArray>>,
): { saveState(): State; loadState(state: StateValue): void } {
  const each = Object.entries(parts);
  return {
    saveState: () =>
      Object.fromEntries(
        each.map(([name, part]) => [
          name,
          ArrayBuffer.isView(part) ? part.slice() : part.saveState(),
        ]),
      ),
    loadState(state) {
      for (const [name, part] of each) {
        const saved = (state as State)[name];
        if (!ArrayBuffer.isView(part)) part.loadState(saved);
        else if ((saved as StateArray)?.length === part.length) {
          part.set(saved as never);
        } else {
          throw new TypeError(
            `Cannot restore "${name}" from ${
              (saved as StateArray)?.length ?? "no"
            } values, expected ${part.length}`,
          );
        }
      }
    },
  };
}
