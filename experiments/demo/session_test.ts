import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { patternLoad } from "./load.ts";
import { rulePolicy } from "./policies.ts";
import { startSession } from "./session.ts";

Deno.test("startSession() reaches the known returns of 200 steps of SINE_CURVE", () => {
  const known = {
    "threshold": -27.9537,
    "hold": -14.025,
    "always-add": -115.5955,
    "pending-aware": -4.3175,
  };
  const session = startSession(
    Object.keys(known).map(rulePolicy),
    patternLoad("SINE_CURVE", { steps: 200 }),
  );
  while (!session.over) session.advance();
  assertEquals(session.step, 200);
  Object.values(known).forEach((expected, i) => {
    assertEquals(session.rows[i].states.length, 201);
    assertAlmostEquals(session.rows[i].states.at(-1)!.reward, expected, 1e-4);
  });
  assertAlmostEquals(session.rows[1].states.at(-1)!.bill, 160, 1e-9);
});

Deno.test("startSession() stops a failed service at its step and goes on with the others", () => {
  const session = startSession(
    ["always-remove", "hold"].map(rulePolicy),
    patternLoad("SINE_CURVE", { steps: 60 }),
  );
  while (!session.over) session.advance();
  const [removed, held] = session.rows;
  assertEquals(removed.states.length - 1, 50);
  assert(removed.states.at(-1)!.failed);
  assertAlmostEquals(removed.states.at(-1)!.reward, -31.738, 1e-3);
  assertEquals(held.states.length - 1, 60);
  assertEquals(held.states.at(-1)!.failed, false);
});

Deno.test("startSession() ends when every service has failed", () => {
  const session = startSession(
    [rulePolicy("always-remove")],
    patternLoad("SINE_CURVE", { steps: 1000 }),
  );
  while (!session.over) session.advance();
  assertEquals(session.step, 50);
});

Deno.test("startSession() refuses to show nobody", () => {
  const load = patternLoad("STEADY", { steps: 1 });
  assertThrows(() => startSession([], load), RangeError, "at least one");
});
