/**
 * JSON files.
 *
 * @module
 */
import { readWholeFile, writeFileAtomically } from "./atomic_file.ts";
import type { AtomicFileOptions } from "./atomic_file.ts";

export type { AtomicFileOptions } from "./atomic_file.ts";

function jsonText(path: string, value: unknown): string {
  const label = JSON.stringify(path);
  let text: string | undefined;
  try {
    text = JSON.stringify(value, null, 2);
  } catch (cause) {
    const reason = cause instanceof Error
      ? cause.message.split("\n", 1)[0]
      : cause;
    throw new TypeError(`Cannot write ${label} as JSON: ${reason}`, { cause });
  }
  if (text === undefined) {
    throw new TypeError(
      `Cannot write ${label} as JSON: the value is ${typeof value}, expected one that JSON knows`,
    );
  }
  return `${text}\n`;
}

/**
 * Writes a value as JSON with an indent of 2 and a final line feed,
 * atomically. As JSON has no NaN and no infinities, null stands for them;
 * properties that are undefined are left out.
 *
 * @param path The file's place; folders on the way are made. Throws a one-line
 * error that names it when it cannot be written.
 * @param value What is written. Throws `TypeError` for big integers, functions,
 * undefined, and what contains itself.
 * @param options Whether the file is flushed to disk.
 */
export async function writeJsonFile(
  path: string,
  value: unknown,
  options: AtomicFileOptions = {},
): Promise<void> {
  await writeFileAtomically(path, jsonText(path, value), options);
}

/**
 * Reads a JSON file.
 *
 * @param path The file's place. Throws a one-line error that names it when it
 * cannot be read, and `SyntaxError` when it is not JSON in UTF-8.
 */
export async function readJsonFile(path: string): Promise<unknown> {
  const bytes = await readWholeFile(path);
  const label = JSON.stringify(path);
  if (bytes.length === 0) {
    throw new SyntaxError(`Cannot read ${label} as JSON: it is empty`);
  }
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    const reason = cause instanceof SyntaxError
      // The engine quotes the text, line feeds included.
      ? cause.message.replaceAll(/\s+/g, " ")
      : "it is not UTF-8";
    throw new SyntaxError(`Cannot read ${label} as JSON: ${reason}`, { cause });
  }
}
