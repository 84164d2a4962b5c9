import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  assertMultiAgentEnv,
  checkMultiAgentEnv,
} from "./check_multi_agent_env.ts";
import type { MultiAgentEnvironment } from "./multi_agent.ts";
import { twoStepGame } from "./reference/two_step_game.ts";

type Game = MultiAgentEnvironment<Float32Array, number>;

/** What is wrong with the game, and what the check says. */
const BROKEN: [string, (env: Game) => Partial<Game>, string][] = [
  [
    "a space is missing",
    (env) => ({ actionSpaces: env.actionSpaces.slice(1) }),
    "1 actionSpaces for 2 agents",
  ],
  [
    "an observation is missing",
    (env) => ({
      step(actions) {
        const result = env.step(actions);
        return { ...result, observations: result.observations.slice(1) };
      },
    }),
    "1 observations, expected one of each agent",
  ],
  [
    "the state is of another shape",
    (env) => ({
      step: (actions) => ({ ...env.step(actions), state: new Float32Array(9) }),
    }),
    "the state lies outside Box(3)",
  ],
  [
    "an observation lies outside",
    (env) => ({
      reset() {
        const result = env.reset();
        result.observations[1].fill(2);
        return result;
      },
    }),
    "agent 1's observation lies outside",
  ],
  [
    "rewards are missing",
    (env) => ({
      step: (actions) => ({
        ...env.step(actions),
        rewards: new Float64Array(1),
      }),
    }),
    "rewards are no Float64Array with one of each agent",
  ],
  [
    "a reward is no number",
    (env) => ({
      step: (actions) => ({
        ...env.step(actions),
        rewards: new Float64Array(2).fill(NaN),
      }),
    }),
    "rewards are not finite",
  ],
  ["episodes are longer than said", () => ({ maximumSteps: 1 }), "2 steps"],
  [
    "buffers are handed out again",
    (env) => {
      const rewards = new Float64Array(2);
      return {
        step(actions) {
          const result = env.step(actions);
          rewards.set(result.rewards);
          return { ...result, rewards };
        },
      };
    },
    "not fresh",
  ],
  [
    "too few actions are taken",
    (env) => ({ step: (actions) => env.step([actions[0], actions[1] ?? 0]) }),
    "too few actions does not throw",
  ],
  [
    "a seed does not decide everything",
    (env) => {
      let calls = 0;
      return {
        step(actions) {
          const result = env.step(actions);
          result.rewards[0] = calls++;
          return result;
        },
      };
    },
    "one seed gives another trajectory",
  ],
];

Deno.test("checkMultiAgentEnv() finds nothing wrong with a sound environment", () => {
  assertEquals(checkMultiAgentEnv(twoStepGame), []);
});

for (const [name, change, message] of BROKEN) {
  Deno.test(`checkMultiAgentEnv() says so when ${name}`, () => {
    const problems = checkMultiAgentEnv(() => {
      const env = twoStepGame();
      return { ...env, ...change(env) };
    });
    assertStringIncludes(problems.join("\n"), message);
  });
}

Deno.test("assertMultiAgentEnv() throws with all problems", () => {
  assertMultiAgentEnv(twoStepGame, { steps: 10 });
  assertThrows(
    () => assertMultiAgentEnv(() => ({ ...twoStepGame(), maximumSteps: 1 })),
    Error,
    "Cannot accept TwoStepGame-v1 as an environment of several agents, found:\n- ",
  );
});
