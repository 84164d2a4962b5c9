import { assertEquals, assertThrows } from "@std/assert";
import { recall } from "./recall.ts";

Deno.test("recall() shows the cue once, and rewards the last action alone", () => {
  const env = recall({ steps: 4 });
  const cues = new Set<number>();
  for (let seed = 0; seed < 20; seed++) {
    const { observation } = env.reset({ seed });
    const cue = observation[1];
    assertEquals([...observation], [1 - cue, cue, 0]);
    cues.add(cue);
    const seen = [1, 2, 3].map(() => {
      const { observation, reward, terminated } = env.step(cue);
      return [...observation, reward, Number(terminated)];
    });
    assertEquals(seen, [[0, 0, 0, 0, 0], [0, 0, 0, 0, 0], [0, 0, 1, 0, 0]]);
    const right = seed % 2 === 0;
    const last = env.step(right ? cue : 1 - cue);
    assertEquals([last.reward, last.terminated], [right ? 1 : 0, true]);
    assertThrows(() => env.step(0), Error, "call reset first");
  }
  assertEquals(cues.size, 2);
});

Deno.test("recall() refuses what makes no sense", () => {
  for (const steps of [1, 2.5, NaN]) {
    assertThrows(
      () => recall({ steps }),
      RangeError,
      `Cannot recall over ${steps} steps`,
    );
  }
  const env = recall();
  env.reset({ seed: 0 });
  assertThrows(() => env.step(2), RangeError, "Cannot take action 2");
});
