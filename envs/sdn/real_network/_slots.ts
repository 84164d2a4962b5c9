/**
 * Places for real networks on this machine: each has a folder, a prefix of
 * names and a lock, which the system drops when its owner ends, however it
 * does. So whatever is found in a place that is not locked was left over.
 *
 * @module
 */
import { runProgram } from "./_programs.ts";

/** Where the places are. */
const FOLDER = "/run/loadstar-sdn";
/** How many networks there may be at a time. */
const SLOT_COUNT = 4;
/** Where the system keeps the names of namespaces. */
const NAMESPACES = "/run/netns";
/** How long processes may take to end when they are asked to. */
const PATIENCE_MS = 2000;
const LOOK_MS = 20;

/** A place that is taken; disposing of it removes all that is in it. */
export interface Slot extends AsyncDisposable {
  /** Folder for databases, sockets and logs. */
  readonly folder: string;
  /** Name of the namespace of one host, or of the switches. */
  namespace(name: string): string;
  /**
   * Gives a namespace a second name, by which users know it.
   *
   * @returns Whether it was free.
   */
  alias(name: string): Promise<boolean>;
}

/** What was done about places that nobody owns any more. */
export interface Leftovers {
  /** Namespaces that were removed. */
  readonly namespaces: readonly string[];
  /** Processes that were ended. */
  readonly processes: readonly number[];
}

function prefixOf(slot: number): string {
  return `loadstar-${slot}-`;
}

function folderOf(slot: number): string {
  return `${FOLDER}/${slot}`;
}

async function namesIn(folder: string): Promise<Deno.DirEntry[]> {
  try {
    return await Array.fromAsync(Deno.readDir(folder));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

async function processesIn(namespaces: readonly string[]): Promise<number[]> {
  const lists = await Promise.all(
    namespaces.map((name) => runProgram(["ip", "netns", "pids", name])),
  );
  return lists.flatMap((list) => list.split("\n").filter(Boolean).map(Number));
}

async function signalAll(
  signal: string,
  processes: readonly number[],
): Promise<void> {
  // One that has just ended is no fault.
  const script = `for id; do kill -${signal} "$id" 2>/dev/null; done; :`;
  await runProgram(["sh", "-c", script, "sh", ...processes.map(String)]);
}

/** Ends the processes of namespaces, by force those that do not. */
async function endProcesses(namespaces: readonly string[]): Promise<number[]> {
  const processes = await processesIn(namespaces);
  if (processes.length === 0) return processes;
  await signalAll("TERM", processes);
  const end = performance.now() + PATIENCE_MS;
  let left = processes;
  while (performance.now() < end && left.length > 0) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    left = await processesIn(namespaces);
  }
  if (left.length > 0) await signalAll("KILL", left);
  return processes;
}

/** Removes all that belongs to a place. */
async function clean(slot: number): Promise<Leftovers> {
  const prefix = prefixOf(slot);
  const names = await namesIn(NAMESPACES);
  for (const { name, isSymlink } of names) {
    const path = `${NAMESPACES}/${name}`;
    if (isSymlink && (await Deno.readLink(path)).startsWith(prefix)) {
      await Deno.remove(path);
    }
  }
  const namespaces = names.filter(({ name, isSymlink }) =>
    !isSymlink && name.startsWith(prefix)
  ).map(({ name }) => name);
  const processes = await endProcesses(namespaces);
  if (namespaces.length > 0) {
    const input = namespaces.map((name) => `netns del ${name}\n`).join("");
    await runProgram(["ip", "-force", "-batch", "-"], { input });
  }
  for (const { name } of await namesIn(folderOf(slot))) {
    if (name !== "lock") {
      await Deno.remove(`${folderOf(slot)}/${name}`, { recursive: true });
    }
  }
  return { namespaces, processes };
}

async function tryLock(slot: number): Promise<Deno.FsFile | undefined> {
  await Deno.mkdir(folderOf(slot), { recursive: true, mode: 0o700 });
  const lock = await Deno.open(`${folderOf(slot)}/lock`, {
    create: true,
    write: true,
  });
  if (await lock.tryLock(true)) return lock;
  lock.close();
  return undefined;
}

function slotOf(slot: number, lock: Deno.FsFile): Slot {
  const prefix = prefixOf(slot);
  return {
    folder: folderOf(slot),
    namespace: (name) => prefix + name,
    async alias(name) {
      try {
        await Deno.symlink(prefix + name, `${NAMESPACES}/${name}`);
        return true;
      } catch (error) {
        if (error instanceof Deno.errors.AlreadyExists) return false;
        throw error;
      }
    },
    async [Symbol.asyncDispose]() {
      try {
        await clean(slot);
      } finally {
        lock.close();
      }
    },
  };
}

/**
 * Takes a place, and removes from all that nobody owns what killed runs have
 * left there. Throws `Error` where all are taken.
 *
 * @param onLeftovers Told what was removed.
 */
export async function takeSlot(
  onLeftovers: (found: Leftovers) => void = () => {},
): Promise<Slot> {
  let taken: Slot | undefined;
  for (let slot = 0; slot < SLOT_COUNT; slot++) {
    const lock = await tryLock(slot);
    if (lock === undefined) continue;
    const found = await clean(slot);
    if (found.namespaces.length > 0) onLeftovers(found);
    if (taken === undefined) taken = slotOf(slot, lock);
    else lock.close();
  }
  if (taken === undefined) {
    throw new Error(
      `Cannot build another real network: there are ${SLOT_COUNT}, expected fewer`,
    );
  }
  return taken;
}
