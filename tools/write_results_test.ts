import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { PUBLISHED_PARTS } from "../experiments/published/parts.ts";
import { updateResults } from "./write_results.ts";

const results = fromFileUrl(new URL("../docs/results", import.meta.url));

Deno.test("updateResults() writes the tables of pages, once", async () => {
  const root = await Deno.makeTempDir();
  try {
    for (const { name } of PUBLISHED_PARTS) {
      const path = join(root, "docs", "results", `${name}.json`);
      await Deno.mkdir(join(path, ".."), { recursive: true });
      await Deno.copyFile(join(results, `${name}.json`), path);
    }
    const page = join(root, "page.md");
    await Deno.writeTextFile(
      page,
      "<!-- results: tabular -->\n\n<!-- end of results -->\n",
    );
    assertEquals(await updateResults(root), ["page.md"]);
    assert((await Deno.readTextFile(page)).includes("| frozenlake-q"));
    assertEquals(await updateResults(root), []);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
