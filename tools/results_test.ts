import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { blocksIn } from "../experiments/published/markdown.ts";
import { BLOCK_NAMES } from "../experiments/published/tables.ts";
import { outdatedPages, readPublishedRuns } from "./results.ts";
import { readTree } from "./source_tree.ts";

const root = fromFileUrl(new URL("..", import.meta.url));

Deno.test("README and docs have the numbers of docs/results (deno task write-results)", async () => {
  const outdated = outdatedPages(
    await readTree(root),
    await readPublishedRuns(root),
  );
  assertEquals([...outdated.keys()], []);
});

Deno.test("every table of results stands on a page", async () => {
  const pages = [...await readTree(root)]
    .filter(([path]) => path.endsWith(".md"));
  const found = new Set(pages.flatMap(([, text]) => blocksIn(text)));
  assertEquals(BLOCK_NAMES.filter((name) => !found.has(name)), []);
});

Deno.test("outdatedPages() finds a digit that was changed by hand", async () => {
  const runs = await readPublishedRuns(root);
  const readme = await Deno.readTextFile(`${root}/README.md`);
  const [, before, digit] = /(<!-- results: autoscaling -->[\s\S]*?-\d\.)(\d)/
    .exec(readme)!;
  const other = String((Number(digit) + 1) % 10);
  const bent = readme.replace(before + digit, before + other);
  assert(bent !== readme);
  const outdated = outdatedPages(new Map([["README.md", bent]]), runs);
  assertEquals(outdated.get("README.md"), readme);
});

Deno.test("outdatedPages() leaves other files alone", () => {
  const tree = new Map([["a.ts", "<!-- results: x -->"]]);
  assertEquals(outdatedPages(tree, new Map()).size, 0);
});
