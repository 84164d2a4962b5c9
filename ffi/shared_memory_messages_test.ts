import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { drawServer } from "./shared_memory_messages.ts";

const TABLE = {
  odds: Float32Array.of(0.25, 0, 1, 0.5),
  aliases: Uint32Array.of(2, 3, 2, 0),
};

Deno.test("drawServer() takes each server as often as the table says", () => {
  const counts = [0, 0, 0, 0];
  const draws = 4 * 4096;
  for (let i = 0; i < draws; i++) {
    counts[drawServer(TABLE, (i + 0.5) / draws)]++;
  }
  const shares = [(0.25 + 0.5) / 4, 0, (1 + 0.75) / 4, (0.5 + 1) / 4];
  shares.forEach((share, server) =>
    assertAlmostEquals(counts[server] / draws, share, 1e-3)
  );
});

Deno.test("drawServer() bears the ends of its range, and nothing beyond", () => {
  assertEquals(drawServer(TABLE, 0), 0);
  assertEquals(drawServer(TABLE, 1 - 2 ** -53), 0);
  const seven = {
    odds: new Float32Array(7).fill(1),
    aliases: new Uint32Array(7),
  };
  assertEquals(drawServer(seven, 1 - 2 ** -53), 6);
  for (const uniform of [-0.1, 1, NaN]) {
    assertThrows(
      () => drawServer(TABLE, uniform),
      RangeError,
      `Cannot draw a server with ${uniform}, expected a number from 0 to below 1`,
    );
  }
});
