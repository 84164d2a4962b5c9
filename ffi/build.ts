/**
 * Builds the native library where it is older than its sources:
 * `deno task build:native`. With `--optional`, as trainings call it, a build
 * that fails is no failure: they go on without the library.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import { builtLibraryPath } from "./library.ts";

/** What a build came to. */
export type BuildResult = "fresh" | "built" | "failed" | "no cargo";

async function modified(path: string): Promise<number> {
  try {
    return (await Deno.stat(path)).mtime?.getTime() ?? 0;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

/**
 * When the newest file below a folder, or the file itself, was last changed.
 *
 * @param path A folder or a file; 0 where there is none.
 * @returns Milliseconds since 1970.
 */
export async function newestChange(path: string): Promise<number> {
  // A folder's own time tells of files that were removed or renamed.
  let newest = await modified(path);
  if (newest === 0 || (await Deno.stat(path)).isFile) return newest;
  for await (const { name } of Deno.readDir(path)) {
    newest = Math.max(newest, await newestChange(join(path, name)));
  }
  return newest;
}

/**
 * Runs cargo where the library is missing or older than its sources.
 *
 * @param crate The crate's folder.
 * @param options The library that is to be made, and cargo's name.
 */
export async function buildLibrary(
  crate: string,
  options: { library?: string; cargo?: string } = {},
): Promise<BuildResult> {
  const { library = builtLibraryPath(), cargo = "cargo" } = options;
  const changes = await Promise.all(
    ["src", "Cargo.toml", "Cargo.lock"].map((name) =>
      newestChange(join(crate, name))
    ),
  );
  if (await modified(library) >= Math.max(...changes)) return "fresh";
  const args = ["build", "--release", "--locked", "--quiet"];
  try {
    const { success } = await new Deno.Command(cargo, {
      args: [
        ...args,
        "--manifest-path",
        join(crate, "Cargo.toml"),
        "--target-dir",
        join(crate, "target"),
      ],
      stdin: "null",
      stdout: "inherit",
      stderr: "inherit",
    }).output();
    if (!success) return "failed";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "no cargo";
    throw error;
  }
  // Cargo leaves the library alone where a change was in tests only.
  const now = new Date();
  await Deno.utime(library, now, now);
  return "built";
}

if (import.meta.main) {
  const result = await buildLibrary(fromFileUrl(new URL(".", import.meta.url)));
  if (result === "no cargo") {
    console.error(
      "Going on without the native library: no cargo here to build it with (https://rustup.rs)",
    );
  }
  if (result === "failed" && Deno.args.includes("--optional")) {
    console.error(
      "Going on without the native library: cargo's message is above",
    );
  } else if (result === "failed") {
    console.error("Cannot build the native library: cargo's message is above");
    Deno.exitCode = 1;
  }
}
