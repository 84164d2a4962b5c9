import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { firstInstalled, jupyterVariables, writeKernel } from "./jupyter.ts";

Deno.test("writeKernel() writes this Deno's kernel below the root", async () => {
  const root = await Deno.makeTempDir();
  try {
    const path = await writeKernel(root);
    assertEquals(
      path,
      join(root, ".jupyter", "kernels", "loadstar", "kernel.json"),
    );
    const kernel = JSON.parse(await Deno.readTextFile(path));
    assertEquals(kernel.argv, [
      Deno.execPath(),
      "jupyter",
      "--kernel",
      "--conn",
      "{connection_file}",
    ]);
    assertEquals(kernel.language, "typescript");
    // Again, for another Deno.
    await writeKernel(root, "/opt/deno");
    const again = JSON.parse(await Deno.readTextFile(path));
    assertEquals(again.argv[0], "/opt/deno");
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("jupyterVariables() keep everything below the root", () => {
  const variables = jupyterVariables("/here");
  for (const [name, path] of Object.entries(variables)) {
    assertEquals([name, path.startsWith(join("/here", ".jupyter"))], [
      name,
      true,
    ]);
  }
  const { JUPYTER_PATH } = jupyterVariables("/here", "/mine");
  assertEquals(JUPYTER_PATH.slice(0, -"/mine".length - 1), "/here/.jupyter");
});

Deno.test("firstInstalled() passes over what is not there", async () => {
  assertEquals(await firstInstalled(["no-such-program", "deno"]), "deno");
  assertEquals(await firstInstalled(["no-such-program"]), undefined);
});
