/**
 * Writes the reference of all modules as pages: `deno task docs`.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import { PUBLIC_FOLDERS } from "./mods.ts";

const FOLDER = "api";
const PACKAGE = "@loadstar/loadstar";
/** On a narrow screen the search leaves the heading no room for its letters. */
const NARROW_STYLE = `
@media (max-width: 640px) {
  #topnav { gap: 1rem; }
  #topnav a { white-space: nowrap; }
  #searchbar { min-width: 0 !important; width: 9rem; }
}
`;

/** First paragraph of a module's comment. */
function summaryOf(text: string): string {
  const [, lines = ""] = /^\/\*\*\n((?: \* .+\n)+)/.exec(text) ?? [];
  return lines.replace(/^ \* /gm, "").trim().replaceAll("\n", " ");
}

/**
 * Completes the names in the lines that say how a symbol is imported: `deno
 * doc` knows files alone, not the package that they are entries of.
 *
 * @param page A page.
 */
export function withPackageNames(page: string): string {
  return page.replace(
    /from &quot;(\w+)&quot;/g,
    (line, name) =>
      PUBLIC_FOLDERS.includes(name)
        ? `from &quot;${PACKAGE}/${name}&quot;`
        : line,
  );
}

async function completeNames(folder: string): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) await completeNames(path);
    else if (name.endsWith(".html")) {
      const page = await Deno.readTextFile(path);
      await Deno.writeTextFile(path, withPackageNames(page));
    }
  }
}

/**
 * Lists the modules on the first page, which `deno doc` leaves empty where
 * there are several.
 *
 * @param page The first page. Throws `SyntaxError` where it is another's.
 * @param modules Names and what they hold.
 */
export function withModules(
  page: string,
  modules: readonly { readonly name: string; readonly summary: string }[],
): string {
  const empty = "<main></main>";
  if (!page.includes(empty)) {
    throw new SyntaxError(
      `Cannot list modules on a page without ${empty}: this Deno writes others`,
    );
  }
  const items = modules.map(({ name, summary }) =>
    `<h2><a class="contextLink" href="./${name}/index.html">${PACKAGE}/${name}</a></h2><p>${summary}</p>`
  );
  return page.replace(
    empty,
    `<main><div class="markdown"><p>${PACKAGE} has these modules by name; each is an entry of its own.</p>${
      items.join("")
    }</div></main>`,
  );
}

async function writeApi(root: string): Promise<void> {
  const output = join(root, FOLDER);
  const entries = PUBLIC_FOLDERS.map((name) => `${name}/mod.ts`);
  const { success } = await new Deno.Command("deno", {
    args: [
      "doc",
      "--html",
      "--name=Loadstar",
      `--output=${FOLDER}`,
      ...entries,
    ],
    cwd: root,
  }).spawn().status;
  if (!success) throw new Error("Cannot write the pages: deno doc failed");
  const modules = PUBLIC_FOLDERS.map((name) => ({
    name,
    summary: summaryOf(Deno.readTextFileSync(join(root, name, "mod.ts"))),
  }));
  const first = join(output, "index.html");
  const page = await Deno.readTextFile(first);
  await Deno.writeTextFile(first, withModules(page, modules));
  await completeNames(output);
  await Deno.writeTextFile(join(output, "page.css"), NARROW_STYLE, {
    append: true,
  });
  console.log(`Open ${first}`);
}

if (import.meta.main) {
  await writeApi(fromFileUrl(new URL("..", import.meta.url)));
}
