import { assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl } from "@std/path";

Deno.test("a file that is not there is one line", async () => {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-q", "-P=train", "--no-prompt"],
      fromFileUrl(new URL("imitation_pretrain.ts", import.meta.url)),
      ...["--data", "/nowhere/expert.npz"],
    ],
    env: { NO_COLOR: "1" },
  }).output();
  assertEquals(code, 1);
  assertMatch(
    new TextDecoder().decode(stderr),
    /^[^\n]*\/nowhere\/expert\.npz[^\n]*\n$/,
  );
});
