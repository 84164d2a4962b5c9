import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { writeArchive } from "../core/archive.ts";
import { placeOf, readArenaAgent } from "./arena_agent.ts";

Deno.test("readArenaAgent() refuses archives of something else", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/dqn.zip`;
    await writeArchive(path, { config: { agent: "dqn" } });
    await assertRejects(
      () => readArenaAgent(path),
      SyntaxError,
      'holds "dqn": expected an agent of an arena',
    );
    await writeArchive(path, {
      config: { arenaAgent: "Weber2018", parameters: {} },
      states: { agent: { x: 1 } },
    });
    assertEquals(await readArenaAgent(path), {
      name: "Weber2018",
      parameters: {},
      state: { x: 1 },
    });
    await assertRejects(
      () => readArenaAgent(path, "Stachenfeld2018"),
      SyntaxError,
      "expected Stachenfeld2018",
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("placeOf() takes the first two entries", () => {
  assertEquals(placeOf([1, 2, 3], "a"), [1, 2]);
  assertThrows(() => placeOf([1], "a cell"), TypeError, "place a cell at [1]");
  assertThrows(() => placeOf([1, Infinity], "a"), TypeError);
});
