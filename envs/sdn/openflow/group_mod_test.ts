import { assertEquals, assertThrows } from "@std/assert";
import { hex } from "./_test_bytes.ts";
import { encodeGroupMod } from "./group_mod.ts";

Deno.test("encodeGroupMod() writes buckets with their weights", () => {
  assertEquals(
    encodeGroupMod(5, {
      command: "modify",
      type: "SELECT",
      groupId: 7,
      buckets: [
        { weight: 3, actions: [{ type: "OUTPUT", port: 1 }] },
        { weight: 1, watchPort: 2, actions: [] },
      ],
    }),
    hex(`
      04 0f 0040 00000005
      0001 01 00 00000007
      0020 0003 ffffffff ffffffff 00000000
      0000 0010 00000001 ffff 000000000000
      0010 0001 00000002 ffffffff 00000000
    `),
  );
});

Deno.test("encodeGroupMod() refuses weights without room", () => {
  for (const weight of [-1, 0.5, 65536]) {
    assertThrows(
      () =>
        encodeGroupMod(1, {
          command: "add",
          type: "SELECT",
          groupId: 1,
          buckets: [{ weight, actions: [] }],
        }),
      RangeError,
      `the weight ${weight}`,
    );
  }
});
