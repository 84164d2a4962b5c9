import { assertEquals, assertThrows } from "@std/assert";
import { hex, recorded } from "./_test_bytes.ts";
import { messageSplitter } from "./framing.ts";

const stream = Uint8Array.from(
  Object.values(recorded).flatMap((message) => [...message]),
);

Deno.test("messageSplitter() finds the same messages however they are cut", () => {
  for (const size of [1, 3, 7, 64, 1000, stream.length]) {
    const split = messageSplitter();
    const found: Uint8Array[] = [];
    for (let at = 0; at < stream.length; at += size) {
      found.push(...split(stream.slice(at, at + size)));
    }
    assertEquals(found, Object.values(recorded));
  }
});

Deno.test("messageSplitter() waits for the rest of a message", () => {
  const split = messageSplitter();
  assertEquals(split(hex("04 15 0008 0000")), []);
  assertEquals(split(hex("006a 04")), [hex("04 15 0008 0000006a")]);
});

Deno.test("messageSplitter() refuses messages shorter than their header", () => {
  for (const length of ["0000", "0007"]) {
    assertThrows(
      () => messageSplitter()(hex(`04 00 ${length} 00000001`)),
      SyntaxError,
      `it says that it has ${Number(length)} bytes, expected 8 or more`,
    );
  }
});
