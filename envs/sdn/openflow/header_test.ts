import { assertEquals, assertThrows } from "@std/assert";
import { hex } from "./_test_bytes.ts";
import { decodeHeader, encodeMessage, MESSAGE_TYPES } from "./header.ts";

Deno.test("encodeMessage() writes version, type, length and transaction", () => {
  assertEquals(
    encodeMessage(MESSAGE_TYPES.echoRequest, 0x01020304, hex("aabbcc")),
    hex("04 02 000b 01020304 aabbcc"),
  );
});

Deno.test("decodeHeader() reads what switches of other versions send", () => {
  assertEquals(decodeHeader(hex("06 00 0010 ffffffff 0001")), {
    version: 6,
    type: 0,
    length: 16,
    transaction: 0xffffffff,
  });
  assertThrows(
    () => decodeHeader(hex("04000008000000")),
    SyntaxError,
    "Cannot read an OpenFlow header: it ends after 7 bytes, expected 8",
  );
});

Deno.test("encodeMessage() refuses what no length can tell", () => {
  assertThrows(
    () => encodeMessage(13, 1, new Uint8Array(65528)),
    RangeError,
    "65536 bytes",
  );
});
