import { assertEquals, assertThrows } from "@std/assert";
import { readParameters } from "../../core/parameters.ts";
import { checkEnv } from "../check_env.ts";
import { Arena, type Point } from "./arena.ts";
import { ARENA_PARAMETERS } from "./arena_parameters.ts";

/** An arena with a goal, an inner wall and episodes of 20 steps. */
class Task extends Arena {
  constructor() {
    const values = readParameters("Task", {
      table: ARENA_PARAMETERS,
      given: {},
    });
    super({
      ...values,
      id: "Task-v1",
      xLimits: [-1, 1],
      yLimits: [-1, 1],
      innerWalls: [[0.5, -1, 0.5, 0.5]],
    });
  }

  protected override rewardFunction(_action: Point, place: Point): number {
    return place[0] > 0.4 ? 1 : 0;
  }

  protected override finishStep(): boolean {
    return this.globalSteps >= 20;
  }
}

Deno.test("arenas are extended by rewards, walls and ends", () => {
  assertEquals(checkEnv(() => new Task()), []);
  const env = new Task();
  env.reset();
  assertEquals(env.step([2, 0]).reward, 0);
  // The reward is that of the place before the step.
  assertEquals(env.step([-2, 0]).reward, 1);
  assertEquals(env.history.map(({ reward }) => reward), [0, 1]);
  for (let i = 2; i < 19; i++) assertEquals(env.step([0, 0]).truncated, false);
  assertEquals(env.step([0, 0]).truncated, true);
  assertThrows(() => env.step([0, 0]), Error, "expected a reset");
});

Deno.test("a damaged state is refused", () => {
  const env = new Task();
  env.reset();
  const saved = env.saveState();
  assertThrows(
    () => env.loadState({ ...saved, place: [0, 0] }),
    TypeError,
    '"place"',
  );
  assertThrows(
    () => env.loadState({ ...saved, history: { rows: 3, first: 0 } }),
    TypeError,
    "history",
  );
});
