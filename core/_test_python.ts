/**
 * Python, where tests find it, for files that its libraries are to read.
 *
 * @module
 */

/** A Python that has some modules. */
export interface FoundPython {
  /**
   * Runs code, and returns what it prints.
   *
   * @param code The program. Throws with what it wrote where it fails.
   * @param args Its arguments.
   */
  run(code: string, ...args: string[]): Promise<string>;
}

/**
 * The Python that LOADSTAR_PYTHON names, or the first in PATH, if it has the
 * modules. (npx puts the folder of Node first, and with it the system's.)
 *
 * @param modules Names to import.
 */
export async function findPython(
  ...modules: string[]
): Promise<FoundPython | undefined> {
  const program = Deno.env.get("LOADSTAR_PYTHON") || "python3";
  const run = async (code: string, ...args: string[]) => {
    const { success, stdout, stderr } = await new Deno.Command(program, {
      args: ["-c", code, ...args],
      stdout: "piped",
      stderr: "piped",
    }).output();
    const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    if (!success) throw new Error(decode(stderr));
    return decode(stdout);
  };
  // Looked up, not imported: importing may take seconds.
  const check =
    "import importlib.util, sys; sys.exit(not all(map(importlib.util.find_spec, sys.argv[1:])))";
  try {
    await run(check, ...modules);
    return { run };
  } catch {
    return undefined;
  }
}
