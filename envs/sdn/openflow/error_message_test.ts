import { assertEquals, assertThrows } from "@std/assert";
import { hex, recorded } from "./_test_bytes.ts";
import { decodeError, encodeHelloFailed, errorText } from "./error_message.ts";

Deno.test("what a switch refuses is told in the specification's words", () => {
  const { type, code, data } = decodeError(recorded.error);
  assertEquals([type, code], [2, 9]);
  // What failed comes with it: a message to change flows, of 72 bytes.
  assertEquals(data.subarray(0, 4), hex("04 0e 0048"));
  assertEquals(errorText({ type, code, data }), "BAD_ACTION: BAD_OUT_GROUP");
  assertEquals(
    errorText(decodeError(recorded.badMatch)),
    "BAD_MATCH: BAD_PREREQ",
  );
});

Deno.test("errorText() gives numbers where there is no name", () => {
  const data = new Uint8Array(0);
  assertEquals(
    errorText({ type: 5, code: 99, data }),
    "FLOW_MOD_FAILED: code 99",
  );
  assertEquals(
    errorText({ type: 0xffff, code: 3, data }),
    "error of type 65535: code 3",
  );
});

Deno.test("encodeHelloFailed() says why in words", () => {
  const message = encodeHelloFailed(7, "no");
  assertEquals(message, hex("04 01 000e 00000007 0000 0000 6e6f"));
  assertEquals(
    errorText(decodeError(message)),
    "HELLO_FAILED: INCOMPATIBLE (no)",
  );
});

Deno.test("decodeError() refuses a message that is cut", () => {
  assertThrows(
    () => decodeError(hex("04 01 000a 00000007 0001")),
    SyntaxError,
    "an error message: it ends after 10 bytes",
  );
});
