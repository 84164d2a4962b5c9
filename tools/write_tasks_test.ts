import { assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { formatted, groupTasks, taskPage } from "./write_tasks.ts";

const root = fromFileUrl(new URL("..", import.meta.url));

Deno.test("docs/tasks.md has every option of every script (deno task write-tasks)", async () => {
  const page = await Deno.readTextFile(`${root}/docs/tasks.md`);
  assertEquals(await formatted(await taskPage(root)), page);
  assertStringIncludes(page, "--prioritized");
});

Deno.test("groupTasks() puts tasks of one script together", () => {
  const task = (command: string) => ({ description: "", command });
  assertEquals(
    groupTasks({
      "train-sac": task("deno run -q -P=train scripts/train.ts --agent sac"),
      "train": task("deno run -q -P=train scripts/train.ts"),
      "build": task("cargo build"),
    }),
    [
      { name: "train", others: ["train-sac"] },
      { name: "build", others: [] },
    ],
  );
});
