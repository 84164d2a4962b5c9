import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { RecordedArena } from "./recorded_arena.ts";

async function withRecording(run: (path: string) => void) {
  const path = await Deno.makeTempFile({ suffix: ".csv" });
  try {
    const rows = Array.from({ length: 20 }, (_, i) => `${i * 0.04},${i},${-i}`);
    await Deno.writeTextFile(path, ["time,x,y", ...rows].join("\n"));
    run(path);
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("a recording is played to its end, whatever the actions", async () => {
  await withRecording((data_path) => {
    const env = new RecordedArena({ data_path, skip_every: 3 });
    assertEquals(env.xLimits, [0, 19]);
    assertAlmostEquals(env.timeStepSize, 0.12, 1e-12);
    assertEquals([...env.reset().observation], [0, 0]);
    const seen: number[] = [];
    for (let over = false; !over;) {
      const { observation, truncated, terminated } = env.step([5, 5]);
      seen.push(observation[0]);
      assert(!terminated);
      over = truncated;
    }
    assertEquals(seen, [3, 6, 9, 12, 15, 18]);
    assertThrows(() => env.step([0, 0]), Error, "expected a reset");
  });
});

Deno.test("a recording begins anywhere, or near a place", async () => {
  await withRecording((data_path) => {
    const env = new RecordedArena({ data_path, time_step_size: 0.5 });
    assertEquals(env.timeStepSize, 0.5);
    const starts = Array.from(
      { length: 30 },
      (_, seed) => env.reset({ seed, randomState: true }).observation[0],
    );
    assert(new Set(starts).size > 8);
    assertEquals([...env.reset({ customState: [7.2, -6.9] }).observation], [
      7,
      -7,
    ]);
  });
});

Deno.test("a recording must lie in the arena, and have steps", async () => {
  await withRecording((data_path) => {
    assertThrows(
      () => new RecordedArena({ data_path, arena_x_limits: [0, 10] }),
      RangeError,
      "sample 11",
    );
    assertThrows(
      () => new RecordedArena({ data_path, skip_every: 20 }),
      RangeError,
      "skip_every 20",
    );
    assertThrows(() => new RecordedArena({}), TypeError, "without data_path");
  });
});
