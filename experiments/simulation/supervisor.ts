/**
 * Who looks after runs, and the heartbeat that tells others so.
 *
 * @module
 */
import { ownIdentity } from "./process_identity.ts";
import type { SupervisorReference } from "./run_status.ts";

export type { SupervisorReference } from "./run_status.ts";

/** The folder of heartbeats within a tree. */
export const SUPERVISORS_FOLDER = ".supervisors";

/** Milliseconds between two heartbeats. */
export const HEARTBEAT_MS = 2000;

/** A heartbeat older than this is old, in milliseconds. */
export const OLD_HEARTBEAT_MS = 6000;

/** A process that looks after runs. */
export interface Supervisor {
  /** How statuses name it. */
  readonly reference: SupervisorReference;
  /** The tree of its runs. */
  readonly root: string;
  /** Ends the heartbeat, as no run is left to look after. */
  close(): void;
}

function heartbeatPath(root: string, id: string): string {
  return `${root}/${SUPERVISORS_FOLDER}/${id}`;
}

/**
 * Makes this process a supervisor of runs in a tree: until it is closed, the
 * time of a file says that it is alive.
 *
 * @param root The tree. Throws a one-line error where it cannot be written to.
 */
export async function openSupervisor(root: string): Promise<Supervisor> {
  const identity = await ownIdentity();
  const id = crypto.randomUUID();
  const path = heartbeatPath(root, id);
  Deno.mkdirSync(`${root}/${SUPERVISORS_FOLDER}`, { recursive: true });
  Deno.writeTextFileSync(path, `${JSON.stringify(identity)}\n`);
  const beat = () => {
    const now = new Date();
    try {
      // Only the time changes, for which a full disk has room.
      Deno.utimeSync(path, now, now);
    } catch {
      // Without it the run merely looks unattended.
    }
  };
  const timer = setInterval(beat, HEARTBEAT_MS);
  return {
    reference: { id, ...identity },
    root,
    close() {
      clearInterval(timer);
      try {
        Deno.removeSync(path);
      } catch {
        // The tree may be gone already.
      }
    },
  };
}

/**
 * Milliseconds between now and a supervisor's last heartbeat, whichever is
 * later as clocks may have been set; infinite where there is none.
 *
 * @param root The tree.
 * @param id The supervisor's name.
 */
export function heartbeatAge(root: string, id: string): number {
  try {
    const { mtime } = Deno.statSync(heartbeatPath(root, id));
    return Math.abs(Date.now() - (mtime?.getTime() ?? Infinity));
  } catch {
    return Infinity;
  }
}
