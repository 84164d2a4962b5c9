import { assertEquals, assertThrows } from "@std/assert";
import { assertMultiAgentEnv } from "../check_multi_agent_env.ts";
import { twoStepGame } from "./two_step_game.ts";

Deno.test("twoStepGame() keeps the contract", () => {
  assertMultiAgentEnv(twoStepGame);
});

Deno.test("twoStepGame() pays as the paper's table says", () => {
  const env = twoStepGame();
  for (
    const [first, payoffs] of [[[7, 7], [7, 7]], [[0, 1], [1, 8]]].entries()
  ) {
    for (const [row, column] of [[0, 0], [0, 1], [1, 0], [1, 1]]) {
      env.reset();
      // The second agent's first action changes nothing.
      const middle = env.step([first, column]);
      assertEquals([middle.reward, middle.terminated], [0, false]);
      const seen = Float32Array.of(0, 1 - first, first);
      assertEquals([middle.state, ...middle.observations], [seen, seen, seen]);
      const end = env.step([row, column]);
      const reward = payoffs[row][column];
      assertEquals([end.reward, end.terminated], [reward, true]);
      assertEquals(end.rewards, Float64Array.of(reward, reward));
      assertEquals(end.state, new Float32Array(3));
    }
  }
});

Deno.test("twoStepGame() throws for actions it does not have", () => {
  const env = twoStepGame();
  env.reset();
  assertThrows(() => env.step([0, 2]), RangeError, "Cannot take action 2");
  assertThrows(() => env.step([0.5, 0]), RangeError, "0.5");
  assertThrows(() => env.step([0]), TypeError, "with 1 actions, expected 2");
});
