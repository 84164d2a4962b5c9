import { assert, assertEquals } from "@std/assert";
import { standardError, standardOutput } from "./console_stream.ts";

Deno.test("standardOutput() and standardError() know their terminal", () => {
  for (
    const [stream, real] of [
      [standardOutput(), Deno.stdout],
      [standardError(), Deno.stderr],
    ] as const
  ) {
    assertEquals(stream.isTerminal, real.isTerminal());
    assert(stream.isTerminal || !stream.color);
    assert(stream.columns() >= 1);
  }
});

Deno.test("standardError() writes all of a text", async () => {
  const module = new URL("./console_stream.ts", import.meta.url).href;
  const code = `import { standardError } from ${JSON.stringify(module)};
    const wrote = standardError().write("ä".repeat(200_000));
    if (!wrote) Deno.exit(1);`;
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-lock", "--quiet", code],
    stderr: "piped",
  }).output();
  assert(success);
  assertEquals(new TextDecoder().decode(stderr), "ä".repeat(200_000));
});
