/**
 * Writes the reference of all modules as pages: `deno task docs`.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import { PUBLIC_FOLDERS } from "./mods.ts";

const FOLDER = "api";

/** First line of a module's comment. */
function summaryOf(text: string): string {
  return /^\/\*\*\n \* (.+)/.exec(text)?.[1] ?? "";
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
    `<h2><a class="contextLink" href="./${name}/index.html">@loadstar/loadstar/${name}</a></h2><p>${summary}</p>`
  );
  return page.replace(
    empty,
    `<main><div class="markdown"><p>@loadstar/loadstar has these modules by name; each is an entry of its own.</p>${
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
  console.log(`Open ${first}`);
}

if (import.meta.main) {
  await writeApi(fromFileUrl(new URL("..", import.meta.url)));
}
