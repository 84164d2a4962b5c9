/**
 * Writes `docs/tasks.md`: `deno task write-tasks`.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import { formatted, taskPage } from "./task_page.ts";

if (import.meta.main) {
  const root = fromFileUrl(new URL("..", import.meta.url));
  const text = await formatted(await taskPage(root));
  await Deno.writeTextFile(join(root, "docs", "tasks.md"), text);
}
