/**
 * Tiny environments whose best behaviour and values are known.
 *
 * @module
 */
import { Random, type RandomState } from "../core/random.ts";
import { box, discrete, type Space } from "../core/spaces.ts";
import type { Environment, VectorEnvironment } from "../envs/environment.ts";
import { vectorize } from "../envs/vector.ts";

/** What an action leads to. */
interface Outcome {
  state: number;
  reward: number;
  over?: "terminated" | "truncated";
}

/** An environment of numbered states, seen as rows of zeros and a one. */
interface TinyEnvironment {
  id: string;
  states: number;
  actionSpace: Space;
  first(random: Random): number;
  act(
    state: number,
    action: number,
    at: { steps: number; random: Random },
  ): Outcome;
  /** Allowed actions of a state; default: no mask. */
  mask?(state: number): Uint8Array;
}

function build(tiny: TinyEnvironment): Environment {
  const { id, states, actionSpace } = tiny;
  const random = new Random(0);
  let state = 0;
  let steps = 0;
  const observe = () => ({
    observation: Float32Array.from(
      { length: states },
      (_, i) => i === state ? 1 : 0,
    ),
    info: tiny.mask ? { actionMask: tiny.mask(state) } : {},
  });
  return {
    id,
    observationSpace: box(0, 1, { shape: [states] }),
    actionSpace,
    reset(options = {}) {
      if (options.seed !== undefined) {
        random.loadState(new Random(options.seed).saveState());
      }
      state = tiny.first(random);
      steps = 0;
      return observe();
    },
    step(action) {
      const chosen = typeof action === "number" ? action : action[0];
      if (tiny.mask && tiny.mask(state)[chosen] !== 1) {
        throw new RangeError(`Cannot take action ${chosen} in state ${state}`);
      }
      steps++;
      const outcome = tiny.act(state, chosen, { steps, random });
      state = outcome.state;
      return {
        ...observe(),
        reward: outcome.reward,
        terminated: outcome.over === "terminated",
        truncated: outcome.over === "truncated",
      };
    },
    saveState: () => ({ random: random.saveState(), state, steps }),
    loadState(saved) {
      random.loadState(saved.random as RandomState);
      state = saved.state as number;
      steps = saved.steps as number;
    },
  };
}

/** Rewards the action whose number is the state's; ends after ten steps. */
export function identityEnv(count = 1, states = 4): VectorEnvironment {
  const draw = (random: Random) => random.integer(0, states - 1);
  return vectorize(() =>
    build({
      id: "Identity",
      states,
      actionSpace: discrete(states),
      first: draw,
      act: (state, action, { steps, random }) => ({
        state: draw(random),
        reward: action === state ? 1 : 0,
        over: steps === 10 ? "terminated" : undefined,
      }),
    }), count);
}

/** Rewards nearness to 0.5 (first state) or -0.25 (second) at once. */
export function targetEnv(count = 1): VectorEnvironment {
  const draw = (random: Random) => random.integer(0, 1);
  return vectorize(() =>
    build({
      id: "Target",
      states: 2,
      actionSpace: box(-1, 1, { shape: [1] }),
      first: draw,
      act: (state, action, { random }) => ({
        state: draw(random),
        reward: -((action - (state === 0 ? 0.5 : -0.25)) ** 2),
        over: "terminated",
      }),
    }), count);
}

/**
 * Q-values of {@linkcode chainEnv} at discount 0.9, state by state, when the
 * returns of `nSteps` steps are those of random actions after the first. With
 * one step: 0.81, 0.9, 0.81, 1.
 */
export function chainValues(nSteps: number): number[] {
  let values = [0, 0, 0, 0];
  const best = (state: number) =>
    Math.max(values[2 * state], values[2 * state + 1]);
  const valueOf = (state: number, action: number, left: number): number => {
    if (state === 1 && action === 1) return 1;
    const ahead = left === 1
      ? best(action)
      : (valueOf(action, 0, left - 1) + valueOf(action, 1, left - 1)) / 2;
    return 0.9 * ahead;
  };
  for (let sweep = 0; sweep < 300; sweep++) {
    values = values.map((_, i) => valueOf(i >> 1, i & 1, nSteps));
  }
  return values;
}

/**
 * Two states: action 1 leads from the first to the second, and from there to
 * the end with reward 1; action 0 leads to the first, with none. Cut, with
 * values that go on, after 20 steps.
 */
export function chainEnv(count = 1): VectorEnvironment {
  return vectorize(() =>
    build({
      id: "Chain",
      states: 2,
      actionSpace: discrete(2),
      first: (random) => random.integer(0, 1),
      act(state, action, { steps }) {
        if (action === 1 && state === 1) {
          return { state, reward: 1, over: "terminated" };
        }
        const over = steps === 20 ? "truncated" : undefined;
        return { state: action, reward: 0, over };
      },
    }), count);
}

/** Values of {@linkcode cutEnv} at discount 0.5. */
export const CUT_VALUES = [4 / 3, 2 / 3];

/**
 * Two states that take turns, the first with reward 1, cut after two steps,
 * beginning in either. Taking the cut for an end gives 1 and at most 1/2 on
 * average; taking the next episode's first state for what followed, 3/2 and
 * 1/2 at the cut. What is done makes no difference.
 */
export function cutEnv(
  count = 1,
  actionSpace: Space = discrete(2),
): VectorEnvironment {
  return vectorize(() =>
    build({
      id: "Cut",
      states: 2,
      actionSpace,
      first: (random) => random.integer(0, 1),
      act: (state, _action, { steps }) => ({
        state: 1 - state,
        reward: state === 0 ? 1 : 0,
        over: steps === 2 ? "truncated" : undefined,
      }),
    }), count);
}

/** Value of action 0 in the second state of {@linkcode maskedEnv}, at 0.5. */
export const MASKED_VALUE = -1 / (1 - 0.5 * 0.9);

/**
 * Every step costs 1. In the first state all three actions are allowed, in the
 * second only action 0; others throw there. An agent that ignores masks when
 * it looks ahead believes in actions that it never tries, and finds -1.5 or
 * more. Ends by action 2, and in the second state with probability 0.1.
 */
export function maskedEnv(count = 1): VectorEnvironment {
  return vectorize(() =>
    build({
      id: "Masked",
      states: 2,
      actionSpace: discrete(3),
      first: () => 0,
      mask: (state) => Uint8Array.of(1, 1 - state, 1 - state),
      act: (state, action, { random }) => ({
        state: 1,
        reward: -1,
        over: action === 2 || (state === 1 && random.uniform() < 0.1)
          ? "terminated"
          : undefined,
      }),
    }), count);
}

/** Value of action 0 in the second state of {@linkcode maskedCutEnv}, at 0.5. */
export const MASKED_CUT_VALUE = -2;

/**
 * As {@linkcode maskedEnv}, and begins in the second state, cut after each step.
 * An agent that forgets the mask where episodes are cut finds -1 or more.
 */
export function maskedCutEnv(count = 1): VectorEnvironment {
  return vectorize(() =>
    build({
      id: "MaskedCut",
      states: 2,
      actionSpace: discrete(3),
      first: () => 1,
      mask: (state) => Uint8Array.of(1, 1 - state, 1 - state),
      act: () => ({ state: 1, reward: -1, over: "truncated" }),
    }), count);
}
