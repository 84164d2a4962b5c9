/**
 * Paths that a user gives.
 *
 * @module
 */
import { resolve } from "@std/path";

/** INIT_CWD, or nothing where it is not set or may not be read. */
function initialFolder(): string | undefined {
  try {
    return Deno.env.get("INIT_CWD") || undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
}

/**
 * The absolute path that a user means: relative paths count from the folder
 * where the command was typed, which `deno task` leaves in INIT_CWD before it
 * moves to the project's folder, else from the current folder.
 *
 * @param path What the user gave, not empty. Throws `RangeError` otherwise.
 */
export function userPath(path: string): string {
  if (path === "") {
    throw new RangeError(
      'Cannot use the path "", expected the name of a file or folder',
    );
  }
  return resolve(initialFolder() ?? Deno.cwd(), path);
}
