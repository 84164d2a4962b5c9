import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { jupyterArguments, openJupyter } from "./opening.ts";

Deno.test("jupyterArguments() passes browser and port on", () => {
  assertEquals(jupyterArguments({ browser: true }, false), []);
  assertEquals(jupyterArguments({ browser: false, port: 9000 }, true), [
    "--no-browser",
    "--port=9000",
    "--allow-root",
  ]);
});

Deno.test("openJupyter() says what to install where nothing is", async () => {
  const { message } = await assertRejects(
    () =>
      openJupyter("/", { browser: false }, new AbortController().signal, [
        "no-such-program",
      ]),
    Error,
    "pip install jupyterlab",
  );
  assertEquals(message.split("\n").length, 1);
});

Deno.test({
  name: "openJupyter() starts the program with the project's own Jupyter",
  ignore: Deno.build.os === "windows",
  async fn() {
    const root = await Deno.makeTempDir();
    try {
      await Deno.mkdir(join(root, "notebooks"));
      const program = join(root, "jupyter-lab");
      await Deno.writeTextFile(
        program,
        '#!/bin/sh\n[ "$1" = --version ] && exit\necho "$PWD $JUPYTER_PATH $*" > "$JUPYTER_DATA_DIR/../seen"\n',
      );
      await Deno.chmod(program, 0o755);
      await Deno.mkdir(join(root, ".jupyter"));
      const { signal } = new AbortController();
      await openJupyter(root, { browser: false }, signal, [program]);
      const seen = await Deno.readTextFile(join(root, "seen"));
      const [folder, path, ...args] = seen.trim().split(" ");
      assertEquals(folder, await Deno.realPath(join(root, "notebooks")));
      assertEquals(path.split(":")[0], join(root, ".jupyter"));
      assertEquals(args.includes("--no-browser"), true);
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  },
});
