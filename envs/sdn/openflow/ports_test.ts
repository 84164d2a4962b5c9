import { assertEquals, assertThrows } from "@std/assert";
import { hex, partBody, recorded } from "./_test_bytes.ts";
import { decodePorts, decodePortStatus, RESERVED_PORTS } from "./ports.ts";

/** One `ofp_port` of 64 bytes: each field has another value. */
const PORT = `
  00000003 00000000 020100001003 0000
  73312d6574683300 0000000000000000
  00000001 00000004 00000840 00000002 00000003 00000005 00989680 01312d00
`;

Deno.test("decodePorts() reads every field", () => {
  assertEquals(decodePorts(hex(PORT)), [{
    number: 3,
    address: "02:01:00:00:10:03",
    name: "s1-eth3",
    config: 1,
    state: 4,
    current: 0x840,
    advertised: 2,
    supported: 3,
    peer: 5,
    currentSpeed: 10_000_000,
    maximumSpeed: 20_000_000,
  }]);
});

Deno.test("decodePorts() reads what Open vSwitch tells", () => {
  const ports = decodePorts(partBody(recorded.ports));
  assertEquals(
    ports.map(({ number, name }) => [number, name]),
    [
      [RESERVED_PORTS.local, "s2"],
      [1, "s2-eth1"],
      [2, "s2-eth2"],
      [3, "s2-eth3"],
    ],
  );
  assertEquals(ports[1].address, "02:01:00:00:20:01");
  assertEquals(ports[1].currentSpeed, 10_000_000);
});

Deno.test("decodePortStatus() says what became of which port", () => {
  const { reason, port } = decodePortStatus(
    hex(`04 0c 0050 00000000 01 00000000000000 ${PORT}`),
  );
  assertEquals([reason, port.number], ["deleted", 3]);
  // s2's end was taken down, so that s1's is no longer live.
  const told = decodePortStatus(recorded.portStatus);
  assertEquals(told.reason, "modified");
  assertEquals([told.port.name, told.port.state], ["s1-eth1", 0]);
});

Deno.test("malformed ports are refused", () => {
  assertThrows(
    () => decodePorts(hex(PORT).subarray(0, 63)),
    SyntaxError,
    "it ends after 63 bytes, expected 64",
  );
  assertThrows(
    () =>
      decodePortStatus(hex(`04 0c 0050 00000000 07 00000000000000 ${PORT}`)),
    SyntaxError,
    "its reason is 7",
  );
});
