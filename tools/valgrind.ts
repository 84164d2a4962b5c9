/**
 * Runs the Rust tests under Valgrind, which sees accesses outside of memory,
 * values that were never set and memory that is lost:
 * `deno run -R -W --allow-run tools/valgrind.ts`.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";

/**
 * The programs that `cargo test --no-run` made, from its messages.
 *
 * @param output What it wrote with `--message-format=json`.
 */
export function testPrograms(output: string): string[] {
  return output.split("\n").filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line))
    .filter(({ profile, executable }) => profile?.test && executable)
    .map(({ executable }) => executable);
}

async function run(
  program: string,
  args: string[],
  stdout: "piped" | "inherit",
) {
  const { success, stdout: bytes } = await new Deno.Command(program, {
    args,
    stdout,
    stderr: "inherit",
  }).spawn().output().then((output) => ({
    success: output.success,
    stdout: stdout === "piped" ? output.stdout : new Uint8Array(),
  }));
  return { success, text: new TextDecoder().decode(bytes) };
}

/**
 * Runs all Rust tests whose name holds a text, under Valgrind.
 *
 * @param manifest The crate's Cargo.toml.
 * @param filter The text; empty for all tests.
 * @returns Whether every program passed without an error.
 */
export async function runUnderValgrind(
  manifest: string,
  filter: string,
): Promise<boolean> {
  const build = ["test", "--no-run", "--locked", "--message-format=json"];
  const built = await run(
    "cargo",
    [...build, `--manifest-path=${manifest}`],
    "piped",
  );
  if (!built.success) return false;
  for (const program of testPrograms(built.text)) {
    const { success } = await run("valgrind", [
      "--quiet",
      "--error-exitcode=9",
      "--leak-check=full",
      // The standard library keeps some memory until the end of the process.
      "--show-leak-kinds=definite",
      "--errors-for-leak-kinds=definite",
      program,
      "--test-threads=1",
      ...(filter === "" ? [] : [filter]),
    ], "inherit");
    if (!success) return false;
  }
  return true;
}

if (import.meta.main) {
  const manifest = fromFileUrl(new URL("../ffi/Cargo.toml", import.meta.url));
  if (!await runUnderValgrind(manifest, Deno.args[0] ?? "")) Deno.exit(1);
}
