import { assertEquals } from "@std/assert";
import { scheduled } from "./schedules.ts";

Deno.test("scheduled() keeps a constant and lets a line fall to zero", () => {
  const cases = [
    ["constant", 0, 0.2],
    ["constant", 1, 0.2],
    ["linear", 0, 0.2],
    ["linear", 0.25, 0.2 * 0.75],
    ["linear", 1, 0],
    // Training may overshoot its end by part of a rollout.
    ["linear", 1.01, 0],
  ] as const;
  for (const [schedule, progress, expected] of cases) {
    assertEquals(scheduled(0.2, schedule, { progress }), expected);
  }
});
