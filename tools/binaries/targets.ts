/**
 * The machines that binaries can be made for.
 *
 * @module
 */
import { join } from "@std/path";
import { isFile } from "../../core/is_file.ts";
import { builtLibraryPath } from "../../ffi/library.ts";

/** What `deno compile` can make programs for. */
export const TARGETS = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
  "x86_64-pc-windows-msvc",
  "aarch64-pc-windows-msvc",
] as const;

/** A machine, as Rust and Deno call it. */
export type Target = typeof TARGETS[number];

function libraryName(target: Target): string {
  if (target.includes("windows")) return "loadstar_ffi.dll";
  const suffix = target.includes("apple") ? "dylib" : "so";
  return `libloadstar_ffi.${suffix}`;
}

/**
 * The native library for a target: the one of this machine, or the one that
 * cargo made for another.
 *
 * @param target The machine.
 * @param root The repository's root.
 * @returns `undefined` where this machine has none. Throws `Error` where
 * another has none, and says how it is made.
 */
export async function libraryFor(
  target: Target,
  root: string,
): Promise<string | undefined> {
  if (target === Deno.build.target) {
    const path = builtLibraryPath();
    return await isFile(path) ? path : undefined;
  }
  const path = join(root, "ffi/target", target, "release", libraryName(target));
  if (await isFile(path)) return path;
  throw new Error(
    `Cannot compile for ${target} without its native library, expected it at ${path}: run "cargo build --release --locked --manifest-path ffi/Cargo.toml --target-dir ffi/target --target ${target}"`,
  );
}
