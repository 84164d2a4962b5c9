/**
 * The two-step game.
 *
 * @module
 */
import type { MultiAgentEnvironment } from "../multi_agent.ts";
import { gameEnvironment } from "./_games.ts";

/** Rewards of the second step in state 2B, by both agents' actions. */
const PAYOFFS_2B = [[0, 1], [1, 8]];

/**
 * `TwoStepGame-v1` (Rashid et al., "QMIX", ICML 2018, section 4.4): two agents
 * with two actions each, no chance. In the first step the first agent's action
 * decides between the states 2A and 2B, and nothing is earned. In 2A every
 * pair of actions earns 7; in 2B, 0 (both 0), 1 (one of each) or 8 (both 1).
 *
 * The best return is 8. Utilities that are only added up take 2B for worth
 * 6.5 when learned from random actions, and get 7. Observations and state are
 * rows of three: the first state, 2A, 2B.
 */
export function twoStepGame(): MultiAgentEnvironment<Float32Array, number> {
  return gameEnvironment({
    id: "TwoStepGame-v1",
    players: 2,
    moves: 2,
    states: 3,
    length: 2,
    play(state, actions) {
      if (state === 0) return { next: 1 + actions[0], reward: 0 };
      return { reward: state === 1 ? 7 : PAYOFFS_2B[actions[0]][actions[1]] };
    },
  });
}
