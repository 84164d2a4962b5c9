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

// Of util-linux, whose options other systems' `script` does not have.
const hasScript = Deno.build.os === "linux" &&
  await new Deno.Command("script", { args: ["--version"], stdout: "null" })
    .output().then(({ success }) => success, () => false);

Deno.test({
  name: `a dumb terminal gets neither colours nor cursor movements${
    hasScript ? "" : " [skipped: no script]"
  }`,
  ignore: !hasScript,
  async fn() {
    const module = new URL("./console_stream.ts", import.meta.url).href;
    const code = `import { standardError } from "${module}";
      const { isTerminal, color } = standardError();
      console.log(isTerminal ? "yes" : color ? "colour" : "no");`;
    for (const [term, expected] of [["dumb", "no"], ["xterm", "yes"]]) {
      const { stdout } = await new Deno.Command("script", {
        args: ["-qec", `"$DENO" eval --no-lock --quiet '${code}'`, "/dev/null"],
        env: { DENO: Deno.execPath(), TERM: term },
        stdin: "null",
      }).output();
      const text = new TextDecoder().decode(stdout);
      assertEquals(text.trim(), expected);
    }
  },
});

Deno.test({
  name: `standardOutput() says that the disk is full${
    Deno.build.os === "linux" ? "" : " [skipped: no /dev/full]"
  }`,
  ignore: Deno.build.os !== "linux",
  async fn() {
    const module = new URL("./console_stream.ts", import.meta.url).href;
    const code = `import { standardOutput } from ${JSON.stringify(module)};
      try { standardOutput().write("a"); }
      catch (error) { console.error(error.message); }`;
    const { stderr } = await new Deno.Command("sh", {
      args: [
        "-c",
        '"$0" eval --no-lock -q "$1" > /dev/full',
        Deno.execPath(),
        code,
      ],
    }).output();
    assertEquals(
      new TextDecoder().decode(stderr),
      'Cannot write "standard output": the disk is full, free some space or choose another disk\n',
    );
  },
});
