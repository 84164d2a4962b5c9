import { assertEquals, assertThrows } from "@std/assert";
import { ByteReader } from "./byte_reader.ts";
import { hex } from "./_test_bytes.ts";
import { encodeMatch, type Match, readMatch } from "./match.ts";

function decoded(bytes: Uint8Array): Match {
  return readMatch(new ByteReader(bytes, "a match"));
}

Deno.test("encodeMatch() pads the empty match to 8 bytes", () => {
  assertEquals(encodeMatch({}), hex("0001 0004 00000000"));
});

Deno.test("encodeMatch() writes fields in the order that they need", () => {
  assertEquals(
    encodeMatch({
      udp_dst: 5201,
      ip_proto: 17,
      ipv4_dst: "10.0.0.2",
      eth_type: "0x0800",
      in_port: 3,
    }),
    hex(`
      0001 0025
      8000 00 04 00000003
      8000 0a 02 0800
      8000 14 01 11
      8000 18 04 0a000002
      8000 20 02 1451
      000000
    `),
  );
});

Deno.test("encodeMatch() writes masks, and clears what they leave out", () => {
  const expected = hex("0001 0010 8000 19 08 0a000000 ffffff00");
  assertEquals(encodeMatch({ ipv4_dst: "10.0.0.77/24" }), expected);
  assertEquals(encodeMatch({ ipv4_dst: "10.0.0.77/255.255.255.0" }), expected);
  assertEquals(
    encodeMatch({ eth_dst: "01:00:00:00:00:00/01:00:00:00:00:00" }),
    hex("0001 0014 8000 07 0c 010000000000 010000000000 00000000"),
  );
});

Deno.test("matches come back as they went", () => {
  const match: Match = {
    in_port: 0xfffffffe,
    eth_dst: "02:00:00:00:00:01",
    eth_src: "02:00:00:00:00:00/ff:ff:ff:ff:ff:00",
    eth_type: 0x0806,
    arp_op: 1,
    arp_spa: "10.0.0.1",
    arp_tpa: "10.0.0.0/255.0.0.0",
    arp_sha: "02:00:00:00:00:01",
  };
  assertEquals(decoded(encodeMatch(match)), match);
});

Deno.test("readMatch() leaves out fields that it does not know", () => {
  // Open vSwitch's own class 1, then the port.
  assertEquals(
    decoded(hex("0001 0014 0001 00 04 deadbeef 8000 00 04 00000002 00000000")),
    { in_port: 2 },
  );
});

Deno.test("encodeMatch() refuses what makes no sense", () => {
  const bad: [Match, string][] = [
    [{ in_prot: 1 }, 'Cannot match "in_prot", expected one of in_port'],
    [{ eth_type: 65536 }, "a whole number from 0 to 65535"],
    [{ ip_proto: -1 }, "a whole number from 0 to 255"],
    [{ udp_dst: "x" }, 'Cannot match udp_dst "x"'],
    [{ udp_dst: "" }, 'Cannot match udp_dst ""'],
    [{ ipv4_dst: "10.0.0" }, 'ipv4_dst "10.0.0"'],
    [{ ipv4_dst: "10.0.0.256" }, "10.0.0.256"],
    [{ ipv4_dst: "10.0.0.1/33" }, "32 bits at most"],
    [{ ipv4_dst: "10.0.0.1/8/8" }, "one slash at most"],
    [{ eth_dst: "02:00:00:00:00" }, "an address such as 02:00"],
  ];
  for (const [match, message] of bad) {
    assertThrows(() => encodeMatch(match), RangeError, message);
  }
});

Deno.test("readMatch() refuses lengths that lie", () => {
  const bad: [string, string][] = [
    ["0001 0003 00000000", "it says that it has 3 bytes, expected 4"],
    ["0001 0040 80000004", "it ends after 8 bytes"],
    ["0001 000c 8000 00 08 00000001 00000000", "it ends after 8 bytes"],
    ["0001 000b 8000 00 03 000001 0000000000", "in_port: it has 3 bytes"],
    ["0000 0004 00000000", "of the type 0, expected 1"],
  ];
  for (const [bytes, message] of bad) {
    assertThrows(() => decoded(hex(bytes)), SyntaxError, message);
  }
});
