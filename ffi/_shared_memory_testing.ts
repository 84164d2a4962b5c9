/**
 * What tests and benchmarks of shared memory need: names of their own, and a
 * process on the other side.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { nativeLibrary } from "./library.ts";
import type { MsgIn, MsgOut } from "./shared_memory_messages.ts";

/** Where POSIX shared memory lies on Linux. */
export const SHARED_MEMORY_FOLDER = "/dev/shm";

/** Why tests cannot run here, for the end of their names. */
export function skipReason(): string {
  if (Deno.build.os !== "linux") return " [skipped: not Linux]";
  return nativeLibrary() === undefined ? " [skipped: no native library]" : "";
}

let count = 0;

/** Calls a function with a name that nobody has, and unlinks it afterwards. */
export async function withName<T>(
  body: (name: string) => T | Promise<T>,
): Promise<T> {
  const name = `loadstar_test_${Deno.pid}_${count++}`;
  try {
    return await body(name);
  } finally {
    await Deno.remove(`${SHARED_MEMORY_FOLDER}/${name}`).catch(() => {});
  }
}

/** Statistics of which each value follows from one number. */
export function statisticsOf(number: number, servers: number) {
  return Float32Array.from({ length: 11 * servers }, (_, i) => number + i);
}

/** Whether values follow from one number: `statisticsOf`, or peer.c's. */
export function isWhole(values: Float32Array): boolean {
  const first = values[0];
  for (let i = 1; i < values.length; i++) {
    if (values[i] !== first + i) return false;
  }
  return true;
}

/** Whether msg_out of `statisticsOf` or peer.c is of one piece. */
export function isWholeMsgOut(message: MsgOut): boolean {
  return message.statistics.length === 11 * message.servers &&
    isWhole(message.statistics);
}

/** Whether msg_in of peer.c is of one piece. */
export function isWholeMsgIn(message: MsgIn): boolean {
  return message.weights.length === message.servers &&
    isWhole(message.weights) &&
    message.odds.every((odds) => odds === message.odds[0]) &&
    message.aliases.every((alias, i) =>
      alias === (message.aliases[0] + i) % message.servers
    );
}

/** A compiled program of `tests/peer.c`. */
export interface Peer {
  /** The program. */
  readonly path: string;
  /** Removes it. */
  remove(): void;
}

/**
 * Compiles the other side with the system's C compiler.
 *
 * @returns `undefined` where there is none.
 */
export async function compilePeer(): Promise<Peer | undefined> {
  const folder = await Deno.makeTempDir();
  const remove = () => Deno.removeSync(folder, { recursive: true });
  const path = `${folder}/peer`;
  const here = (name: string) => fromFileUrl(new URL(name, import.meta.url));
  try {
    const { success, stderr } = await new Deno.Command("cc", {
      args: ["-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-pedantic"]
        .concat("-I", here("include"), here("tests/peer.c"), "-o", path),
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
  } catch (error) {
    remove();
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  await Deno.chmod(folder, 0o755);
  return { path, remove };
}

/** A process that has written its first line. */
export interface Started {
  /** The process. */
  readonly child: Deno.ChildProcess;
  /** The line. */
  readonly line: string;
  /** Kills it as `kill -9` does, and waits for its end. */
  kill(): Promise<void>;
}

/** Starts a program and waits for the first that it writes. */
export async function startProgram(
  program: string,
  args: readonly string[],
  env?: Record<string, string>,
): Promise<Started> {
  const child = new Deno.Command(program, {
    args: [...args],
    env,
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  if (value === undefined) {
    throw new Error(`${program} ended without a line, expected one`);
  }
  // Nothing more is read, and nobody may wait for that.
  const cancelled = reader.cancel();
  return {
    child,
    line: new TextDecoder().decode(value).split("\n", 1)[0],
    async kill() {
      await cancelled;
      child.kill("SIGKILL");
      await child.status;
    },
  };
}

/** Starts a module of TypeScript, from its text, in a process of its own. */
export function startModule(
  text: string,
  args: readonly string[] = ["-A"],
  env?: Record<string, string>,
): Promise<Started> {
  const source = text.replaceAll(
    "shared_memory.ts",
    new URL("./shared_memory.ts", import.meta.url).href,
  );
  const url = `data:application/typescript,${encodeURIComponent(source)}`;
  const config = fromFileUrl(new URL("../deno.json", import.meta.url));
  return startProgram(
    Deno.execPath(),
    ["run", "--quiet", `--config=${config}`, ...args, url],
    env,
  );
}
