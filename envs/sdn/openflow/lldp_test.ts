import { assertEquals } from "@std/assert";
import { hex } from "./_test_bytes.ts";
import { decodeLinkProbe, encodeLinkProbe } from "./lldp.ts";

const PROBE = { datapathId: 0x0102030405, port: 7, sequence: 0xfffffffe };

Deno.test("encodeLinkProbe() writes chassis, port, time to live and number", () => {
  assertEquals(
    encodeLinkProbe(PROBE),
    hex(`
      0180c200000e 024c6f616473 88cc
      0209 07 0000000102030405
      0405 07 00000007
      0602 0078
      fe08 024c53 01 fffffffe
      0000
    `),
  );
  assertEquals(decodeLinkProbe(encodeLinkProbe(PROBE)), PROBE);
});

Deno.test("decodeLinkProbe() takes no frames of others, nor broken ones", () => {
  const frame = encodeLinkProbe(PROBE);
  for (let length = 0; length < frame.length - 2; length++) {
    assertEquals(decodeLinkProbe(frame.subarray(0, length)), undefined);
  }
  const ipv4 = frame.slice();
  ipv4.set([8, 0], 12);
  assertEquals(decodeLinkProbe(ipv4), undefined);
  // LLDP of a machine: chassis and port by their MAC addresses.
  assertEquals(
    decodeLinkProbe(hex(`
      0180c200000e 020000000001 88cc
      0207 04 020000000001 0407 03 020000000001 0602 0078 0000
    `)),
    undefined,
  );
});
