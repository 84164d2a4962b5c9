/**
 * Permissions of deno.json as flags of `deno run` and `deno compile`.
 *
 * @module
 */
import type { PermissionSet } from "./programs.ts";

/** What differs between a checkout and a binary. */
export interface Places {
  /** The native library; undefined where it has no path that is known. */
  readonly library: string | undefined;
  /** The binary, which starts itself in place of Deno; undefined as above. */
  readonly binary: string | undefined;
}

/** Names, and paths that are the same on every machine. */
const KNOWN_EVERYWHERE = /^(?:[\w.-]+|(?:unix:)?\/[\w./-]+)$/;

/**
 * The flags that grant a set of permissions, and nothing else.
 *
 * The checkout's library is the binary's own, Deno is the binary itself, and
 * `INIT_CWD` is left out: no task moves a binary to another folder. Where a
 * path is not known, the whole kind is granted. Throws `TypeError` for a
 * permission that a binary cannot have: another path of the checkout.
 *
 * @param set The permissions.
 * @param places Where library and binary are.
 */
export function permissionFlags(set: PermissionSet, places: Places): string[] {
  return Object.entries(set).flatMap(([kind, granted]) => {
    if (kind === "ffi") return grant(kind, [places.library]);
    if (granted === false) return [];
    if (granted === true) return [`--allow-${kind}`];
    return grant(
      kind,
      granted.flatMap((value) => valueOf(kind, value, places)),
    );
  });
}

function grant(kind: string, values: readonly (string | undefined)[]) {
  if (values.includes(undefined)) return [`--allow-${kind}`];
  return values.length === 0 ? [] : [`--allow-${kind}=${values.join(",")}`];
}

function valueOf(kind: string, value: string, { binary }: Places) {
  if (kind === "env" && value === "INIT_CWD") return [];
  if (kind === "run" && value === "deno") return [binary];
  if (!KNOWN_EVERYWHERE.test(value)) {
    throw new TypeError(
      `Cannot grant ${kind} ${
        JSON.stringify(value)
      } to a binary, expected a name or an absolute path: the repository is not in it`,
    );
  }
  return [value];
}
