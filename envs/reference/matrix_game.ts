/**
 * Cooperative games of one move, by their payoffs.
 *
 * @module
 */
import type { MultiAgentEnvironment } from "../multi_agent.ts";
import { gameEnvironment } from "./_games.ts";

/**
 * Rewards by the actions of the first agent (rows) and of the second: the best
 * pair lies among the worst, so that no monotonic mixture of utilities can
 * represent it (Son et al., "QTRAN", ICML 2019, Table 1).
 */
export const NON_MONOTONIC_PAYOFFS: readonly (readonly number[])[] = [
  [8, -12, -12],
  [-12, 0, 0],
  [-12, 0, 0],
];

/** Options of {@linkcode matrixGame}. */
export interface MatrixGameOptions {
  /**
   * Rewards by the actions of the first agent (rows) and of the second
   * (columns), as many of each. Default {@linkcode NON_MONOTONIC_PAYOFFS}.
   */
  payoffs?: readonly (readonly number[])[];
}

/**
 * `MatrixGame-v1`: two agents choose a row and a column at once, earn what
 * stands there, and the episode ends. What they see is always the same: 1.
 *
 * @param options Throws `RangeError` for payoffs that are no square of finite
 * numbers.
 */
export function matrixGame(
  options: MatrixGameOptions = {},
): MultiAgentEnvironment<Float32Array, number> {
  const { payoffs = NON_MONOTONIC_PAYOFFS } = options;
  const moves = payoffs.length;
  if (
    moves === 0 ||
    payoffs.some((row) => row.length !== moves || !row.every(Number.isFinite))
  ) {
    throw new RangeError(
      `Cannot play for the payoffs ${
        JSON.stringify(payoffs)
      }, expected a square of finite numbers`,
    );
  }
  return gameEnvironment({
    id: "MatrixGame-v1",
    players: 2,
    moves,
    states: 1,
    length: 1,
    play: (_, actions) => ({ reward: payoffs[actions[0]][actions[1]] }),
  });
}
