/**
 * The error for what cannot be compiled.
 *
 * @module
 */

/** A kernel, or a use of it, that cannot be compiled. */
export class NotCovered extends Error {
  /** Its class's name. */
  override readonly name: string = "NotCovered";
}
