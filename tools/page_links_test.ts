import { assertEquals } from "@std/assert";
import { dirname, fromFileUrl, join } from "@std/path";
import { readTree } from "./source_tree.ts";

const root = fromFileUrl(new URL("..", import.meta.url));

/** Places of a page that links can name, as GitHub makes them of headings. */
function anchorsOf(page: string): Set<string> {
  return new Set(
    Array.from(
      page.matchAll(/^#+ (.+)$/gm),
      ([, heading]) =>
        heading.toLowerCase().replace(/[^\p{L}\p{N}_\- ]/gu, "").trim()
          .replaceAll(" ", "-"),
    ),
  );
}

function linksOf(page: string): string[] {
  const prose = page.replace(/```[\s\S]*?```/g, "");
  return Array.from(prose.matchAll(/\]\(([^)\s]+)\)/g), ([, link]) => link)
    .filter((link) => !/^\w+:/.test(link));
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** Links of a page that lead nowhere. */
async function broken(path: string, page: string): Promise<string[]> {
  const found: string[] = [];
  for (const link of linksOf(page)) {
    const [file, anchor] = link.split("#");
    const target = file === "" ? path : join(dirname(path), file);
    if (!await exists(join(root, target))) found.push(`${path}: ${link}`);
    else if (anchor !== undefined && target.endsWith(".md")) {
      const text = await Deno.readTextFile(join(root, target));
      if (!anchorsOf(text).has(anchor)) found.push(`${path}: ${link}`);
    }
  }
  return found;
}

Deno.test("links of pages lead to files and headings that are there", async () => {
  const all = await Promise.all(
    [...await readTree(root)].filter(([path]) => path.endsWith(".md"))
      .map(([path, page]) => broken(path, page)),
  );
  assertEquals(all.flat(), []);
  assertEquals(
    await broken("README.md", "[a](docs/nowhere.md) [b](docs/ppo.md#nothing)"),
    ["README.md: docs/nowhere.md", "README.md: docs/ppo.md#nothing"],
  );
});

Deno.test("README leads to every page of docs", async () => {
  const readme = await Deno.readTextFile(join(root, "README.md"));
  const named = new Set(linksOf(readme).map((link) => link.split("#")[0]));
  const pages = [...await readTree(root)].map(([path]) => path)
    .filter((path) => /^docs\/[^/]+\.md$/.test(path));
  assertEquals(pages.filter((path) => !named.has(path)), []);
});
