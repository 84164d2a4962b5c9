import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { userPath } from "./paths.ts";

function withInitialFolder(folder: string | undefined, body: () => void) {
  const before = Deno.env.get("INIT_CWD");
  if (folder === undefined) Deno.env.delete("INIT_CWD");
  else Deno.env.set("INIT_CWD", folder);
  try {
    body();
  } finally {
    if (before === undefined) Deno.env.delete("INIT_CWD");
    else Deno.env.set("INIT_CWD", before);
  }
}

Deno.test("userPath() counts from INIT_CWD", () => {
  withInitialFolder("/home/ada", () => {
    for (
      const [given, expected] of [
        ["runs/a.zip", "/home/ada/runs/a.zip"],
        ["../b.zip", "/home/b.zip"],
        [".", "/home/ada"],
        ["/tmp/c.zip", "/tmp/c.zip"],
      ]
    ) assertEquals(userPath(given), expected);
  });
});

Deno.test("userPath() counts from the current folder without INIT_CWD", () => {
  for (const folder of [undefined, ""]) {
    withInitialFolder(folder, () => {
      assertEquals(userPath("a.zip"), join(Deno.cwd(), "a.zip"));
    });
  }
});

Deno.test({
  name: "userPath() counts from the current folder when env is not allowed",
  permissions: { env: false, read: true },
  fn() {
    assertEquals(userPath("a.zip"), join(Deno.cwd(), "a.zip"));
  },
});

Deno.test("userPath() throws when the path is empty", () => {
  assertThrows(() => userPath(""), RangeError, 'Cannot use the path ""');
});
