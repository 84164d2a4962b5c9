import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreaterOrEqual,
  assertNotEquals,
} from "@std/assert";
import type { VectorEnvironment } from "../../envs/environment.ts";
import { frozenLakeModel } from "../../envs/reference/frozen_lake.ts";
import { evaluatePolicy as evaluateExactly } from "../../envs/reference/tabular.ts";
import { makeEnvironment, makeVectorEnvironment } from "../../envs/registry.ts";
import { chainEnv, chainValues, CUT_VALUES, cutEnv } from "../_test_envs.ts";
import { type Discretiser, identityDiscretiser } from "./discretisers.ts";
import { evaluatePolicy } from "../evaluation.ts";
import {
  createQLearner,
  type QLearner,
  type QLearningSettings,
  qTablePolicy,
} from "./q_learning.ts";
import { tabularWorld } from "./tabular_world.ts";

const TWO_STATES: Discretiser = {
  name: "rows",
  states: 2,
  unseenAction: 1,
  stateOf: (observation) => observation.indexOf(1),
};

function learner(
  env: VectorEnvironment,
  states: Discretiser,
  settings: Partial<QLearningSettings> = {},
  seed = 1,
): QLearner {
  const world = tabularWorld(env, { states, seed });
  return createQLearner(world, { seed, settings });
}

/** A learner in a reference environment of numbered states. */
function walker(
  id: string,
  states: number,
  settings: Partial<QLearningSettings>,
): QLearner {
  const env = makeVectorEnvironment({ id, options: {} }, 1);
  return learner(env, identityDiscretiser(states), settings);
}

function runEpisodes(agent: QLearner, count: number): number[] {
  return Array.from({ length: count }, () => agent.runEpisode());
}

Deno.test("createQLearner() finds the known values of a chain", () => {
  const agent = learner(chainEnv(), TWO_STATES, {
    alpha: 0.2,
    gamma: 0.9,
    epsilonMinimum: 1,
  });
  runEpisodes(agent, 500);
  chainValues(1).forEach((expected, i) =>
    assertAlmostEquals(agent.table[i], expected, 1e-9)
  );
  assertEquals([agent.best(0), agent.best(1)], [1, 1]);
});

Deno.test("createQLearner() bootstraps through a cut, from the last state", () => {
  const agent = learner(cutEnv(), TWO_STATES, {
    alpha: 0.2,
    gamma: 0.5,
    epsilonMinimum: 1,
  });
  runEpisodes(agent, 500);
  for (const [state, expected] of CUT_VALUES.entries()) {
    for (const action of [0, 1]) {
      assertAlmostEquals(agent.table[2 * state + action], expected, 1e-9);
    }
  }
});

Deno.test("createQLearner() crosses the frozen lake as well as any fixed policy", () => {
  // The best fixed policy arrives in time with probability 0.7402, the best
  // of all with 0.7442; random actions with 0.014.
  const agent = walker("FrozenLake-v1", 16, { alpha: 0.05, epsilonMinimum: 1 });
  runEpisodes(agent, 20_000);
  const policy = Int32Array.from({ length: 16 }, (_, i) => agent.best(i));
  const { expectedReturn } = evaluateExactly(frozenLakeModel(), policy, {
    maximumSteps: 100,
  });
  assertGreaterOrEqual(expectedReturn, 0.72);
});

Deno.test("createQLearner() takes the shortest way along the cliff", () => {
  const agent = walker("CliffWalking-v1", 48, {
    alpha: 0.5,
    gamma: 1,
    epsilon: 0.1,
    epsilonMinimum: 0.1,
  });
  runEpisodes(agent, 500);
  const policy = qTablePolicy(agent.table, {
    states: identityDiscretiser(48),
    visits: agent.visits,
    observationSize: 1,
  });
  const env = makeEnvironment({ id: "CliffWalking-v1", options: {} });
  assertEquals(evaluatePolicy(policy, env, { episodes: 1 }).returns[0], -13);
});

Deno.test("createQLearner() updates by one step of the rule", () => {
  const agent = learner(chainEnv(), TWO_STATES, {
    alpha: 0.25,
    epsilon: 0,
    epsilonMinimum: 0,
  });
  // Action 0, the first of equals, leads to the first state without reward;
  // so greedy episodes are cut after 20 steps and teach nothing.
  assertEquals(agent.runEpisode(), 0);
  assertEquals([...agent.table], [0, 0, 0, 0]);
  // Until an episode begins in the first state and takes two steps.
  for (let steps = 0; steps !== 2;) {
    agent.table.set([0, 0.5, 0, 1]);
    steps = -agent.timesteps;
    assertEquals(agent.runEpisode(), 1);
    steps += agent.timesteps;
  }
  // The end is worth its reward; the step before, gamma times the value.
  assertEquals(agent.table[3], 1);
  assertAlmostEquals(agent.table[1], 0.75 * 0.5 + 0.25 * 0.99, 1e-12);
});

Deno.test("createQLearner() counts steps and visits, and explores less and less", () => {
  const agent = learner(chainEnv(), TWO_STATES, {
    epsilon: 0.8,
    epsilonDecay: 0.5,
    epsilonMinimum: 0.15,
  });
  const epsilons = [agent.epsilon];
  for (let i = 0; i < 4; i++) {
    agent.runEpisode();
    epsilons.push(agent.epsilon);
  }
  assertEquals(epsilons, [0.8, 0.4, 0.2, 0.15, 0.15]);
  assertEquals(agent.episodes, 4);
  assertEquals(agent.visits[0] + agent.visits[1], agent.timesteps);
});

Deno.test("createQLearner() goes on from a saved state as if never stopped", () => {
  const settings = { epsilonDecay: 0.99 };
  const create = (seed: number) =>
    learner(chainEnv(), TWO_STATES, settings, seed);
  const whole = create(1);
  runEpisodes(whole, 30);
  const saved = structuredClone(whole.saveState());
  const rest = runEpisodes(whole, 40);
  const resumed = create(2);
  runEpisodes(resumed, 5);
  resumed.loadState(saved);
  assertEquals(resumed.saveState(), saved);
  assertEquals(runEpisodes(resumed, 40), rest);
  assertEquals(resumed.saveState(), whole.saveState());
  const other = create(2);
  runEpisodes(other, 70);
  assertNotEquals(other.saveState(), whole.saveState());
});

Deno.test("qTablePolicy() takes the best action, where it was ever there", () => {
  const policy = qTablePolicy(Float64Array.of(1, 5, 3, 9, 7, 8), {
    states: { ...identityDiscretiser(2), unseenAction: 2 },
    visits: Uint32Array.of(4, 0),
    observationSize: 1,
  });
  const act = (states: number[], masks: number[]) => {
    const actions = new Int32Array(states.length);
    policy.act(Float32Array.from(states), Uint8Array.from(masks), actions);
    return [...actions];
  };
  const all = [1, 1, 1];
  assertEquals(act([0, 1, 0], [...all, ...all, ...all]), [1, 2, 1]);
  // Forbidden actions are not taken, seen or unseen.
  assertEquals(act([0, 1], [1, 0, 1, 1, 1, 0]), [2, 0]);
  assert(policy.actionSize === 1 && policy.observationSize === 1);
});
