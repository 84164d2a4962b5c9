import { assertEquals, assertThrows } from "@std/assert";
import { withModules, withPackageNames } from "./write_api.ts";

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

Deno.test("withPackageNames() completes the names of the package's entries alone", () => {
  assertEquals(
    withPackageNames("from &quot;core&quot;; from &quot;./core.ts&quot;;"),
    "from &quot;@loadstar/loadstar/core&quot;; from &quot;./core.ts&quot;;",
  );
  const other = "from &quot;elsewhere&quot;;";
  assertEquals(withPackageNames(other), other);
});
