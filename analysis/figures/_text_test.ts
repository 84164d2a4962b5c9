import { assertAlmostEquals, assertEquals } from "@std/assert";
import { measureText, parseText, plainText, wrapText } from "./_text.ts";

const plain = { bold: false, italic: false, script: 0 as const };

Deno.test("parseText() reads plotly's tags", () => {
  assertEquals(parseText("a<b>b</b><i>c</i>"), [[
    { ...plain, text: "a" },
    { ...plain, text: "b", bold: true },
    { ...plain, text: "c", italic: true },
  ]]);
  assertEquals(parseText("x<sup>2</sup><br>y<sub>i</sub>"), [
    [{ ...plain, text: "x" }, { ...plain, text: "2", script: 1 }],
    [{ ...plain, text: "y" }, { ...plain, text: "i", script: -1 }],
  ]);
  assertEquals(parseText("p < 0.05 &amp; q > 1"), [[
    { ...plain, text: "p < 0.05 & q > 1" },
  ]]);
});

Deno.test("plainText() drops tags, unknown and unclosed ones too", () => {
  assertEquals(plainText("<span style='x'>a</span><b>c"), "ac");
  assertEquals(plainText(""), "");
  assertEquals(plainText("</b></sup>a<br>b"), "a b");
});

Deno.test("measureText() knows Helvetica's widths", () => {
  assertAlmostEquals(measureText("Ha1", 1000).width, 722 + 556 + 556, 1e-9);
  assertAlmostEquals(measureText("<b>Ha</b>", 1000).width, 722 + 556, 1e-9);
  assertAlmostEquals(measureText("λ−", 1000).width, 549 + 549, 1e-9);
  assertEquals(measureText("a<br>b", 10).height, 25);
  assertEquals(measureText("", 10).width, 0);
});

Deno.test("wrapText() breaks at spaces", () => {
  assertEquals(
    wrapText("one two three", { size: 10, width: 42 }),
    "one two<br>three",
  );
  assertEquals(wrapText("unbreakable", { size: 10, width: 5 }), "unbreakable");
});
