import { assertEquals, assertThrows } from "@std/assert";
import { hex, recorded } from "./_test_bytes.ts";
import {
  decodeFeatures,
  encodeEchoReply,
  encodeHello,
  speaksOurVersion,
} from "./handshake.ts";

Deno.test("encodeHello() offers OpenFlow 1.3 in a bitmap, as Open vSwitch does", () => {
  assertEquals(encodeHello(1), hex("04 00 0010 00000001 0001 0008 00000010"));
  assertEquals(encodeHello(1), recorded.hello);
});

Deno.test("speaksOurVersion() goes by the bitmap, else by the version", () => {
  assertEquals(speaksOurVersion(recorded.hello), true);
  // Versions 1.0 to 1.5 in the bitmap, 1.5 in the header.
  assertEquals(
    speaksOurVersion(hex("06 00 0010 00000001 0001 0008 0000007e")),
    true,
  );
  // 1.0 and 1.4 alone.
  assertEquals(
    speaksOurVersion(hex("05 00 0010 00000001 0001 0008 00000022")),
    false,
  );
  assertEquals(speaksOurVersion(hex("05 00 0008 00000001")), true);
  assertEquals(speaksOurVersion(hex("01 00 0008 00000001")), false);
  // An element of another type, of 6 bytes and 2 of padding, stands before.
  assertEquals(
    speaksOurVersion(
      hex("05 00 0018 00000001 0009 0006 abcd 0000 0001 0008 00000010"),
    ),
    true,
  );
});

Deno.test("speaksOurVersion() refuses elements that lie about their length", () => {
  for (const length of ["0003", "0040"]) {
    assertThrows(
      () =>
        speaksOurVersion(hex(`04 00 0010 00000001 0001 ${length} 00000010`)),
      SyntaxError,
      "a hello",
    );
  }
});

Deno.test("decodeFeatures() reads number, buffers, tables and capabilities", () => {
  assertEquals(
    decodeFeatures(hex(
      "04 06 0020 00000002 00000000000000ab 00000100 fe 01 0000 0000004f 00000000",
    )),
    {
      datapathId: 0xab,
      bufferCount: 256,
      tableCount: 254,
      auxiliaryId: 1,
      capabilities: 0x4f,
    },
  );
  assertEquals(decodeFeatures(recorded.featuresReply), {
    datapathId: 2,
    bufferCount: 0,
    tableCount: 254,
    auxiliaryId: 0,
    capabilities: 0x4f,
  });
});

Deno.test("encodeEchoReply() sends back what it got", () => {
  assertEquals(
    encodeEchoReply(hex("04 02 000b 0000006e 010203")),
    recorded.echoReply,
  );
});
