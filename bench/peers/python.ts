/**
 * The peers' Python: a virtual environment beside this file.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";

/** The folder of the peers' scripts. */
export const PEERS_FOLDER: string = fromFileUrl(new URL(".", import.meta.url));

/** The virtual environment, which git ignores. */
export const PEERS_ENVIRONMENT: string = join(PEERS_FOLDER, ".venv");

/** Python with the peers installed, once `install.ts` has run. */
export const PEERS_PYTHON: string = join(PEERS_ENVIRONMENT, "bin", "python");

/** How a program runs. */
export interface ProgramOptions {
  /** Its arguments. */
  readonly args: readonly string[];
  /** Where. Default: this process's folder. */
  readonly cwd?: string;
  /** Ends it. */
  readonly signal?: AbortSignal;
}

/** What a program came to. */
export interface ProgramResult {
  /** Whether it ended with 0. */
  readonly success: boolean;
  /** What it wrote. */
  readonly stdout: string;
  /** What it complained about. */
  readonly stderr: string;
  /** From its start to its end. */
  readonly seconds: number;
}

/**
 * Runs a program to its end.
 *
 * @param program Its name or path. Throws `Deno.errors.NotFound` where there
 * is none.
 * @param options How.
 */
export async function runProgram(
  program: string,
  options: ProgramOptions,
): Promise<ProgramResult> {
  const begun = performance.now();
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args: [...options.args],
    cwd: options.cwd,
    signal: options.signal,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const seconds = (performance.now() - begun) / 1000;
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { success, stdout: decode(stdout), stderr: decode(stderr), seconds };
}

/**
 * The line of an error message that says most: the last one with text.
 *
 * @param text What a program wrote.
 */
export function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1)?.trim() ?? "";
}
