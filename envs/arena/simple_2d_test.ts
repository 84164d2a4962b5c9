import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { checkEnv } from "../check_env.ts";
import { Simple2D } from "./simple_2d.ts";

const LIMITS = { arena_x_limits: [-6, 6], arena_y_limits: [-6, 6] };

Deno.test("Simple2D keeps the contract of environments", () => {
  const made = [
    LIMITS,
    { ...LIMITS, mode: "reference" as const },
    { arena_x_limits: [0.1, 0.3], arena_y_limits: [5, 9], history_length: 3 },
  ];
  for (const parameters of made) {
    assertEquals(checkEnv(() => new Simple2D(parameters)), []);
  }
});

Deno.test("Simple2D takes both spellings and counts time", () => {
  const env = new Simple2D({
    arenaXLimits: [-6, 6],
    arenaYLimits: [-5, 5],
    time_step_size: 0.2,
    env_name: "env_example",
    agent_step_size: 1,
  });
  assertEquals([env.roomWidth, env.roomDepth], [12, 10]);
  const { observation, info } = env.reset();
  assertEquals([...observation], [0, 0]);
  assertEquals(info, { step: 0, time: 0 });
  const result = env.step([1, 2]);
  assertEquals([...result.observation], [1, 2]);
  assertEquals(result.info, { step: 1, time: 0.2 });
  assertEquals(env.history, [
    { action: [1, 2], state: [0, 0], nextState: [1, 2], reward: 0, step: 0 },
  ]);
});

Deno.test("a normalised step has the agent's length, and zero stays", () => {
  const env = new Simple2D({ ...LIMITS, agent_step_size: 0.5 });
  env.reset();
  env.step([30, 40], { normalizeStep: true });
  assertAlmostEquals(env.state[0], 0.3, 1e-12);
  assertAlmostEquals(env.state[1], 0.4, 1e-12);
  env.step([0, 0], { normalizeStep: true });
  assertAlmostEquals(env.state[1], 0.4, 1e-12);
});

Deno.test("walls stop in reference mode, and are slid along by default", () => {
  const sliding = new Simple2D(LIMITS);
  const stopping = new Simple2D({ ...LIMITS, mode: "reference" });
  for (const env of [sliding, stopping]) {
    env.reset({ customState: [5, 0] });
    env.step([2, 2]);
  }
  assertAlmostEquals(sliding.state[0], 6, 2e-5);
  assertAlmostEquals(sliding.state[1], 2, 1e-12);
  assertAlmostEquals(stopping.state[0], 6 - 2e-5, 1e-12);
  assertAlmostEquals(stopping.state[1], 1 - 2e-5, 1e-12);
});

Deno.test("inner walls stand in the way", () => {
  const inner_walls = [[1, -2, 1, 2]] as const;
  const env = new Simple2D({ ...LIMITS, inner_walls });
  env.reset();
  env.step([3, 0]);
  assertAlmostEquals(env.state[0], 1, 2e-5);
  env.step([3, 2.5]);
  assertAlmostEquals(env.state[1], 2.5, 1e-9);
  env.step([3, 0]);
  assert(env.state[0] > 3);
  assertThrows(
    () => new Simple2D({ ...LIMITS, inner_walls: [[1, 1, 1, 1]] }),
    RangeError,
    "inner_walls [[1,1,1,1]]",
  );
});

Deno.test("Simple2D begins where it is told to", () => {
  const env = new Simple2D({ arena_x_limits: [2, 4], arena_y_limits: [-1, 1] });
  assertEquals([...env.reset().observation], [3, 0]);
  assertEquals([...env.reset({ customState: [2.5, 0.5] }).observation], [
    2.5,
    0.5,
  ]);
  const first = env.reset({ seed: 4, randomState: true }).observation;
  assertEquals(env.reset({ seed: 4, randomState: true }).observation, first);
  assert(env.isInside(env.state));
  assertThrows(
    () => env.reset({ customState: [0, 0] }),
    RangeError,
    "x goes from 2 to 4",
  );
});

Deno.test("Simple2D names the parameter that is wrong", () => {
  assertThrows(
    () => new Simple2D({ arena_x_limits: [-6, 6] }),
    TypeError,
    "Cannot make Simple2D without arena_y_limits",
  );
  assertThrows(
    () => new Simple2D({ ...LIMITS, arena_limits: 3 } as never),
    TypeError,
    "arena_limits",
  );
  const env = new Simple2D(LIMITS);
  env.reset();
  assertThrows(() => env.step([1]), RangeError, "two finite numbers");
  assertThrows(() => env.step([NaN, 1]), RangeError, "two finite numbers");
});

Deno.test("the history keeps at least as many steps as asked for", () => {
  const env = new Simple2D({ ...LIMITS, history_length: 100 });
  env.reset();
  for (let i = 0; i < 1000; i++) env.step([i % 2 === 0 ? 1 : -1, 0]);
  const { history } = env;
  assert(history.length >= 100 && history.length <= 200);
  assertEquals(history.at(-1)!.step, 999);
  assertEquals(history[0].step, 1000 - history.length);
  assertEquals(env.trajectory.length, 2 * (history.length + 1));
  assertEquals([...env.trajectory.slice(-2)], env.state);
});

Deno.test("plotTrajectory() draws all places and the walls", () => {
  const env = new Simple2D(LIMITS);
  env.reset({ seed: 1 });
  for (let i = 0; i < 25; i++) env.step([0.1, 0.2]);
  const { data } = env.plotTrajectory();
  assertEquals(data.at(-1)!.name, "walls");
  const points = data.slice(0, -1).flatMap(({ x }, i) =>
    (x as number[]).slice(i === 0 ? 0 : 1)
  );
  assertEquals(points.length, 26);
  assertAlmostEquals(points.at(-1)!, 2.5, 1e-12);
  env.reset();
  assertEquals(env.plotTrajectory().data.length, 1);
  assertThrows(() => env.plotTrajectory({ plotEvery: 0 }), RangeError);
});
