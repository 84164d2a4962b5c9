/**
 * Episodes of several clients side by side, each with a memory of its own.
 *
 * @module
 */
import {
  copyAgent,
  createPredictor,
  type LoadedAgent,
  type Predictor,
} from "./prediction.ts";

export type { LoadedAgent, Predictor };

/** There are as many sessions as may be, all of them in use. */
export class SessionLimitError extends Error {
  /** Always `SessionLimitError`. */
  override name = "SessionLimitError";
}

/** Options of {@linkcode createSessions}. */
export interface SessionOptions {
  /** Most sessions at a time. Default 1000. */
  limit?: number;
  /** Sessions that were not used for so long may be forgotten, seconds. Default 600. */
  idleSeconds?: number;
  /** Now, in milliseconds. Default the clock. */
  now?: () => number;
}

/** Sessions by their names. */
export interface Sessions {
  /** How many there are. */
  readonly count: number;
  /**
   * The predictor of a session, which is begun where there is none of that
   * name.
   *
   * @param name Throws {@linkcode SessionLimitError} where there is no room.
   */
  of(name: string): Predictor;
  /** Ends a session; false where there is none. */
  end(name: string): boolean;
}

/**
 * No sessions yet.
 *
 * @param agent Copied for each.
 * @param options How many, and how long.
 */
export function createSessions(
  agent: LoadedAgent,
  options: SessionOptions = {},
): Sessions {
  const { limit = 1000, idleSeconds = 600, now = Date.now } = options;
  /** In the order of their last use. */
  const sessions = new Map<string, { predictor: Predictor; used: number }>();

  function makeRoom(): void {
    if (sessions.size < limit) return;
    const [oldest, { used }] = sessions.entries().next().value!;
    if (now() - used < idleSeconds * 1000) {
      throw new SessionLimitError(
        `Cannot begin a session: there are ${limit}, all used within ${idleSeconds} s; expected one to be ended first`,
      );
    }
    sessions.delete(oldest);
  }

  return {
    get count() {
      return sessions.size;
    },
    of(name) {
      let session = sessions.get(name);
      if (session === undefined) {
        makeRoom();
        session = { predictor: createPredictor(copyAgent(agent)), used: 0 };
      }
      session.used = now();
      sessions.delete(name);
      sessions.set(name, session);
      return session.predictor;
    },
    end: (name) => sessions.delete(name),
  };
}
