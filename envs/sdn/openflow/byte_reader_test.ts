import { assertEquals, assertThrows } from "@std/assert";
import { hex } from "./_test_bytes.ts";
import { ByteReader } from "./byte_reader.ts";

Deno.test("ByteReader reads in network byte order", () => {
  const reader = new ByteReader(
    hex("01 0203 04050607 0000000000000100 61620063 ff"),
    "a test",
  );
  assertEquals(
    [reader.u8(), reader.u16(), reader.u32(), reader.u64(), reader.text(4)],
    [1, 0x0203, 0x04050607, 256, "ab"],
  );
  assertEquals(reader.left, 1);
  assertEquals(reader.rest(), hex("ff"));
});

Deno.test("ByteReader never reads beyond the end of its part", () => {
  const reader = new ByteReader(hex("0102030405"), "a test");
  const part = reader.part(2, "a part");
  assertEquals(part.u16(), 0x0102);
  assertThrows(
    () => part.u8(),
    SyntaxError,
    "Cannot read a part: it ends after 2 bytes, expected 3 or more",
  );
  assertThrows(() => reader.bytes(4), SyntaxError, "a test");
  assertThrows(
    () => reader.remainder(3, 4, "a field"),
    SyntaxError,
    "it says that it has 3 bytes, expected 4 or more",
  );
  assertEquals(reader.remainder(7, 4, "a field").left, 3);
});
