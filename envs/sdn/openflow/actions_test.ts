import { assertEquals, assertThrows } from "@std/assert";
import { ByteReader } from "./byte_reader.ts";
import { hex } from "./_test_bytes.ts";
import {
  type Action,
  encodeActions,
  encodeApplyActions,
  readActions,
  readAppliedActions,
} from "./actions.ts";

const ACTIONS: readonly Action[] = [
  { type: "SET_FIELD", field: "eth_dst", value: "02:00:00:00:00:02" },
  { type: "DEC_NW_TTL" },
  { type: "OUTPUT", port: 3 },
  { type: "GROUP", groupId: 7 },
];
const BYTES = `
  0019 0010 8000 06 06 020000000002 0000
  0018 0008 00000000
  0000 0010 00000003 ffff 000000000000
  0016 0008 00000007
`;

Deno.test("actions as bytes, and back", () => {
  assertEquals(encodeActions(ACTIONS), hex(BYTES));
  assertEquals(readActions(new ByteReader(hex(BYTES), "actions")), ACTIONS);
});

Deno.test("encodeApplyActions() wraps them in an instruction", () => {
  const bytes = hex(`0004 0038 00000000 ${BYTES}`);
  assertEquals(encodeApplyActions(ACTIONS), bytes);
  assertEquals(
    readAppliedActions(new ByteReader(bytes, "instructions")),
    ACTIONS,
  );
  assertEquals(encodeApplyActions([]), new Uint8Array(0));
});

Deno.test("readActions() keeps the number of what it does not know", () => {
  const bytes = hex("0011 0008 81000000 0000 0010 00000001 0000 000000000000");
  assertEquals(readActions(new ByteReader(bytes, "actions")), [
    { type: "OTHER", code: 17 },
    { type: "OUTPUT", port: 1 },
  ]);
});

Deno.test("actions that cannot be are refused", () => {
  assertThrows(
    () => encodeActions([{ type: "OTHER", code: 17 }]),
    RangeError,
    "expected one of OUTPUT, GROUP, SET_FIELD, DEC_NW_TTL",
  );
  for (const length of ["0000", "0003", "0018"]) {
    assertThrows(
      () =>
        readActions(
          new ByteReader(hex(`0000 ${length} 00000001 ffff 000000000000`), "x"),
        ),
      SyntaxError,
    );
  }
});
