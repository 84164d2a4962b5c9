import { assertEquals } from "@std/assert";
import { escapeHtml } from "./escape_html.ts";

Deno.test("escapeHtml() leaves nothing that HTML understands", () => {
  assertEquals(
    escapeHtml(`<a href="b">&`),
    "&lt;a href=&quot;b&quot;&gt;&amp;",
  );
});
