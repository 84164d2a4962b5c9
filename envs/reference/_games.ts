/**
 * Games of several players whose moves are all made at once.
 *
 * @module
 */
import { box, discrete } from "../../core/spaces.ts";
import type { State } from "../../core/state.ts";
import { savedNumber } from "../_saved.ts";
import type {
  MultiAgentEnvironment,
  MultiAgentResetResult,
} from "../multi_agent.ts";

/** What the players' moves lead to. */
export interface GameOutcome {
  /** Number of the state that follows; undefined where the game is over. */
  readonly next?: number;
  /** The team's reward. */
  readonly reward: number;
}

/** A game without chance that begins in state 0. */
export interface Game {
  /** Name and version. */
  readonly id: string;
  /** Number of players. */
  readonly players: number;
  /** Moves that each player has in every state. */
  readonly moves: number;
  /** Number of states, each seen by all. */
  readonly states: number;
  /** Moves after which it is over at the latest. */
  readonly length: number;
  /** What moves lead to. */
  play(state: number, moves: ArrayLike<number>): GameOutcome;
}

/** States of the episode beside those of the game. */
const UNBEGUN = -1;
const ENDED = -2;

/**
 * The environment of a game. State and observations are a row of zeros with a
 * 1 at the state's number, and all zeros once the game is over.
 */
export function gameEnvironment(
  game: Game,
): MultiAgentEnvironment<Float32Array, number> {
  const { id, players, moves, states } = game;
  let now = UNBEGUN;
  const row = () =>
    Float32Array.from({ length: states }, (_, i) => i === now ? 1 : 0);
  const seen = (): MultiAgentResetResult<Float32Array> => ({
    observations: Array.from({ length: players }, row),
    state: row(),
    info: {},
  });

  function checkMoves(actions: ArrayLike<number>): void {
    if (actions.length !== players) {
      throw new TypeError(
        `Cannot play ${id} with ${actions.length} actions, expected ${players}`,
      );
    }
    for (const action of Array.from(actions)) {
      if (!(Number.isInteger(action) && action >= 0 && action < moves)) {
        throw new RangeError(
          `Cannot take action ${action} in ${id}, expected 0 to ${moves - 1}`,
        );
      }
    }
  }

  return {
    id,
    numAgents: players,
    observationSpaces: Array.from(
      { length: players },
      () => box(0, 1, { shape: [states] }),
    ),
    actionSpaces: Array.from({ length: players }, () => discrete(moves)),
    observationNames: Array.from(
      { length: players },
      () => Array.from({ length: states }, (_, i) => `1 in state ${i}, else 0`),
    ),
    stateSpace: box(0, 1, { shape: [states] }),
    maximumSteps: game.length,
    reset() {
      now = 0;
      return seen();
    },
    step(actions) {
      if (now < 0) {
        const when = now === ENDED
          ? "after the episode's end"
          : "before its first reset";
        throw new Error(`Cannot step ${id} ${when}, expected a reset`);
      }
      checkMoves(actions);
      const { next = ENDED, reward } = game.play(now, actions);
      now = next;
      return {
        ...seen(),
        reward,
        rewards: new Float64Array(players).fill(reward),
        terminated: now === ENDED,
        truncated: false,
      };
    },
    saveState: () => ({ now }),
    loadState(state: State) {
      now = savedNumber(state, "now");
    },
  };
}
