import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { CircularArena, ConnectedRooms } from "./rooms.ts";

Deno.test("ConnectedRooms are joined by doors alone", () => {
  const env = new ConnectedRooms();
  assertEquals([env.roomWidth, env.roomDepth], [180, 130]);
  assertEquals([...env.reset().observation], [-45, 45]);
  // Against the wall between the rooms, and against the doors' wall.
  env.step([100, 0]);
  assertAlmostEquals(env.state[0], 0, 1e-3);
  assert(env.state[0] < 0);
  env.step([-25, -100]);
  assertAlmostEquals(env.state[1], 0, 1e-3);
  // Through the left door, along the corridor, through the right one.
  for (const step of [[-20, 10], [0, -30], [90, 0], [0, 60]]) env.step(step);
  assertAlmostEquals(env.state[0], 45, 1);
  assert(env.state[1] > 30);
  assertThrows(
    () => new ConnectedRooms({ door_width: 90 }),
    RangeError,
    "door_width 90",
  );
});

Deno.test("a CircularArena is round", () => {
  const env = new CircularArena({ radius: 2, center: [1, 0] });
  assertEquals([...env.reset().observation], [1, 0]);
  env.step([0, 2.1]);
  assertAlmostEquals(Math.hypot(env.state[0] - 1, env.state[1]), 2, 2e-3);
  // Along its wall, all around.
  let turns = 0;
  let angle = Math.atan2(env.state[1], env.state[0] - 1);
  for (let i = 0; i < 400; i++) {
    env.step([-0.1 * Math.sin(angle), 0.1 * Math.cos(angle)]);
    const next = Math.atan2(env.state[1], env.state[0] - 1);
    turns += (next - angle + 3 * Math.PI) % (2 * Math.PI) - Math.PI;
    angle = next;
    assert(Math.hypot(env.state[0] - 1, env.state[1]) > 1.99);
  }
  assertAlmostEquals(turns, 400 * 0.1 / 2, 0.5);
  for (let seed = 0; seed < 50; seed++) {
    env.reset({ seed, randomState: true });
    assert(env.isInside(env.state));
  }
  assertThrows(
    () => env.reset({ customState: [2.9, 1.9] }),
    RangeError,
    "in the arena",
  );
});
