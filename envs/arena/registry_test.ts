import { assertEquals, assertThrows } from "@std/assert";
import { checkEnv } from "../check_env.ts";
import { makeEnvironment, makeVectorEnvironment } from "../registry.ts";
import { ARENA_IDS, makeArena } from "./registry.ts";

const LIMITS = { arena_x_limits: [-1, 1], arena_y_limits: [-1, 2] };

Deno.test("every arena keeps the contract of environments", async () => {
  const data_path = await Deno.makeTempFile({ suffix: ".csv" });
  try {
    const rows = Array.from(
      { length: 50 },
      (_, i) => `${i / 50},${Math.cos(i / 7)},${Math.sin(i / 5)}`,
    );
    await Deno.writeTextFile(data_path, ["time,x,y", ...rows].join("\n"));
    const parameters: Record<string, Record<string, unknown>> = {
      "CircularArena-v1": { radius: 0.5, center: [1, 1] },
      "ConnectedRooms-v1": {},
      "ForagingArena-v1": LIMITS,
      "MergingRoom-v1": {
        ...LIMITS,
        time_step_size: 1,
        switch_time: 0.5,
        merge_time: 1,
      },
      "RecordedArena-v1": { data_path, skip_every: 3 },
      "Simple2D-v1": LIMITS,
      "Wernle2018-v1": {},
    };
    assertEquals(Object.keys(parameters), ARENA_IDS);
    for (const [id, options] of Object.entries(parameters)) {
      const spec = { id, options: options as never };
      assertEquals(makeEnvironment(spec).id, id);
      assertEquals(makeEnvironment(spec).observationNames, ["x", "y"]);
      assertEquals(checkEnv(() => makeEnvironment(spec)), [], id);
      assertEquals(makeVectorEnvironment(spec, 2).count, 2);
    }
  } finally {
    await Deno.remove(data_path);
  }
});

Deno.test("makeArena() names the arenas there are", () => {
  assertThrows(() => makeArena("Simple3D-v1", {}), RangeError, "Simple2D-v1");
});
