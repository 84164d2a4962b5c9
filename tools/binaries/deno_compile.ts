/**
 * Binaries by `deno compile`.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { MAIN } from "./bundle.ts";
import { permissionFlags } from "./permission_flags.ts";
import type { PermissionSet, Program } from "./programs.ts";
import type { Target } from "./targets.ts";

export type { PermissionSet, Program, Target };

/** What Deno says where the runtime part of programs cannot be had. */
const NO_RUNTIME = /Setting up base binary|Could not find denort/;

const SHARED_FLAGS = [
  "--quiet",
  "--no-check",
  "--no-config",
  "--no-lock",
  "--no-remote",
  "--no-npm",
  "--no-prompt",
];

/** Runs `deno compile`; what it said where it failed. */
async function compile(args: readonly string[]): Promise<string | undefined> {
  const { success, stderr } = await new Deno.Command("deno", {
    args: ["compile", ...SHARED_FLAGS, ...args],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  return success ? undefined : new TextDecoder().decode(stderr).trim();
}

/** The lines of an error, without what Deno says of its own code. */
function inOneLine(said: string): string {
  return said.replace(/^error: /, "").replace(/\n\s*Stack backtrace:[^]*/, "")
    .replace(/\s*\n\s*/g, " ").trim();
}

/** The first cause of an error that is below "Caused by". */
function causeOf(said: string): string {
  const causes = Array.from(
    said.matchAll(/^\s+\d+: (.+)$/gm),
    ([, text]) => text,
  );
  return causes.find((cause) => !cause.startsWith("Setting up")) ??
    inOneLine(said);
}

/**
 * Why `deno compile` cannot make programs for a target here: the part of Deno
 * that they run on is downloaded, which not every machine can do. Throws
 * `Error` where it fails for another reason.
 *
 * @param target The machine.
 * @returns `undefined` where it can.
 */
export async function lackingRuntime(
  target: Target,
): Promise<string | undefined> {
  const folder = await Deno.makeTempDir();
  try {
    const module = join(folder, "empty.js");
    await Deno.writeTextFile(module, "");
    const output = join(folder, "empty");
    const said = await compile([
      `--target=${target}`,
      `--output=${output}`,
      module,
    ]);
    if (said === undefined) return undefined;
    if (NO_RUNTIME.test(said)) return causeOf(said);
    throw new Error(`Cannot compile: ${inOneLine(said)}`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/**
 * The permissions of several programs in one: a program of `deno compile` has
 * one set.
 *
 * @param programs The programs, with those that they start.
 */
export function joinPermissions(programs: readonly Program[]): PermissionSet {
  const joined: Record<string, boolean | readonly string[]> = {};
  for (const { permissions } of programs) {
    for (const [kind, more] of Object.entries(permissions)) {
      const known = joined[kind] ?? false;
      joined[kind] = Array.isArray(known) && Array.isArray(more)
        ? [...new Set([...known, ...more])]
        : known === true || more === true
        ? true
        : known || more;
    }
  }
  return joined;
}

/**
 * Compiles a folder that `bundlePrograms` wrote.
 *
 * @param path The binary's file; on Windows Deno adds `.exe`.
 * @param folder The bundle.
 * @param options The programs in it, and the machine. Throws `Error` with what
 * Deno says where it fails.
 */
export async function compileBundle(
  path: string,
  folder: string,
  options: { programs: readonly Program[]; target: Target },
): Promise<void> {
  const { programs, target } = options;
  await Deno.mkdir(dirname(path), { recursive: true });
  // Neither the library's place within a binary nor the binary's own is known
  // before it runs.
  const places = { library: undefined, binary: undefined };
  const said = await compile([
    ...permissionFlags(joinPermissions(programs), places),
    `--target=${target}`,
    `--include=${folder}`,
    `--output=${path}`,
    join(folder, MAIN),
  ]);
  if (said !== undefined) throw new Error(`Cannot compile: ${inOneLine(said)}`);
}
