/**
 * Whether the classes and loops of simulations can be found, asked of a process
 * such as the runs will have.
 *
 * @module
 */
import type { PartReference } from "./parts.ts";
import { loadPart } from "./references.ts";

/** The flag that turns a run's process into a check. */
export const CHECK_FLAG = "--check";

const TIME_LIMIT_MS = 60_000;

/**
 * Loads every part named on standard input, as a JSON list of references.
 *
 * @returns The exit code; the reason is on standard error.
 */
export async function answerCheck(): Promise<number> {
  try {
    const text = await new Response(Deno.stdin.readable).text();
    for (const reference of JSON.parse(text) as PartReference[]) {
      await loadPart(reference);
    }
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

/**
 * Throws a `TypeError` where a class or loop cannot be found, before any run is
 * begun.
 *
 * @param references The parts.
 * @param command The program that does a run.
 */
export async function checkParts(
  references: readonly PartReference[],
  command: readonly string[],
): Promise<void> {
  const distinct = new Map(
    references.map((each) => [JSON.stringify(each), each]),
  );
  // Like the runs, by a shell: one permission is enough for any program.
  const child = new Deno.Command("sh", {
    args: ["-c", 'exec "$@"', "sh", ...command, CHECK_FLAG],
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
    signal: AbortSignal.timeout(TIME_LIMIT_MS),
  }).spawn();
  const input = new Blob([JSON.stringify([...distinct.values()])]);
  // A program that ends before it has read is told of by its exit code.
  const written = input.stream().pipeTo(child.stdin).catch(() => {});
  const { success, signal, stderr } = await child.output();
  await written;
  if (success) return;
  const said = new TextDecoder().decode(stderr).trim();
  throw new TypeError(
    said !== ""
      ? said
      : signal !== null
      ? `Cannot load the simulations' classes: that took more than ${
        TIME_LIMIT_MS / 1000
      } s`
      : `Cannot load the simulations' classes by ${JSON.stringify(command[0])}`,
  );
}
