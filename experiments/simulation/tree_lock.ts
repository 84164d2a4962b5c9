/**
 * One manager at a time runs a tree.
 *
 * @module
 */
import { fileError } from "../../core/file_errors.ts";

const LOCK = ".lock";

function describeHolder(path: string): string {
  try {
    const { pid, host } = JSON.parse(Deno.readTextFileSync(path));
    return `process ${pid} on ${host}`;
  } catch {
    return "another process";
  }
}

/**
 * Locks a tree. The system lets go of the lock when this process ends, however
 * it does.
 *
 * @param root The tree. Throws an error that says who has it, where that is
 * another process.
 * @param holder Who this is, for others.
 */
export function lockTree(
  root: string,
  holder: { pid: number; host: string },
): Disposable {
  const path = `${root}/${LOCK}`;
  let file: Deno.FsFile;
  try {
    file = Deno.openSync(path, { create: true, read: true, write: true });
  } catch (error) {
    throw fileError(error, path);
  }
  if (!file.tryLockSync(true)) {
    file.close();
    throw new Error(
      `Cannot run ${JSON.stringify(root)}: ${
        describeHolder(path)
      } is running it, wait for its end or stop it`,
    );
  }
  try {
    file.truncateSync();
    file.writeSync(new TextEncoder().encode(JSON.stringify(holder)));
  } catch {
    // A full disk has no room for the name; the lock holds all the same.
  }
  return { [Symbol.dispose]: () => file.close() };
}
