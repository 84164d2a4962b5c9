import { assertEquals, assertMatch } from "@std/assert";
import { missingRequirement } from "./requirements.ts";

const isRoot = Deno.build.os === "linux" && Deno.uid() === 0;

Deno.test("missingRequirement() says in one line what is missing", async () => {
  const missing = await missingRequirement();
  if (missing !== undefined) assertMatch(missing, /^[^\n]+$/);
  if (!isRoot) assertMatch(missing!, /^(not root|network namespaces .*)$/);
});

Deno.test({
  name: `missingRequirement() names Debian's package${
    isRoot ? "" : " [skipped: not root]"
  }`,
  ignore: !isRoot,
  async fn() {
    const path = Deno.env.get("PATH")!;
    const folder = await Deno.makeTempDir();
    try {
      await Deno.symlink("/bin/sh", `${folder}/sh`);
      await Deno.symlink("/bin/sh", `${folder}/ip`);
      Deno.env.set("PATH", folder);
      assertEquals(
        await missingRequirement(),
        "tc is not installed (Debian's package iproute2)",
      );
    } finally {
      Deno.env.set("PATH", path);
      await Deno.remove(folder, { recursive: true });
    }
  },
});
