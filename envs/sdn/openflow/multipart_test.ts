import { assertEquals, assertThrows } from "@std/assert";
import { hex, partBody, recorded } from "./_test_bytes.ts";
import {
  decodeDescription,
  decodeFlows,
  decodeGroups,
  decodeMultipart,
  decodePortCounters,
  encodeMultipartRequest,
} from "./multipart.ts";
import { RESERVED_PORTS } from "./ports.ts";

Deno.test("encodeMultipartRequest() asks for all that there is", () => {
  assertEquals(
    encodeMultipartRequest(1, "ports"),
    hex("04 12 0010 00000001 000d 0000 00000000"),
  );
  assertEquals(
    encodeMultipartRequest(2, "portStats"),
    hex("04 12 0018 00000002 0004 0000 00000000 ffffffff 00000000"),
  );
  assertEquals(
    encodeMultipartRequest(3, "flows"),
    hex(`
      04 12 0038 00000003 0001 0000 00000000
      ff 000000 ffffffff ffffffff 00000000
      0000000000000000 0000000000000000
      0001 0004 00000000
    `),
  );
});

Deno.test("decodeMultipart() tells whether more parts follow", () => {
  assertEquals(
    decodeMultipart(hex("04 13 0012 00000001 0004 0001 00000000 abcd")),
    { type: 4, more: true, body: hex("abcd") },
  );
  assertEquals(decodeMultipart(recorded.portStats).more, false);
});

Deno.test("decodePortCounters() reads every counter", () => {
  const numbers = Array.from({ length: 12 }, (_, i) => i + 1);
  const counters = numbers
    .map((count) => count.toString(16).padStart(16, "0")).join("");
  assertEquals(
    decodePortCounters(
      hex(`00000003 00000000 ${counters} 0000000a 1dcd6500`),
    ),
    [{
      number: 3,
      receivedPackets: 1,
      sentPackets: 2,
      receivedBytes: 3,
      sentBytes: 4,
      receivedDropped: 5,
      sentDropped: 6,
      receiveErrors: 7,
      sendErrors: 8,
      frameErrors: 9,
      overruns: 10,
      checksumErrors: 11,
      collisions: 12,
      seconds: 10,
      nanoseconds: 500_000_000,
    }],
  );
});

Deno.test("decodePortCounters() reads Open vSwitch's, -1 for what it does not count", () => {
  const ports = decodePortCounters(partBody(recorded.portStats));
  assertEquals(
    ports.map(({ number }) => number),
    [RESERVED_PORTS.local, 1, 2, 3],
  );
  const uncounted = hex(
    `00000001 00000000 ${"ff".repeat(96)} 00000000 00000000`,
  );
  assertEquals(decodePortCounters(uncounted)[0].collisions, -1);
});

Deno.test("decodeDescription() reads Open vSwitch's", () => {
  assertEquals(decodeDescription(partBody(recorded.description)), {
    manufacturer: "Nicira, Inc.",
    hardware: "Open vSwitch",
    software: "3.1.0",
    serialNumber: "None",
    datapath: "None",
  });
});

Deno.test("decodeFlows() reads the entries that the recording put in", () => {
  const [lldp, user] = decodeFlows(partBody(recorded.flows));
  assertEquals(lldp.match, { eth_type: 0x88cc });
  assertEquals(lldp.actions, [{
    type: "OUTPUT",
    port: RESERVED_PORTS.controller,
  }]);
  assertEquals(lldp.priority, 65535);
  assertEquals(user.match, {
    in_port: 2,
    eth_src: "02:00:00:00:00:01",
    eth_type: 0x0800,
    ip_proto: 17,
    ipv4_dst: "10.0.0.0/255.255.255.0",
    udp_dst: 5201,
  });
  assertEquals(user.actions, [
    { type: "SET_FIELD", field: "eth_dst", value: "02:00:00:00:00:02" },
    { type: "DEC_NW_TTL" },
    { type: "GROUP", groupId: 7 },
  ]);
  assertEquals([user.priority, user.cookie, user.length], [5, 0x1234, 144]);
});

Deno.test("decodeGroups() reads the group that the recording put in", () => {
  assertEquals(decodeGroups(partBody(recorded.groups)), [{
    groupId: 7,
    type: "SELECT",
    buckets: [
      {
        weight: 3,
        watchPort: RESERVED_PORTS.any,
        actions: [{ type: "OUTPUT", port: 1 }],
      },
      {
        weight: 1,
        watchPort: RESERVED_PORTS.any,
        actions: [{ type: "OUTPUT", port: 2 }],
      },
    ],
  }]);
});

Deno.test("answers that are cut anywhere are refused, never read beyond", () => {
  const readers = [
    [decodeFlows, recorded.flows],
    [decodeGroups, recorded.groups],
    [decodePortCounters, recorded.portStats],
    [decodeDescription, recorded.description],
  ] as const;
  for (const [read, message] of readers) {
    const body = partBody(message);
    const whole = new Set([0]);
    if (read === decodePortCounters) {
      [112, 224, 336].forEach((n) => whole.add(n));
    }
    if (read === decodeFlows) whole.add(88);
    if (read === decodeDescription) whole.delete(0);
    for (let length = 0; length < body.length; length++) {
      if (whole.has(length)) continue;
      assertThrows(() => read(body.subarray(0, length)), SyntaxError);
    }
  }
});

Deno.test("entries that say that they have no bytes end nothing", () => {
  assertThrows(
    () => decodeFlows(new Uint8Array(64)),
    SyntaxError,
    "a flow entry: it says that it has 0 bytes",
  );
  assertThrows(() => decodeGroups(new Uint8Array(64)), SyntaxError, "a group");
});
