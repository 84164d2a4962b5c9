import { assertEquals, assertThrows } from "@std/assert";
import { agentOf } from "../../agents/model.ts";
import { decodeArchive, encodeArchive } from "../../core/archive.ts";
import { tinyModel } from "./_tiny_model.ts";
import { createSessions, SessionLimitError } from "./prediction_sessions.ts";

const agent = agentOf(decodeArchive(encodeArchive(tinyModel()), { name: "a" }));

Deno.test("createSessions() keeps sessions apart, and ends them", () => {
  const sessions = createSessions(agent);
  const first = sessions.of("a");
  assertEquals(sessions.of("a") === first, true);
  assertEquals(sessions.of("b") === first, false);
  assertEquals(sessions.count, 2);
  assertEquals([sessions.end("a"), sessions.end("a")], [true, false]);
  assertEquals(sessions.of("a") === first, false);
});

Deno.test("createSessions() forgets those that were idle, and no others", () => {
  let now = 0;
  const sessions = createSessions(agent, {
    limit: 2,
    idleSeconds: 10,
    now: () => now,
  });
  sessions.of("a");
  now = 5000;
  sessions.of("b");
  const error = assertThrows(() => sessions.of("c"), SessionLimitError);
  assertEquals(
    error.message,
    "Cannot begin a session: there are 2, all used within 10 s; expected one to be ended first",
  );
  now = 9000;
  const a = sessions.of("a");
  now = 15_000;
  sessions.of("c");
  assertEquals(sessions.count, 2);
  assertEquals(sessions.of("a") === a, true);
});
