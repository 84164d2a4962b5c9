/**
 * Trace files for the tests, in a folder that is removed afterwards.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { type LoadTrace, readTrace, type ReadTraceOptions } from "./traces.ts";

/** What a test file holds. */
export type Content = string | Uint8Array<ArrayBuffer>;

/** Writes files, calls `use` with their folder, and removes them. */
export async function withFiles<T>(
  files: Readonly<Record<string, Content>>,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, content] of Object.entries(files)) {
      const path = join(folder, name);
      if (typeof content === "string") await Deno.writeTextFile(path, content);
      else await Deno.writeFile(path, content);
    }
    return await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Reads one file with the given content. */
export function readContent(
  content: Content,
  options?: ReadTraceOptions,
): Promise<LoadTrace> {
  return withFiles(
    { "some.trace": content },
    (folder) => readTrace(join(folder, "some.trace"), options),
  );
}

/**
 * Checks that reading fails with one line that begins with the file's name and
 * goes on with `expected`.
 */
export async function assertRefused(
  content: Content,
  expected: string,
  options?: ReadTraceOptions,
): Promise<void> {
  const error = await readContent(content, options).then(
    (trace) => new Error(`nothing refused, read ${trace.requests.length}`),
    (reason: Error) => reason,
  );
  assert(/^[^\n]*[^.\n]$/.test(error.message), error.message);
  assertEquals(
    error.message.replace(/^Cannot read trace ".*some.trace"(, |: )/, ""),
    expected,
  );
}

/** The bytes of one WorldCup98 record at each time. */
export function worldCupRecords(
  seconds: readonly number[],
): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(20 * seconds.length));
  seconds.forEach((time, i) => {
    view.setUint32(20 * i, time);
    view.setUint32(20 * i + 4, 4000 + i); // client
    view.setUint32(20 * i + 8, 7); // object
    view.setUint32(20 * i + 12, 899_280_000); // size, which looks like a time
    view.setUint32(20 * i + 16, 0x00020123); // method, status, type, server
  });
  return new Uint8Array(view.buffer);
}

/** The header of an Azure Functions 2019 file. */
export const AZURE_HEADER: string = [
  "HashOwner",
  "HashApp",
  "HashFunction",
  "Trigger",
  ...Array.from({ length: 1440 }, (_, i) => i + 1),
].join(",");

/** A row of an Azure Functions 2019 file; `count` gives each minute's. */
export function azureRow(
  name: { app?: string; function?: string },
  count: (minute: number) => number | string,
): string {
  return [
    "owner",
    name.app ?? "app",
    name.function ?? "function",
    "http",
    ...Array.from({ length: 1440 }, (_, i) => count(i + 1)),
  ].join(",");
}

/** The bytes, packed with gzip. */
export async function gzip(content: Content): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([content]).stream().pipeThrough(
    new CompressionStream("gzip"),
  );
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
