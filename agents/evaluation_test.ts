import { assert, assertEquals } from "@std/assert";
import { box, discrete } from "../core/spaces.ts";
import type { Environment } from "../envs/environment.ts";
import { makeEnvironment } from "../envs/registry.ts";
import { evaluatePolicy } from "./evaluation.ts";
import type { Policy } from "./policy.ts";

/** Counts its steps; forbids action 0 at every second one. */
function counter(length: number): Environment<Float32Array, number> {
  let steps = 0;
  const see = () => ({
    observation: Float32Array.of(steps, 2 * steps),
    info: { actionMask: Uint8Array.of(1 - steps % 2, 1), steps },
  });
  return {
    id: "Counter",
    observationSpace: box(0, Infinity, { shape: [2] }),
    actionSpace: discrete(2),
    reset(options) {
      steps = options?.seed ?? 0;
      return see();
    },
    step(action) {
      steps++;
      return {
        ...see(),
        reward: 10 + action,
        terminated: false,
        truncated: steps >= length,
      };
    },
    saveState: () => ({ steps }),
    loadState(state) {
      steps = state.steps as number;
    },
  };
}

/** The first allowed action; records what it sees. */
function firstAllowed(seen: number[][] = []): Policy {
  return {
    observationSize: 2,
    actionSize: 1,
    act(observations, masks, actions) {
      seen.push([...observations]);
      actions[0] = masks.indexOf(1);
    },
  };
}

Deno.test("evaluatePolicy() sums rewards of episodes with seeds of their own", () => {
  const seen: number[][] = [];
  const steps: [unknown, number, number][] = [];
  const { returns, lengths } = evaluatePolicy(
    firstAllowed(seen),
    counter(8),
    {
      episodes: 3,
      firstSeed: 4,
      onStep: ({ info, action, reward }) =>
        steps.push([info.steps, action, reward]),
    },
  );
  // From 4, 5 and 6 to 8: action 1 where 0 is forbidden.
  assertEquals([...lengths], [4, 3, 2]);
  assertEquals([...returns], [42, 32, 21]);
  assertEquals(seen.slice(0, 3), [[4, 8], [5, 10], [6, 12]]);
  assertEquals(steps.slice(0, 4), [
    [5, 0, 10],
    [6, 1, 11],
    [7, 0, 10],
    [8, 1, 11],
  ]);
  assertEquals(steps.length, 9);
});

Deno.test("evaluatePolicy() cuts episodes without end", () => {
  const { lengths } = evaluatePolicy(firstAllowed(), counter(Infinity), {
    episodes: 2,
    maximumSteps: 17,
  });
  assertEquals([...lengths], [17, 17]);
});

Deno.test("evaluatePolicy() walks numbered states", () => {
  // Up, eleven times right, down: the cliff's shortest way round.
  const policy: Policy = {
    observationSize: 1,
    actionSize: 1,
    act(observations, _masks, actions) {
      const cell = observations[0];
      actions[0] = cell === 36 ? 0 : cell === 35 ? 2 : 1;
    },
  };
  const env = makeEnvironment({ id: "CliffWalking-v1", options: {} });
  const { returns, lengths } = evaluatePolicy(policy, env);
  assertEquals([...returns], new Array(5).fill(-13));
  assertEquals([...lengths], new Array(5).fill(13));
});

Deno.test("evaluatePolicy() gives each continuous action an array of its own", () => {
  const given: unknown[] = [];
  const env = makeEnvironment({ id: "Pendulum-v1", options: {} });
  const watched = {
    ...env,
    step: (action: Float32Array) => {
      given.push(action);
      return env.step(action);
    },
  } as Environment;
  const policy: Policy = {
    observationSize: 3,
    actionSize: 1,
    act: (observations, _masks, actions) => {
      actions[0] = observations[1];
    },
  };
  const run = () => evaluatePolicy(policy, watched, { episodes: 1 });
  const first = run();
  assertEquals(run(), first);
  assertEquals([...first.lengths], [200]);
  assert(first.returns[0] < 0);
  assert(given[0] instanceof Float32Array && given[0] !== given[1]);
});
