/**
 * Compiled training steps: plans that the native library runs.
 *
 * @module
 */
import { type NativeLibrary, unwrap } from "./library.ts";

interface OpenPlan {
  library: NativeLibrary;
  handle: number;
}

/** Ends what was forgotten. */
const forgotten = new FinalizationRegistry<OpenPlan>(
  ({ library, handle }) => void library.planDrop(handle),
);

/** Not a handle: those are above it. */
const CLOSED = 0;

/**
 * A plan in the native library: instructions over an arena of 4-byte words,
 * which `ffi/src/plan/` describes. It has no memory of its own but scratch, so
 * one plan may run over several arenas.
 *
 * @example A plan without instructions
 * ```ts ignore
 * using plan = new NativePlan(
 *   requireLibrary("run a plan"),
 *   Uint32Array.of(PLAN_MAGIC, PLAN_VERSION, 16, 0),
 * );
 * plan.run(new Uint32Array(16));
 * ```
 */
export class NativePlan {
  readonly #library: NativeLibrary;
  #handle: number;

  /**
   * Checks the words and makes a plan of them.
   *
   * @param library The opened library.
   * @param words The plan. Throws `TypeError` where they are none, or one
   * that touches what lies outside of its arena, `RangeError` where too many
   * plans are open.
   */
  constructor(library: NativeLibrary, words: Uint32Array<ArrayBuffer>) {
    this.#library = library;
    this.#handle = unwrap(library.planCreate(words), "make a plan");
    forgotten.register(this, { library, handle: this.#handle }, this);
  }

  /**
   * Runs the plan.
   *
   * @param arena As many words as the plan says. Throws `TypeError` for
   * another length or a closed plan, `RangeError` where an index to be gathered
   * lies outside of its axis; the arena's contents are then unspecified.
   */
  run(arena: Uint32Array<ArrayBuffer>): void {
    unwrap(this.#library.planRun(this.#handle, arena), "run a plan");
  }

  /**
   * Runs the plan and looks at all floats that it stores, which takes longer.
   *
   * @param arena As for {@linkcode NativePlan.run}, which throws the same.
   * @returns The index of the first instruction that stored NaN or an
   * infinity, `undefined` where none did.
   */
  runChecked(arena: Uint32Array<ArrayBuffer>): number | undefined {
    const result = unwrap(
      this.#library.planRunChecked(this.#handle, arena),
      "run a plan",
    );
    return result === 0 ? undefined : result - 1;
  }

  /** Ends the plan; nothing happens where that is done. */
  close(): void {
    const handle = this.#handle;
    if (handle === CLOSED) return;
    this.#handle = CLOSED;
    forgotten.unregister(this);
    unwrap(this.#library.planDrop(handle), "end a plan");
  }

  /** Ends the plan. */
  [Symbol.dispose](): void {
    this.close();
  }
}
