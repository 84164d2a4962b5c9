/**
 * Running the system's programs.
 *
 * @module
 */

/** Options of {@linkcode runProgram}. */
export interface ProgramOptions {
  /** What it reads. */
  readonly input?: string;
  /** Variables of its environment, besides those of this process. */
  readonly env?: Record<string, string>;
}

const decoder = new TextDecoder();

function firstLine(text: string): string {
  return text.trim().split("\n")[0];
}

/**
 * Runs a program to its end and returns what it wrote. Throws `Error` with the
 * first line of its complaint where it fails.
 */
export async function runProgram(
  command: readonly string[],
  { input, env }: ProgramOptions = {},
): Promise<string> {
  const [program, ...args] = command;
  const child = new Deno.Command(program, {
    args,
    env,
    stdin: input === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = child.output();
  if (input !== undefined) {
    const writer = child.stdin.getWriter();
    // A program that fails at once does not read it.
    await writer.write(new TextEncoder().encode(input)).catch(() => {});
    await writer.close().catch(() => {});
  }
  const { success, code, stdout, stderr } = await output;
  if (!success) {
    const shown = command.join(" ");
    throw new Error(
      `Cannot run "${
        shown.length > 80 ? `${shown.slice(0, 80)}...` : shown
      }": ${firstLine(decoder.decode(stderr)) || `it ended with ${code}`}`,
    );
  }
  return decoder.decode(stdout);
}
