import { assertEquals, assertThrows } from "@std/assert";
import { withModules } from "./write_api.ts";

Deno.test("withModules() lists modules on an empty first page", () => {
  const page = withModules("<body><main></main></body>", [
    { name: "envs", summary: "What is steered." },
  ]);
  const [, link] = /href="([^"]+)">@loadstar\/loadstar\/envs</.exec(page)!;
  assertEquals(link, "./envs/index.html");
});

Deno.test("withModules() refuses a page that it does not know", () => {
  assertThrows(() => withModules("<main>x</main>", []), SyntaxError, "<main>");
});
