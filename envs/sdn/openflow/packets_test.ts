import { assertEquals, assertThrows } from "@std/assert";
import { hex, recorded } from "./_test_bytes.ts";
import { decodeLinkProbe } from "./lldp.ts";
import { decodePacketIn, encodePacketOut } from "./packets.ts";

Deno.test("decodePacketIn() reads port and packet", () => {
  assertEquals(
    decodePacketIn(hex(`
      04 0a 002e 00000000 ffffffff 0100 01 02 0000000000001234
      0001 000c 80000004 00000003 00000000 0000 aabbccdd
    `)),
    {
      totalLength: 256,
      reason: 1,
      table: 2,
      cookie: 0x1234,
      match: { in_port: 3 },
      data: hex("aabbccdd"),
    },
  );
});

Deno.test("decodePacketIn() reads a frame that Open vSwitch hands over", () => {
  const { match, totalLength, data } = decodePacketIn(recorded.packetIn);
  assertEquals(match, { in_port: 1 });
  assertEquals(data.length, totalLength);
  assertEquals(decodeLinkProbe(data), {
    datapathId: 2,
    port: 1,
    sequence: 42,
  });
});

Deno.test("encodePacketOut() writes actions and packet", () => {
  assertEquals(
    encodePacketOut(8, {
      actions: [{ type: "OUTPUT", port: 2 }],
      data: hex("aabbccdd"),
    }),
    hex(`
      04 0d 002c 00000008 ffffffff fffffffd 0010 000000000000
      0000 0010 00000002 ffff 000000000000 aabbccdd
    `),
  );
});

Deno.test("decodePacketIn() refuses a message that is cut", () => {
  for (let length = 8; length < 42; length++) {
    assertThrows(
      () => decodePacketIn(recorded.packetIn.subarray(0, length)),
      SyntaxError,
    );
  }
});
