import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { AutoscalingEnv } from "../../envs/autoscaling/autoscaling_env.ts";
import { PATTERN_NAMES } from "../../envs/autoscaling/patterns.ts";
import { patternLoad, traceLoad } from "./load.ts";

Deno.test("patternLoad() gives what an environment of the same seed meets", () => {
  for (const pattern of PATTERN_NAMES) {
    const load = patternLoad(pattern, { steps: 50, seed: 3 });
    const env = new AutoscalingEnv({ pattern, episodeSteps: 50 });
    const met = [env.reset({ seed: 3 }).info.influx];
    for (let i = 0; i < 50; i++) met.push(env.step(1).info.influx);
    assertEquals([...load.demand], met, pattern);
  }
});

Deno.test("patternLoad() differs between seeds where a pattern draws", () => {
  const demand = (
    pattern: string,
    seed: number,
  ) => [...patternLoad(pattern, { steps: 20, seed }).demand];
  assert(demand("RANDOM", 1).join() !== demand("RANDOM", 2).join());
  assertEquals(demand("SPIKE", 1), demand("SPIKE", 2));
});

Deno.test("patternLoad() refuses an unknown pattern", () => {
  assertThrows(() => patternLoad("SPKE", { steps: 1 }), RangeError, "SPIKE");
});

Deno.test("traceLoad() plays the held-out days and begins anew after them", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "trace.csv");
    // Ten days; only the last two, which are held out, have the larger load.
    const rows = Array.from(
      { length: 10 * 1440 },
      (_, minute) => `${minute},${minute < 8 * 1440 ? 10 : 20}`,
    );
    await Deno.writeTextFile(path, `minute,requests\n${rows.join("\n")}\n`);
    const load = await traceLoad(path, { steps: 2 * 288 + 5 });
    assertEquals(load.demand.length, 2 * 288 + 6);
    // The training days' 99.9 % quantile is scaled to 4350.
    assertEquals(new Set(load.demand), new Set([8700]));
    assert(load.recorded);
    assert(load.name.endsWith("held-out days"));
    assert(load.notes.length > 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("traceLoad() names a file that is not there", async () => {
  await assertRejects(
    () => traceLoad("/no/such/trace.csv", { steps: 1 }),
    Error,
    "/no/such/trace.csv",
  );
});
