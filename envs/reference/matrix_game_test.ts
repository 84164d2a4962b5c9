import { assertEquals, assertThrows } from "@std/assert";
import { assertMultiAgentEnv } from "../check_multi_agent_env.ts";
import { matrixGame, NON_MONOTONIC_PAYOFFS } from "./matrix_game.ts";

Deno.test("matrixGame() keeps the contract", () => {
  assertMultiAgentEnv(matrixGame);
});

Deno.test("matrixGame() pays what stands in row and column", () => {
  for (const payoffs of [NON_MONOTONIC_PAYOFFS, [[1, 2], [3, 4]]]) {
    const env = matrixGame({ payoffs });
    const found = payoffs.map((row, i) =>
      row.map((_, j) => {
        env.reset();
        const { reward, terminated } = env.step([i, j]);
        assertEquals(terminated, true);
        return reward;
      })
    );
    assertEquals(found, payoffs);
  }
  assertEquals(NON_MONOTONIC_PAYOFFS, [[8, -12, -12], [-12, 0, 0], [
    -12,
    0,
    0,
  ]]);
});

Deno.test("matrixGame() throws for payoffs that are no square of numbers", () => {
  for (const payoffs of [[], [[1, 2]], [[1, 2], [3]], [[NaN]]]) {
    assertThrows(
      () => matrixGame({ payoffs }),
      RangeError,
      "expected a square",
    );
  }
});
