/**
 * Which Deno is wanted. This file imports nothing, so that an older Deno can
 * still say so.
 *
 * @module
 */

/** The oldest Deno that Loadstar runs on: major and minor. */
export const OLDEST_DENO: readonly [number, number] = [2, 9];

/**
 * Throws a one-line error where Deno is too old.
 *
 * @param version Default: this Deno's.
 */
export function checkDenoVersion(version: string = Deno.version.deno): void {
  const [major, minor] = version.split(".").map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_DENO;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) {
    return;
  }
  throw new Error(
    `Cannot run on Deno ${version}: expected ${
      OLDEST_DENO.join(".")
    } or later, by "deno upgrade", or with "npx -y deno@2.9.6" in place of "deno"`,
  );
}
