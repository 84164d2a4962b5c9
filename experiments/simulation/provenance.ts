/**
 * What a run was made with: versions, machine and the state of the sources.
 *
 * @module
 */
import { LOADSTAR_VERSION } from "../../core/version.ts";

/** The state of a git repository. */
export interface GitState {
  /** The commit. */
  readonly commit: string;
  /** Whether files differed from it, or were not known to it. */
  readonly dirty: boolean;
}

/** What a run was made with. */
export interface Provenance {
  /** Version of Loadstar. */
  readonly loadstar: string;
  /** Version of Deno. */
  readonly deno: string;
  /** Version of the JavaScript engine. */
  readonly v8: string;
  /** Version of TypeScript. */
  readonly typescript: string;
  /** System and processor, such as `linux x86_64`. */
  readonly platform: string;
  /** The working folder's repository; null where there is none. */
  readonly git: GitState | null;
}

async function git(
  folder: string,
  args: readonly string[],
): Promise<string | undefined> {
  try {
    const { success, stdout } = await new Deno.Command("git", {
      args: ["-C", folder, ...args],
      stdin: "null",
      stderr: "null",
    }).output();
    return success ? new TextDecoder().decode(stdout).trim() : undefined;
  } catch (error) {
    const { NotFound, NotCapable } = Deno.errors;
    if (error instanceof NotFound || error instanceof NotCapable) {
      return undefined;
    }
    throw error;
  }
}

async function gitState(folder: string): Promise<GitState | null> {
  const commit = await git(folder, ["rev-parse", "HEAD"]);
  if (!commit) return null;
  return { commit, dirty: await git(folder, ["status", "--porcelain"]) !== "" };
}

/**
 * What a run that begins now is made with.
 *
 * @param folder Where the user's sources are. Default: the working folder.
 */
export async function provenanceNow(
  folder: string = Deno.cwd(),
): Promise<Provenance> {
  return {
    loadstar: LOADSTAR_VERSION,
    ...Deno.version,
    platform: `${Deno.build.os} ${Deno.build.arch}`,
    git: await gitState(folder),
  };
}
