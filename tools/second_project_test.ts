import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";

const root = fromFileUrl(new URL("..", import.meta.url));

/** The first block of a language on a page. */
function block(page: string, language: string): string {
  return new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(page)![1];
}

Deno.test("another project uses the package by the lines of docs/use_from_another_project.md", async () => {
  const page = await Deno.readTextFile(
    join(root, "docs", "use_from_another_project.md"),
  );
  const config = JSON.parse(block(page, "json")) as { links: string[] };
  const own = JSON.parse(await Deno.readTextFile(join(root, "deno.json")));
  const checkout = config.links[0];
  assertEquals(
    config.links.slice(1),
    own.links.map((link: string) => link.replace(/^\./, checkout)),
  );
  const project = await Deno.makeTempDir();
  try {
    const links = config.links.map((link) => link.replace(checkout, root));
    await Deno.writeTextFile(
      join(project, "deno.json"),
      JSON.stringify({ ...config, links }),
    );
    await Deno.writeTextFile(
      join(project, "main.ts"),
      block(page, "ts ignore"),
    );
    const { success, stdout, stderr } = await new Deno.Command("deno", {
      args: ["run", "--no-prompt", "--allow-read", "main.ts"],
      cwd: project,
      env: { NO_COLOR: "1" },
    }).output();
    const decoder = new TextDecoder();
    assert(success, decoder.decode(stderr));
    assertStringIncludes(decoder.decode(stdout), "updates: 38");
  } finally {
    await Deno.remove(project, { recursive: true });
  }
});
