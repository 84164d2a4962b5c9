/**
 * Writes the layout of shared memory in Rust, C and TypeScript from its
 * schema: `deno run --allow-read --allow-write
 * tools/write_shared_memory_layout.ts`.
 *
 * @module
 */
import { join } from "@std/path";
import { cLayout, typescriptLayout } from "./_shared_memory_c.ts";
import { rustLayout } from "./_shared_memory_rust.ts";
import { layOut, type Schema } from "./shared_memory_layout.ts";

/** Where the schema lies, from the repository's root. */
export const SCHEMA_PATH = "ffi/shared_memory_schema.json";

/**
 * The files that a schema makes, by their paths from the repository's root.
 *
 * @param schema The schema.
 */
export function layoutFiles(schema: Schema): Map<string, string> {
  const layout = layOut(schema);
  return new Map([
    ["ffi/src/shared_memory/layout.rs", rustLayout(layout)],
    ["ffi/include/loadstar_shared_memory.h", cLayout(layout)],
    ["ffi/shared_memory_layout.ts", typescriptLayout(layout)],
  ]);
}

if (import.meta.main) {
  const root = join(import.meta.dirname!, "..");
  const schema = JSON.parse(await Deno.readTextFile(join(root, SCHEMA_PATH)));
  for (const [path, text] of layoutFiles(schema)) {
    await Deno.writeTextFile(join(root, path), text);
    console.log(`wrote ${path}`);
  }
}
