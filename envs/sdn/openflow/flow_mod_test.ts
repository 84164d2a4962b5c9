import { assertEquals, assertThrows } from "@std/assert";
import { hex } from "./_test_bytes.ts";
import { encodeFlowMod, type FlowModCommand } from "./flow_mod.ts";

Deno.test("encodeFlowMod() writes every field", () => {
  assertEquals(
    encodeFlowMod(9, {
      command: "modify_strict",
      cookie: 0x0102030405,
      cookieMask: 0xff,
      table: 1,
      idleTimeout: 10,
      hardTimeout: 20,
      priority: 100,
      flags: 1,
      match: { eth_type: 0x0800 },
      actions: [{ type: "OUTPUT", port: 2 }],
    }),
    hex(`
      04 0e 0058 00000009
      0000000102030405 00000000000000ff
      01 02 000a 0014 0064
      ffffffff ffffffff ffffffff 0001 0000
      0001 000a 8000 0a 02 0800 000000000000
      0004 0018 00000000 0000 0010 00000002 ffff 000000000000
    `),
  );
});

Deno.test("encodeFlowMod() knows all commands; what is left out is 0", () => {
  const commands: FlowModCommand[] = [
    "add",
    "modify",
    "modify_strict",
    "delete",
    "delete_strict",
  ];
  commands.forEach((command, code) => {
    assertEquals(
      encodeFlowMod(1, { command, match: {} }),
      hex(`
        04 0e 0038 00000001
        0000000000000000 0000000000000000
        00 0${code} 0000 0000 0000 ffffffff ffffffff ffffffff 0000 0000
        0001 0004 00000000
      `),
    );
  });
});

Deno.test("encodeFlowMod() refuses numbers without room", () => {
  const base = { command: "add", match: {} } as const;
  assertThrows(
    () => encodeFlowMod(1, { ...base, priority: 65536 }),
    RangeError,
    "the priority 65536, expected a whole number from 0 to 65535",
  );
  for (const bad of [-1, 1.5, NaN]) {
    assertThrows(() => encodeFlowMod(1, { ...base, cookie: bad }), RangeError);
  }
  assertThrows(
    () => encodeFlowMod(1, { ...base, idleTimeout: 70000 }),
    RangeError,
    "idle time-out 70000",
  );
});
