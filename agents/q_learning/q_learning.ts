/**
 * Tabular Q-learning (Watkins, 1989).
 *
 * @module
 */
import { Random, type RandomState } from "../../core/random.ts";
import type { State } from "../../core/state.ts";
import type { Discretiser } from "./discretisers.ts";
import { bestAllowed, type Policy } from "../policy.ts";

/** A world with numbered states, stepped without allocating. */
export interface TabularWorld {
  /** Number of states. */
  readonly states: number;
  /** Number of actions. */
  readonly actions: number;
  /** Begins an episode and returns its first state. */
  reset(): number;
  /** Takes an action and returns the state that follows. */
  step(action: number): number;
  /** Reward of the last step. */
  readonly reward: number;
  /** Whether the task ended with the last step. */
  readonly terminated: boolean;
  /** Whether the episode was cut with the last step. */
  readonly truncated: boolean;
  /** All that is needed to go on from here. */
  saveState(): State;
  /** Goes on from a saved state. */
  loadState(state: State): void;
}

/** Settings of Q-learning; defaults are the original autoscaler's. */
export interface QLearningSettings {
  /** Step size. Default 0.1. */
  alpha: number;
  /** Discount factor. Default 0.99. */
  gamma: number;
  /** First share of random actions. Default 1. */
  epsilon: number;
  /** Smallest share of random actions. Default 0.01. */
  epsilonMinimum: number;
  /** Factor of the share after each episode. Default 0.9995. */
  epsilonDecay: number;
}

/** The original autoscaler's settings. */
export const Q_LEARNING_DEFAULTS: QLearningSettings = {
  alpha: 0.1,
  gamma: 0.99,
  epsilon: 1,
  epsilonMinimum: 0.01,
  epsilonDecay: 0.9995,
};

/** A table that is being learned. */
export interface QLearner {
  /** Action values, state by state. Shape [states, actions]. */
  readonly table: Float64Array;
  /** How often each state was met. Shape [states]. */
  readonly visits: Uint32Array;
  /** Episodes finished. */
  readonly episodes: number;
  /** Steps taken. */
  readonly timesteps: number;
  /** Present share of random actions. */
  readonly epsilon: number;
  /** Runs one whole episode and returns the sum of its rewards. */
  runEpisode(): number;
  /** The best known action of a state; the first of equals. */
  best(state: number): number;
  /** All that is needed to go on, the world included. */
  saveState(): State;
  /** Goes on from a saved state. */
  loadState(state: State): void;
}

/** The place of a row's largest value; the first of equals. */
function bestAction(
  table: Float64Array,
  state: number,
  actions: number,
): number {
  const row = state * actions;
  let action = 0;
  for (let i = 1; i < actions; i++) {
    if (table[row + i] > table[row + action]) action = i;
  }
  return action;
}

/**
 * A learner that begins with a table of zeros.
 *
 * An end within the task bootstraps from nothing; the cut of an episode from
 * the state that followed.
 *
 * @param world Stepped by the learner alone.
 * @param options Seed of exploration, and settings that differ from
 * {@linkcode Q_LEARNING_DEFAULTS}.
 */
export function createQLearner(
  world: TabularWorld,
  options: { seed: number; settings?: Partial<QLearningSettings> },
): QLearner {
  const settings = { ...Q_LEARNING_DEFAULTS, ...options.settings };
  const { alpha, gamma } = settings;
  const { actions } = world;
  const random = new Random(options.seed);
  const table = new Float64Array(world.states * actions);
  const visits = new Uint32Array(world.states);
  let epsilon = settings.epsilon;
  let episodes = 0;
  let timesteps = 0;

  const best = (state: number) => bestAction(table, state, actions);

  function runEpisode(): number {
    let state = world.reset();
    let sum = 0;
    for (let over = false; !over;) {
      visits[state]++;
      const action = random.uniform() < epsilon
        ? random.integer(0, actions - 1)
        : best(state);
      const next = world.step(action);
      const place = state * actions + action;
      const future = world.terminated
        ? 0
        : gamma * table[next * actions + best(next)];
      table[place] += alpha * (world.reward + future - table[place]);
      sum += world.reward;
      timesteps++;
      over = world.terminated || world.truncated;
      state = next;
    }
    episodes++;
    epsilon = Math.max(
      settings.epsilonMinimum,
      epsilon * settings.epsilonDecay,
    );
    return sum;
  }

  return {
    table,
    visits,
    get episodes() {
      return episodes;
    },
    get timesteps() {
      return timesteps;
    },
    get epsilon() {
      return epsilon;
    },
    runEpisode,
    best,
    saveState: () => ({
      table: table.slice(),
      visits: visits.slice(),
      epsilon,
      episodes,
      timesteps,
      random: random.saveState(),
      world: world.saveState(),
    }),
    loadState(state) {
      table.set(state.table as Float64Array);
      visits.set(state.visits as Uint32Array);
      epsilon = state.epsilon as number;
      episodes = state.episodes as number;
      timesteps = state.timesteps as number;
      random.loadState(state.random as RandomState);
      world.loadState(state.world as State);
    },
  };
}

/**
 * The greedy policy of a table.
 *
 * @param table Action values. Shape [states, actions].
 * @param options How observations become states, how often each state was
 * met (those never met get the discretiser's own action), and the length of an
 * observation.
 */
export function qTablePolicy(
  table: Float64Array,
  options: {
    states: Discretiser;
    visits: Uint32Array;
    observationSize: number;
  },
): Policy {
  const { states, visits, observationSize } = options;
  const actions = table.length / states.states;
  return {
    observationSize,
    actionSize: 1,
    act(observations, masks, chosen) {
      for (let row = 0; row < chosen.length; row++) {
        const allowed = masks.subarray(row * actions, (row + 1) * actions);
        const state = states.stateOf(
          observations.subarray(
            row * observationSize,
            (row + 1) * observationSize,
          ),
        );
        chosen[row] = visits[state] === 0 && allowed[states.unseenAction]
          ? states.unseenAction
          : bestAllowed(
            table.subarray(state * actions, (state + 1) * actions),
            allowed,
            { index: 0, length: actions },
          );
      }
    },
  };
}
