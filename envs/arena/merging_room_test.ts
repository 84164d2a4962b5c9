import { assert, assertEquals, assertThrows } from "@std/assert";
import { MergingRoom, Wernle2018 } from "./merging_room.ts";

const ROOM = {
  arena_x_limits: [-10, 10],
  arena_y_limits: [0, 40],
  time_step_size: 0.5,
  switch_time: 1,
  merge_time: 2,
};

Deno.test("rooms are changed and joined in time", () => {
  const env = new MergingRoom(ROOM);
  const { observation, info } = env.reset({ seed: 3 });
  assertEquals(info.room, "A");
  assert(observation[1] > 20);
  const rooms: string[] = [];
  for (let i = 0; i < 300; i++) {
    const before = env.state;
    const { observation, info } = env.step([0, i % 2 ? 35 : -35]);
    assertEquals(info.room, env.room);
    rooms.push(env.room);
    const y = observation[1];
    if (info.room === "A") assert(y > 20);
    if (info.room === "B") assert(y < 20);
    // Observations are of the room told, and the history has no gaps.
    assertEquals(env.history.at(-1)!.state, before);
    assertEquals(env.history.at(-1)!.nextState, env.state);
  }
  // 60 s are 120 steps of half a second.
  assertEquals(rooms.indexOf("B"), 119);
  assertEquals(rooms.indexOf("AB"), 239);
  assertEquals(env.innerWalls, []);
  env.reset({ seed: 3 });
  assertEquals(env.innerWalls.length, 1);
});

Deno.test("the wall is where a saved state has it", () => {
  const env = new MergingRoom(ROOM);
  env.reset({ seed: 1 });
  const early = env.saveState();
  for (let i = 0; i < 250; i++) env.step([0, 0]);
  const late = env.saveState();
  env.loadState(early);
  assertEquals(env.innerWalls.length, 1);
  env.loadState(late);
  assertEquals(env.innerWalls.length, 0);
});

Deno.test("Wernle2018 is two metres wide, and times are in order", () => {
  const env = new Wernle2018();
  assertEquals([env.roomWidth, env.roomDepth], [200, 200]);
  assert(env.reset().observation[1] > 0);
  assertThrows(
    () => new MergingRoom({ ...ROOM, merge_time: 0.5 }),
    RangeError,
    "merge_time 0.5",
  );
  const equal = new MergingRoom({ ...ROOM, switch_time: 2 });
  equal.reset();
  const rooms = Array.from({ length: 300 }, () => {
    equal.step([0, 0]);
    return equal.room;
  });
  assert(!rooms.includes("B") && rooms.includes("AB"));
});
